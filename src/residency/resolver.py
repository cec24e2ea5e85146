"""`Resolver`: decisions with a bounded memory, equal to `decide`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable
from datetime import date
from threading import Lock

from .answer import Answer
from .answers import Answers
from .decide import answers
from .decision import Decision
from .errors import BadInput
from .house_rules import HouseRules
from .placement import find_home
from .reason import Reason
from .register import Register
from .tenant import Tenant, check_kind, check_tenant
from .timeline import checked_day

__all__ = ["Resolver"]

REASONS_KEPT = 200_000


class Resolver:
    """Asks one register, under house rules where there are any.

    It remembers answers by what can tell tenants apart: the customer region instead of the country, the span between
    two change dates instead of the day. What it keeps is bounded by the number of reasons; the oldest go first.
    """

    def __init__(self, register: Register, *, house_rules: HouseRules | None = None) -> None:
        if not isinstance(register, Register):
            raise BadInput(
                f"expected a Register, got {register!r:.60}", 'pass what load_register("liveagent") returned'
            )
        if house_rules is not None and not isinstance(house_rules, HouseRules):
            raise BadInput(f"expected house rules, got {house_rules!r:.60}", "pass what load_house_rules returned")
        self.register: Register = register if house_rules is None else house_rules.over(register)
        self._kept: dict[Hashable, tuple[Answers, int]] = {}
        self._reasons = 0
        self._lock = Lock()

    def resolve(self, tenant: Tenant, *, as_of: date) -> Decision:
        """Every answer for `tenant` on the day `as_of`, a `datetime.date`.

        Raises `BadInput` where `as_of` is no day (a `datetime` is refused), `UnknownName` where the tenant names a
        region, feature, consent … that the register does not know.
        """
        check_kind(tenant)
        day = checked_day(as_of, "as_of")
        home = find_home(self.register, tenant.country, day)
        country = None if home.customers is None else (home.customers.id, home.sure)
        key = (country, self._era(tenant, day), _facts(tenant))
        kept = self._kept.get(key)
        if kept is None:
            check_tenant(tenant, self.register)
            kept = self._keep(key, answers(self.register, tenant, home, day))
        return Decision(tenant, day, kept[0])

    def _era(self, tenant: Tenant, day: date) -> tuple[int, ...]:
        """Which span between change dates the day is in, those of the places that the tenant names included."""
        named = sorted({part for demand in tenant.restrictions for place in demand.places for part in place.parts})
        groups = self.register.groups
        demanded = (bisect_right(sorted(groups[name].change_dates), day) for name in named if name in groups)
        return (bisect_right(self.register.change_dates, day), *demanded)

    def _keep(self, key: Hashable, given: Answers) -> tuple[Answers, int]:
        entry = (given, sum(map(_size, (*given.on_regions, *given.on_sub_processors))))
        with self._lock:
            if key not in self._kept:
                self._kept[key] = entry
                self._reasons += entry[1]
            while self._reasons > REASONS_KEPT and len(self._kept) > 1:
                oldest = next(iter(self._kept))
                self._reasons -= self._kept.pop(oldest)[1]
        return entry


def _facts(tenant: Tenant) -> Hashable:
    """Everything about a tenant but its country."""
    return (
        *(tenant.agreed_region, tenant.features, tenant.consents, tenant.agreements, tenant.switched_off),
        *(tenant.attributes, tenant.restrictions, tenant.objections),
    )


def _size(answer: Answer) -> int:
    trees = [answer.reason, *(tree for each in answer.engagements for tree in each.reasons)]
    return sum(map(_reasons, trees))


def _reasons(reason: Reason) -> int:
    return 1 + sum(map(_reasons, reason.parts))
