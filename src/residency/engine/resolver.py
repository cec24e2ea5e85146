"""`Resolver`: makes decisions, equal to those of `decide`, and keeps them in a bounded cache."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Sequence
from datetime import date, timedelta

from ..model.house_rules import HouseRules, under
from ..model.register import Register, check_register
from ..model.tenant import Tenant, check_kind, check_tenant
from ..model.timeline import checked_day
from ..result.answers import Answers
from ..result.changes import NextChange, changes
from ..result.decision import Decision
from .cache import Cache, Parts, Query

__all__ = ["Resolver"]

SIZE_KEPT = 200_000
TENANTS_KEPT = 8_192


class Resolver:
    """Resolver of tenants by one register, and by house rules where they are passed.

    It keeps answers by what can tell tenants apart: the customer region instead of the country, the span between two
    change dates instead of the day. The cache is bounded by the number of reasons: when it is full, it begins anew.
    Threads may share the resolver.
    """

    def __init__(self, register: Register, *, house_rules: HouseRules | None = None) -> None:
        check_register(register)
        self._register = register if house_rules is None else under(house_rules, register)
        self._parts = Parts(self._register)
        self._cache = Cache()
        self._lately: dict[int, Decision] = {}

    @property
    def register(self) -> Register:
        """The register that decides, with the house rules in it."""
        return self._register

    def resolve(self, tenant: Tenant, *, as_of: date) -> Decision:
        """Every answer for `tenant` on the day `as_of`, a `datetime.date`.

        Raises `BadInput` where `as_of` is no day (a `datetime` is refused), `UnknownName` where the tenant names a
        region, feature, consent … that the register does not know.
        """
        try:  # which takes less than `get` where it is there
            known = self._lately[id(tenant)]
        except KeyError:
            known = None
        if known is not None and known._tenant is tenant:  # which the decision holds: no other has its id
            if known._as_of is as_of:
                return known
            answers = known._answers
            if type(as_of) is date and answers.first <= as_of <= answers.last:
                self._lately[id(tenant)] = decision = Decision(tenant, as_of, answers)
                return decision
        return self._resolve(tenant, as_of)

    def next_change(self, tenant: Tenant, *, after: date) -> NextChange | None:
        """The first day later than `after` on which anything of the tenant's answers changes; None if none is known.

        Known are the days of the register and of the groupings that it or the tenant's restrictions name; a day on
        which a document will change is not. Raises as `resolve` does.
        """
        before = self.resolve(tenant, as_of=after)
        edges = [self._register.change_dates, *_demanded_changes(tenant, self._register)]
        for day in sorted({day for days in edges for day in days if day > before.as_of}):
            found = changes(before, self.resolve(tenant, as_of=day))
            if found:
                return NextChange(day, found)
        return None

    def _resolve(self, tenant: Tenant, as_of: date) -> Decision:
        """The decision where `_lately` has none for the tenant and day."""
        check_kind(tenant)
        day = checked_day(as_of, "as_of")
        cache = self._cache
        era = bisect_right(self._register.change_dates, day)
        where = (tenant.country, era)
        homing, home = cache.homes.get(where) or cache.homes.setdefault(where, self._parts.home(tenant.country, day))
        edges = _demanded_changes(tenant, self._register) if tenant.restrictions else ()
        eras = (era, *(bisect_right(days, day) for days in edges))
        key = (
            eras,
            homing,
            tenant.agreed_region,
            tenant.features,
            tenant.consents,
            tenant.agreements,
            tenant.switched_off,
            tenant.attributes,
            tenant.restrictions,
            tenant.objections,
        )
        answers = cache.answers.get(key)
        if answers is None:
            check_tenant(tenant, self._register)
            span = _span([self._register.change_dates, *edges], day)
            answers = self._parts.answers(Query(tenant, day, home, homing, eras, *span), cache)
            self._keep(cache, key, answers)
        if len(self._lately) >= TENANTS_KEPT:
            self._lately.clear()
        self._lately[id(tenant)] = decision = Decision(tenant, day, answers)
        return decision

    def _keep(self, cache: Cache, key: Hashable, answers: Answers) -> None:
        """Keep the answers; in a new cache, where the old one becomes too large with them."""
        cache.size += len(answers.on_regions) + len(answers.on_sub_processors)
        if cache.size > SIZE_KEPT:
            cache = self._cache = Cache()
            self._lately.clear()
        cache.answers[key] = answers


def _demanded_changes(tenant: Tenant, register: Register) -> list[list[date]]:
    """The change dates of each grouping that the tenant's demands name."""
    named = {part for demand in tenant.restrictions for place in demand.places for part in place.parts}
    return [sorted(register.groups[name].change_dates) for name in sorted(named & register.groups.keys())]


def _span(edges: Iterable[Sequence[date]], day: date) -> tuple[date, date]:
    """The first and the last day of the span around `day` that the `edges` (sorted days, of several lists) bound."""
    before = [days[after - 1] for days in edges if (after := bisect_right(days, day))]
    later = [days[after] for days in edges if (after := bisect_right(days, day)) < len(days)]
    return max(before, default=date.min), min(later) - timedelta(days=1) if later else date.max
