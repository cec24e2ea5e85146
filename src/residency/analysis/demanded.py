"""What the tenants of a cell demand, as one: each question about it is one of all demands that are left."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date
from typing import NoReturn

from attrs import evolve, frozen

from ..engine.restrictions import Ask, TenantDemands
from ..model.places import Extent, Place
from ..model.register import UNSTATED_ACTIVITY, Engagement, HostingRegion, Register, ResidencyException, SubProcessor
from ..result.reason import Reason
from .cells import Seen
from .trees import Told, Trees
from .universe import Demand, Space, tenant_with

__all__ = ["Demanded", "SeenDemands"]


class Demanded:
    """The demands of a space, against one register on one day; `own` are its names for those of the space."""

    def __init__(
        self, register: Register, space: Space, day: date, told: Told, trees: Trees, own: Mapping[str, str]
    ) -> None:
        self._space, self._told, self._trees = space, told, trees
        self._extents: dict[Place, Extent] = {}
        country = space.contexts[0].countries[0]
        tenants = [tenant_with(register, country, None, {}, _named(demand, own)) for demand in space.demands]
        self._register, self._day = register, day
        self._demands = [TenantDemands(register, tenant, day) for tenant in tenants]
        self._made = [each.made for each in self._demands]
        self._asked = [tuple((ask.activity, ask.data) for ask in each.asks) for each in self._demands]
        self._general = [bool(each.general) for each in self._demands]
        self._tables: dict[Hashable, Sequence[Hashable]] = {}
        self._reasons: dict[Hashable, Reason] = {}

    def seen(self, seen: Seen) -> SeenDemands:
        """What the tenants of a cell demand."""
        return SeenDemands(seen, self)

    def made(self, seen: Seen) -> bool:
        """Whether anything is demanded."""
        return self._made[self._trees.one(seen, "demands", "made", self._made.__getitem__)]

    def asks(self, seen: Seen) -> tuple[Ask, ...]:
        """What they ask to be shown of a region: of demands that ask for the same the first stands for all."""
        return self._demands[self._trees.one(seen, "demands", "asks", self._asked.__getitem__)].asks

    def general(self, seen: Seen) -> tuple[str, ...]:
        """Their demands that name neither activities nor data, likewise."""
        return self._demands[self._trees.one(seen, "demands", "general", self._general.__getitem__)].general

    def held(self, seen: Seen, key: Hashable, keeps: Callable[[TenantDemands], Reason]) -> Reason:
        """Whether the demands are kept; `key` says what else that depends on."""
        if key not in self._tables:
            self._tables[key] = [self._told(keeps(each)) for each in self._demands]
        return keeps(self._demands[self._trees.one(seen, "demands", key, self._tables[key].__getitem__)])

    def keeps(self, seen: Seen, who: SubProcessor | None, each: Engagement) -> Reason:
        """Whether an engagement keeps the demands."""
        row = (None if who is None else who.id, id(each))
        if row not in self._tables:
            self._tables[row] = self._table(who, each)
        one = self._trees.one(seen, "demands", row, self._tables[row].__getitem__)
        if (one, row) not in self._reasons:
            self._reasons[one, row] = self._demands[one].on_engagement(who, each)
        return self._reasons[one, row]

    def _table(self, who: SubProcessor | None, each: Engagement) -> Sequence[Hashable]:
        """What is told of each demand: the same of all that the engagement cannot tell apart."""
        seat = self._register.seat if who is None else who.seat
        there = [self._extent(place) for place in (*(each.places or ()), *seat.places)]
        known: dict[Hashable, Hashable] = {}
        table: list[Hashable] = []
        for demand, demands in zip(self._space.demands, self._demands, strict=True):
            key: Hashable = demand.objection
            if demand.places:
                named = self._extent(demand.places[0])
                (restriction,) = demands.tenant.restrictions
                about = (
                    bool(restriction.activities)
                    if each.activity == UNSTATED_ACTIVITY
                    else restriction.about(each.activity),
                    restriction.data and restriction.data.isdisjoint(each.data or ()),
                )
                held = tuple((extent.within(named).value, extent.never_in(named).value) for extent in there)
                key = (demand.key, about, held)
            if key not in known:
                known[key] = self._told(demands.on_engagement(who, each))
            table.append(known[key])
        return table

    def _extent(self, place: Place) -> Extent:
        if place not in self._extents:
            self._extents[place] = place.extent(self._register.groups, self._day)
        return self._extents[place]


@frozen
class SeenDemands:
    """What a cell's tenants demand: all that an answer may ask, and no list of what any one of them demands.

    It is no `TenantDemands`: what read the demands of one tenant would be proved of that one alone.
    """

    seen: Seen
    demanded: Demanded

    def __getattr__(self, name: str) -> NoReturn:
        raise TypeError(f"the demands of many tenants have no {name!r}: ask by a method that SeenDemands has too")

    @property
    def made(self) -> bool:
        """Whether they demand anything."""
        return self.demanded.made(self.seen)

    @property
    def asks(self) -> tuple[Ask, ...]:
        """What must be answered in a region."""
        return self.demanded.asks(self.seen)

    @property
    def general(self) -> tuple[str, ...]:
        """The demands that name neither activities nor data."""
        return self.demanded.general(self.seen)

    def on_engagement(self, who: SubProcessor | None, engagement: Engagement) -> Reason:
        """Whether the engagement keeps what they demand."""
        return self.demanded.keeps(self.seen, who, engagement)

    def on_vendor(self) -> Reason:
        """Whether the vendor's seat does."""
        return self.demanded.held(self.seen, "vendor's seat", lambda demands: demands.on_vendor())

    def on_region(self, region: HostingRegion) -> Reason:
        """Whether the region does."""
        return self.demanded.held(self.seen, ("region", region.id), lambda demands: demands.on_region(region))

    def on_exception(self, exception: ResidencyException, applies: Reason | None) -> Reason:
        """Whether the exception does."""
        key = (exception, applies)
        return self.demanded.held(self.seen, key, lambda demands: demands.on_exception(exception, applies))


def _named(demand: Demand, own: Mapping[str, str]) -> Demand:
    """The demand in the register's own names."""
    scopes = tuple(
        {**each, "data": tuple(own.get(n, n) for n in each["data"])} if "data" in each else each
        for each in demand.scopes
    )
    objection = None if demand.objection is None else own.get(demand.objection, demand.objection)
    return evolve(demand, objection=objection, scopes=scopes)
