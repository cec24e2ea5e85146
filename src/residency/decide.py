"""Register × tenant × day → decision: the whole of it, pure and uncached."""

from __future__ import annotations

from datetime import date

from attrs import frozen

from .answer import Answer
from .decision import Decision
from .demands import Demands
from .notices import notices
from .placement import Home, find_home
from .register import Register
from .situation import Situation
from .tenant import Tenant, check_kind, check_tenant
from .timeline import checked_day

__all__ = ["Answers", "answers", "decide", "decision"]


def decide(register: Register, tenant: Tenant, *, as_of: date) -> Decision:
    """Every answer for `tenant` on the day `as_of`.

    Raises `BadInput` where `as_of` is no day, `UnknownName` where the tenant names what the register does not know.
    """
    check_kind(tenant)
    day = checked_day(as_of, "as_of")
    check_tenant(tenant, register)
    return decision(register, tenant, day, answers(register, tenant, find_home(register, tenant.country, day), day))


@frozen
class Answers:
    """What is answered alike for every tenant that no condition tells apart, on every day between two changes.

    `used` are the ids of the sources that the answers rest on.
    """

    settled: str | None
    regions: tuple[Answer, ...]
    sub_processors: tuple[Answer, ...]
    used: frozenset[str]


def answers(register: Register, tenant: Tenant, home: Home, day: date) -> Answers:
    """The answers; the tenant's country takes part only through `home`."""
    there = Situation.of(register, tenant, home, day)
    regions = tuple(there.region_answer(register.region(name)) for name in register.regions)
    sub_processors = tuple(there.sub_processor_answer(register.sub_processor(name)) for name in register.sub_processors)
    used = frozenset(name for answer in (*regions, *sub_processors) for name in answer.basis)
    return Answers(there.settled, regions, sub_processors, used)


def decision(register: Register, tenant: Tenant, day: date, given: Answers) -> Decision:
    """The answers as a decision for this tenant on this day, with its notices."""
    notes = tuple(notices(register, tenant, day, given.used))
    used = given.used.union(*(each.basis for each in notes))
    sources = (*register.sources, *Demands(register, tenant, day).sources)
    return Decision(
        register_id=register.id,
        vendor=register.vendor,
        service=register.service,
        published=register.published,
        data_categories=register.data_categories,
        tenant=tenant,
        as_of=day,
        settled=given.settled,
        region_answers=given.regions,
        sub_processor_answers=given.sub_processors,
        notes=notes,
        sources=tuple(source for source in sources if source.id in used),
    )
