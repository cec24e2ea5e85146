"""The rows of a register: what it says of regions, placement, sub-processors and sources, as values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from attrs import evolve, field, frozen

from ..errors import BadInput, quoted
from .conditions import Condition
from .places import Extent, Grouping, Place
from .stored import CHANGED, Reader
from .timeline import ALWAYS, Span
from .verdict import Verdict

__all__ = [
    "ACTIVITIES",
    "FORMS",
    "UNSTATED_ACTIVITY",
    "Activity",
    "Basis",
    "CitedDocument",
    "ClosedList",
    "CustomerRegion",
    "Declared",
    "Document",
    "Engagement",
    "HostingRegion",
    "Placement",
    "Prohibition",
    "Record",
    "ResidencyException",
    "Safeguard",
    "Seat",
    "Site",
    "Source",
    "SubProcessor",
    "Tension",
    "activity_in_words",
    "candidate_regions",
    "data_in_words",
    "places_in_words",
]

Mechanism = Literal["adequacy", "DPF", "Privacy Shield", "SCC", "BCR", "derogation", "none needed", "other"]

Basis = Annotated[tuple[str, ...], "basis"]
"""The ids of clauses, readings and house rules that something rests on."""

Activity = Literal["hosting", "backup", "delivery", "keys", "service", "support"]
ACTIVITIES: tuple[Activity, ...] = ("hosting", "backup", "delivery", "keys", "service", "support")
"""In this order: storing data, storing copies of it, passing it through (a CDN, edge servers), holding the keys to it,
processing it to provide the service, and looking at it to help."""
UNSTATED_ACTIVITY: Literal["not stated"] = "not stated"
"""The activity of a row where the documents do not state one: no demand and no question can name it."""


@frozen
class Source:
    """What a reason rests on: a clause, a reading of ours, a house rule, a fact, or a demand of the tenant's.

    `at` is where it stands, `quote` its own words, `says` what it says in English (a clause's `says` is our
    rendering), `because` why a reading or house rule is held, `otherwise` what else the clauses could mean; `of` are
    the ids of the clauses that a reading interprets, which are not stored with a decision.
    """

    id: str
    author: Literal["document", "reading", "house rule", "fact", "tenant"]
    says: str
    at: str = ""
    quote: str = ""
    because: str = ""
    otherwise: str = ""
    of: Basis = field(default=(), eq=False, repr=False)

    @property
    def reference(self) -> str:
        """How a line of an answer cites it."""
        match self.author:
            case "document":
                return self.at if self.id in self.at.split() else f"{self.at} ({self.id})"
            case "reading":
                return f"our reading {self.id} of {self.at}"
            case "house rule":
                return f"house rule {self.id}"
            case "fact":
                return f"fact: {self.says}"
            case "tenant":
                return f"the tenant's own: {self.says}"

    def to_dict(self) -> dict[str, Any]:
        """The source as plain JSON types."""
        return {key: getattr(self, key) for key in _SOURCE_KEYS}

    @classmethod
    def read(cls, reader: Reader) -> Source:
        """The source that `to_dict` wrote."""
        reader.only(*_SOURCE_KEYS)
        reader.choice("author", _AUTHORS)
        texts: dict[str, Any] = {key: reader.text(key) for key in _SOURCE_KEYS}
        return cls(**texts)


_SOURCE_KEYS = ("id", "author", "says", "at", "quote", "because", "otherwise")
_AUTHORS = ("document", "reading", "house rule", "fact", "tenant")


@frozen
class Document:
    """One published text, or one version of it, and the ids of the `clauses` that stand in it.

    `published` is `None` where it is undated. `at` is where it can be read in words, `url` the address where it was
    read, and `sha256` the hash of its text as it was read. It may replace an older version and prevail over other
    documents, as the clauses of its `basis` say. Its `effect` is what it says of its own legal effect, if anything.
    """

    id: str
    name: str
    published: date | None = None
    at: str = ""
    url: str = ""
    sha256: str = ""
    replaces: str | None = None
    prevails_over: tuple[str, ...] = ()
    effect: Literal["binding", "illustrative", "draft", "translation"] | None = None
    basis: Basis = ()
    clauses: tuple[str, ...] = ()

    @property
    def cited(self) -> CitedDocument:
        """What a decision that cites it says of it."""
        return CitedDocument(self.id, self.name, self.published, self.at, self.url, self.sha256)


@frozen
class CitedDocument:
    """A document that a decision cites: its name, the day that it bears, where it was read, the hash of its text."""

    id: str
    name: str
    published: date | None
    at: str
    url: str
    sha256: str

    def to_dict(self) -> dict[str, Any]:
        """The document as plain JSON types, without its id."""
        texts = {key: getattr(self, key) for key in _CITED_KEYS}
        return {**texts, "published": None if self.published is None else self.published.isoformat()}

    @classmethod
    def read(cls, document: str, reader: Reader) -> CitedDocument:
        """The document of that id that `to_dict` wrote, but for what is empty."""
        reader.only("name", optional=("published", *_CITED_KEYS))
        texts = {key: reader.text(key) if key in reader.value else "" for key in _CITED_KEYS}
        for key, (expected, form) in FORMS.items():
            if texts[key] and not re.fullmatch(form, texts[key]):
                raise BadInput(f"expected {expected}, got {quoted(texts[key])} at {reader.path}.{key}", CHANGED)
        return cls(document, published=reader.day("published") if "published" in reader.value else None, **texts)


_CITED_KEYS = ("name", "at", "url", "sha256")
FORMS = {"url": ("an address", "https?://[!-~]+"), "sha256": ("a SHA-256", "[0-9a-f]{64}")}
"""What the address of a document and the hash of its text are called, and the form that each has."""


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
    """A contradiction in the documents: each side's name and basis, and the side that a reading or house rule takes."""

    id: str
    says: str
    sides: tuple[tuple[str, Basis], ...]
    resolution: str | None = None
    basis: Basis = ()


@frozen
class Site:
    """The place of a hosting region for a span of days: somewhere within `places`, `None` if not stated."""

    places: tuple[Place, ...] | None
    basis: Basis
    span: Span = ALWAYS


@frozen
class HostingRegion:
    """The vendor's named zone where data rests; `places` are somewhere within which it is, `None` if not stated.

    On the days of one of its `sites` it is at that site instead. Unless it is `listed`, the list of sub-processors does
    not know it yet.
    """

    id: str
    name: str
    places: tuple[Place, ...] | None
    basis: Basis
    span: Span = ALWAYS
    sites: tuple[Site, ...] = ()
    listed: bool = True

    def on(self, day: date) -> Site:
        """The site at which it is on that day."""
        return next((site for site in self.sites if day in site.span), Site(self.places, self.basis))


@frozen
class CustomerRegion:
    """A group of countries whose customers are treated alike; `customers` is `None` for everyone else.

    `home` is the hosting region they are placed in, `None` where it is not stated.
    """

    id: str
    customers: tuple[Place, ...] | None
    home: str | None
    basis: Basis
    span: Span = ALWAYS


def candidate_regions(
    regions: Iterable[CustomerRegion], groups: Mapping[str, Grouping], country: str, day: date
) -> tuple[CustomerRegion | None, ...]:
    """Customer regions that may hold the country on `day`, up to the first that surely does, or else a final `None`."""
    customer = Extent(frozenset((country,)), frozenset((country,)))
    candidates: list[CustomerRegion | None] = []
    for region in regions:
        if day not in region.span:
            continue
        if region.customers is None:
            return (*candidates, region)
        verdict = customer.within(Extent.union(place.extent(groups, day) for place in region.customers))
        if verdict is not Verdict.PROHIBITED:
            candidates.append(region)
        if verdict is Verdict.PERMITTED:
            return tuple(candidates)
    return (*candidates, None)


@frozen
class Placement:
    """How a tenant is placed in a hosting region.

    `region` is the fixed one; `agreed` what an agreed region rests on (`None`: agreements are not stated), and
    `agreed_when` the condition under which one may be agreed.
    """

    rule: Literal["by-customer", "fixed", "free-choice", "vendor-choice", "not-promised", "unconfirmed"]
    basis: Basis
    region: str | None = None
    agreed: Basis | None = None
    agreed_when: Condition | None = None


@frozen
class Safeguard:
    """What a transfer rests on, as the document states it: a mechanism, and what it says of that."""

    mechanism: Mechanism
    basis: Basis
    says: str = ""


@frozen
class Engagement:
    """What one sub-processor, or the vendor itself, does: an activity, if it is stated, for a purpose, in a scope.

    `region` is the hosting region it is engaged in (`None`: names none), `places` where it happens (`None`: not
    stated), `data` the categories concerned (`None`: not stated). `only` is the basis that makes its condition a limit.
    `span` starts on the day on which it is first listed; it is authorised from then on, or from the day `authorised`
    (which may be not stated). Where its places are given as its region's, they rest on that region's clauses as well,
    `located_by`. `notified`, the day of notice, decides nothing, nor do the `safeguards`, in order of replacement.
    """

    activity: Activity | Literal["not stated"]
    purpose: str
    basis: Basis
    region: str | None = None
    places: tuple[Place, ...] | None = None
    when: Condition | None = None
    only: Basis = ()
    span: Span = ALWAYS
    data: tuple[str, ...] | None = None
    authorised: date | Literal["not stated"] | None = None
    notified: date | None = None
    safeguards: tuple[Safeguard, ...] = ()
    located_by: Basis = ()

    @property
    def days(self) -> tuple[Span, date | str | None]:
        """All that says on which days it may be used."""
        return self.span, self.authorised

    def without_days(self) -> Engagement:
        """The same on all days."""
        return evolve(self, span=ALWAYS, authorised=None)

    @property
    def change_dates(self) -> frozenset[date]:
        """The days on which what it says changes."""
        return self.span.change_dates | ({self.authorised} if isinstance(self.authorised, date) else set())


@frozen
class Seat:
    """Where a party and its parent are registered (`None`: not stated, or no parent), and the clauses that say so."""

    registered_in: Place | None = None
    parent: str | None = None
    parent_registered_in: Place | None = None
    basis: Basis = ()

    @property
    def places(self) -> tuple[Place, ...]:
        """The places that are stated."""
        return tuple(place for place in (self.registered_in, self.parent_registered_in) if place is not None)


@frozen
class SubProcessor:
    """A party engaged by the processor, with each of its engagements, and where it and its parent are registered.

    `basis` is what that registration rests on.
    """

    id: str
    name: str
    engagements: tuple[Engagement, ...]
    aliases: tuple[str, ...] = ()
    kind: Literal["third party", "affiliate", "unnamed class"] = "third party"
    registered_in: Place | None = None
    parent: str | None = None
    parent_registered_in: Place | None = None
    basis: Basis = ()

    @property
    def seat(self) -> Seat:
        """Its seat, and its parent's."""
        return Seat(self.registered_in, self.parent, self.parent_registered_in, self.basis)


@frozen
class ClosedList:
    """A closed list: nobody but those who are listed does it, and they do it to no other data.

    It is closed for one `activity`, some `data` and some `regions` (`None`: for all of them), as a list `of`
    sub-processors, or of everybody, the vendor too.
    """

    basis: Basis
    activity: Activity | None = None
    data: tuple[str, ...] | None = None
    regions: tuple[str, ...] | None = None
    of: Literal["sub-processors", "everybody"] = "sub-processors"
    span: Span = ALWAYS

    def to_dict(self) -> dict[str, Any]:
        """The list as plain JSON types, without its days."""
        data, regions = (None if names is None else list(names) for names in (self.data, self.regions))
        return {"activity": self.activity, "data": data, "regions": regions, "of": self.of, "basis": list(self.basis)}

    @classmethod
    def read(cls, reader: Reader) -> ClosedList:
        """The list that `to_dict` wrote."""
        reader.only("activity", "data", "regions", "of", "basis")
        reader.choice("of", _CLOSED_OF)
        if reader.value["activity"] is not None:
            reader.choice("activity", ACTIVITIES)
        data, regions = (reader.texts_or_none(key) for key in ("data", "regions"))
        stored: Any = {"activity": reader.value["activity"], "of": reader.value["of"]}
        return cls(
            tuple(reader.texts("basis")),
            data=None if data is None else tuple(data),
            regions=None if regions is None else tuple(regions),
            **stored,
        )

    def closes(self, activity: str | None, data: str | None, region: str | None, day: date) -> bool:
        """Whether it is closed for that activity, data category (`None`: all) and hosting region, on that day."""
        return (
            day in self.span
            and self.activity in (None, activity)
            and (self.data is None or data in self.data)
            and (self.regions is None or region in self.regions)
        )


_CLOSED_OF = ("sub-processors", "everybody")


@frozen
class ResidencyException:
    """Data that is stored elsewhere whatever the hosting region: which data, when, for tenants of which regions, where.

    `data` that is not named (`None`) may be any.
    """

    data: tuple[str, ...] | None
    basis: Basis
    when: Condition | None = None
    regions: tuple[str, ...] | None = None
    places: tuple[Place, ...] | None = None
    span: Span = ALWAYS


@frozen
class Record:
    """A statement of the documents that decides nothing: due diligence, obligations, certificates, legal effect.

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


def activity_in_words(activity: str) -> str:
    """The activity, or that it is not stated."""
    return "an activity that is not stated" if activity == UNSTATED_ACTIVITY else activity


def data_in_words(data: tuple[str, ...] | None) -> str:
    """The data categories, or that they are not named."""
    return "data that is not named" if data is None else ", ".join(data)


def places_in_words(places: tuple[Place, ...] | None) -> str:
    """The places, all of them used, or that none is stated."""
    return "where is not stated" if places is None else ", ".join(place.text for place in places)
