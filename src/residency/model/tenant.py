"""A tenant: the facts that decide where its data lives, and what it demands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any

from attrs import field, frozen

from ..errors import BadInput, Fault, UnknownName, listed, quoted, raise_together, together
from .body import core_schema, restriction_schema, tenant_schema
from .normalise import (
    NOTHING,
    LoneValue,
    all_faults_of,
    in_order,
    items_of,
    names_in,
    plain_text,
    read_fields,
    refuse_lone_value,
)
from .places import Place, checked_country, countries
from .register import Register, check_register
from .rows import ACTIVITIES, Source
from .stored import Reader

__all__ = ["Restriction", "Tenant", "by_text", "check_kind", "check_tenant", "lost", "restriction_places", "sources_of"]


def _places(value: Iterable[str | Place] | None, key: str) -> tuple[Place, ...] | None:
    """Places, sorted; `None` where the demand is not made."""
    if value is None:
        return None
    items = items_of(value)
    refuse_lone_value(items, key)
    places = sorted({_place(item, key) for item in items})
    if not places:
        raise BadInput(f"{key} names no place", 'write the places, such as {"EEA"}')
    for place in places:  # in this order, so that the same one is told whatever the hash seed
        if place.everywhere:
            parts = " and ".join(map(repr, place.parts))
            remedy = f"write {parts}: a restriction names places, and not how much of them"
            raise BadInput(f"expected a place in {key}, got {place.text!r:.60}", remedy)
    return tuple(places)


def _place(item: object, key: str) -> Place:
    if isinstance(item, str):
        return Place(plain_text(item))
    if not isinstance(item, Place):
        raise BadInput(f"expected a place in {key}, got {item!r:.60}", 'write its code, such as "BG"')
    return item


def _within(value: Iterable[str | Place] | None) -> tuple[Place, ...] | None:
    return _places(value, "within")


def _never_in(value: Iterable[str | Place] | None) -> tuple[Place, ...] | None:
    return _places(value, "never_in")


def _never_registered_in(value: Iterable[str | Place] | None) -> tuple[Place, ...] | None:
    return _places(value, "never_registered_in")


def _activities(value: Iterable[str]) -> frozenset[str]:
    return names_in(value, "activities")


def _data(value: Iterable[str]) -> frozenset[str]:
    return names_in(value, "data")


@all_faults_of("the restriction")
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

    within: tuple[Place, ...] | None = field(default=None, converter=_within)
    never_in: tuple[Place, ...] | None = field(default=None, converter=_never_in)
    never_registered_in: tuple[Place, ...] | None = field(default=None, converter=_never_registered_in)
    activities: frozenset[str] = field(default=frozenset(), converter=_activities, repr=in_order)
    data: frozenset[str] = field(default=frozenset(), converter=_data, repr=in_order)

    def __attrs_post_init__(self) -> None:
        raise_together(self._contradictions(), "the restriction")

    def _contradictions(self) -> Iterator[BadInput]:
        """What is wrong with its fields together; one that could not be set is none that is missing."""
        if sum(getattr(self, key, ()) is not None for key in _DEMANDS) != 1:
            yield BadInput(
                "a restriction has exactly one of within, never_in, never_registered_in",
                "write one Restriction for each of them",
            )
        for activity in sorted(getattr(self, "activities", NOTHING) - set(ACTIVITIES)):
            yield UnknownName("activity", activity, ACTIVITIES).at("activities")

    @property
    def demand(self) -> str:
        """Which of the three it has: `"within"`, `"never_in"` or `"never_registered_in"`."""
        return next(key for key in _DEMANDS if getattr(self, key) is not None)

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
    def from_dict(cls, mapping: Mapping[str, Any]) -> Restriction:
        """The restriction of plain JSON types, as `to_dict` writes it; keys but that of its demand may be left out.

        `BadInput` with every fault, each with its `field`: a key that is unknown, a value that the constructor refuses.
        """
        return cls.read(Reader.of(mapping, remedy=_A_RESTRICTION))

    @classmethod
    def read(cls, reader: Reader) -> Restriction:
        """The restriction that `to_dict` wrote, with or without what is empty."""
        reads = {**dict.fromkeys(_DEMANDS, reader.texts_or_none), "activities": reader.texts, "data": reader.texts}
        return read_fields(cls, reader, reads, (), "the restriction")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """How pydantic reads and writes it: as `from_dict` and `to_dict` do, each fault at its field."""
        return core_schema(cls)

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        """Its JSON Schema."""
        return restriction_schema()


_DEMANDS = ("within", "never_in", "never_registered_in")
_A_RESTRICTION = 'write it as Restriction.to_dict() does, such as {"within": ["EEA"]}'
_A_TENANT = 'write it as Tenant.to_dict() does, such as {"country": "BG", "restrictions": [{"within": ["EEA"]}]}'


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
    if value is None or (type(value) is str and value):
        return value
    if not isinstance(value, str):
        message = f"expected the id of one hosting region as agreed_region, got {quoted(value)}"
        raise BadInput(message, "or leave it out")
    if not value:
        raise BadInput("agreed_region is an empty text", "leave it out, or pass None, where no region is agreed")
    return plain_text(value)


@all_faults_of("the tenant")
@frozen(slots=False)  # one is made for each request, and setting the slots of a frozen class takes half as long again
class Tenant:
    """One customer's isolated share of the service; its facts are complete.

    `country` is the customer's, as ISO 3166-1 alpha-2. `agreed_region` is the hosting region agreed with the vendor. A
    feature not named is in its default state, a consent not named was not given, an agreement not named does not
    exist; `switched_off` names features that are on by default and that this tenant turned off. An attribute (plan,
    product …) not named is unknown. `restrictions` are its demands, `objections` the sub-processors it objects to.
    Raises `BadInput`, whose `faults` are everything that is wrong, each with its `field`. Names are checked against the
    register when a question is asked; an unknown one raises `UnknownName`, several faults one `BadInput`.

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
        if self.switched_off:
            raise_together(self._contradictions(), "the tenant")

    def _contradictions(self) -> Iterator[BadInput]:
        """What is wrong with its fields together, of those that could be set."""
        for name in sorted(getattr(self, "features", NOTHING) & getattr(self, "switched_off", NOTHING)):
            fault = BadInput(f"feature {quoted(name)} is both on and switched off", "name it in one of the two")
            yield fault.at("switched_off")

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
    def from_dict(cls, mapping: Mapping[str, Any]) -> Tenant:
        """The tenant of plain JSON types, as `to_dict` writes it; every key but `country` may be left out.

        `BadInput` with every fault, each with its `field`: a key that is unknown or missing, a value that the
        constructor refuses. Names are checked against the register when a question is asked.

        >>> Tenant.from_dict({"country": "BG", "features": ["voip"]}) == Tenant("BG", features={"voip"})
        True
        """
        return cls.read(Reader.of(mapping, remedy=_A_TENANT))

    @classmethod
    def read(cls, reader: Reader) -> Tenant:
        """The tenant that `to_dict` wrote, with or without what is empty."""
        reads: dict[str, Callable[[str], Any]] = {
            "country": reader.text,
            "agreed_region": reader.text_or_none,
            **dict.fromkeys(_SETS, reader.texts),
            "attributes": reader.names,
            "restrictions": lambda key: _read_restrictions(reader, key),
        }
        return read_fields(cls, reader, reads, ("country",), "the tenant")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """How pydantic reads and writes it: as `from_dict` and `to_dict` do, each fault at its field."""
        return core_schema(cls)

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        """Its JSON Schema."""
        return tenant_schema()


def _read_restrictions(reader: Reader, key: str) -> list[Restriction]:
    restrictions: list[Restriction] = []

    def faults() -> Iterator[BadInput]:
        for number, value in enumerate(reader.objects(key)):
            try:
                restrictions.append(Restriction.read(Reader.of(value, f"{reader.path}.{key}[{number}]", reader.remedy)))
            except BadInput as fault:
                yield fault.at(f"[{number}]")

    raise_together(faults(), "the restrictions")
    return restrictions


_SETS = ("features", "consents", "agreements", "switched_off", "objections")


def restriction_places(tenant: Tenant) -> dict[str, int]:
    """The place of each restriction in the tenant's list, as it is stored, by its id in the basis of an answer."""
    return {restriction.source: place for place, restriction in enumerate(by_text(tenant.restrictions))}


def check_kind(tenant: object) -> None:
    """Raise `BadInput` for anything but a `Tenant`."""
    if not issubclass(type(tenant), Tenant):  # a mock passes isinstance
        raise BadInput(f"expected a Tenant, got {tenant!r:.60}", 'write Tenant(country="BG")')


def check_tenant(tenant: Tenant, register: Register) -> None:
    """Raise `BadInput` for every name of the tenant that the register does not know, each fault at its field.

    A restriction is numbered as `to_dict` writes it: `"restrictions[0].within"`.
    """
    raise_together(_tenant_faults(tenant, register), "the tenant")


# A function, and no method of Register: this module imports Register, which so knows no Tenant.
def lost(tenant: Tenant, register: Register) -> tuple[Fault, ...]:
    """The faults of the tenant's facts that the register does not know, each at its `field`; empty where it knows all.

    They are those that `Resolver.resolve` raises, the first 100: what a tenant that is carried to another register, or
    to another version of it, would lose. `BadInput` where `tenant` is no `Tenant` or `register` no `Register`.

    >>> from residency import load_register
    >>> [fault.field for fault in lost(Tenant("BG", "EU", objections={"acme"}), load_register("liveagent"))]
    ['objections']
    """
    check_kind(tenant)
    check_register(register)
    found = together(_tenant_faults(tenant, register), "the tenant")
    return () if found is None else found.faults


def _tenant_faults(tenant: Tenant, register: Register) -> Iterator[BadInput]:
    agreed = () if tenant.agreed_region is None else (tenant.agreed_region,)
    yield from _unknown("agreed_region", "hosting region", agreed, register.regions)
    yield from _unknown("features", "feature", tenant.features, register.features)
    yield from _unknown("switched_off", "feature", tenant.switched_off, register.features)
    yield from _unknown("consents", "consent", tenant.consents, register.consents)
    yield from _unknown("agreements", "agreement", tenant.agreements, register.agreements)
    yield from _unknown("attributes", "attribute", (name for name, _ in tenant.attributes), register.attributes)
    yield from _unknown("objections", "sub-processor", tenant.objections, register.sub_processors)
    for name in sorted(tenant.switched_off & set(register.features)) if tenant.switched_off else ():
        if name not in register.on_by_default:
            fault = BadInput(f"feature {name!r} is off unless it is named in features", "leave it out of switched_off")
            yield fault.at("switched_off")
    for name, value in tenant.attributes:
        if name in register.attributes and value not in register.attribute(name).values:
            remedy = f"expected one of {listed(sorted(register.attribute(name).values))}"
            yield BadInput(f"attribute {name!r} cannot be {quoted(value)}", remedy).at("attributes")
    for number, restriction in enumerate(by_text(tenant.restrictions)):
        path = f"restrictions[{number}]"
        yield from _unknown(f"{path}.data", "data category", restriction.data, register.data_categories)
        for place in restriction.places:
            try:
                place.checked(register.groups)
            except BadInput as fault:
                yield fault.at(f"{path}.{restriction.demand}")


def _unknown(path: str, kind: str, names: Iterable[str], choices: Sequence[str]) -> Iterator[BadInput]:
    """Every name that is not among the choices."""
    return (UnknownName(kind, name, choices).at(path) for name in sorted(set(names) - set(choices)))


def sources_of(tenant: Tenant) -> Iterator[Source]:
    """The sources of reasons about demands: the tenant's restrictions, then its objections."""
    for demand in by_text(tenant.restrictions):
        yield Source(demand.source, "tenant", f"the restriction '{demand.text}'")
    for name in sorted(tenant.objections):
        yield Source(f"objection: {name}", "tenant", f"the objection to {name}")
