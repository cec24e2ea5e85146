"""Schema of a register file: a class for each of its tables but what `document_schema` has, and for the whole."""

from datetime import date
from typing import Annotated, Literal

from attrs import frozen

from .document_schema import Clause, Document, Reading, Tension
from .schema import (
    BASIS,
    Activity,
    Aliases,
    Basis,
    Choices,
    ClaimedPlaces,
    Customers,
    Data,
    DataName,
    Dated,
    DayOrNotStated,
    EngagementPlaces,
    Listed,
    Places,
    RegionName,
    Regions,
    RowActivity,
    Said,
    TenantShape,
    When,
    key,
)

__all__ = ["Attribute", "Case", "Claim", "Feature", "RegisterFile"]


@frozen(kw_only=True, eq=False)
class Site(Listed):
    """Where a hosting region is for some days."""

    places: Places | None = key("the places, all of them used; left out where not stated", '["AU"]', default=None)


@frozen(kw_only=True, eq=False)
class Region(Listed):
    """A hosting region: the vendor's own label for a zone where data is stored."""

    id: str = key("its id, the one that a tenant agrees on", '"EU"')
    name: str = key("what the document calls it", '"European Union"')
    places: Places | None = key(
        'where it is: a list means that all of the places are used, each "somewhere within" a country, a grouping such'
        ' as "EU", or one of several ("CA|US"), or "everywhere in EEA", which is in each of its countries at once;'
        ' "worldwide" is somewhere that may be any, "everywhere" is everywhere; left out where it is not stated',
        '["EU"]',
        default=None,
    )
    sites: tuple[Site, ...] = key(
        "where it is on the days of their spans, instead of places",
        '[{ places = ["AU"], until = 2023-01-01, basis = ["3"] }]',
        default=(),
    )
    listed: bool = key(
        "false where the list of sub-processors does not know it yet: who is listed for other regions only is"
        " undetermined there",
        "false",
        default=True,
    )


@frozen(kw_only=True, eq=False)
class Placement:
    """How a tenant is placed in a hosting region."""

    rule: Literal["by-customer", "fixed", "free-choice", "vendor-choice", "not-promised", "unconfirmed"] = key(
        '"by-customer": in the home of its customer region; "fixed": in one region; "free-choice": in the one that it'
        ' chooses; "vendor-choice": where the vendor chooses; "not-promised": nothing is promised; "unconfirmed": no'
        " region counts until one is confirmed. An agreed region replaces each of them",
        '"by-customer"',
    )
    basis: Basis = key(BASIS, '["37a"]')
    region: RegionName | None = key('the one region of the rule "fixed", needed there', '"US"', default=None)
    agreed: Basis | None = key(
        "what an agreed region rests on; left out where no document speaks of agreements: a tenant that has one is then"
        " undetermined",
        '["37b"]',
        default=None,
    )
    agreed_when: When | None = key(
        "the condition under which a region can be agreed", '{ attribute = "plan", is = "business" }', default=None
    )


@frozen(kw_only=True, eq=False)
class CustomerRegion(Listed):
    """Countries whose customers are treated alike; the first that holds the tenant's country counts."""

    id: str = key("its id", '"EU"')
    customers: Customers = key('countries and groupings, or "everyone else" in the last one', '["EU", "NO"]')
    home: RegionName | None = key(
        'the hosting region where they are placed, for the rule "by-customer"; left out where not stated',
        '"EU"',
        default=None,
    )


@frozen(kw_only=True, eq=False)
class Safeguard:
    """What a transfer rests on, as the document states it; recorded, and never assessed."""

    mechanism: Literal["adequacy", "DPF", "Privacy Shield", "SCC", "BCR", "derogation", "none needed", "other"] = key(
        "the mechanism; several stand in the order in which one replaces another", '"SCC"'
    )
    says: str = key("what is said of it", '"module 2, as fallback only"', default="")
    basis: Basis = key(BASIS, '["7"]')


@frozen(kw_only=True, eq=False)
class Engagement(Listed):
    """What a sub-processor is engaged for: an activity for a purpose, within a scope."""

    activity: RowActivity = key(
        '"hosting" stores data, "backup" stores copies, "delivery" passes it through (CDN, edge), "keys" holds the'
        ' keys to it, "service" processes it to provide the service, "support" looks at it to help; "not stated" may be'
        " any of them: it may break a restriction, and answers none",
        '"hosting"',
    )
    purpose: str = key("what for, as the document puts it", '"servers"')
    data: Data | None = key("the data categories concerned; left out where not stated", '["tickets"]', default=None)
    regions: Regions | None = key(
        "the hosting regions in which it is engaged; left out where it is engaged in none in particular",
        '["EU"]',
        default=None,
    )
    places: EngagementPlaces | None = key(
        'where it happens, as for a region; "as the region", of those in regions, where the document says so; left out'
        " where not stated, also where a region is named",
        '["IE", "DE"]',
        default=None,
    )
    when: When | None = key("the condition on the tenant", '{ feature = "voip" }', default=None)
    only: Basis | None = key(
        "what makes the whole condition a limit, where that is not the basis: whoever it leaves out, by whichever part,"
        " rests on all of it",
        '["R5"]',
        default=None,
    )
    authorised: DayOrNotStated | None = key(
        'the first day on which it may be engaged, where that is later than since; "not stated" where it is listed but'
        " not yet authorised",
        "2024-10-01",
        default=None,
    )
    notified: date | None = key("the day on which notice of it was given; decides nothing", "2024-09-01", default=None)
    safeguards: tuple[Safeguard, ...] = key(
        "what its transfers rest on, in order of fallback; decides nothing",
        '[{ mechanism = "SCC", basis = ["7"] }]',
        default=(),
    )


@frozen(kw_only=True, eq=False)
class Parent:
    """The company that a sub-processor belongs to."""

    name: str = key("its name", '"Big, Inc."')
    registered_in: str | None = key("where it is registered", '"US"', default=None)


@frozen(kw_only=True, eq=False)
class SubProcessor:
    """A party engaged by the processor: one legal entity, or a class that the document does not name."""

    id: str = key("its id, never to change", '"aws"')
    name: str = key("its name, as the document gives it", '"Amazon Web Services, Inc."')
    engagements: tuple[Engagement, ...] = key(
        "what it is engaged for, one at least", '[{ activity = "hosting", purpose = "servers", basis = ["43"] }]'
    )
    aliases: Aliases = key("other names: trading names, translations, misspellings", '["AWS"]', default=())
    kind: Literal["third party", "affiliate", "unnamed class"] = key("what it is", '"affiliate"', default="third party")
    registered_in: str | None = key(
        "the country of its registered office, which is not where it processes; left out where not stated",
        '"IE"',
        default=None,
    )
    parent: Parent | None = key(
        "the company that it belongs to", '{ name = "Big, Inc.", registered_in = "US" }', default=None
    )
    basis: Basis = key("what its registration and its parent rest on; needed where one is stated", '["9"]', default=())


@frozen(kw_only=True, eq=False)
class Seat:
    """Where the vendor itself is registered: a party to every answer on a region, and no sub-processor."""

    registered_in: str | None = key(
        "the country of its registered office; left out where not stated", '"SK"', default=None
    )
    parent: Parent | None = key("the company that it belongs to", '{ name = "Big, Inc." }', default=None)
    basis: Basis = key(BASIS, '["3"]')


@frozen(kw_only=True, eq=False)
class ClosedList(Listed):
    """That what is listed is all: whoever does the activity with the data, for the regions, is in this register.

    Without one, whoever is not listed for something may do it all the same, and a demand about an activity for which
    nobody is listed is not answered. One of everybody for an activity that no row has says that nobody does it.
    """

    of: Literal["sub-processors", "everybody"] = key(
        'of whom it is all: "everybody" is the vendor too, and answers restrictions',
        '"everybody"',
        default="sub-processors",
    )
    activity: Activity | None = key("for that activity; for all where left out", '"backup"', default=None)
    data: Data | None = key("for these data categories; for all data where left out", '["tickets"]', default=None)
    regions: Regions | None = key("for these hosting regions; for all where left out", '["EU"]', default=None)


@frozen(kw_only=True, eq=False)
class ResidencyException(Listed):
    """Data that is stored elsewhere too, whatever the hosting region, whose own places count all the same."""

    data: Data | None = key("the data categories; any data where left out", '["audit-logs"]', default=None)
    when: When | None = key("the condition on the tenant", '{ feature = "ai" }', default=None)
    regions: Regions | None = key(
        "the hosting regions that it is an exception to; left out for all", '["EU"]', default=None
    )
    places: Places | None = key("where that data is; left out where not stated", '["US"]', default=None)


@frozen(kw_only=True, eq=False)
class Record:
    """What a document says that decides no answer: moves, notice, duties, certificates, transfers."""

    topic: str = key(
        'what it is about; "objection" says that customers may object, and is cited where one does; "legal effect" is'
        " shown with every decision",
        '"notice"',
    )
    says: str = key("what it says", '"30 days before a new sub-processor starts"')
    basis: Basis = key(BASIS, '["29a"]')
    all_of: tuple[Said, ...] = key(
        "its parts, where all of them hold", '[{ says = "by mail", basis = ["8"] }]', default=()
    )
    one_of: tuple[Said, ...] = key(
        "its parts, where at least one holds and no single one can be relied on",
        '[{ says = "a seal", basis = ["8"] }]',
        default=(),
    )


@frozen(kw_only=True, eq=False)
class Feature(Said):
    """Something that a tenant switches on, or off."""

    default: Literal["off", "on"] = key(
        'its state where a tenant does not say: "on" until switched off, "off" until opted in', '"on"', default="off"
    )


@frozen(kw_only=True, eq=False)
class Attribute(Said):
    """A property that every tenant has one value of, such as its plan; unknown until it is given."""

    values: Choices = key("the values that it can have", '["free", "business"]')


@frozen(kw_only=True, eq=False)
class Case:
    """A question with the answer that the documents give, and the clause that says so; `residency check` asks it."""

    says: str = key("the case in words", '"a free workspace is stored in the US"')
    tenant: TenantShape = key("who asks", '{ country = "DE", attributes = { plan = "free" } }')
    as_of: date = key("the day asked about", "2023-04-07")
    ask: str = key("a hosting region: may the data be stored there? Or a sub-processor: may it touch the data?", '"US"')
    activity: Activity | None = key("for a sub-processor: for this activity", '"support"', default=None)
    data: DataName | None = key("for a sub-processor: this data category", '"tickets"', default=None)
    answer: Literal["permitted", "prohibited", "undetermined"] = key("the answer", '"permitted"')
    basis: Basis = key("the clauses and readings that say so: the answer must rest on each of them", '["2"]')


@frozen(kw_only=True, eq=False)
class Claim(Dated):
    """What the documents say of all tenants: of somebody (`who`), or of where customers' data is (`customers`).

    With `who` stands one of `only_if`, `always_if` and `places`; with `customers` stands `stored_in`. A claim is about
    all days, also those before the register speaks, where `since` and `until` do not say which.

    Written from the documents and not from the register's rows, so that `residency check` can prove the rows by it.
    """

    id: str = key("its id", '"care-by-consent"')
    says: str = key("the claim in words", '"support looks at the data only with consent"')
    who: str | None = key("a sub-processor or hosting region", '"aws"', default=None)
    only_if: When | None = key(
        "the condition without which it is never permitted", '{ consent = "access" }', default=None
    )
    always_if: When | None = key(
        "the condition where it is permitted to every tenant without restrictions or objections",
        '{ region_in = "EU" }',
        default=None,
    )
    places: ClaimedPlaces | None = key(
        'where it is, or everything that it is engaged for: all of these places, in just these words, or "not stated"',
        '["IE"]',
        default=None,
    )
    activity: Activity | None = key("with who: for this activity", '"support"', default=None)
    customers: Customers | None = key(
        "countries and groupings whose customers the claim is about, or everyone whom no claim before it names;"
        " the first that holds a country counts",
        '["EU", "NO"]',
        default=None,
    )
    stored_in: str | None = key(
        "the hosting region where they are placed, unless one is agreed, and may be stored, where they have no"
        ' restrictions or objections; or "not stated"',
        '"EU"',
        default=None,
    )
    basis: Basis = key(BASIS, '["56"]')


@frozen(kw_only=True, eq=False)
class RegisterFile:
    """A register: what a vendor publishes of its hosting regions and sub-processors."""

    format: Literal[1] = key("the format of the file", "1")
    id: str = key("the register's id", '"acme"')
    vendor: str = key("the company whose register it is", '"Acme, Ltd."')
    service: str | None = key("its service, where that has another name", '"Acme Desk"', default=None)
    published: date | None = key(
        "the day that the newest document bears; left out where it bears none", "2019-10-28", default=None
    )
    checked: date | None = key(
        "the day on which it was last found to be current; published or speaks_from if left out",
        "2024-06-01",
        default=None,
    )
    speaks_from: date | None = key(
        "the first day on which the register says anything; published if left out, and needed where that is",
        "2020-01-15",
        default=None,
    )
    basis: Basis = key("why it speaks from that day", '["1"]')
    documents: dict[str, Document] = key(
        "the documents and their versions, by id",
        '{ list = { name = "the list", url = "https://example.com/list" } }',
        factory=dict,
    )
    clauses: dict[str, Clause] = key(
        "the sentences of the documents, by id", '{ 1 = { at = "line 1", quote = "…", says = "…" } }'
    )
    readings: dict[str, Reading] = key(
        "your readings, by id", '{ R1 = { of = ["1"], says = "…", because = "…", otherwise = "…" } }', factory=dict
    )
    tensions: dict[str, Tension] = key(
        "where documents contradict themselves, by id",
        '{ t = { says = "x", sides = [{ is = "a", says = "y", basis = ["1"] },'
        ' { is = "b", says = "z", basis = ["2"] }] } }',
        factory=dict,
    )
    features: dict[str, Feature] = key(
        "what a tenant switches on or off, by id", '{ voip = { says = "calls", basis = ["52"] } }', factory=dict
    )
    consents: dict[str, Said] = key(
        "what a tenant consents to, by id", '{ access = { says = "support may look", basis = ["56"] } }', factory=dict
    )
    agreements: dict[str, Said] = key(
        "what is agreed with the vendor, by id", '{ dpa = { says = "a DPA is signed", basis = ["31"] } }', factory=dict
    )
    attributes: dict[str, Attribute] = key(
        "properties of a tenant, by id",
        '{ plan = { says = "its plan", values = ["free", "paid"], basis = ["2"] } }',
        factory=dict,
    )
    data: dict[str, Said] = key(
        "data categories, by id", '{ tickets = { says = "tickets", basis = ["5"] } }', factory=dict
    )
    regions: Annotated[tuple[Region, ...], "hosting regions"] = key(
        "the hosting regions; an empty list where there is none (by a reading, the servers' one place may be one)",
        '[{ id = "EU", name = "EU", basis = ["39"] }]',
    )
    placement: Placement = key("how a tenant is placed", '{ rule = "free-choice", basis = ["2"] }')
    customer_regions: tuple[CustomerRegion, ...] = key(
        "groups of customers, in the order in which they are looked through",
        '[{ id = "EU", customers = ["EU"], home = "EU", basis = ["2"] }]',
        default=(),
    )
    seat: Seat | None = key(
        "where the vendor itself is registered", '{ registered_in = "SK", basis = ["3"] }', default=None
    )
    own_infrastructure: tuple[Engagement, ...] = key(
        "what the vendor itself does, whatever the activity; it is no sub-processor. A row that names no region is in"
        " each; a hosting row that names no place either is a note",
        '[{ activity = "hosting", purpose = "racks", basis = ["35"] }]',
        default=(),
    )
    sub_processors: tuple[SubProcessor, ...] = key(
        "the sub-processors",
        '[{ id = "aws", name = "AWS", engagements = [{ activity = "hosting", purpose = "servers", basis = ["43"] }] }]',
    )
    exceptions: tuple[ResidencyException, ...] = key(
        "data that is stored elsewhere, whatever the hosting region",
        '[{ data = ["logs"], places = ["US"], basis = ["12"] }]',
        default=(),
    )
    closed: tuple[ClosedList, ...] = key(
        "where what is listed is all", '[{ activity = "backup", of = "everybody", basis = ["9"] }]', default=()
    )
    records: tuple[Record, ...] = key(
        "what decides nothing", '[{ topic = "notice", says = "30 days", basis = ["8"] }]', default=()
    )
    cases: tuple[Case, ...] = key(
        "questions with their answers, asked by `residency check`",
        '[{ says = "x", tenant = { country = "DE" }, as_of = 2023-04-07, ask = "EU", answer = "permitted",'
        ' basis = ["3"] }]',
        default=(),
    )
    claims: tuple[Claim, ...] = key(
        "what the documents say of all tenants, proved by `residency check`",
        '[{ id = "c", says = "x", who = "aws", only_if = { consent = "access" }, basis = ["56"] }]',
        default=(),
    )
