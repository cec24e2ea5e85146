"""Schema of the files: one class for each table, one attribute for each key, as it is written.

The meaning of a key for authors of registers stands beside it, with an example in TOML: `format_docs` makes the
reference of the format and its JSON Schema from both. An attribute that ends in `_` is a key that Python keeps for
itself (`is`, `not`, `all`, `any`). `eq=False` saves 7 % of the first decision of a process: nothing compares tables.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any, Literal, get_origin

from attrs import NOTHING, field, frozen

from ..model.places import EVERYWHERE, WORLDWIDE

__all__ = [
    "AS_THE_REGION",
    "EVERYONE_ELSE",
    "LIST_OR_WORDS",
    "NOT_STATED",
    "ClaimedPlaces",
    "Customers",
    "DayOrNotStated",
    "EngagementPlaces",
    "GroupingFile",
    "HouseRulesFile",
    "M49File",
    "Places",
    "TenantShape",
    "TenantsFile",
    "TerritoriesFile",
    "Values",
    "When",
    "key",
    "plain_type",
]


def plain_type(kind: Any) -> tuple[Any, str | None]:
    """The type without what its names are names of, and that; a type with a form of its own stays as it is."""
    if get_origin(kind) is Annotated and kind not in (*LIST_OR_WORDS, Values, DayOrNotStated):
        return kind.__origin__, kind.__metadata__[0]
    return kind, None


def key(says: str, example: str, *, default: Any = NOTHING, factory: Callable[[], Any] | None = None) -> Any:
    """A key of a table, with its meaning and an example of its value in TOML: `format_docs` prints both."""
    return field(default=default, factory=factory, metadata={"says": says, "example": example})


Places = Annotated[tuple[str, ...] | str, "places"]
"""A list of places, or one of the words `"worldwide"`, `"everywhere"`."""
EngagementPlaces = Annotated[tuple[str, ...] | str, "places of an engagement"]
"""A list of places, or one of the words `"worldwide"`, `"everywhere"`, `"as the region"`."""
ClaimedPlaces = Annotated[tuple[str, ...] | str, "places that are claimed"]
"""A list of places, or one of the words `"worldwide"`, `"everywhere"`, `"not stated"`."""
Customers = Annotated[tuple[str, ...] | str, "customers"]
"""A list of places, or the words `"everyone else"`."""
Values = Annotated[tuple[str, ...], "value or values"]
"""One value, or a list of values; a tuple either way."""

DayOrNotStated = Annotated[date | str, "day or not stated"]
"""A day, or the words `"not stated"`."""

AS_THE_REGION = "as the region"
EVERYONE_ELSE = "everyone else"
NOT_STATED = "not stated"
LIST_OR_WORDS: Mapping[Any, tuple[str, ...]] = {
    Places: (WORLDWIDE, EVERYWHERE),
    EngagementPlaces: (WORLDWIDE, EVERYWHERE, AS_THE_REGION),
    ClaimedPlaces: (WORLDWIDE, EVERYWHERE, NOT_STATED),
    Customers: (EVERYONE_ELSE,),
}
"""The words that may be written instead of a list of texts, by type."""

Basis = Annotated[tuple[str, ...], "clauses and readings"]
"""A list of names, as those below: messages say of what, and `near_misses` misspells what the file itself declares."""
Clauses = Annotated[tuple[str, ...], "clauses"]
Documents = Annotated[tuple[str, ...], "documents"]
Data = Annotated[tuple[str, ...], "data categories"]
Regions = Annotated[tuple[str, ...], "hosting regions"]
Features = Annotated[tuple[str, ...], "features"]
Consents = Annotated[tuple[str, ...], "consents"]
Agreements = Annotated[tuple[str, ...], "agreements"]
SubProcessors = Annotated[tuple[str, ...], "sub-processors"]
PlacesAlone = Annotated[tuple[str, ...], "places"]
Aliases = Annotated[tuple[str, ...], "names"]
Choices = Annotated[tuple[str, ...], "values"]
DataName = Annotated[str, "data categories"]
RegionName = Annotated[str, "hosting regions"]
CustomerRegionName = Annotated[str, "customer regions"]
DocumentName = Annotated[str, "documents"]
FeatureName = Annotated[str, "features"]
ConsentName = Annotated[str, "consents"]
AgreementName = Annotated[str, "agreements"]
AttributeName = Annotated[str, "attributes"]
TensionName = Annotated[str, "tensions"]

Names = tuple[str, ...]
Activity = Literal["hosting", "backup", "delivery", "keys", "service", "support"]
RowActivity = Literal["hosting", "backup", "delivery", "keys", "service", "support", "not stated"]

BASIS = "the clauses and readings that it rests on, one at least"


@frozen(kw_only=True, eq=False)
class Dated:
    """A row that holds from `since` up to, not including, `until`."""

    since: date | None = key(
        "the first day on which it holds (is listed); from ever if left out", "2020-01-01", default=None
    )
    until: date | None = key(
        "the first day on which it no longer holds: the day of the first version without it", "2021-01-01", default=None
    )


@frozen(kw_only=True, eq=False)
class Listed(Dated):
    """A row that documents list for those days."""

    basis: Basis = key(BASIS, '["44", "R4"]')


@frozen(kw_only=True, eq=False)
class Said:
    """A statement and what it rests on."""

    says: str = key("what it says", '"support may look at the data"')
    basis: Basis = key(BASIS, '["56"]')


@frozen(kw_only=True, eq=False)
class When:
    """A condition on the tenant; several keys mean all of them. At most 12 stand within one another."""

    feature: FeatureName | None = key("the feature is on", '"voip"', default=None)
    consent: ConsentName | None = key("the consent was given", '"access"', default=None)
    agreement: AgreementName | None = key("the agreement exists", '"dpa"', default=None)
    customer_in: CustomerRegionName | None = key(
        "the tenant's country is in that customer region", '"EU"', default=None
    )
    region_in: RegionName | None = key("the tenant's data is settled in that hosting region", '"US"', default=None)
    attribute: AttributeName | None = key("the attribute has one of the values that `is` names", '"plan"', default=None)
    tension: TensionName | None = key(
        "the tension is resolved as `is` says; undetermined while it is open", '"which"', default=None
    )
    is_: Values | None = key(
        "a value, or a list of values, beside attribute or tension", '["free", "paid"]', default=None
    )
    not_stated: str | None = key(
        "what the documents do not say and the row hangs on, in words that follow 'it is not stated'; undetermined for"
        " everybody",
        '"whether it is used in region EU"',
        default=None,
    )
    all_: tuple["When", ...] | None = key("all of them hold", '[{ feature = "a" }, { feature = "b" }]', default=None)
    any_: tuple["When", ...] | None = key("one of them holds", '[{ feature = "a" }, { consent = "c" }]', default=None)
    not_: "When | None" = key("it does not hold", '{ feature = "voip" }', default=None)


@frozen(kw_only=True, eq=False)
class HouseCustomerRegion(Dated):
    id: str
    customers: Customers
    home: str
    because: str


@frozen(kw_only=True, eq=False)
class Forbid:
    id: str
    who: str
    because: str
    when: When | None = None


@frozen(kw_only=True, eq=False)
class Resolve:
    id: str
    tension: str
    is_: str
    because: str


@frozen(kw_only=True, eq=False)
class HouseRulesFile:
    """House rules over a register, as TOML."""

    format: Literal[1]
    register: str
    decided_by: str
    decided_on: date
    customer_regions: tuple[HouseCustomerRegion, ...] = ()
    forbid: tuple[Forbid, ...] = ()
    resolve: tuple[Resolve, ...] = ()


@frozen(kw_only=True, eq=False)
class RestrictionShape:
    """What the tenant itself demands: exactly one of the three demands."""

    within: PlacesAlone | None = key("only within the union of these places", '["EEA", "CH"]', default=None)
    never_in: PlacesAlone | None = key("in none of these places", '["IN"]', default=None)
    never_registered_in: PlacesAlone | None = key(
        "nobody who, or whose parent, is registered there", '["US"]', default=None
    )
    activities: Annotated[tuple[Activity, ...], "activities"] = key(
        "the activities that it is about; all if left out", '["hosting"]', default=()
    )
    data: Data = key("the data categories that it is about; all if left out", '["tickets"]', default=())


@frozen(kw_only=True, eq=False)
class TenantShape:
    """A tenant: what it does not name, it does not have; an attribute that it does not name is unknown."""

    country: str = key("its country, ISO 3166-1 alpha-2", '"BG"')
    agreed_region: str | None = key("the hosting region agreed with the vendor", '"EU"', default=None)
    features: Features = key("the features that are on, beside those on by default", '["voip"]', default=())
    consents: Consents = key("the consents given", '["access"]', default=())
    agreements: Agreements = key("the agreements that exist", '["dpa"]', default=())
    switched_off: Features = key("the features on by default that it turned off", '["ai"]', default=())
    attributes: dict[str, str] = key("its attributes", '{ plan = "free" }', factory=dict)
    restrictions: Annotated[tuple[RestrictionShape, ...], "restrictions"] = key(
        "its restrictions", '[{ within = ["EEA"] }]', default=()
    )
    objections: SubProcessors = key("the sub-processors that it objects to", '["aws"]', default=())


@frozen(kw_only=True, eq=False)
class TenantsFile:
    """Tenants, as TOML or JSON."""

    format: Literal[1]
    tenants: tuple[TenantShape, ...]


@frozen(kw_only=True, eq=False)
class Members(Dated):
    countries: Names
    source: str


@frozen(kw_only=True, eq=False)
class GroupingFile(Dated):
    """A dated grouping of countries, as shipped; `since` and `until` are its coverage."""

    format: Literal[1]
    id: str
    name: str
    says: str
    checked: date
    sources: dict[str, str]
    members: tuple[Members, ...]
    unclear: tuple[Members, ...] = ()


@frozen(kw_only=True, eq=False)
class M49Group:
    id: str
    countries: Names
    unclear: Names = ()


@frozen(kw_only=True, eq=False)
class M49File:
    """Geographical groupings without dates, as shipped."""

    format: Literal[1]
    source: str
    groupings: tuple[M49Group, ...]


@frozen(kw_only=True, eq=False)
class States:
    state: str
    territories: Names
    source: str


@frozen(kw_only=True, eq=False)
class TerritoriesFile:
    """Territories that have a country code of their own, as shipped."""

    format: Literal[1]
    checked: date
    sources: dict[str, str]
    states: tuple[States, ...]
