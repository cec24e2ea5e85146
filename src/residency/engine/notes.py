"""Notes: the limits of a permission (what it does not say), and the notices about a decision as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from attrs import frozen

from .._version import __version__
from ..model.digest import countries_digest
from ..model.places import Grouping
from ..model.register import Labels, Register
from ..model.rows import CitedDocument, Engagement, Source, activity_in_words, places_in_words
from ..model.tenant import Tenant, sources_of
from ..result.answers import Digests
from ..result.reason import Note, note

__all__ = ["FromRegister", "engagement_limits", "notices"]

_EFFECTS = {"illustrative": "illustrative only", "draft": "a draft", "translation": "a translation for reference"}


def notices(register: Register, tenant: Tenant, day: date, used: frozenset[str]) -> Iterator[Note]:
    """The notices of a decision whose answers rest on the sources `used`."""
    cited = register.published_by(day).cited
    return (notice.citing(cited) for notice in _notices(register, tenant, day, used))


def _notices(register: Register, tenant: Tenant, day: date, used: frozenset[str]) -> Iterator[Note]:
    if day > register.checked:
        basis = register.basis if register.checked == register.speaks_from else ()  # what says why it speaks from then
        dated = "day" if register.checked == register.published else "checked"
        yield note("notice.age", basis, **{dated: register.checked.isoformat(), "as_of": day.isoformat()})
    demanded = {part for demand in tenant.restrictions for place in demand.places for part in place.parts}
    groups = {grouping.id for grouping in register.groupings_used} | (demanded & register.groups.keys())
    for grouping in (register.groups[name] for name in sorted(groups)):
        if grouping.checked is not None and day > grouping.checked:
            yield _facts_age(grouping, grouping.checked, day)
    for record in register.records:
        if record.topic == "legal effect":
            yield note("notice.legal-effect", record.basis, says=record.says)
    yield from _documents(register, used)
    if register.house_rules is not None:
        by, on = register.house_rules
        yield note("notice.house-rules" if on <= day else "notice.house-rules-later", by=by, day=on.isoformat())
    if not any(record.topic == "objection" for record in register.records):
        for name in sorted(tenant.objections):
            yield note("notice.objection", (f"objection: {name}",), register.labels, name=name)


def _facts_age(grouping: Grouping, checked: date, day: date) -> Note:
    """The age of facts, or the first day among them on which they were to change after they were last checked."""
    basis, about = (f"fact:{grouping.id}",), {"name": grouping.name, "day": checked.isoformat()}
    passed = min((change for change in grouping.change_dates if checked < change <= day), default=None)
    if passed is not None:
        return note("notice.facts-passed", basis, **about, passed=passed.isoformat())
    return note("notice.facts-age", basis, **about, as_of=day.isoformat())


def _documents(register: Register, used: frozenset[str]) -> Iterator[Note]:
    for document in register.documents:
        if document.effect in _EFFECTS and not used.isdisjoint(document.clauses):
            yield note("notice.document", document.basis, name=document.name, effect=_EFFECTS[document.effect])


def engagement_limits(engagement: Engagement, labels: Labels) -> Iterator[Note]:
    """The limits of a permission of the engagement: what it does not say of its place and of its safeguards."""
    about = {"activity": activity_in_words(engagement.activity), "purpose": engagement.purpose}
    if engagement.places is not None:
        basis = dict.fromkeys((*engagement.basis, *engagement.located_by))
        code = "limit.places" if any(place.everywhere for place in engagement.places) else "limit.place"
        yield note(code, basis, places=places_in_words(engagement.places), **about)
    elif engagement.region is not None:
        yield note("limit.region-only", engagement.basis, labels, region=engagement.region, **about)
    else:
        yield note("limit.place-not-stated", engagement.basis, **about)
    if engagement.safeguards:
        grounds = dict.fromkeys(name for safeguard in engagement.safeguards for name in safeguard.basis)
        mechanisms = ", then ".join(
            f"{safeguard.mechanism} ({safeguard.says})" if safeguard.says else safeguard.mechanism
            for safeguard in engagement.safeguards
        )
        yield note("limit.safeguards", grounds, mechanisms=mechanisms, **about)


@frozen
class FromRegister:
    """Notices and sources of a decision, worked out from its register when they are read."""

    register: Register

    @property
    def library(self) -> str:
        """This version."""
        return __version__

    def digests(self, tenant: Tenant) -> Digests:
        """Those of the register, with the groupings that the tenant's restrictions name."""
        register = self.register
        named = {part for demand in tenant.restrictions for place in demand.places for part in place.parts}
        facts = register.facts_digest_with(frozenset(named & register.groups.keys()))
        return Digests(register.digest, register.words_digest, facts, countries_digest())

    def notes(self, tenant: Tenant, day: date, used: frozenset[str]) -> tuple[Note, ...]:
        """The notices that answers resting on `used` need."""
        return tuple(notices(self.register, tenant, day, used))

    def sources(self, tenant: Tenant, day: date, used: frozenset[str]) -> tuple[Source, ...]:
        """The register's sources that are `used`, then the tenant's own."""
        sources = (*self.register.sources, *sources_of(tenant))
        return tuple(source for source in sources if source.id in used)

    def documents(self, used: frozenset[str]) -> tuple[CitedDocument, ...]:
        """The documents of the clauses that are `used`, or that a reading which is used reads."""
        clauses = used.union(*(source.of for source in self.register.sources if source.id in used))
        documents = (each.cited for each in self.register.documents if not clauses.isdisjoint(each.clauses))
        return tuple(sorted(documents, key=lambda each: each.id))
