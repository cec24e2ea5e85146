"""A register: what a vendor publishes about its hosting regions and sub-processors, as values.

Written by hand these are checked for shape only; `residency.load_register` also checks what they mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Literal, TypeVar

from attrs import field, frozen

from .conditions import Condition
from .errors import BadInput, UnknownName
from .places import Grouping, Place
from .timeline import ALWAYS, Span

__all__ = [
    "ACTIVITIES",
    "CustomerRegion",
    "Declared",
    "Engagement",
    "HostingRegion",
    "Placement",
    "Prohibition",
    "Record",
    "Register",
    "ResidencyException",
    "Source",
    "SubProcessor",
    "Tension",
]

Activity = Literal["hosting", "service", "support"]
ACTIVITIES: tuple[Activity, ...] = ("hosting", "service", "support")

Basis = tuple[str, ...]


@frozen
class Source:
    """What a reason rests on: a clause, a reading of ours, a house rule, a fact, or a demand of the tenant's.

    `at` is where it stands, `quote` its own words, `says` what it says in English (a clause's `says` is our
    rendering), `because` why a reading or house rule is held, `otherwise` what else the clauses read could mean.
    """

    id: str
    author: Literal["document", "reading", "house rule", "fact", "tenant"]
    says: str
    at: str = ""
    quote: str = ""
    because: str = ""
    otherwise: str = ""

    @property
    def reference(self) -> str:
        """How a line of an answer cites it."""
        match self.author:
            case "document":
                return self.at
            case "reading":
                return f"our reading {self.id} of {self.at}"
            case "house rule":
                return f"house rule {self.id}"
            case "fact":
                return f"fact: {self.says}"
            case "tenant":
                return f"the tenant's own: {self.says}"


@frozen
class Declared:
    """A name that a tenant's facts may use: a feature, consent, agreement, attribute or data category.

    A feature is off unless `on_by_default`; an attribute lists the `values` it can have.
    """

    kind: Literal["feature", "consent", "agreement", "attribute", "data"]
    id: str
    says: str
    basis: Basis
    on_by_default: bool = False
    values: tuple[str, ...] = ()


@frozen
class Tension:
    """Where the document pulls two ways: the sides' names and bases, and the one that a reading or house rule takes."""

    id: str
    says: str
    sides: tuple[tuple[str, Basis], ...]
    resolution: str | None = None
    basis: Basis = ()


@frozen
class HostingRegion:
    """The vendor's named zone where data rests; `places` are somewhere within which it is, `None` if not stated."""

    id: str
    name: str
    places: tuple[Place, ...] | None
    basis: Basis
    span: Span = ALWAYS


@frozen
class CustomerRegion:
    """The countries whose customers are at home in one hosting region; `customers` is `None` for everyone else."""

    id: str
    customers: tuple[Place, ...] | None
    home: str
    basis: Basis
    span: Span = ALWAYS


@frozen
class Placement:
    """How a tenant is placed in a hosting region.

    `region` is the fixed one; `agreed` what an agreed region rests on (`None`: agreements are not stated), and
    `agreed_when` the condition under which one may be agreed.
    """

    rule: Literal["by-customer", "fixed", "free-choice", "not-promised"]
    basis: Basis
    region: str | None = None
    agreed: Basis | None = None
    agreed_when: Condition | None = None


@frozen
class Engagement:
    """What one sub-processor is engaged for: an activity for a purpose, within a scope.

    `region` is the hosting region it is engaged in (`None`: names none), `places` where it happens (`None`: not
    stated), `data` the categories concerned (`None`: not stated). `only` is what makes its condition a limit.
    """

    activity: Activity
    purpose: str
    basis: Basis
    region: str | None = None
    places: tuple[Place, ...] | None = None
    when: Condition | None = None
    only: Basis = ()
    span: Span = ALWAYS
    data: tuple[str, ...] | None = None


@frozen
class SubProcessor:
    """A party engaged by the processor, with each of its engagements, and where it and its parent are registered."""

    id: str
    name: str
    engagements: tuple[Engagement, ...]
    aliases: tuple[str, ...] = ()
    kind: Literal["third party", "affiliate", "unnamed class"] = "third party"
    registered_in: Place | None = None
    parent: str | None = None
    parent_registered_in: Place | None = None


@frozen
class ResidencyException:
    """Data that is stored elsewhere whatever the hosting region: which, when, for tenants of which regions, where."""

    data: tuple[str, ...]
    basis: Basis
    when: Condition | None = None
    regions: tuple[str, ...] | None = None
    places: tuple[Place, ...] | None = None
    span: Span = ALWAYS


@frozen
class Record:
    """What the document says that decides nothing: due diligence, obligations, certificates, legal effect …

    `all_of` are its parts; of `one_of` at least one holds, and no single one can be relied on.
    """

    topic: str
    says: str
    basis: Basis
    all_of: tuple[tuple[str, Basis], ...] = ()
    one_of: tuple[tuple[str, Basis], ...] = ()


@frozen
class Prohibition:
    """A house rule that forbids a region or a sub-processor, always or under a condition."""

    rule: str
    who: str
    when: Condition | None = None


@frozen(cache_hash=True)
class Register:
    """A vendor's dated list of regions, placement rules and sub-processors.

    It speaks from `speaks_from` on; `published` is the day of the document and `checked` the day on which it was last
    found to be current. `house_rules` names who decided the house rules in it, and when, if there are any.
    """

    id: str
    vendor: str
    service: str
    published: date
    speaks_from: date
    checked: date
    basis: Basis
    placement: Placement
    hosting_regions: tuple[HostingRegion, ...]
    customer_regions: tuple[CustomerRegion, ...]
    processors: tuple[SubProcessor, ...]
    own_infrastructure: tuple[Engagement, ...] = ()
    exceptions: tuple[ResidencyException, ...] = ()
    declared: tuple[Declared, ...] = ()
    tensions: tuple[Tension, ...] = ()
    records: tuple[Record, ...] = ()
    sources: tuple[Source, ...] = field(default=(), repr=False)
    groupings: tuple[Grouping, ...] = field(default=(), repr=False)
    prohibitions: tuple[Prohibition, ...] = ()
    house_rules: tuple[str, date] | None = None

    def __attrs_post_init__(self) -> None:
        ids = [*(region.id for region in self.hosting_regions), *(each.id for each in self.processors)]
        twice = sorted({name for name in ids if ids.count(name) > 1}) if len(set(ids)) < len(ids) else []
        if twice:
            raise BadInput(f"id {twice[0]!r} names two things", "an id names one region or one sub-processor")

    def _ids(self, kind: str) -> tuple[str, ...]:
        return tuple(sorted(each.id for each in self.declared if each.kind == kind))

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """The ids of the hosting regions, sorted."""
        return tuple(sorted(region.id for region in self.hosting_regions))

    @cached_property
    def sub_processors(self) -> tuple[str, ...]:
        """The ids of the sub-processors, sorted."""
        return tuple(sorted(each.id for each in self.processors))

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
        """The names that `Restriction.data` may use, sorted."""
        return self._ids("data")

    def region(self, name: str) -> HostingRegion:
        """The hosting region of that id; `UnknownName` if there is none."""
        return _found("hosting region", name, self.hosting_regions)

    def sub_processor(self, name: str) -> SubProcessor:
        """The sub-processor of that id; `UnknownName` if there is none."""
        return _found("sub-processor", name, self.processors)

    def feature(self, name: str) -> Declared:
        """The feature of that id, with what it means; `UnknownName` if there is none."""
        return _found("feature", name, (each for each in self.declared if each.kind == "feature"))

    def consent(self, name: str) -> Declared:
        """The consent of that id, with what it means; `UnknownName` if there is none."""
        return _found("consent", name, (each for each in self.declared if each.kind == "consent"))

    def attribute(self, name: str) -> Declared:
        """The attribute of that id, with its values; `UnknownName` if there is none."""
        return _found("attribute", name, (each for each in self.declared if each.kind == "attribute"))

    def source(self, name: str) -> Source:
        """The clause, reading, house rule or fact of that id; `UnknownName` if there is none."""
        return _found("clause or reading", name, self.sources)

    @cached_property
    def groups(self) -> Mapping[str, Grouping]:
        """The groupings by name."""
        return {grouping.id: grouping for grouping in self.groupings}

    @cached_property
    def groupings_used(self) -> tuple[Grouping, ...]:
        """The groupings that its rows name, sorted by name."""
        names = {part for place in self._places() for part in place.parts}
        return tuple(self.groups[name] for name in sorted(names & self.groups.keys()))

    def _places(self) -> Iterator[Place]:
        rows: Iterable[HostingRegion | Engagement | ResidencyException] = (
            *self.hosting_regions,
            *self.engagements(),
            *self.exceptions,
        )
        for row in rows:
            yield from row.places or ()
        for region in self.customer_regions:
            yield from region.customers or ()
        for each in self.processors:
            yield from (place for place in (each.registered_in, each.parent_registered_in) if place is not None)

    def engagements(self) -> Iterator[Engagement]:
        """Every engagement, the vendor's own infrastructure last."""
        for each in self.processors:
            yield from each.engagements
        yield from self.own_infrastructure

    @cached_property
    def change_dates(self) -> tuple[date, ...]:
        """The days on which an answer may change, sorted: between two of them every answer stays as it is."""
        rows = (*self.hosting_regions, *self.customer_regions, *self.engagements(), *self.exceptions)
        days = {self.speaks_from}.union(*(row.span.change_dates for row in rows))
        return tuple(sorted(days.union(*(grouping.change_dates for grouping in self.groupings_used))))


Row = TypeVar("Row", HostingRegion, SubProcessor, Declared, Source)


def _found(kind: str, name: str, rows: Iterable[Row]) -> Row:
    every = tuple(rows)
    for row in every:
        if row.id == name:
            return row
    raise UnknownName(kind, name, (row.id for row in every))
