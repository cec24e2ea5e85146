"""Demands of a tenant: its restrictions and objections, held against engagements, regions, exceptions, the vendor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
    SubProcessor,
    activity_in_words,
    data_in_words,
)
from ..model.tenant import Restriction, Tenant, by_text
from ..model.verdict import Verdict
from ..result.reason import UNCONDITIONAL, Reason, all_of, any_of, leaf, negated

__all__ = ["Ask", "Demands", "TenantDemands"]

PERMITTED, PROHIBITED, UNDETERMINED = Verdict.PERMITTED, Verdict.PROHIBITED, Verdict.UNDETERMINED
_HELD = {PERMITTED: "demand.kept", PROHIBITED: "demand.broken", UNDETERMINED: "demand.unclear"}


@frozen
class Ask:
    """A question of demands about a region that the register must answer: who does an activity, with which data.

    `activity` is `None` where any activity answers it, `data` where it is about all data; `demands` are the ids of the
    demands that ask it.
    """

    activity: str | None
    data: str | None
    demands: tuple[str, ...]


class Demands(Protocol):
    """Demands as an evaluation reads them: of one tenant, or in a proof of many tenants at once."""

    @property
    def made(self) -> bool:
        """Whether anything is demanded, or objected to."""
        ...

    @property
    def asks(self) -> tuple[Ask, ...]:
        """The questions about a region that the register must answer."""
        ...

    @property
    def general(self) -> tuple[str, ...]:
        """The ids of the demands that name neither activities nor data."""
        ...

    def on_engagement(self, party: SubProcessor | None, engagement: Engagement) -> Reason:
        """Whether the engagement keeps every demand; `party` is None for the vendor itself."""
        ...

    def on_vendor(self) -> Reason:
        """Whether the vendor's seat keeps every demand on seats that names no activity."""
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
        """The questions that the register must answer: one for each activity and category that a demand names.

        The region itself answers where hosting is done, but not where the party that does it is registered.
        """
        asks: dict[tuple[str | None, str | None], list[str]] = {}
        for demand in self._restrictions:
            any_activity = [None] if demand.data and not demand.activities else []
            answered = set() if demand.never_registered_in else {"hosting"}
            for activity in (*sorted(demand.activities - answered), *any_activity):
                for data in sorted(demand.data) if demand.data else [None]:
                    asks.setdefault((activity, data), []).append(demand.source)
        return tuple(Ask(activity, data, tuple(demands)) for (activity, data), demands in asks.items())

    @property
    def general(self) -> tuple[str, ...]:
        """The ids of the demands that name neither activities nor data."""
        return tuple(demand.source for demand in self._restrictions if not demand.activities and not demand.data)

    def on_engagement(self, party: SubProcessor | None, engagement: Engagement) -> Reason:
        """Whether the engagement keeps every demand; `party` is None for the vendor itself.

        Hosting by the vendor for which the register names neither a region nor a place is held against no demand on
        places. The reason is kept: it is asked for again for each region in which the party may store data.
        """
        key = (None if party is None else party.id, id(engagement))
        if key not in self._kept:
            self._kept[key] = self._on_engagement(party, engagement)
        return self._kept[key]

    def _on_engagement(self, party: SubProcessor | None, engagement: Engagement) -> Reason:
        reasons = []
        if party is not None and party.id in self.tenant.objections:
            rights = (name for record in self.register.records if record.topic == "objection" for name in record.basis)
            basis = dict.fromkeys((*engagement.basis, f"objection: {party.id}", *rights))
            reasons.append(leaf(PROHIBITED, "objection.raised", basis, self.register.labels, name=party.id))
        hosting = party is None and engagement.activity == "hosting"
        nowhere = hosting and engagement.region is None and engagement.places is None
        name, activity = self.register.vendor if party is None else party.id, activity_in_words(engagement.activity)
        subject = {"who": name, "activity": activity, "purpose": engagement.purpose}
        for demand in self._restrictions:
            if demand.never_registered_in:
                kept = self._seat(demand, party)
            elif nowhere:
                continue
            else:
                kept = self._where(demand, engagement.places, subject).resting_on(*engagement.located_by)
            about_activity = self._about_activity(demand, engagement.activity, subject)
            covers = all_of([about_activity, self._about_data(demand, engagement.data, subject)])
            reasons.append(_where_covered(covers, kept).resting_on(*engagement.basis))
        return all_of(reasons)

    def on_vendor(self) -> Reason:
        """Whether the vendor's seat keeps every seat demand that names no activity: the vendor always takes part."""
        return all_of(
            self._seat(demand, None)
            for demand in self._restrictions
            if demand.never_registered_in and not demand.activities
        )

    def on_region(self, region: HostingRegion) -> Reason:
        """Whether storing in the region keeps every demand on where hosting is."""
        site = region.on(self.day)
        demands = (each for each in self._restrictions if not each.never_registered_in and each.about("hosting"))
        reasons = (self._where(demand, site.places, {"region": region.id}) for demand in demands)
        return all_of(reasons).resting_on(*site.basis)

    def on_exception(self, exception: ResidencyException, applies: Reason | None) -> Reason:
        """Whether data that is stored elsewhere keeps every demand that covers it; `applies` is its own condition."""
        data = data_in_words(exception.data)
        named, subject = leaf(PERMITTED, "exception.data", exception.basis, data=data), {"exception": data}
        reasons = []
        for demand in self._restrictions:
            if demand.never_registered_in:
                kept = self._leaf(UNDETERMINED, "exception.party-not-stated", demand, subject)
            else:
                kept = self._where(demand, exception.places, subject)
            about = [self._about_storage(demand, subject), self._about_data(demand, exception.data, subject)]
            covers = all_of([named, *about, *([] if applies is None else [applies])])
            reasons.append(_where_covered(covers, kept).resting_on(*exception.basis))
        return all_of(reasons)

    def _leaf(
        self, verdict: Verdict, code: str, demand: Restriction, subject: Mapping[str, str], **about: str
    ) -> Reason:
        """A condition on a restriction; `subject` are the names of what is held against it."""
        about = {**subject, "demand": demand.text, **about}
        return leaf(verdict, code, (demand.source,), self.register.labels, **about)

    def _where(self, demand: Restriction, places: tuple[Place, ...] | None, subject: Mapping[str, str]) -> Reason:
        """Whether all of the places keep the demand."""
        if places is None:
            return self._leaf(UNDETERMINED, "demand.place-not-stated", demand, subject)
        return all_of(
            self._held(demand, place, "everywhere in" if place.everywhere else "somewhere within", subject)
            for place in places
        )

    def _held(self, demand: Restriction, place: Place, stated: str, subject: Mapping[str, str]) -> Reason:
        """Whether one place keeps the demand; `stated` says how the register states it, such as "registered in"."""
        groups = self.register.groups
        extent = place.extent(groups, self.day)
        demanded = Extent.union(other.extent(groups, self.day) for other in demand.places)
        verdict = extent.never_in(demanded) if demand.within is None else extent.within(demanded)
        parts = (part for named in (place, *demand.places) for part in named.parts if part in groups)
        basis = [demand.source, *dict.fromkeys(f"fact:{part}" for part in parts)]
        about = {**subject, "demand": demand.text, "places": "|".join(place.parts), "stated": stated}
        code, apart = _HELD[verdict], "; ".join(self._apart(demand, place))
        if apart:
            code, about["apart"] = f"{code}-apart", apart
            basis.append("fact:territories")
        return leaf(verdict, code, basis, self.register.labels, **about)

    def _apart(self, demand: Restriction, place: Place) -> Iterator[str]:
        """Words for each demanded state of which the place is a territory with a code of its own, or the reverse."""
        states = self.register.states
        named = {part for demanded in demand.places for part in demanded.parts}
        for part in place.parts:
            for other in sorted(named):
                if part not in named and (states.get(part) == other or states.get(other) == part):
                    yield f"{part} has a code of its own, and is another place than {other}"

    def _seat(self, demand: Restriction, party: SubProcessor | None) -> Reason:
        """Whether the sub-processor or the vendor, and its parent where it has one, is registered as demanded."""
        if party is not None:
            seat, subject, kind = party.seat, {"who": party.id}, ""
            of_place, stated, parent_stated = subject, "registered in", "its parent registered in"
        else:
            vendor = self.register.vendor
            seat, subject, kind, of_place = self.register.seat, {"vendor": vendor}, "vendor-", {}
            stated = f"{vendor}, the vendor, is registered in"
            parent_stated = f"the parent of {stated}"
        if seat.registered_in is None:
            own = self._leaf(UNDETERMINED, f"demand.{kind}seat-not-stated", demand, subject)
            own = own if party is not None else own.resting_on(*self.register.basis)
        else:
            own = self._held(demand, seat.registered_in, stated, of_place).resting_on(*seat.basis)
        if seat.parent is None:
            return own
        if seat.parent_registered_in is None:
            parent = self._leaf(UNDETERMINED, f"demand.{kind}parent-seat-not-stated", demand, subject)
        else:
            parent = self._held(demand, seat.parent_registered_in, parent_stated, of_place)
        return all_of([own, parent.resting_on(*seat.basis)])

    def _about_activity(self, demand: Restriction, activity: str, subject: Mapping[str, str]) -> Reason:
        """Whether the demand is about the activity."""
        if demand.activities and activity == UNSTATED_ACTIVITY:
            return self._leaf(UNDETERMINED, "demand.activity-not-stated", demand, subject)
        if demand.about(activity):
            return UNCONDITIONAL
        words = activity_in_words(activity)
        return self._leaf(PROHIBITED, "demand.not-for-activity", demand, subject, activity=words)

    def _about_storage(self, demand: Restriction, subject: Mapping[str, str]) -> Reason:
        """Whether the demand is about data stored elsewhere: exceptions do not state whether that is a copy."""
        if demand.about("backup") and not demand.about("hosting"):
            return self._leaf(UNDETERMINED, "exception.copy-not-stated", demand, subject)
        return self._about_activity(demand, "hosting", subject)

    def _about_data(self, demand: Restriction, data: tuple[str, ...] | None, subject: Mapping[str, str]) -> Reason:
        """Whether the demand is about some of the data categories; `None` where the register states none."""
        if demand.data and data is None:
            return self._leaf(UNDETERMINED, "demand.data-not-stated", demand, subject)
        if demand.data and demand.data.isdisjoint(data or ()):
            return self._leaf(PROHIBITED, "demand.not-for-data", demand, subject)
        return UNCONDITIONAL


def _where_covered(covers: Reason, kept: Reason) -> Reason:
    """`kept` wherever the demand `covers` this; where it does not, only why it does not."""
    if covers == UNCONDITIONAL:
        return kept
    return negated(covers) if covers.verdict is PROHIBITED else any_of([kept, negated(covers)])
