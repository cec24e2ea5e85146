"""What the tenant demands: restrictions and objections, held against engagements, regions, exceptions, the vendor."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Protocol

from attrs import Factory, field, frozen

from ..model.places import Extent, Place
from ..model.register import Register
from ..model.rows import (
    UNSTATED_ACTIVITY,
    Engagement,
    HostingRegion,
    ResidencyException,
    Source,
    SubProcessor,
    activity_in_words,
    data_in_words,
)
from ..model.tenant import Restriction, Tenant, by_text
from ..model.verdict import Verdict
from ..result.reason import UNCONDITIONAL, Reason, all_of, any_of, leaf, negated

__all__ = ["Ask", "Demands", "TenantDemands", "sources_of"]

PERMITTED, PROHIBITED, UNDETERMINED = Verdict.PERMITTED, Verdict.PROHIBITED, Verdict.UNDETERMINED
_HELD = {PERMITTED: "demand.kept", PROHIBITED: "demand.broken", UNDETERMINED: "demand.unclear"}


@frozen
class Ask:
    """What demands ask to be shown of a region: who does an activity, with which data.

    `activity` is `None` where any activity shows it, `data` where it is about all data; `demands` are the ids of those
    who ask.
    """

    activity: str | None
    data: str | None
    demands: tuple[str, ...]


class Demands(Protocol):
    """All that an answer may ask of what is demanded; a proof asks it of many tenants at once."""

    @property
    def made(self) -> bool:
        """Whether anything is demanded, or objected to."""
        ...

    @property
    def asks(self) -> tuple[Ask, ...]:
        """What must be answered in a region by something that is listed."""
        ...

    @property
    def general(self) -> tuple[str, ...]:
        """The ids of the demands that name neither activities nor data."""
        ...

    def on_engagement(self, who: SubProcessor | None, engagement: Engagement) -> Reason:
        """Whether the engagement keeps every demand; `who` is None for the vendor itself."""
        ...

    def on_vendor(self) -> Reason:
        """Whether the vendor's seat keeps every demand that is about whatever is done."""
        ...

    def on_region(self, region: HostingRegion) -> Reason:
        """Whether storing in the region keeps every demand on where hosting is."""
        ...

    def on_exception(self, exception: ResidencyException, applies: Reason | None) -> Reason:
        """Whether data that is stored elsewhere keeps every demand that covers it; `applies` is its own condition."""
        ...


@frozen
class TenantDemands:
    """The demands of one tenant on one day, against one register."""

    register: Register
    tenant: Tenant
    day: date
    _restrictions: list[Restriction] = field(
        init=False,
        eq=False,
        repr=False,
        default=Factory(lambda self: by_text(self.tenant.restrictions), takes_self=True),
    )
    _kept: dict[tuple[str | None, int], Reason] = field(init=False, factory=dict, eq=False, repr=False)

    @property
    def made(self) -> bool:
        """Whether the tenant demands or objects at all."""
        return bool(self.tenant.restrictions or self.tenant.objections)

    @property
    def asks(self) -> tuple[Ask, ...]:
        """What must be answered: each activity and category that a demand names.

        The region itself answers where hosting is, and not who is registered where.
        """
        found: dict[tuple[str | None, str | None], list[str]] = {}
        for demand in self._restrictions:
            any_that = [None] if demand.data and not demand.activities else []
            answered = set() if demand.never_registered_in else {"hosting"}
            for activity in (*sorted(demand.activities - answered), *any_that):
                for data in sorted(demand.data) if demand.data else [None]:
                    found.setdefault((activity, data), []).append(demand.source)
        return tuple(Ask(*what, tuple(demands)) for what, demands in found.items())

    @property
    def general(self) -> tuple[str, ...]:
        """The ids of the demands that name neither activities nor data."""
        return tuple(each.source for each in self._restrictions if not each.activities and not each.data)

    def on_engagement(self, who: SubProcessor | None, engagement: Engagement) -> Reason:
        """Whether the engagement keeps every demand; `who` is None for the vendor itself.

        What the vendor stores neither in a region nor at a place that is named is held against no demand on places. The
        answer is kept: a row is asked about again for each region that its party might store data in.
        """
        row = (None if who is None else who.id, id(engagement))
        if row not in self._kept:
            self._kept[row] = self._on_engagement(who, engagement)
        return self._kept[row]

    def _on_engagement(self, who: SubProcessor | None, engagement: Engagement) -> Reason:
        reasons = []
        if who is not None and who.id in self.tenant.objections:
            granted = (name for record in self.register.records if record.topic == "objection" for name in record.basis)
            basis = dict.fromkeys((*engagement.basis, f"objection: {who.id}", *granted))
            reasons.append(leaf(PROHIBITED, "objection.raised", basis, name=who.id))
        hosting = who is None and engagement.activity == "hosting"
        nowhere = hosting and engagement.region is None and engagement.places is None
        for demand in self._restrictions:
            if demand.never_registered_in:
                kept = self._seat(demand, who)
            elif nowhere:
                continue
            else:
                kept = self._where(demand, engagement.places).resting_on(*engagement.located_by)
            covers = all_of([_about_activity(demand, engagement.activity), _about_data(demand, engagement.data)])
            reasons.append(_where_covered(covers, kept).resting_on(*engagement.basis))
        return all_of(reasons)

    def on_vendor(self) -> Reason:
        """Whether the vendor's seat keeps every demand on seats that names no activity: whatever is done, it does."""
        return all_of(
            self._seat(demand, None)
            for demand in self._restrictions
            if demand.never_registered_in and not demand.activities
        )

    def on_region(self, region: HostingRegion) -> Reason:
        """Whether storing in the region keeps every demand on where hosting is."""
        site = region.on(self.day)
        demands = (each for each in self._restrictions if not each.never_registered_in and each.about("hosting"))
        return all_of(self._where(demand, site.places) for demand in demands).resting_on(*site.basis)

    def on_exception(self, exception: ResidencyException, applies: Reason | None) -> Reason:
        """Whether data that is stored elsewhere keeps every demand that covers it; `applies` is its own condition."""
        reasons = []
        for demand in self._restrictions:
            name = leaf(PERMITTED, "exception.data", exception.basis, data=data_in_words(exception.data))
            if demand.never_registered_in:
                kept = leaf(UNDETERMINED, "exception.party-not-stated", (demand.source,), demand=demand.text)
            else:
                kept = self._where(demand, exception.places)
            about = [_about_storage(demand), _about_data(demand, exception.data)]
            covers = all_of([name, *about, *([] if applies is None else [applies])])
            reasons.append(_where_covered(covers, kept).resting_on(*exception.basis))
        return all_of(reasons)

    def _where(self, demand: Restriction, places: tuple[Place, ...] | None) -> Reason:
        """Whether all of the places keep the demand."""
        if places is None:
            return leaf(UNDETERMINED, "demand.place-not-stated", (demand.source,), demand=demand.text)
        return all_of(
            self._held(demand, place, "everywhere in" if place.everywhere else "somewhere within") for place in places
        )

    def _held(self, demand: Restriction, place: Place, stated: str) -> Reason:
        """Whether one place that is stated keeps the demand; `stated` says of what it is the place."""
        there = place.extent(self.register.groups, self.day)
        demanded = Extent.union(each.extent(self.register.groups, self.day) for each in demand.places)
        verdict = there.never_in(demanded) if demand.within is None else there.within(demanded)
        groups = [part for each in (place, *demand.places) for part in each.parts if part in self.register.groups]
        basis = [demand.source, *dict.fromkeys(f"fact:{part}" for part in groups)]
        about = {"demand": demand.text, "places": "|".join(place.parts), "stated": stated}
        apart = list(self._apart(demand, place))
        if not apart:
            return leaf(verdict, _HELD[verdict], basis, **about)
        return leaf(verdict, f"{_HELD[verdict]}-apart", [*basis, "fact:territories"], apart="; ".join(apart), **about)

    def _apart(self, demand: Restriction, place: Place) -> Iterator[str]:
        """Where a state is demanded and the place is a territory of it with a code of its own, or the reverse."""
        states = self.register.states
        named = {part for each in demand.places for part in each.parts}
        for here in place.parts:
            for other in sorted(named):
                if here not in named and (states.get(here) == other or states.get(other) == here):
                    yield f"{here} has a code of its own, and is another place than {other}"

    def _seat(self, demand: Restriction, who: SubProcessor | None) -> Reason:
        """Whether the sub-processor or the vendor, and its parent where it has one, is registered where it may be."""
        seat = self.register.seat if who is None else who.seat
        about = {"demand": demand.text} if who is not None else {"demand": demand.text, "vendor": self.register.vendor}
        vendors, its = ("", "") if who is not None else ("vendor-", f"{self.register.vendor}, the vendor, is ")
        if seat.registered_in is None:
            basis = (demand.source,) if who is not None else (*self.register.basis, demand.source)
            own = leaf(UNDETERMINED, f"demand.{vendors}seat-not-stated", basis, **about)
        else:
            own = self._held(demand, seat.registered_in, f"{its}registered in").resting_on(*seat.basis)
        if seat.parent is None:
            return own
        if seat.parent_registered_in is None:
            parent = leaf(UNDETERMINED, f"demand.{vendors}parent-seat-not-stated", (demand.source,), **about)
        else:
            whose = "its parent" if who is not None else f"the parent of {self.register.vendor}, the vendor, is"
            parent = self._held(demand, seat.parent_registered_in, f"{whose} registered in")
        return all_of([own, parent.resting_on(*seat.basis)])


def sources_of(tenant: Tenant) -> Iterator[Source]:
    """What reasons about the tenant's demands rest on."""
    yield from (Source(each.source, "tenant", f"the demand '{each.text}'") for each in by_text(tenant.restrictions))
    for name in sorted(tenant.objections):
        yield Source(f"objection: {name}", "tenant", f"the objection to {name}")


def _where_covered(covers: Reason, kept: Reason) -> Reason:
    """Kept, or not about this at all, which is then all there is to say."""
    if covers == UNCONDITIONAL:
        return kept
    return negated(covers) if covers.verdict is PROHIBITED else any_of([kept, negated(covers)])


def _about_activity(demand: Restriction, activity: str) -> Reason:
    if demand.activities and activity == UNSTATED_ACTIVITY:
        return leaf(UNDETERMINED, "demand.activity-not-stated", (demand.source,), demand=demand.text)
    if demand.about(activity):
        return UNCONDITIONAL
    about = {"demand": demand.text, "activity": activity_in_words(activity)}
    return leaf(PROHIBITED, "demand.not-for-activity", (demand.source,), **about)


def _about_storage(demand: Restriction) -> Reason:
    """Whether a demand is about what is stored outside of its region: whether that is a copy is not stated."""
    if demand.about("backup") and not demand.about("hosting"):
        return leaf(UNDETERMINED, "exception.copy-not-stated", (demand.source,), demand=demand.text)
    return _about_activity(demand, "hosting")


def _about_data(demand: Restriction, data: tuple[str, ...] | None) -> Reason:
    if demand.data and data is None:
        return leaf(UNDETERMINED, "demand.data-not-stated", (demand.source,), demand=demand.text)
    if demand.data and demand.data.isdisjoint(data or ()):
        return leaf(PROHIBITED, "demand.not-for-data", (demand.source,), demand=demand.text)
    return UNCONDITIONAL
