"""A register: what a vendor publishes about its hosting regions and sub-processors, as values.

Made in Python it checks its ids, region names and engagements; `residency.load_register` checks all the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import date
from functools import cached_property
from itertools import chain
from typing import Any

from attrs import evolve, field, frozen

from ..errors import BadInput, UnknownName, escaped, quoted
from .digest import digest, facts_digest, words_digest
from .places import Grouping, Place, Territory
from .rows import (
    Basis,
    ClosedList,
    CustomerRegion,
    Declared,
    Document,
    Engagement,
    HostingRegion,
    Placement,
    Prohibition,
    Record,
    ResidencyException,
    Seat,
    Site,
    Source,
    SubProcessor,
    Tension,
)
from .timeline import ALWAYS, counted

__all__ = ["Labels", "Published", "Register", "Work", "check_register"]


@frozen
class Published:
    """Clauses `standing` in a document by some day, and those that came `later`, with readings of only these."""

    standing: frozenset[str] = frozenset()
    later: frozenset[str] = frozenset()

    def cited(self, basis: Basis) -> Basis:
        """The basis of an answer about that day: without later clauses where it has a standing one, else unchanged."""
        if self.later.isdisjoint(basis) or self.standing.isdisjoint(basis):
            return basis
        return tuple(name for name in basis if name not in self.later)


EVERYTHING = Published()

Labels = Mapping[str, Mapping[str, str]]
"""What messages call the rows of each kind, by id: the name, with the id behind."""
Work = tuple[SubProcessor | None, Engagement]
"""An engagement, after the sub-processor that it is of: `None` for the vendor itself."""


@frozen(cache_hash=True)
class Register:
    """A vendor's dated list of regions, placement rules and sub-processors.

    It speaks from `speaks_from` on; `published` is the day of the document (`None`: undated) and `checked` the
    day on which it was last found to be current. `documents` are the texts it was written from, where they are several;
    `house_rules` names who decided the house rules in it, and when, if there are any. `seat` is the vendor's, and
    `own_infrastructure` what the vendor itself does.
    """

    id: str
    vendor: str
    service: str
    published: date | None
    speaks_from: date
    checked: date
    basis: Basis
    placement: Placement
    hosting_regions: tuple[HostingRegion, ...]
    customer_regions: tuple[CustomerRegion, ...]
    sub_processor_rows: tuple[SubProcessor, ...]
    own_infrastructure: tuple[Engagement, ...] = ()
    seat: Seat = field(default=Seat())
    closed: tuple[ClosedList, ...] = ()
    exceptions: tuple[ResidencyException, ...] = ()
    declared: tuple[Declared, ...] = ()
    tensions: tuple[Tension, ...] = ()
    records: tuple[Record, ...] = ()
    documents: tuple[Document, ...] = ()
    sources: tuple[Source, ...] = ()
    groupings: tuple[Grouping, ...] = ()
    territories: tuple[Territory, ...] = ()
    prohibitions: tuple[Prohibition, ...] = ()
    house_rules: tuple[str, date] | None = None

    def __attrs_post_init__(self) -> None:
        ids = [region.id for region in self.hosting_regions] + [processor.id for processor in self.sub_processor_rows]
        duplicates = sorted(name for name, count in Counter(ids).items() if count > 1)
        if duplicates:
            raise BadInput(f"id {duplicates[0]!r} names two things", "an id names one region or one sub-processor")
        named = [("customer region", region.id) for region in self.customer_regions]
        named += [("tension", tension.id) for tension in self.tensions]
        named += [(declared.kind, declared.id) for declared in self.declared]
        for (kind, name), count in Counter(named).items():
            if count > 1:
                raise BadInput(f"duplicate {kind} {name!r}", "give each an id of its own")
        for name in sorted(self._regions_named() - set(self.regions)):
            raise UnknownName("hosting region", name, self.regions)
        for sub_processor in self.sub_processor_rows:
            if not sub_processor.engagements:
                raise BadInput(
                    f"sub-processor {sub_processor.id!r} has no engagement",
                    "say what it is engaged for, or leave it out",
                )

    @cached_property
    def digest(self) -> str:
        """The digest of what it means: `n1:` and 64 hexadecimal digits.

        Registers whose `digest` and `facts_digest` are equal answer every tenant alike on every day, unless the tenant
        demands something of other groupings, or the country codes that are accepted are others. The converse is not
        promised. Under another prefix than that of a kept digest nothing can be said but by asking anew.
        """
        return digest(self)

    @cached_property
    def words_digest(self) -> str:
        """The digest of its words, names and sources, on which no verdict depends: 16 hexadecimal digits."""
        return words_digest(self)

    @cached_property
    def facts_digest(self) -> str:
        """The digest of who is in the groupings that its rows name, and from when on: 16 hexadecimal digits."""
        return self.facts_digest_with(frozenset())

    def facts_digest_with(self, names: frozenset[str]) -> str:
        """The same with further groupings: those that a tenant's restrictions name."""
        if names not in self._facts_digests:
            self._facts_digests[names] = facts_digest(self, names)
        return self._facts_digests[names]

    @cached_property
    def _facts_digests(self) -> dict[frozenset[str], str]:
        """Those that were asked for: one takes ten milliseconds and more."""
        return {}

    def __repr__(self) -> str:
        """One line: all that it holds would fill many pages."""
        day = self.published or f"undated, from {self.speaks_from}"
        rows = (counted(len(self.regions), "region"), counted(len(self.sub_processors), "sub-processor"))
        rules = "" if self.house_rules is None else ", under house rules"
        return f"<Register {self.id!r} of {escaped(self.vendor)}, {day}: {', '.join(rows)}{rules}>"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """The form that Hypothesis and IPython show: they would show each field."""
        printer.text(repr(self))

    def _regions_named(self) -> set[str]:
        """Every hosting region that a row names."""
        named = {self.placement.region, *(region.home for region in self.customer_regions)}
        named |= {engagement.region for engagement in self.engagements()}
        named |= {name for exception in self.exceptions for name in exception.regions or ()}
        named |= {name for closed in self.closed for name in closed.regions or ()}
        return {name for name in named if name is not None}

    def _ids(self, kind: str) -> tuple[str, ...]:
        return tuple(sorted(declared.id for declared in self.declared if declared.kind == kind))

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """The ids of the hosting regions, sorted."""
        return tuple(sorted(region.id for region in self.hosting_regions))

    @cached_property
    def sub_processors(self) -> tuple[str, ...]:
        """The ids of the sub-processors, sorted."""
        return tuple(sorted(sub_processor.id for sub_processor in self.sub_processor_rows))

    @cached_property
    def features(self) -> tuple[str, ...]:
        """The names that `Tenant.features` may use, sorted."""
        return self._ids("feature")

    @cached_property
    def consents(self) -> tuple[str, ...]:
        """The names that `Tenant.consents` may use, sorted."""
        return self._ids("consent")

    @cached_property
    def agreements(self) -> tuple[str, ...]:
        """The names that `Tenant.agreements` may use, sorted."""
        return self._ids("agreement")

    @cached_property
    def attributes(self) -> tuple[str, ...]:
        """The names that `Tenant.attributes` may use, sorted."""
        return self._ids("attribute")

    @cached_property
    def data_categories(self) -> tuple[str, ...]:
        """The names that `Restriction.data`, and questions about data, may use, sorted."""
        return self._ids("data")

    @cached_property
    def on_by_default(self) -> frozenset[str]:
        """The features that are on unless they are switched off."""
        return frozenset(feature.id for feature in self.declared if feature.kind == "feature" and feature.on_by_default)

    def features_on(self, named: Set[str], switched_off: Set[str]) -> Set[str]:
        """The features that are on: those `named` and those on by default, without those `switched_off`."""
        return (named | self.on_by_default) - switched_off

    def region(self, name: str) -> HostingRegion:
        """The hosting region of that id; `UnknownName` if there is none."""
        region: HostingRegion = self._row("hosting region", name)
        return region

    def sub_processor(self, name: str) -> SubProcessor:
        """The sub-processor of that id; `UnknownName` if there is none."""
        sub_processor: SubProcessor = self._row("sub-processor", name)
        return sub_processor

    def feature(self, name: str) -> Declared:
        """The feature of that id, with what it means; `UnknownName` if there is none."""
        return self._declared("feature", name)

    def consent(self, name: str) -> Declared:
        """The consent of that id, with what it means; `UnknownName` if there is none."""
        return self._declared("consent", name)

    def agreement(self, name: str) -> Declared:
        """The agreement of that id, with what it means; `UnknownName` if there is none."""
        return self._declared("agreement", name)

    def attribute(self, name: str) -> Declared:
        """The attribute of that id, with its values; `UnknownName` if there is none."""
        return self._declared("attribute", name)

    def source(self, name: str) -> Source:
        """The clause, reading, house rule or fact of that id; `UnknownName` if there is none."""
        source: Source = self._row("clause or reading", name)
        return source

    @cached_property
    def references(self) -> Mapping[str, str]:
        """How a line of an answer cites each clause, reading, house rule and fact, by id."""
        return {source.id: source.reference for source in self.sources}

    def _declared(self, kind: str, name: str) -> Declared:
        declared: Declared = self._row(kind, name)
        return declared

    def _row(self, kind: str, name: str) -> Any:
        rows = self._by_id[kind]
        if name not in rows:
            raise UnknownName(kind, name, rows)
        return rows[name]

    @cached_property
    def _by_id(self) -> Mapping[str, Mapping[str, Any]]:
        kinds: dict[str, Iterable[HostingRegion | SubProcessor | Declared | Source]] = {
            "hosting region": self.hosting_regions,
            "sub-processor": self.sub_processor_rows,
            "clause or reading": self.sources,
        }
        for kind in ("feature", "consent", "agreement", "attribute"):
            kinds[kind] = [declared for declared in self.declared if declared.kind == kind]
        return {kind: {row.id: row for row in rows} for kind, rows in kinds.items()}

    def choices(self, kind: str, attribute: str | None = None) -> tuple[tuple[str, str], ...]:
        """The choices of a form: the id and the plain name of each row of that kind, sorted by id.

        `kind` is `"region"`, `"sub-processor"`, `"feature"`, `"consent"`, `"agreement"`, `"attribute"` or
        `"data category"`; of an `attribute` its values, in the register's order. Raises `UnknownName`.
        """
        if attribute is not None:
            if kind != "attribute":
                raise BadInput(f"a {quoted(kind)} has no values", f'write choices("attribute", {quoted(attribute)})')
            return tuple((value, value) for value in self.attribute(attribute).values)
        named: dict[str, list[tuple[str, str]]] = {
            "region": [(row.id, row.name) for row in self.hosting_regions],
            "sub-processor": [(row.id, row.name) for row in self.sub_processor_rows],
        }
        for each in ("feature", "consent", "agreement", "attribute", "data"):
            rows = [(row.id, row.says) for row in self.declared if row.kind == each]
            named["data category" if each == "data" else each] = rows
        if not isinstance(kind, str) or kind not in named:
            raise UnknownName("kind of choice", kind, named)
        return tuple(sorted(named[kind]))

    @cached_property
    def labels(self) -> Labels:
        """The names of hosting regions, sub-processors, features and consents, by kind and id: messages use them.

        A sub-processor whose id is the vendor's name keeps it: rows of the vendor's own are told by that name too.
        """
        named = {
            "hosting region": {region.id: region.name for region in self.hosting_regions},
            "sub-processor": {row.id: row.name for row in self.sub_processor_rows if row.id != self.vendor},
        }
        for kind in ("feature", "consent"):
            named[kind] = {each.id: each.says for each in self.declared if each.kind == kind}
        return named

    @cached_property
    def groups(self) -> Mapping[str, Grouping]:
        """The groupings by name."""
        return {grouping.id: grouping for grouping in self.groupings}

    @cached_property
    def states(self) -> Mapping[str, str]:
        """The state of each territory that has a country code of its own."""
        return {territory.country: territory.state for territory in self.territories}

    @cached_property
    def groupings_used(self) -> tuple[Grouping, ...]:
        """The groupings that its rows name, sorted by name."""
        names = {part for place in self.places for part in place.parts}
        return tuple(self.groups[name] for name in sorted(names & self.groups.keys()))

    @cached_property
    def places(self) -> frozenset[Place]:
        """Every place that its rows name."""
        customers = (place for region in self.customer_regions for place in region.customers or ())
        return self.sites | self.seats | frozenset(customers)

    @cached_property
    def sites(self) -> frozenset[Place]:
        """Every place at which something is said to happen."""
        rows: Iterable[HostingRegion | Site | Engagement | ResidencyException] = (
            *self.hosting_regions,
            *self._sites(),
            *self.engagements(),
            *self.exceptions,
        )
        return frozenset(place for row in rows for place in row.places or ())

    @cached_property
    def seats(self) -> frozenset[Place]:
        """Every place in which the vendor or a sub-processor, or a parent of theirs, is said to be registered."""
        seats = (self.seat, *(sub_processor.seat for sub_processor in self.sub_processor_rows))
        return frozenset(place for seat in seats for place in seat.places)

    def _sites(self) -> Iterator[Site]:
        return (site for region in self.hosting_regions for site in region.sites)

    def engagements(self) -> Iterator[Engagement]:
        """Every engagement, the vendor's own infrastructure last."""
        for sub_processor in self.sub_processor_rows:
            yield from sub_processor.engagements
        yield from self.own_infrastructure

    def work(self, activity: str, region: str) -> tuple[Work, ...]:
        """Engagements for the activity in the region or in none in particular: sub-processors', then the vendor's."""
        return tuple(self._work.get((activity, region), ()))

    @cached_property
    def _work(self) -> Mapping[tuple[str, str], list[Work]]:
        work: dict[tuple[str, str], list[Work]] = {}
        engaged: Iterator[Work] = ((party, row) for party in self.sub_processor_rows for row in party.engagements)
        own: Iterator[Work] = ((None, row) for row in self.own_infrastructure)
        for party, engagement in chain(engaged, own):
            for region in self.regions if engagement.region is None else (engagement.region,):
                work.setdefault((engagement.activity, region), []).append((party, engagement))
        return work

    @cached_property
    def resolutions(self) -> Mapping[tuple[str, str], tuple[str | None, tuple[str, ...]]]:
        """The resolution of each tension (`None`: open), and what that rests on, by `"tension"` and its id."""
        resolutions: dict[tuple[str, str], tuple[str | None, tuple[str, ...]]] = {}
        for tension in self.tensions:
            sides = tuple(name for _, basis in tension.sides for name in basis)
            resolutions["tension", tension.id] = (tension.resolution, (*tension.basis, *sides))
        return resolutions

    def closed_on(self, day: date) -> tuple[ClosedList, ...]:
        """The lists that are closed on that day, without their span, and citing no more than stood by then."""
        cited = self.published_by(day).cited
        lists = [closed for closed in self.closed if day in closed.span and day >= self.speaks_from]
        return tuple(evolve(closed, span=ALWAYS, basis=cited(closed.basis)) for closed in lists)

    def published_by(self, day: date) -> Published:
        """What was published by that day; `EVERYTHING` where no document came after both it and `speaks_from`."""
        for publication, published in self._published:
            if day < publication:
                return published
        return EVERYTHING

    @cached_property
    def _published(self) -> tuple[tuple[date, Published], ...]:
        """The days after `speaks_from` on which a document came, each with what was published before it."""
        clauses = [(document.published, document.clauses) for document in self.documents]
        history = []
        for day in sorted({published for published, _ in clauses if published and published > self.speaks_from}):
            later = {name for published, names in clauses if published and published >= day for name in names}
            standing = {name for _, names in clauses for name in names} - later
            readings = {source.id for source in self.sources if source.of and later.issuperset(source.of)}
            history.append((day, Published(frozenset(standing), frozenset(later | readings))))
        return tuple(history)

    @cached_property
    def change_dates(self) -> tuple[date, ...]:
        """The days on which an answer may change, sorted: between two of them every answer stays as it is."""
        days = {self.speaks_from}.union(
            *(row.span.change_dates for row in self.hosting_regions),
            *(row.span.change_dates for row in self._sites()),
            *(row.span.change_dates for row in self.customer_regions),
            *(row.span.change_dates for row in self.exceptions),
            *(row.span.change_dates for row in self.closed),
            *(row.change_dates for row in self.engagements()),
            (day for day, _ in self._published),
        )
        return tuple(sorted(days.union(*(grouping.change_dates for grouping in self.groupings_used))))


def check_register(register: object) -> None:
    """Raise `BadInput` for anything but a `Register`."""
    if not isinstance(register, Register):
        raise BadInput(f"expected a Register, got {register!r:.60}", 'pass what load_register("liveagent") returned')
