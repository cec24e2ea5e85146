"""What the tenant demands: its restrictions and objections, held against engagements, regions and exceptions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from .limits import data_in_words
from .places import Extent, Place
from .reason import UNCONDITIONAL, Reason, all_of, any_of, leaf, negated
from .register import Engagement, HostingRegion, Register, ResidencyException, Source, SubProcessor
from .tenant import Restriction, Tenant
from .value import value
from .verdict import Verdict

__all__ = ["Demands"]

PERMITTED, PROHIBITED, UNDETERMINED = Verdict.PERMITTED, Verdict.PROHIBITED, Verdict.UNDETERMINED
_HELD = {PERMITTED: "demand.kept", PROHIBITED: "demand.broken", UNDETERMINED: "demand.unclear"}


@value
class Demands:
    """The demands of one tenant on one day, against one register."""

    register: Register
    tenant: Tenant
    day: date

    @property
    def _restrictions(self) -> list[Restriction]:
        return sorted(self.tenant.restrictions, key=lambda restriction: restriction.text)

    @property
    def made(self) -> bool:
        """Whether the tenant demands or objects at all."""
        return bool(self.tenant.restrictions or self.tenant.objections)

    @property
    def sources(self) -> tuple[Source, ...]:
        """What reasons about demands rest on."""
        restrictions = [
            Source(f"demand: {each.text}", "tenant", f"the demand '{each.text}'") for each in self._restrictions
        ]
        objections = sorted(self.tenant.objections)
        return (
            *restrictions,
            *(Source(f"objection: {name}", "tenant", f"the objection to {name}") for name in objections),
        )

    def on_engagement(self, who: SubProcessor | None, engagement: Engagement) -> Reason:
        """Whether the engagement keeps every demand; `who` is None for the vendor's own infrastructure."""
        reasons = []
        if who is not None and who.id in self.tenant.objections:
            granted = (name for record in self.register.records if record.topic == "objection" for name in record.basis)
            reasons.append(leaf(PROHIBITED, "objection.raised", (f"objection: {who.id}", *granted), name=who.id))
        for demand in self._restrictions:
            where = self._where(demand, engagement.places).resting_on(*engagement.located_by)
            kept = self._seat(demand, who) if demand.never_registered_in else where
            covers = all_of([_about_activity(demand, engagement.activity), _about_data(demand, engagement.data)])
            reasons.append(_where_covered(covers, kept).resting_on(*engagement.basis))
        return all_of(reasons)

    def on_region(self, region: HostingRegion) -> Reason:
        """Whether storing in the region keeps every demand on where hosting is."""
        site = region.on(self.day)
        return all_of(self._where(demand, site.places) for demand in self._on_storage()).resting_on(*site.basis)

    def on_exception(self, exception: ResidencyException, applies: Reason | None) -> Reason:
        """Whether data that is stored elsewhere keeps every demand that covers it; `applies` is its own condition."""
        reasons = []
        for demand in self._on_storage():
            name = leaf(PERMITTED, "exception.data", exception.basis, data=data_in_words(exception.data))
            kept = self._where(demand, exception.places).resting_on(*exception.basis)
            covers = all_of([name, _about_data(demand, exception.data), *([] if applies is None else [applies])])
            reasons.append(_where_covered(covers, kept))
        return all_of(reasons)

    def _on_storage(self) -> list[Restriction]:
        """The demands on places that are about hosting, among others or alone."""
        return [demand for demand in self._restrictions if not demand.never_registered_in and demand.about("hosting")]

    def _where(self, demand: Restriction, places: tuple[Place, ...] | None) -> Reason:
        """Whether all of the places keep the demand."""
        basis = (f"demand: {demand.text}",)
        if places is None:
            return leaf(UNDETERMINED, "demand.place-not-stated", basis, demand=demand.text)
        return all_of(self._held(demand, place, "somewhere within") for place in places)

    def _held(self, demand: Restriction, place: Place, stated: str) -> Reason:
        """Whether one place that is stated keeps the demand; `stated` says of what it is the place."""
        there = place.extent(self.register.groups, self.day)
        if demand.within is not None:
            verdict = there.within(self._union(demand.within))
        else:
            verdict = Verdict.all_of(~there.within(self._union([never])) for never in demand.places)
        groups = [part for each in (place, *demand.places) for part in each.parts if part in self.register.groups]
        facts = dict.fromkeys(f"fact:{part}" for part in groups)
        basis = (f"demand: {demand.text}", *facts)
        return leaf(verdict, _HELD[verdict], basis, demand=demand.text, places=place.text, stated=stated)

    def _union(self, places: Iterable[Place]) -> Extent:
        return Extent.union(place.extent(self.register.groups, self.day) for place in places)

    def _seat(self, demand: Restriction, who: SubProcessor | None) -> Reason:
        """Whether it, and its parent where that is stated, is registered where the demand allows."""
        basis = (f"demand: {demand.text}",)
        if who is None or who.registered_in is None:
            own = leaf(UNDETERMINED, "demand.seat-not-stated", basis, demand=demand.text)
        else:
            own = self._held(demand, who.registered_in, "registered in").resting_on(*who.basis)
        if who is None or who.parent is None:
            return own
        if who.parent_registered_in is None:
            parent = leaf(UNDETERMINED, "demand.parent-seat-not-stated", basis, demand=demand.text)
        else:
            parent = self._held(demand, who.parent_registered_in, "its parent registered in")
        return all_of([own, parent.resting_on(*who.basis)])


def _where_covered(covers: Reason, kept: Reason) -> Reason:
    """Kept, or not about this at all, which is then all there is to say."""
    if covers == UNCONDITIONAL:
        return kept
    return negated(covers) if covers.verdict is PROHIBITED else any_of([kept, negated(covers)])


def _about_activity(demand: Restriction, activity: str) -> Reason:
    if demand.about(activity):
        return UNCONDITIONAL
    basis = (f"demand: {demand.text}",)
    return leaf(PROHIBITED, "demand.not-for-activity", basis, demand=demand.text, activity=activity)


def _about_data(demand: Restriction, data: tuple[str, ...] | None) -> Reason:
    basis = (f"demand: {demand.text}",)
    if demand.data and data is None:
        return leaf(UNDETERMINED, "demand.data-not-stated", basis, demand=demand.text)
    if demand.data and demand.data.isdisjoint(data or ()):
        return leaf(PROHIBITED, "demand.not-for-data", basis, demand=demand.text)
    return UNCONDITIONAL
