"""All answers for tenants that no condition tells apart, and what follows from them together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any, Protocol

from attrs import field, frozen

from ..model.canonical import canonical, short_hash
from ..model.register import Register
from ..model.rows import CitedDocument, ClosedList, Source
from ..model.tenant import Tenant
from ..model.verdict import Verdict
from .answer import Answer, EngagementAnswer
from .reason import Note

__all__ = ["DIGESTS", "Answers", "AsStored", "Digests", "Heading"]

PERMITTED = Verdict.PERMITTED


@frozen(cache_hash=True)
class Heading:
    """The heading of answers: whose register gave them, from when it speaks, and when it was last checked.

    `published` is `None` where its document is undated. What format 1 did not store is `None` in what is read of it.
    """

    register_id: str
    vendor: str
    service: str
    published: date | None
    data_categories: tuple[str, ...]
    speaks_from: date | None = None
    checked: date | None = None
    house_rules: tuple[str, date] | None = None

    @classmethod
    def of(cls, register: Register) -> Heading:
        """The heading of a register's answers."""
        return cls(
            register_id=register.id,
            vendor=register.vendor,
            service=register.service,
            published=register.published,
            data_categories=register.data_categories,
            speaks_from=register.speaks_from,
            checked=register.checked,
            house_rules=register.house_rules,
        )


@frozen
class Digests:
    """The digests of a register: of what it means, of its words, of the groupings that count, and of the countries."""

    digest: str
    words: str
    facts: str
    countries: str

    def to_dict(self) -> dict[str, str]:
        """The digests as plain JSON types."""
        return {key: getattr(self, key) for key in DIGESTS}


DIGESTS = ("digest", "words", "facts", "countries")


class Around(Protocol):
    """What goes with answers: notices and sources for one tenant on one day; `used` are the ids of sources cited."""

    @property
    def library(self) -> str:
        """The version of this library that gave the answers."""
        ...

    def digests(self, tenant: Tenant) -> Digests | None:
        """The digests of the register; None where they were not stored."""
        ...

    def notes(self, tenant: Tenant, day: date, used: frozenset[str]) -> tuple[Note, ...]:
        """The notices: what the reader must know about the whole."""
        ...

    def sources(self, tenant: Tenant, day: date, used: frozenset[str]) -> tuple[Source, ...]:
        """The sources used, in full."""
        ...

    def documents(self, used: frozenset[str]) -> tuple[CitedDocument, ...]:
        """The documents in which they stand."""
        ...


@frozen
class AsStored:
    """Notices and sources as they were stored."""

    _notes: tuple[Note, ...]
    _sources: tuple[Source, ...]
    _documents: tuple[CitedDocument, ...]
    library: str
    _digests: Digests | None

    def digests(self, tenant: Tenant) -> Digests | None:
        """The digests that were stored."""
        return self._digests

    def notes(self, tenant: Tenant, day: date, used: frozenset[str]) -> tuple[Note, ...]:
        """The notices that were stored."""
        return self._notes

    def sources(self, tenant: Tenant, day: date, used: frozenset[str]) -> tuple[Source, ...]:
        """The sources that were stored and are used."""
        return tuple(source for source in self._sources if source.id in used)

    def documents(self, used: frozenset[str]) -> tuple[CitedDocument, ...]:
        """The documents that were stored."""
        return self._documents


@frozen(cache_hash=True)
class Answers:
    """All answers, the same for every tenant that no condition tells apart and on every day between two changes.

    They hold from the day `first` to the day `last`, at least. `settled` is the hosting region that placement settles,
    whatever else is demanded of it; `closed` are the closed lists of those days. What follows from all answers together
    is worked out once, when it is first read.
    """

    heading: Heading
    settled: str | None
    on_regions: tuple[Answer, ...]
    on_sub_processors: tuple[Answer, ...]
    around: Around = field(eq=False)
    first: date = field(eq=False)
    last: date = field(eq=False)
    closed: tuple[ClosedList, ...] = ()

    @cached_property
    def region(self) -> str | None:
        """The one hosting region where the data lives; None if no region is settled and permitted."""
        if self.settled is not None and self.by_region[self.settled].verdict is PERMITTED:
            return self.settled
        return None

    @cached_property
    def hosts(self) -> tuple[str, ...]:
        """The ids of the sub-processors permitted to store the data, sorted."""
        return tuple(each.id for each in self.on_sub_processors if each.hosting)

    @cached_property
    def permitted(self) -> tuple[str, ...]:
        """The ids of the sub-processors permitted to touch the data, sorted."""
        return self._with(PERMITTED)

    @cached_property
    def undetermined(self) -> tuple[str, ...]:
        """The ids of the sub-processors of which the sources do not say whether they may touch the data, sorted."""
        return self._with(Verdict.UNDETERMINED)

    @cached_property
    def prohibited(self) -> tuple[str, ...]:
        """The ids of the sub-processors that must not touch the data, sorted."""
        return self._with(Verdict.PROHIBITED)

    @cached_property
    def announced(self) -> Mapping[str, date | None]:
        """The ids that are listed for something not yet authorised, each with the first day (None if not stated)."""
        days = {each.id: each.announced for each in self.on_sub_processors}
        return {name: date.fromisoformat(day) if day else None for name, day in days.items() if day is not None}

    @cached_property
    def to_disclose(self) -> tuple[str, ...]:
        """The ids not PROHIBITED by register and house rules, and those announced, sorted."""
        return tuple(each.id for each in self.on_sub_processors if each.disclosed or each.id in self.announced)

    def closing(self, activity: str | None, data: str | None) -> list[tuple[str, ...]]:
        """The basis of each closed list about that activity and data in the hosting region that is settled."""
        return [closed.basis for closed in self.closed if closed.closes(activity, data, self.settled, self.first)]

    def summary(self, demands: Mapping[str, int]) -> dict[str, Any]:
        """What a receipt keeps of the answers, as plain JSON types; `demands` are the places of restrictions.

        `engagements` is a hash of all that may be asked of them by activity and data, `told` of what customers read.
        """
        rows = [[answer.id, *sorted(map(_row, answer.engagements), key=canonical)] for answer in self.on_sub_processors]
        answers = (*self.on_regions, *self.on_sub_processors)
        names = [[answer.name, *sorted(each.purpose for each in answer.engagements)] for answer in answers]
        found: dict[str, Any] = {
            "region": self.region,
            "settled": None if self.settled == self.region else self.settled,
            "hosts": self.hosts,
            "to_disclose": self.to_disclose,
            "announced": {name: "" if day is None else day.isoformat() for name, day in self.announced.items()},
            "regions": _by_verdict(self.on_regions, demands),
            "sub_processors": _by_verdict(self.on_sub_processors, demands),
            "engagements": short_hash(rows),
            "told": short_hash(names),
        }
        return {key: value for key, value in found.items() if value}

    @cached_property
    def summary_bytes(self) -> bytes:
        """The same of a tenant without restrictions, in canonical form, written once."""
        return canonical(self.summary({}))

    @cached_property
    def by_region(self) -> Mapping[str, Answer]:
        """The answers on hosting regions, by id."""
        return {answer.id: answer for answer in self.on_regions}

    @cached_property
    def by_sub_processor(self) -> Mapping[str, Answer]:
        """The answers on sub-processors, by id."""
        return {answer.id: answer for answer in self.on_sub_processors}

    @cached_property
    def used(self) -> frozenset[str]:
        """The ids of the sources that the answers rest on, or may rest on when narrowed to an activity or data."""
        answers = (*self.on_regions, *self.on_sub_processors)
        return frozenset().union(*(answer.basis for answer in answers), *(each.basis for each in self.closed))

    def _with(self, verdict: Verdict) -> tuple[str, ...]:
        return tuple(each.id for each in self.on_sub_processors if each.verdict is verdict)


def _by_verdict(answers: Iterable[Answer], demands: Mapping[str, int]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for answer in answers:
        found.setdefault(answer.verdict.value.lower(), {})[answer.id] = answer.summary(demands)
    return found


def _row(answer: EngagementAnswer) -> list[Any]:
    """What is told of an engagement by activity and data."""
    return [answer.activity, answer.region, *answer.decided]
