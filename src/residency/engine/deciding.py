"""Register × tenant × day → decision: the whole of it, pure and uncached."""

from __future__ import annotations

from datetime import date

from ..model.register import Register, check_register
from ..model.tenant import Tenant, check_kind, check_tenant
from ..model.timeline import checked_day
from ..result.answers import Answers, Heading
from ..result.decision import Decision
from .evaluate import Situation
from .notes import FromRegister
from .placement import Home, find_home

__all__ = ["answers", "decide"]


def decide(register: Register, tenant: Tenant, *, as_of: date) -> Decision:
    """Every answer for `tenant` on the day `as_of`.

    Raises `BadInput` where `as_of` is no day, `UnknownName` where the tenant names what the register does not know.
    """
    check_register(register)
    check_kind(tenant)
    day = checked_day(as_of, "as_of")
    check_tenant(tenant, register)
    return Decision(tenant, day, answers(register, tenant, find_home(register, tenant.country, day), day))


def answers(register: Register, tenant: Tenant, home: Home, day: date) -> Answers:
    """The answers; the tenant's country takes part only through `home`."""
    there = Situation.of(register, tenant, home, day)
    on_regions = tuple(there.region_answer(register.region(name)) for name in register.regions)
    those = tuple(there.sub_processor_answer(register.sub_processor(name)) for name in register.sub_processors)
    around, closed = FromRegister(register), register.closed_on(day)
    return Answers(Heading.of(register), there.settled, on_regions, those, around, day, day, closed)
