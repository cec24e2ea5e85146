"""Register files: the second pass over the whole file and its rows, to a `Register`."""

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
from ..model.resources import Resource
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
from ..model.timeline import Span
from ..result.cases import Case
from . import register_schema as shapes
from .claims_file import cases, claims
from .documents import Documents
from .groupings_file import fact_sources, groupings, territories
from .parse import Parsed, read, read_given
from .schema import AS_THE_REGION, Listed
from .semantics import Disjoint, Semantics
from .structure import Path, structured, written

__all__ = [
    "MOST_ENGAGEMENTS",
    "Contents",
    "Rows",
    "load_cases",
    "load_claims",
    "load_contents",
    "load_register",
    "read_register",
    "register_of",
]


def load_register(source: str | PathLike[str] | Resource) -> Register:
    """See `residency.load_register`."""
    return load_contents(source).register


def read_register(source: str | Mapping[str, Any]) -> Register:
    """See `residency.read_register`."""
    return _RegisterReader(read_given(source)).result().register


def load_cases(source: str | PathLike[str] | Resource) -> tuple[Case, ...]:
    """See `residency.load_cases`."""
    return load_contents(source).cases


def load_claims(source: str | PathLike[str] | Resource) -> tuple[Claim, ...]:
    """See `residency.load_claims`."""
    return load_contents(source).claims


@frozen
class Contents:
    """Contents of a register file: the register, its cases (about one tenant each) and its claims (about all)."""

    register: Register
    cases: tuple[Case, ...]
    claims: tuple[Claim, ...]


def load_contents(source: str | PathLike[str] | Resource) -> Contents:
    """The contents of the register file of that bundled name or path, or of that resource."""
    return _RegisterReader(read(source, "registers")).result()


def register_of(content: dict[str, Any], file_name: str) -> Register:
    """The register that a file of this content holds; `file_name` is its name in messages."""
    return _RegisterReader(Parsed(file_name, content)).result().register


class _RegisterReader:
    """Reader of one register file."""

    def __init__(self, parsed: Parsed) -> None:
        content, name = parsed.content, parsed.name
        self.file = structured(content, shapes.RegisterFile, name, days_as_texts=parsed.days_as_texts)
        self.semantics = Semantics(name, content, {grouping.id: grouping for grouping in groupings()})
        self._declare()
        self.documents = Documents(self.file, self.semantics)
        self.rows = Rows(self.semantics, self.documents)
        self.rows.hosting_regions = {region.id: region for region in self._hosting_regions()}

    def result(self) -> Contents:
        """The register, its cases and claims; raises `BadFile` with every fault."""
        file, semantics, documents = self.file, self.semantics, self.documents
        days = self._days()
        values: dict[str, Any] = {
            "id": semantics.id(("id",), file.id),
            "vendor": file.vendor,
            "service": file.service or file.vendor,
            **days,
            "basis": semantics.basis((), file),
            "placement": self._placement(),
            "hosting_regions": tuple(self.rows.hosting_regions.values()),
            "customer_regions": tuple(self._customer_regions()),
            "sub_processor_rows": tuple(self._sub_processors()),
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
        make_cases, made_claims = cases(file, semantics), claims(file, semantics)
        semantics.done()
        return Contents(Register(**values), make_cases(), made_claims)

    def _days(self) -> dict[str, date | None]:
        """The day of the document, the first on which the register speaks, and the last on which it was checked."""
        file, semantics = self.file, self.semantics
        speaks_from = file.speaks_from or file.published
        if speaks_from is None:
            message = "an undated document does not say from which day the register speaks"
            semantics.fault((), message, "write speaks_from = …, and a reading in basis that says why")
        if file.checked is not None and file.published is not None and file.checked < file.published:
            message = f"checked {file.checked} is before published {file.published}"
            semantics.fault(("checked",), message, "leave it out, or fix it")
        elif file.checked is not None and speaks_from is not None and file.checked < speaks_from:
            message = f"checked {file.checked} is before the day from which the register speaks, {speaks_from}"
            semantics.fault(("checked",), message, "leave it out, or fix it")
        checked = file.checked or file.published or speaks_from
        return {"published": file.published, "speaks_from": speaks_from, "checked": checked}

    def _declare(self) -> None:
        """Declare the names that rows may use, before any row is read."""
        file, semantics = self.file, self.semantics
        semantics.declare("document", (("documents",), file.documents))
        semantics.declare("clause", (("clauses",), file.clauses))
        semantics.declare("clause or reading", (("clauses",), file.clauses), (("readings",), file.readings))
        semantics.declare("feature", (("features",), file.features))
        semantics.declare("consent", (("consents",), file.consents))
        semantics.declare("agreement", (("agreements",), file.agreements))
        semantics.declare("data category", (("data",), file.data))
        semantics.declare("attribute", (("attributes",), file.attributes))
        semantics.declare("tension", (("tensions",), file.tensions))
        semantics.declare_rows("hosting region", ("regions",), file.regions)
        semantics.declare_rows("customer region", ("customer_regions",), file.customer_regions)
        semantics.declare_rows("sub-processor", ("sub_processors",), file.sub_processors, apart_from="hosting region")
        semantics.values("attribute", {name: attribute.values for name, attribute in file.attributes.items()})
        semantics.values("tension", {name: [side.is_ for side in row.sides] for name, row in file.tensions.items()})

    # --- Regions and placement ---

    def _hosting_regions(self) -> Iterator[HostingRegion]:
        for index, region in enumerate(self.file.regions):
            path: Path = ("regions", index)
            places = self.semantics.places((*path, "places"), region.places)
            basis = self.semantics.basis(path, region)
            sites, span = tuple(self._sites((*path, "sites"), region.sites)), self.rows.span(path, region)
            yield HostingRegion(region.id, region.name, places, basis, span, sites, region.listed)

    def _sites(self, path: Path, rows: Sequence[shapes.Site]) -> Iterator[Site]:
        spans = Disjoint()
        for index, row in enumerate(rows):
            row_path = (*path, index)
            places = self.semantics.places((*row_path, "places"), row.places)
            site = Site(places, self.semantics.basis(row_path, row), self.rows.span(row_path, row))
            if (other := spans.add(site.span, row_path)) is not None:
                remedy = f"end the one at {written(other[1])} on the day this one starts"
                self.semantics.fault(row_path, "overlapping spans", remedy)
            yield site

    def _placement(self) -> Placement:
        rule, semantics, path = self.file.placement, self.semantics, ("placement",)
        if rule.rule == "fixed" and rule.region is None:
            semantics.fault(path, "placement 'fixed' needs a region", 'write region = "…"')
        if rule.region is not None:
            semantics.name((*path, "region"), "hosting region", rule.region)
            if rule.rule != "fixed":
                semantics.fault((*path, "region"), f"placement {rule.rule!r} has no region of its own", "leave it out")
        self.documents.check_undated((*path, "basis"), rule.basis)
        self.documents.check_undated((*path, "agreed"), rule.agreed or ())
        if rule.agreed_when is not None and rule.agreed is None:
            semantics.fault((*path, "agreed_when"), "agreed_when needs agreed", "name what an agreed region rests on")
        return Placement(
            rule=rule.rule,
            basis=semantics.basis(path, rule),
            region=rule.region,
            agreed=None if rule.agreed is None else semantics.basis(path, rule, "agreed"),
            agreed_when=semantics.condition((*path, "agreed_when"), rule.agreed_when, settled=False),
        )

    def _customer_regions(self) -> Iterator[CustomerRegion]:
        rows, semantics = self.file.customer_regions, self.semantics
        for index, row in enumerate(rows):
            path: Path = ("customer_regions", index)
            yield CustomerRegion(
                id=row.id,
                customers=semantics.customers((*path, "customers"), row.customers, last=row is rows[-1]),
                home=None if row.home is None else semantics.name((*path, "home"), "hosting region", row.home),
                basis=semantics.basis(path, row),
                span=self.rows.span(path, row),
            )

    # --- Parties, and other rows ---

    def _seat(self) -> Seat:
        """Where the vendor itself is registered."""
        row, path = self.file.seat, ("seat",)
        if row is None:
            return Seat()
        if row.registered_in is None and row.parent is None:
            self.semantics.fault(path, "a seat that states nothing", "write registered_in = …, or leave it out")
        return Seat(*self._registered(path, row), self.semantics.basis(path, row))

    def _registered(
        self, path: Path, row: shapes.Seat | shapes.SubProcessor
    ) -> tuple[Place | None, str | None, Place | None]:
        """Where a party is registered, its parent's name, and where the parent is registered."""
        parent = row.parent or shapes.Parent(name="")
        registered_in = self.semantics.place_or_none((*path, "registered_in"), row.registered_in)
        parent_registered_in = self.semantics.place_or_none((*path, "parent", "registered_in"), parent.registered_in)
        return registered_in, parent.name or None, parent_registered_in

    def _sub_processors(self) -> Iterator[SubProcessor]:
        semantics = self.semantics
        ids: dict[str, str] = {}
        for index, row in enumerate(self.file.sub_processors):
            path: Path = ("sub_processors", index)
            semantics.check_unique((*path, "aliases"), row.aliases)
            for key, name in ((("name",), row.name), *((("aliases", n), alias) for n, alias in enumerate(row.aliases))):
                other = ids.setdefault(name.casefold(), row.id)
                if other != row.id:
                    message = f"{quoted(name)} names sub-processor {quoted(other)} too"
                    semantics.fault((*path, *key), message, "write one sub-processor with several engagements")
            if not row.engagements:
                message = "expected at least one engagement, got an empty list"
                semantics.fault((*path, "engagements"), message, "say what it is engaged for")
            basis = semantics.names((*path, "basis"), "clause or reading", row.basis)
            if not basis and (row.registered_in is not None or row.parent is not None):
                message = "what is said of its registration, or its parent, needs a basis"
                semantics.fault(path, message, 'write basis = ["…"], the clauses that say so')
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
            exception = ResidencyException(
                data=self._names_or_none(path, "data", "data category", row.data),
                basis=self.semantics.basis(path, row),
                when=self.semantics.condition((*path, "when"), row.when),
                regions=self._names_or_none(path, "regions", "hosting region", row.regions),
                places=self.semantics.places((*path, "places"), row.places),
                span=self.rows.span(path, row),
            )
            yield exception
            for region in self.rows.unlisted(exception.regions):
                yield evolve(exception, regions=(region,), places=None, when=not_yet_listed(region, exception.when))

    def _closed(self) -> Iterator[ClosedList]:
        for index, row in enumerate(self.file.closed):
            path: Path = ("closed", index)
            yield ClosedList(
                basis=self.semantics.basis(path, row),
                activity=row.activity,
                data=self._names_or_none(path, "data", "data category", row.data),
                regions=self._names_or_none(path, "regions", "hosting region", row.regions),
                of=row.of,
                span=self.rows.span(path, row),
            )

    def _names_or_none(self, path: Path, key: str, kind: str, names: tuple[str, ...] | None) -> tuple[str, ...] | None:
        """The names under an optional key, at least one; None where it is left out."""
        return None if names is None else self.semantics.names((*path, key), kind, names, required=True)

    def _records(self) -> Iterator[Record]:
        for index, row in enumerate(self.file.records):
            path: Path = ("records", index)
            parts = {
                key: tuple(
                    (part.says, self.semantics.basis((*path, key, number), part))
                    for number, part in enumerate(getattr(row, key))
                )
                for key in ("all_of", "one_of")
            }
            yield Record(row.topic, row.says, self.semantics.basis(path, row), **parts)


MOST_ENGAGEMENTS = 100_000
"""How many engagements the rows of a register may make."""


class Rows:
    """The dated rows of one register file; `hosting_regions` are those that an engagement may name."""

    def __init__(self, semantics: Semantics, documents: Documents) -> None:
        self.semantics, self.documents = semantics, documents
        self.hosting_regions: Mapping[str, HostingRegion] = {}
        self.number = 0
        self._stays_of: dict[str, list[tuple[Span, Site]]] = {}

    def span(self, path: Path, row: Listed) -> Span:
        """The days on which the row holds; a fault where its documents need a day that it does not state."""
        span = self.semantics.span(path, row)
        self.documents.check_listed(path, row, span)
        return span

    def engagements(self, path: Path, rows: Sequence[shapes.Engagement]) -> Iterator[Engagement]:
        """The rows' engagements, one for each region that a row names; a fault where two are the same on a day."""
        spans: dict[Engagement, Disjoint] = {}
        by_scope: dict[Engagement, list[tuple[Engagement, tuple[str, ...]]]] = {}
        for index, row in enumerate(rows):
            row_path = (*path, index)
            stated, regions = self._engagement(row_path, row)
            clash: tuple[Span, Span, Path] | None = None
            for engagement in self._in_regions(row_path, row, stated, regions):
                self._count(row_path)
                other = spans.setdefault(_without_days(engagement), Disjoint()).add(engagement.span, row_path)
                if clash is None and other is not None:
                    clash = (engagement.span, *other)
                yield engagement
            if clash is not None:
                same = clash[0] == clash[1]
                message = "duplicate entry" if same else "overlapping spans"
                remedy = "leave one of them" if same else "end the first on the day the second starts"
                self.semantics.fault(row_path, message, f"the same engagement stands at {written(clash[2])}; {remedy}")
            if regions is not None:
                by_scope.setdefault(evolve(_without_days(stated), places=None), []).append((stated, regions))
        for alike in by_scope.values():
            for region in self._unlisted:
                yield from self._not_yet_listed(path, region, alike)

    def _not_yet_listed(
        self, path: Path, region: str, alike: Sequence[tuple[Engagement, tuple[str, ...]]]
    ) -> Iterator[Engagement]:
        """What is listed for other regions only, unstated in one not listed yet: once for the days of each row."""
        done = {row.days for row, regions in alike if region in regions}
        for row, _ in alike:
            if row.days not in done:
                done.add(row.days)
                self._count(path)
                yield evolve(row, region=region, places=None, when=not_yet_listed(region, row.when), only=())

    def _count(self, path: Path) -> None:
        """Refuse a file whose rows make too many engagements."""
        self.number += 1
        if self.number > MOST_ENGAGEMENTS:
            message = f"the rows up to this one make more than {MOST_ENGAGEMENTS:,} engagements"
            self.semantics.fault(path, message, "one is made for each region of a row, and each stay of the region")
            self.semantics.done()

    def unlisted(self, regions: Collection[str] | None) -> list[str]:
        """The regions that are not listed yet and not among `regions`; none where a row names no regions."""
        return [] if regions is None else [name for name in self._unlisted if name not in regions]

    @cached_property
    def _unlisted(self) -> list[str]:
        """The regions that are not listed yet; first read when all hosting regions are known."""
        return [region.id for region in self.hosting_regions.values() if not region.listed]

    def _engagement(self, path: Path, row: shapes.Engagement) -> tuple[Engagement, tuple[str, ...] | None]:
        """The engagement that the row states, whatever the region, and the regions that it names."""
        semantics = self.semantics
        regions = None
        if row.regions is not None:
            regions = semantics.names((*path, "regions"), "hosting region", row.regions, required=True)
        data = None if row.data is None else semantics.names((*path, "data"), "data category", row.data, required=True)
        if row.only is not None and row.when is None:
            semantics.fault((*path, "only"), "only needs when: it is what makes a condition a limit", "leave it out")
        engagement = Engagement(
            activity=row.activity,
            purpose=row.purpose,
            basis=semantics.basis(path, row),
            places=None if row.places == AS_THE_REGION else semantics.places((*path, "places"), row.places),
            when=semantics.condition((*path, "when"), row.when),
            only=() if row.only is None else semantics.basis(path, row, "only"),
            span=self.span(path, row),
            data=data,
            authorised=self._authorised(path, row),
            notified=row.notified,
            safeguards=tuple(self._safeguards((*path, "safeguards"), row.safeguards)),
        )
        return engagement, regions

    def _in_regions(
        self, path: Path, row: shapes.Engagement, stated: Engagement, regions: tuple[str, ...] | None
    ) -> Iterator[Engagement]:
        """The stated engagement in each of the row's regions, or in none in particular."""
        for region in (None,) if regions is None else dict.fromkeys(regions):
            if row.places != AS_THE_REGION:
                yield evolve(stated, region=region)
            elif region is None:
                message = f"{AS_THE_REGION!r} needs regions"
                self.semantics.fault((*path, "places"), message, "name the places themselves")
            elif region in self.hosting_regions:
                for span, site in self._stays(self.hosting_regions[region], stated.span):
                    yield evolve(stated, region=region, span=span, places=site.places, located_by=site.basis)

    def _stays(self, region: HostingRegion, span: Span) -> Iterator[tuple[Span, Site]]:
        """The sites of the region on the days of the span, each with its days."""
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
            self.semantics.fault((*path, "authorised"), f"authorised {day} is before since {row.since}", remedy)
        return cast('date | Literal["not stated"] | None', day)

    def _safeguards(self, path: Path, rows: Sequence[shapes.Safeguard]) -> Iterator[Safeguard]:
        for index, row in enumerate(rows):
            yield Safeguard(row.mechanism, self.semantics.basis((*path, index), row), row.says)


def not_yet_listed(region: str, when: Condition | None) -> Condition:
    """The condition of a row in a region that its list does not know yet."""
    unknown = Unstated(f"whether that is for region {region} too, which the list does not know yet")
    return unknown if when is None else All((when, unknown))


def _without_days(engagement: Engagement) -> Engagement:
    """The engagement without its days and sources, to compare."""
    return evolve(engagement.without_days(), basis=(), only=(), notified=None, safeguards=(), located_by=())


def _all_stays(region: HostingRegion) -> list[tuple[Span, Site]]:
    """The sites of the region on all days, in order, each with its days."""
    sites = sorted(region.sites, key=lambda site: site.span.start or date.min, reverse=True)
    edges = {day for site in sites for day in site.span.change_dates}
    stays: list[tuple[Span, Site]] = []
    for start, end in pairwise([None, *sorted(edges), None]):
        first = start or date.min
        while sites and sites[-1].span.end is not None and sites[-1].span.end <= first:
            sites.pop()
        site = sites[-1] if sites and first in sites[-1].span else Site(region.places, region.basis)
        stays.append((Span(start, end), site))
    return stays
