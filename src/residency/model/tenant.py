"""A tenant: the facts that decide where its data lives, and what it demands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import pairwise
from typing import Any

from attrs import Attribute, field, frozen

from ..errors import BadInput, UnknownName, listed, raise_together
from .normalise import NOTHING, LoneValue, in_order, items_of, names_in, plain_text, refuse_lone_value
from .places import Place, checked_country, countries
from .register import Register
from .rows import ACTIVITIES, Source
from .stored import Reader

__all__ = ["Restriction", "Tenant", "by_text", "check_kind", "check_tenant", "sources_of"]


def _places(value: Iterable[str | Place] | None) -> tuple[Place, ...] | None:
    """Places, sorted; `None` where the demand is not made. Anything else is left for `_check_places` to refuse."""
    if value is None:
        return None
    places = tuple(Place(plain_text(item)) if isinstance(item, str) else item for item in items_of(value))
    return tuple(sorted(set(places))) if all(isinstance(place, Place) for place in places) else places


def _check_places(_: object, attribute: Attribute[Any], value: tuple[Place, ...] | None) -> None:
    if value is None:
        return
    refuse_lone_value(value, attribute.name)
    for place in value:
        if not isinstance(place, Place):
            raise BadInput(f"expected a place in {attribute.name}, got {place!r:.60}", 'write its code, such as "BG"')
        if place.everywhere:
            remedy = (
                f"write {' and '.join(map(repr, place.parts))}: a restriction names places, and not how much of them"
            )
            raise BadInput(f"expected a place in {attribute.name}, got {place.text!r:.60}", remedy)
    if not value:
        raise BadInput(f"{attribute.name} names no place", 'write the places, such as {"EEA"}')


def _activities(value: Iterable[str]) -> frozenset[str]:
    return names_in(value, "activities")


def _data(value: Iterable[str]) -> frozenset[str]:
    return names_in(value, "data")


@frozen(cache_hash=True)
class Restriction:
    """A demand of the tenant: exactly one of `within`, `never_in`, `never_registered_in`.

    Each takes places: country codes, groupings, or alternatives (`"CA|US"`). `within={"EEA", "CH"}` keeps to their
    union; `never_in={"IN"}` keeps out of each. `never_registered_in` looks at where a sub-processor is registered, and
    its parent where that is stated. `activities` (`"hosting"`, `"backup"`, `"delivery"`, `"keys"`, `"service"`,
    `"support"`) and `data` limit what it is about; empty means all. Hosting includes its backups: both store data.

    >>> Restriction(within={"EEA"}, activities={"hosting"}).text
    'only within EEA, for hosting'
    """

    within: tuple[Place, ...] | None = field(default=None, converter=_places, validator=_check_places)
    never_in: tuple[Place, ...] | None = field(default=None, converter=_places, validator=_check_places)
    never_registered_in: tuple[Place, ...] | None = field(default=None, converter=_places, validator=_check_places)
    activities: frozenset[str] = field(default=frozenset(), converter=_activities, repr=in_order)
    data: frozenset[str] = field(default=frozenset(), converter=_data, repr=in_order)

    def __attrs_post_init__(self) -> None:
        if sum(demand is not None for demand in (self.within, self.never_in, self.never_registered_in)) != 1:
            raise BadInput(
                "a restriction has exactly one of within, never_in, never_registered_in",
                "write one Restriction for each of them",
            )
        for activity in sorted(self.activities - set(ACTIVITIES)):
            raise UnknownName("activity", activity, ACTIVITIES)

    @property
    def places(self) -> tuple[Place, ...]:
        """The places it names."""
        return self.within or self.never_in or self.never_registered_in or ()

    @property
    def source(self) -> str:
        """Its id in the basis of an answer."""
        return f"demand: {self.text}"

    def about(self, activity: str) -> bool:
        """Whether it is about that activity: backups are hosting too."""
        wider = "hosting" if activity == "backup" else activity
        return not self.activities or activity in self.activities or wider in self.activities

    @cached_property
    def text(self) -> str:
        """The demand in words."""
        verb = "only within" if self.within else "never in" if self.never_in else "nobody registered in"
        scope = [f"for {' and '.join(sorted(self.activities))}"] if self.activities else []
        scope += [f"for data {' and '.join(sorted(self.data))}"] if self.data else []
        return ", ".join([f"{verb} {' or '.join(place.text for place in self.places)}", *scope])

    def to_dict(self) -> dict[str, Any]:
        """The restriction as plain JSON types."""
        demands = {"within": self.within, "never_in": self.never_in, "never_registered_in": self.never_registered_in}
        return {
            **{key: None if places is None else [place.text for place in places] for key, places in demands.items()},
            "activities": sorted(self.activities),
            "data": sorted(self.data),
        }

    @classmethod
    def read(cls, reader: Reader) -> Restriction:
        """The restriction that `to_dict` wrote."""
        demands = ("within", "never_in", "never_registered_in")
        reader.only(*demands, "activities", "data")
        return cls(
            **{key: reader.texts_or_none(key) for key in demands},
            activities=reader.texts("activities"),
            data=reader.texts("data"),
        )


def _features(value: Iterable[str]) -> frozenset[str]:
    return names_in(value, "features")


def _consents(value: Iterable[str]) -> frozenset[str]:
    return names_in(value, "consents")


def _agreements(value: Iterable[str]) -> frozenset[str]:
    return names_in(value, "agreements")


def _switched_off(value: Iterable[str]) -> frozenset[str]:
    return names_in(value, "switched_off")


def _objections(value: Iterable[str]) -> frozenset[str]:
    return names_in(value, "objections")


def by_text(restrictions: Iterable[Restriction]) -> list[Restriction]:
    """Restrictions sorted by their texts: the order in which they are stored and looked at, whatever the hash seed."""
    return sorted(restrictions, key=lambda restriction: restriction.text)


def _attributes(value: Mapping[str, str] | Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    if value == ():
        return ()
    pairs = items_of(tuple(value.items()) if isinstance(value, Mapping) else value)
    if not all(
        isinstance(pair, tuple) and len(pair) == 2 and all(isinstance(part, str) for part in pair) for pair in pairs
    ):
        raise BadInput(f"expected attributes by name, got {value!r:.60}", 'write {"plan": "business"}')
    names = sorted(name for name, _ in pairs)
    for name, following in pairwise(names):
        if name == following:
            raise BadInput(f"attribute {name!r} has two values", "name each attribute once")
    return tuple(sorted((plain_text(name), plain_text(text)) for name, text in pairs))


def _restrictions(value: Iterable[Restriction]) -> frozenset[Restriction]:
    if value is NOTHING:
        return NOTHING
    if isinstance(value, Restriction):
        raise BadInput("expected a set of restrictions, got a single Restriction", "write {Restriction(...)}")
    items = items_of(value)
    for item in items:
        if not isinstance(item, Restriction):
            wrong = item.value if isinstance(item, LoneValue) else item
            raise BadInput(f"expected a set of restrictions, got {wrong!r:.60}", 'write {Restriction(within={"EEA"})}')
    return frozenset(items)


def _country(value: str) -> str:
    return value if type(value) is str and value in countries() else plain_text(checked_country(value))


def _region_or_none(value: str | None) -> str | None:
    if value is None or type(value) is str:
        return value
    if not isinstance(value, str):
        raise BadInput(f"expected the id of one hosting region as agreed_region, got {value!r}", "or leave it out")
    return plain_text(value)


@frozen(slots=False)  # one is made for each request, and setting the slots of a frozen class takes half as long again
class Tenant:
    """One customer's isolated share of the service; its facts are complete.

    `country` is the customer's, as ISO 3166-1 alpha-2. `agreed_region` is the hosting region agreed with the vendor. A
    feature not named is in its default state, a consent not named was not given, an agreement not named does not
    exist; `switched_off` names features that are on by default and that this tenant turned off. An attribute (plan,
    product …) not named is unknown. `restrictions` are its demands, `objections` the sub-processors it objects to.
    Names are checked against the register when a question is asked; an unknown one raises `UnknownName`.

    >>> Tenant(country="BG", features={"voip"}).features
    frozenset({'voip'})
    """

    country: str = field(converter=_country)
    agreed_region: str | None = field(default=None, converter=_region_or_none)
    features: frozenset[str] = field(default=NOTHING, converter=_features, repr=in_order)
    consents: frozenset[str] = field(default=NOTHING, converter=_consents, repr=in_order)
    agreements: frozenset[str] = field(default=NOTHING, converter=_agreements, repr=in_order, kw_only=True)
    switched_off: frozenset[str] = field(default=NOTHING, converter=_switched_off, repr=in_order, kw_only=True)
    attributes: tuple[tuple[str, str], ...] = field(default=(), converter=_attributes, kw_only=True)
    restrictions: frozenset[Restriction] = field(default=NOTHING, converter=_restrictions, repr=in_order, kw_only=True)
    objections: frozenset[str] = field(default=NOTHING, converter=_objections, repr=in_order, kw_only=True)

    def __attrs_post_init__(self) -> None:
        for name in sorted(self.features & self.switched_off) if self.switched_off else ():
            raise BadInput(f"feature {name!r} is both on and switched off", "name it in one of the two")

    def to_dict(self) -> dict[str, Any]:
        """The tenant as plain JSON types."""
        return {
            "country": self.country,
            "agreed_region": self.agreed_region,
            **{key: sorted(getattr(self, key)) for key in _SETS},
            "attributes": dict(self.attributes),
            "restrictions": [restriction.to_dict() for restriction in by_text(self.restrictions)],
        }

    @classmethod
    def read(cls, reader: Reader) -> Tenant:
        """The tenant that `to_dict` wrote."""
        reader.only("country", "agreed_region", *_SETS, "attributes", "restrictions")
        return cls(
            country=reader.text("country"),
            agreed_region=reader.text_or_none("agreed_region"),
            **{key: frozenset(reader.texts(key)) for key in _SETS},
            attributes=reader.names("attributes"),
            restrictions=frozenset(Restriction.read(record) for record in reader.records("restrictions")),
        )


_SETS = ("features", "consents", "agreements", "switched_off", "objections")


def check_kind(tenant: object) -> None:
    """Raise `BadInput` for anything but a `Tenant`."""
    if not issubclass(type(tenant), Tenant):  # a mock passes isinstance
        raise BadInput(f"expected a Tenant, got {tenant!r:.60}", 'write Tenant(country="BG")')


def check_tenant(tenant: Tenant, register: Register) -> None:
    """Raise `BadInput` naming every name of the tenant that the register does not know."""
    raise_together(_tenant_faults(tenant, register), "the tenant")


def _tenant_faults(tenant: Tenant, register: Register) -> Iterator[BadInput]:
    known: dict[str, tuple[Iterable[str], tuple[str, ...]]] = {
        "hosting region": (() if tenant.agreed_region is None else (tenant.agreed_region,), register.regions),
        "feature": (tenant.features | tenant.switched_off, register.features),
        "consent": (tenant.consents, register.consents),
        "agreement": (tenant.agreements, register.agreements),
        "attribute": ((name for name, _ in tenant.attributes), register.attributes),
        "sub-processor": (tenant.objections, register.sub_processors),
        "data category": (
            frozenset[str]().union(*(restriction.data for restriction in tenant.restrictions)),
            register.data_categories,
        ),
    }
    for kind, (names, choices) in known.items():
        for name in sorted(set(names) - set(choices)):
            yield UnknownName(kind, name, choices)
    for name in sorted(tenant.switched_off & set(register.features)):
        if name not in register.on_by_default:
            yield BadInput(f"feature {name!r} is off unless it is named in features", "leave it out of switched_off")
    for name, value in tenant.attributes:
        if name in register.attributes and value not in register.attribute(name).values:
            values = register.attribute(name).values
            yield BadInput(f"attribute {name!r} cannot be {value!r}", f"expected one of {listed(sorted(values))}")
    for place in sorted({place for restriction in tenant.restrictions for place in restriction.places}):
        try:
            place.checked(register.groups)
        except BadInput as fault:
            yield fault


def sources_of(tenant: Tenant) -> Iterator[Source]:
    """The sources of reasons about demands: the tenant's restrictions, then its objections."""
    for demand in by_text(tenant.restrictions):
        yield Source(demand.source, "tenant", f"the restriction '{demand.text}'")
    for name in sorted(tenant.objections):
        yield Source(f"objection: {name}", "tenant", f"the objection to {name}")
