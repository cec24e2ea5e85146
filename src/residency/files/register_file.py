"""Registers from TOML: the second pass over the whole file and its rows."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import pairwise
from os import PathLike
from typing import Any, Literal, cast

from attrs import evolve, frozen

from ..errors import quoted
from ..model.claims import Claim
from ..model.conditions import All, Condition, Unstated
from ..model.places import Place
from ..model.register import Register
from ..model.rows import (
    ClosedList,
    CustomerRegion,
    Engagement,
    HostingRegion,
    Placement,
    Record,
    ResidencyException,
    Safeguard,
    Seat,
    Site,
    SubProcessor,
)
from ..model.timeline import ALWAYS, Span
from ..result.cases import Case
from . import register_schema as shapes
from .claims_file import cases, claims
from .documents import Documents
from .groupings_file import fact_sources, groupings, territories
from .parse import read
from .schema import AS_THE_REGION, Listed
from .semantics import Disjoint, Meaning
from .structure import Path, shaped, written

__all__ = [
    "MOST_ENGAGEMENTS",
    "Rows",
    "Whole",
    "load_cases",
    "load_claims",
    "load_register",
    "load_whole",
    "register_of",
]


def load_register(source: str | PathLike[str]) -> Register:
    """See `residency.load_register`."""
    return load_whole(source).register


def load_cases(source: str | PathLike[str]) -> tuple[Case, ...]:
    """See `residency.load_cases`."""
    return load_whole(source).cases


def load_claims(source: str | PathLike[str]) -> tuple[Claim, ...]:
    """See `residency.load_claims`."""
    return load_whole(source).claims


@frozen
class Whole:
    """All that a register file holds: the register, and what its documents say of one tenant each and of all."""

    register: Register
    cases: tuple[Case, ...]
    claims: tuple[Claim, ...]


def load_whole(source: str | PathLike[str]) -> Whole:
    """All that the file of a register holds."""
    called, content = read(source, "registers")
    return _Reading(called, content).result()


def register_of(content: dict[str, Any], called: str) -> Register:
    """The register that a file of this content holds; `called` is the file's name in messages."""
    return _Reading(called, content).result().register


class _Reading:
    """One register file on its way to a `Register`."""

    def __init__(self, called: str, content: dict[str, Any]) -> None:
        self.file = shaped(content, shapes.RegisterFile, called)
        self.meaning = Meaning(called, content, {grouping.id: grouping for grouping in groupings()})
        self._declare()
        self.documents = Documents(self.file, self.meaning)
        self.rows = Rows(self.meaning, self.documents)
        self.rows.hosting_regions = {region.id: region for region in self._hosting_regions()}

    def result(self) -> Whole:
        """The register, its cases and claims, or `BadFile`."""
        file, meaning, documents = self.file, self.meaning, self.documents
        days = self._days()
        values: dict[str, Any] = {
            "id": meaning.id(("id",), file.id),
            "vendor": file.vendor,
            "service": file.service or file.vendor,
            **days,
            "basis": meaning.basis((), file),
            "placement": self._placement(),
            "hosting_regions": tuple(self.rows.hosting_regions.values()),
            "customer_regions": tuple(self._customer_regions()),
            "processors": tuple(self._sub_processors()),
            "own_infrastructure": tuple(self.rows.engagements(("own_infrastructure",), self.file.own_infrastructure)),
            "seat": self._seat(),
            "closed": tuple(self._closed()),
            "exceptions": tuple(self._exceptions()),
            "declared": tuple(documents.declared()),
            "tensions": tuple(documents.tensions()),
            "records": tuple(self._records()),
            "documents": tuple(documents.documents()),
            "sources": (*documents.sources(), *fact_sources()),
            "groupings": groupings(),
            "territories": territories(),
        }
        asked, claimed = cases(file, meaning), claims(file, meaning)
        meaning.done()
        return Whole(Register(**values), asked(), claimed)

    def _days(self) -> dict[str, date | None]:
        """The day of the document, the first on which the register speaks, and the last on which it was checked."""
        file, meaning = self.file, self.meaning
        speaks_from = file.speaks_from or file.published
        if speaks_from is None:
            message = "an undated document does not say from which day the register speaks"
            meaning.fault((), message, "write speaks_from = …, and a reading in basis that says why")
        if file.checked is not None and file.published is not None and file.checked < file.published:
            message = f"checked {file.checked} is before published {file.published}"
            meaning.fault(("checked",), message, "leave it out, or fix it")
        elif file.checked is not None and speaks_from is not None and file.checked < speaks_from:
            message = f"checked {file.checked} is before the day from which the register speaks, {speaks_from}"
            meaning.fault(("checked",), message, "leave it out, or fix it")
        checked = file.checked or file.published or speaks_from
        return {"published": file.published, "speaks_from": speaks_from, "checked": checked}

    def _declare(self) -> None:
        """The names that rows may use, known before any row is read."""
        file, meaning = self.file, self.meaning
        meaning.declare("document", (("documents",), file.documents))
        meaning.declare("clause", (("clauses",), file.clauses))
        meaning.declare("clause or reading", (("clauses",), file.clauses), (("readings",), file.readings))
        meaning.declare("feature", (("features",), file.features))
        meaning.declare("consent", (("consents",), file.consents))
        meaning.declare("agreement", (("agreements",), file.agreements))
        meaning.declare("data category", (("data",), file.data))
        meaning.declare("attribute", (("attributes",), file.attributes))
        meaning.declare("tension", (("tensions",), file.tensions))
        meaning.declare_rows("hosting region", ("regions",), file.regions)
        meaning.declare_rows("customer region", ("customer_regions",), file.customer_regions)
        meaning.declare_rows("sub-processor", ("sub_processors",), file.sub_processors, apart_from="hosting region")
        meaning.values("attribute", {name: each.values for name, each in file.attributes.items()})
        meaning.values("tension", {name: [side.is_ for side in each.sides] for name, each in file.tensions.items()})

    # --- Where ---

    def _hosting_regions(self) -> Iterator[HostingRegion]:
        for index, region in enumerate(self.file.regions):
            path: Path = ("regions", index)
            places = self.meaning.places((*path, "places"), region.places)
            basis = self.meaning.basis(path, region)
            sites, span = tuple(self._sites((*path, "sites"), region.sites)), self.rows.span(path, region)
            yield HostingRegion(region.id, region.name, places, basis, span, sites, region.listed)

    def _sites(self, path: Path, rows: Sequence[shapes.Site]) -> Iterator[Site]:
        made = Disjoint()
        for index, row in enumerate(rows):
            here = (*path, index)
            places, basis = self.meaning.places((*here, "places"), row.places), self.meaning.basis(here, row)
            site = Site(places, basis, self.rows.span(here, row))
            if (other := made.add(site.span, here)) is not None:
                where = written(other[1])
                self.meaning.fault(here, "overlapping spans", f"end the one at {where} on the day this one starts")
            yield site

    def _placement(self) -> Placement:
        rule, meaning, path = self.file.placement, self.meaning, ("placement",)
        if rule.rule == "fixed" and rule.region is None:
            meaning.fault(path, "placement 'fixed' needs a region", 'write region = "…"')
        if rule.region is not None:
            meaning.name((*path, "region"), "hosting region", rule.region)
            if rule.rule != "fixed":
                meaning.fault((*path, "region"), f"placement {rule.rule!r} has no region of its own", "leave it out")
        self.documents.check_undated((*path, "basis"), rule.basis)
        self.documents.check_undated((*path, "agreed"), rule.agreed or ())
        if rule.agreed_when is not None and rule.agreed is None:
            meaning.fault((*path, "agreed_when"), "agreed_when needs agreed", "name what an agreed region rests on")
        return Placement(
            rule=rule.rule,
            basis=meaning.basis(path, rule),
            region=rule.region,
            agreed=None if rule.agreed is None else meaning.basis(path, rule, "agreed"),
            agreed_when=meaning.condition((*path, "agreed_when"), rule.agreed_when, settled=False),
        )

    def _customer_regions(self) -> Iterator[CustomerRegion]:
        rows, meaning = self.file.customer_regions, self.meaning
        for index, row in enumerate(rows):
            path: Path = ("customer_regions", index)
            yield CustomerRegion(
                id=row.id,
                customers=meaning.customers((*path, "customers"), row.customers, last=row is rows[-1]),
                home=None if row.home is None else meaning.name((*path, "home"), "hosting region", row.home),
                basis=meaning.basis(path, row),
                span=self.rows.span(path, row),
            )

    # --- Who ---

    def _seat(self) -> Seat:
        """Where the vendor itself is registered."""
        row, path = self.file.seat, ("seat",)
        if row is None:
            return Seat()
        if row.registered_in is None and row.parent is None:
            self.meaning.fault(path, "a seat that states nothing", "write registered_in = …, or leave it out")
        return Seat(*self._registered(path, row), self.meaning.basis(path, row))

    def _registered(
        self, path: Path, row: shapes.Seat | shapes.SubProcessor
    ) -> tuple[Place | None, str | None, Place | None]:
        """Where a party is registered, its parent, and where that is."""
        parent = row.parent or shapes.Parent(name="")
        own = self.meaning.place_or_none((*path, "registered_in"), row.registered_in)
        its = self.meaning.place_or_none((*path, "parent", "registered_in"), parent.registered_in)
        return own, parent.name or None, its

    def _sub_processors(self) -> Iterator[SubProcessor]:
        meaning = self.meaning
        named: dict[str, str] = {}
        for index, row in enumerate(self.file.sub_processors):
            path: Path = ("sub_processors", index)
            meaning.once((*path, "aliases"), row.aliases)
            for step, name in ((("name",), row.name), *((("aliases", n), each) for n, each in enumerate(row.aliases))):
                other = named.setdefault(name.casefold(), row.id)
                if other != row.id:
                    message = f"{quoted(name)} names sub-processor {quoted(other)} too"
                    meaning.fault((*path, *step), message, "write one sub-processor with several engagements")
            if not row.engagements:
                message = "expected at least one engagement, got an empty list"
                meaning.fault((*path, "engagements"), message, "say what it is engaged for")
            basis = meaning.names((*path, "basis"), "clause or reading", row.basis)
            if not basis and (row.registered_in is not None or row.parent is not None):
                message = "what is said of its registration, or its parent, needs a basis"
                meaning.fault(path, message, 'write basis = ["…"], the clauses that say so')
            registered_in, parent, parent_registered_in = self._registered(path, row)
            yield SubProcessor(
                id=row.id,
                name=row.name,
                engagements=tuple(self.rows.engagements((*path, "engagements"), row.engagements)),
                aliases=row.aliases,
                kind=row.kind,
                registered_in=registered_in,
                parent=parent,
                parent_registered_in=parent_registered_in,
                basis=basis,
            )

    def _exceptions(self) -> Iterator[ResidencyException]:
        for index, row in enumerate(self.file.exceptions):
            path: Path = ("exceptions", index)
            made = ResidencyException(
                data=self._some(path, "data", "data category", row.data),
                basis=self.meaning.basis(path, row),
                when=self.meaning.condition((*path, "when"), row.when),
                regions=self._some(path, "regions", "hosting region", row.regions),
                places=self.meaning.places((*path, "places"), row.places),
                span=self.rows.span(path, row),
            )
            yield made
            for region in self.rows.unlisted(made.regions):
                yield evolve(made, regions=(region,), places=None, when=not_yet_listed(region, made.when))

    def _closed(self) -> Iterator[ClosedList]:
        for index, row in enumerate(self.file.closed):
            path: Path = ("closed", index)
            yield ClosedList(
                basis=self.meaning.basis(path, row),
                activity=row.activity,
                data=self._some(path, "data", "data category", row.data),
                regions=self._some(path, "regions", "hosting region", row.regions),
                of=row.of,
                span=self.rows.span(path, row),
            )

    def _some(self, path: Path, key: str, kind: str, names: tuple[str, ...] | None) -> tuple[str, ...] | None:
        """The names of a kind, one at least, where the key is there."""
        return None if names is None else self.meaning.names((*path, key), kind, names, some=True)

    def _records(self) -> Iterator[Record]:
        for index, row in enumerate(self.file.records):
            path: Path = ("records", index)
            parts = {
                key: tuple(
                    (part.says, self.meaning.basis((*path, key, number), part))
                    for number, part in enumerate(getattr(row, key))
                )
                for key in ("all_of", "one_of")
            }
            yield Record(row.topic, row.says, self.meaning.basis(path, row), **parts)


MOST_ENGAGEMENTS = 100_000
"""How many engagements the rows of a register may make."""


class Rows:
    """The dated rows of one register file; `hosting_regions` are those that an engagement may name."""

    def __init__(self, meaning: Meaning, documents: Documents) -> None:
        self.meaning, self.documents = meaning, documents
        self.hosting_regions: Mapping[str, HostingRegion] = {}
        self.number = 0
        self._stays_of: dict[str, list[tuple[Span, Site]]] = {}

    def span(self, path: Path, row: Listed) -> Span:
        """The days on which the row holds; one that was removed from the document says since when."""
        span = self.meaning.span(path, row)
        self.documents.check_listed(path, row, span)
        return span

    def engagements(self, path: Path, rows: Sequence[shapes.Engagement]) -> Iterator[Engagement]:
        """One engagement for each region that a row names; none of them twice on a day."""
        seen: dict[Engagement, Disjoint] = {}
        named: dict[Engagement, list[tuple[Engagement, tuple[str, ...]]]] = {}
        for index, row in enumerate(rows):
            here = (*path, index)
            made, regions = self._engagement(here, row)
            clash: tuple[Span, Span, Path] | None = None
            for engagement in self._in_regions(here, row, made, regions):
                self._count(here)
                other = seen.setdefault(_without_days(engagement), Disjoint()).add(engagement.span, here)
                if clash is None and other is not None:
                    clash = (engagement.span, *other)
                yield engagement
            if clash is not None:
                same = clash[0] == clash[1]
                message = "duplicate entry" if same else "overlapping spans"
                remedy = "leave one of them" if same else "end the first on the day the second starts"
                self.meaning.fault(here, message, f"the same engagement stands at {written(clash[2])}; {remedy}")
            if regions is not None:
                named.setdefault(evolve(_without_days(made), places=None), []).append((made, regions))
        for alike in named.values():
            for region in self._unlisted:
                yield from self._not_yet_listed(path, region, alike)

    def _not_yet_listed(
        self, path: Path, region: str, alike: Sequence[tuple[Engagement, tuple[str, ...]]]
    ) -> Iterator[Engagement]:
        """What is listed for other regions alone, in one that the list does not know: once for the days of each row."""
        done = {(each.span, each.authorised) for each, regions in alike if region in regions}
        for each, _ in alike:
            if (each.span, each.authorised) not in done:
                done.add((each.span, each.authorised))
                self._count(path)
                yield evolve(each, region=region, places=None, when=not_yet_listed(region, each.when), only=())

    def _count(self, path: Path) -> None:
        """Refuse a file whose rows make too many engagements."""
        self.number += 1
        if self.number > MOST_ENGAGEMENTS:
            message = f"the rows up to this one make more than {MOST_ENGAGEMENTS:,} engagements"
            self.meaning.fault(path, message, "one is made for each region of a row, and each stay of the region")
            self.meaning.done()

    def unlisted(self, regions: Collection[str] | None) -> list[str]:
        """The regions that the list does not know yet and what is listed for these, but for no others, leaves open."""
        return [] if regions is None else [name for name in self._unlisted if name not in regions]

    @cached_property
    def _unlisted(self) -> list[str]:
        """Read when all hosting regions are known."""
        return [each.id for each in self.hosting_regions.values() if not each.listed]

    def _engagement(self, path: Path, row: shapes.Engagement) -> tuple[Engagement, tuple[str, ...] | None]:
        """What the row says, whatever the region; and the regions that it names."""
        meaning = self.meaning
        regions = None
        if row.regions is not None:
            regions = meaning.names((*path, "regions"), "hosting region", row.regions, some=True)
        data = None if row.data is None else meaning.names((*path, "data"), "data category", row.data, some=True)
        if row.only is not None and row.when is None:
            meaning.fault((*path, "only"), "only needs when: it is what makes a condition a limit", "leave it out")
        made = Engagement(
            activity=row.activity,
            purpose=row.purpose,
            basis=meaning.basis(path, row),
            places=None if row.places == AS_THE_REGION else meaning.places((*path, "places"), row.places),
            when=meaning.condition((*path, "when"), row.when),
            only=() if row.only is None else meaning.basis(path, row, "only"),
            span=self.span(path, row),
            data=data,
            authorised=self._authorised(path, row),
            notified=row.notified,
            safeguards=tuple(self._safeguards((*path, "safeguards"), row.safeguards)),
        )
        return made, regions

    def _in_regions(
        self, path: Path, row: shapes.Engagement, made: Engagement, regions: tuple[str, ...] | None
    ) -> Iterator[Engagement]:
        """The row in each of its regions, or in none in particular."""
        for region in (None,) if regions is None else dict.fromkeys(regions):
            if row.places != AS_THE_REGION:
                yield evolve(made, region=region)
            elif region is None:
                self.meaning.fault((*path, "places"), f"{AS_THE_REGION!r} needs regions", "name the places themselves")
            elif region in self.hosting_regions:
                for span, site in self._stays(self.hosting_regions[region], made.span):
                    yield evolve(made, region=region, span=span, places=site.places, located_by=site.basis)

    def _stays(self, region: HostingRegion, span: Span) -> Iterator[tuple[Span, Site]]:
        """Where the region is on the days of the span."""
        if region.id not in self._stays_of:
            self._stays_of[region.id] = _all_stays(region)
        stays = self._stays_of[region.id]
        first = bisect_right(stays, span.start or date.min, key=lambda stay: stay[0].start or date.min) - 1
        for stay, site in stays[first:]:
            if not stay.overlaps(span):
                break
            starts = [day for day in (stay.start, span.start) if day is not None]
            ends = [day for day in (stay.end, span.end) if day is not None]
            yield Span(max(starts, default=None), min(ends, default=None)), site

    def _authorised(self, path: Path, row: shapes.Engagement) -> date | Literal["not stated"] | None:
        day = row.authorised
        if isinstance(day, date) and row.since is not None and day < row.since:
            remedy = "since is the day on which it is first listed"
            self.meaning.fault((*path, "authorised"), f"authorised {day} is before since {row.since}", remedy)
        return cast('date | Literal["not stated"] | None', day)

    def _safeguards(self, path: Path, rows: Sequence[shapes.Safeguard]) -> Iterator[Safeguard]:
        for index, row in enumerate(rows):
            yield Safeguard(row.mechanism, self.meaning.basis((*path, index), row), row.says)


def not_yet_listed(region: str, when: Condition | None) -> Condition:
    """The condition of a row in a region that its list does not know yet."""
    unknown = Unstated(f"whether that is for region {region} too, which the list does not know yet")
    return unknown if when is None else All((when, unknown))


def _without_days(engagement: Engagement) -> Engagement:
    """The engagement without its days, and without what it rests on."""
    return evolve(
        engagement, basis=(), only=(), span=ALWAYS, authorised=None, notified=None, safeguards=(), located_by=()
    )


def _all_stays(region: HostingRegion) -> list[tuple[Span, Site]]:
    """Where the region is on all days, one stay after the other."""
    sites = sorted(region.sites, key=lambda site: site.span.start or date.min, reverse=True)
    edges = {day for site in sites for day in site.span.change_dates}
    stays: list[tuple[Span, Site]] = []
    for start, end in pairwise([None, *sorted(edges), None]):
        first = start or date.min
        while sites and sites[-1].span.end is not None and sites[-1].span.end <= first:
            sites.pop()
        there = sites[-1] if sites and first in sites[-1].span else Site(region.places, region.basis)
        stays.append((Span(start, end), there))
    return stays
