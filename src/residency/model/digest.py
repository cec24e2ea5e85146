"""Digests of a register: of what it means, of its words, and of the groupings that its rows name.

`KINDS` says of each field what it is. A digest is the SHA-256 of the canonical JSON of the fields of its kinds, in a
normal form: what may be written in several ways, such as the order of rows, is written in one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, partial
from typing import TYPE_CHECKING, Literal, TypeVar
from typing import Any as Plain

from attrs import evolve, frozen

from .canonical import canonical, hashed, short_hash
from .conditions import All, Any, Condition
from .normalise import names_in
from .places import Extent, Grouping, Membership, Place, countries
from .rows import CustomerRegion, HostingRegion
from .timeline import ALWAYS, Span

if TYPE_CHECKING:
    from .register import Register

__all__ = ["DECIDES", "KINDS", "SAYS", "Field", "countries_digest", "digest", "facts_digest", "words_digest"]

Kind = Literal["meaning", "told", "words", "facts", "stated", "rows"]
"""What a field is: *meaning*, on which a verdict may depend; *told* to customers, or other *words*, on which none does;
*facts*, who is in a grouping; *rows*, which have fields of their own. Of what is *stated* it is meaning whether it is,
and words what it says."""
NORMAL_FORM = "n1"
"""The name of the normal form, with which each digest of a register begins: under another name none can be equal."""
DECIDES: frozenset[Kind] = frozenset({"meaning", "facts", "stated", "rows"})
_ABSENT: object = object()
"""No default, or nothing to write."""
SAYS: frozenset[Kind] = frozenset({"told", "words", "stated", "rows"})


@frozen
class Field:
    """A field of a row: its kind, or those of the parts of each pair in it, and the default at which it is left out.

    Of several values the `order` counts not, nor that one is repeated, unless it is `"kept"`, or only its values are
    (`"repeated"`).
    """

    kind: Kind | tuple[Kind, ...]
    default: object = _ABSENT
    order: Literal["sorted", "kept", "repeated"] = "sorted"


_meaning, _told, _words = partial(Field, "meaning"), partial(Field, "told"), partial(Field, "words")
_facts, _stated, _rows = partial(Field, "facts"), partial(Field, "stated"), partial(Field, "rows")

KINDS: Mapping[str, Mapping[str, Field]] = {
    "Register": {
        "id": _meaning(),
        "vendor": _words(),
        "service": _words(),
        "published": _words(None),
        "speaks_from": _meaning(),
        "checked": _words(),
        "basis": _words(),
        "placement": _rows(),
        "hosting_regions": _rows(),
        "customer_regions": _rows(order="kept"),
        "sub_processor_rows": _rows(),
        "own_infrastructure": _rows((), order="repeated"),
        "seat": _rows(),
        "closed": _rows(()),
        "exceptions": _rows(()),
        "declared": _rows(()),
        "tensions": _rows(()),
        "records": _rows(()),
        "documents": _rows(()),
        "sources": _rows(()),
        "groupings": _rows(()),
        "territories": _rows(()),
        "prohibitions": _rows(()),
        "house_rules": _words(None, order="kept"),
    },
    "Placement": {
        "rule": _meaning(),
        "basis": _words(),
        "region": _meaning(None),
        "agreed": _stated(None),
        "agreed_when": _rows(None),
    },
    "HostingRegion": {
        "id": _meaning(),
        "name": _told(),
        "places": _rows(),
        "basis": _words(),
        "span": _rows(ALWAYS),
        "sites": _rows((), order="kept"),
        "listed": _meaning(True),
    },
    "Site": {"places": _rows(), "basis": _words(), "span": _rows(ALWAYS)},
    "CustomerRegion": {
        "id": _meaning(),
        "customers": _rows(),
        "home": _meaning(),
        "basis": _words(),
        "span": _rows(ALWAYS),
    },
    "SubProcessor": {
        "id": _meaning(),
        "name": _told(),
        "engagements": _rows(order="repeated"),
        "aliases": _told(()),
        "kind": _told("third party"),
        "registered_in": _rows(None),
        "parent": _stated(None),
        "parent_registered_in": _rows(None),
        "basis": _words(()),
    },
    "Engagement": {
        "activity": _meaning(),
        "purpose": _told(),
        "basis": _words(),
        "region": _meaning(None),
        "places": _rows(None),
        "when": _rows(None),
        "only": _words(()),
        "span": _rows(ALWAYS),
        "data": _meaning(None),
        "authorised": _meaning(None),
        "notified": _told(None),
        "safeguards": _rows((), order="kept"),
        "located_by": _words(()),
    },
    "Safeguard": {"mechanism": _meaning(), "basis": _words(), "says": _words("")},
    "Seat": {
        "registered_in": _rows(None),
        "parent": _stated(None),
        "parent_registered_in": _rows(None),
        "basis": _words(()),
    },
    "ClosedList": {
        "basis": _words(),
        "activity": _meaning(None),
        "data": _meaning(None),
        "regions": _meaning(None),
        "of": _meaning(),
        "span": _rows(ALWAYS),
    },
    "ResidencyException": {
        "data": _meaning(),
        "basis": _words(),
        "when": _rows(None),
        "regions": _meaning(None),
        "places": _rows(None),
        "span": _rows(ALWAYS),
    },
    "Prohibition": {"rule": _words(), "who": _meaning(), "when": _rows(None)},
    "Declared": {
        "kind": _meaning(),
        "id": _meaning(),
        "says": _words(),
        "basis": _words(),
        "on_by_default": _meaning(False),
        "values": _meaning(()),
    },
    "Tension": {
        "id": _meaning(),
        "says": _words(),
        "sides": Field(("meaning", "words")),
        "resolution": _meaning(None),
        "basis": _words(()),
    },
    "Record": {
        "topic": _words(),
        "says": _words(),
        "basis": _words(),
        "all_of": _words(()),
        "one_of": _words(()),
    },
    "Document": {
        "id": _words(),
        "name": _words(),
        "at": _words(""),
        "url": _words(""),
        "sha256": _words(""),
        "published": _meaning(None),
        "replaces": _words(None),
        "prevails_over": _words(()),
        "effect": _words(None),
        "basis": _words(()),
        "clauses": _words(()),
    },
    "Source": {
        "id": _words(),
        "author": _words(),
        "says": _words(),
        "at": _words(""),
        "quote": _words(""),
        "because": _words(""),
        "otherwise": _words(""),
        "of": _words(()),
    },
    "Grouping": {
        "id": _facts(),
        "name": _words(),
        "says": _words(),
        "source": _words(),
        "checked": _words(None),
        "coverage": _rows(ALWAYS),
        "members": _rows(()),
        "unclear": _rows(()),
    },
    "Membership": {"country": _facts(), "span": _rows(ALWAYS), "source": _words()},
    "Territory": {"country": _words(), "state": _words(), "source": _words()},
    "Span": {"start": _meaning(None), "end": _meaning(None)},
    "Place": {"text": _meaning()},
    "Has": {"kind": _meaning(), "name": _meaning()},
    "Is": {"kind": _meaning(), "name": _meaning(), "values": _meaning()},
    "In": {"kind": _meaning(), "name": _meaning()},
    "Unstated": {"says": _words()},
    "All": {"parts": _rows()},
    "Any": {"parts": _rows()},
    "Not": {"part": _rows()},
}
"""The kind of each field of each class of which a register is made, by the names of class and field."""
_CONDITIONS = {"Has": "has", "Is": "is", "In": "in", "Unstated": "unstated", "All": "all", "Any": "any", "Not": "not"}
"""What tells conditions apart in the normal form."""


def digest(register: Register) -> str:
    """See `Register.digest`."""
    return f"{NORMAL_FORM}:{hashed(_plain(_in_order(register, ()), DECIDES))}"


def words_digest(register: Register) -> str:
    """See `Register.words_digest`."""
    used = register.groupings_used
    unused = {f"fact:{name}" for name in register.groups.keys() - {grouping.id for grouping in used}}
    sources = tuple(source for source in register.sources if source.id not in unused)
    return short_hash(_plain(evolve(_in_order(register, used), sources=sources), SAYS))


def facts_digest(register: Register, names: Iterable[str] = ()) -> str:
    """The digest, 16 hexadecimal digits, of who is in the groupings that rows of the register name, and from when on.

    `names` are places that a tenant's restrictions name: the groupings among them are covered too. Raises `BadInput`
    for a name that is no country and no grouping of the register.
    """
    named = [Place(name).checked(register.groups) for name in sorted(names_in(names, "places"))]
    groups = {name for place in named for name in place.parts} & register.groups.keys()
    groups |= {grouping.id for grouping in register.groupings_used}
    groupings = (register.groups[name] for name in sorted(groups))
    return short_hash(
        [
            _plain(evolve(each, members=_adjoined(each.members), unclear=_adjoined(each.unclear)), DECIDES)
            for each in groupings
        ]
    )


@cache
def countries_digest() -> str:
    """The digest, 16 hexadecimal digits, of the country codes that are accepted, which *worldwide* means."""
    return short_hash(sorted(countries()))


# --- Normal form ---


def _plain(value: object, kinds: frozenset[Kind]) -> Plain:
    """What of the value is of these kinds, as plain JSON types; of a row `{}` where nothing is."""
    row = _simplified(value)
    name = type(row).__name__
    if name in KINDS:
        fields = ((key, _field(getattr(row, key), field, kinds)) for key, field in KINDS[name].items())
        tag = {"is": _CONDITIONS[name]} if name in _CONDITIONS and kinds == DECIDES else {}
        return {**tag, **{key: plain for key, plain in fields if plain is not _ABSENT}}
    if isinstance(row, tuple):
        return [_plain(item, kinds) for item in row]
    return row.isoformat() if isinstance(row, date) else row


def _field(value: object, field: Field, kinds: frozenset[Kind]) -> Plain:
    """What of the value of a field is of these kinds; `_ABSENT` where it is left out."""
    if value == field.default or (field.kind not in kinds and not isinstance(field.kind, tuple)):
        return _ABSENT
    if field.kind == "stated" and kinds == DECIDES:
        return True
    if isinstance(value, tuple):
        return _list(value, field, kinds)
    if value is None and field.kind == "rows" and kinds == SAYS:
        return _ABSENT
    plain = _plain(value, kinds)
    return _ABSENT if plain == {} else plain


def _list(values: tuple[object, ...], field: Field, kinds: frozenset[Kind]) -> Plain:
    """The same of several values. Words stand in the order of what they are the words of, and so belong to it."""
    items = [_item(value, field, kinds) for value in values]
    if field.order != "kept" and len(items) > 1:
        said = [canonical(item) for item in items]
        meant = said if kinds == DECIDES else [canonical(_item(value, field, DECIDES)) for value in values]
        keyed = sorted(zip(zip(meant, said, strict=True), items, strict=True), key=lambda entry: entry[0])
        items = list(dict(keyed).values()) if field.order == "sorted" else [item for _, item in keyed]
    if kinds == DECIDES:  # a row that means nothing is none
        items = [item for item in items if item != {}]
    nothing = all(item == {} for item in items) and (values or kinds == SAYS)
    return _ABSENT if nothing else items


def _item(value: object, field: Field, kinds: frozenset[Kind]) -> Plain:
    """The same of one of several values: a row, a name, or a pair whose parts are of several kinds."""
    if isinstance(field.kind, tuple) and isinstance(value, tuple):
        return [_plain(part, kinds) for part, kind in zip(value, field.kind, strict=True) if kind in kinds]
    return _plain(value, kinds)


def _simplified(value: object) -> object:
    """The value as it is written in one way only."""
    match value:
        case Place():
            return value.normal
        case All(parts) | Any(parts):
            flat = tuple(_flat(type(value), parts))
            return _simplified(flat[0]) if len(flat) == 1 else evolve(value, parts=flat)
        case HostingRegion() if value.sites:
            return evolve(value, sites=_first_wins(value.sites, lambda one, other: one.span.overlaps(other.span)))
        case _:
            return value


def _flat(combination: type[All | Any], parts: Iterable[Condition]) -> Iterator[Condition]:
    """The parts, and those of the same combination within it instead of that."""
    for part in parts:
        if isinstance(part, All | Any) and (type(part) is combination or len(part.parts) == 1):
            yield from _flat(combination, part.parts)
        else:
            yield part


# --- Order, where the first wins ---

R = TypeVar("R")


def _in_order(register: Register, groupings: tuple[Grouping, ...]) -> Register:
    """The register with these groupings alone, its customer regions sorted but where a tenant may be of two of them.

    Only days on which the register speaks are compared: before its coverage a grouping may hold every country.
    """
    days = [register.speaks_from, *(day for day in register.change_dates if day > register.speaks_from)]
    held = {id(region): _held(region, register, days) for region in register.customer_regions}

    def meet(one: CustomerRegion, other: CustomerRegion) -> bool:
        return any(not here.isdisjoint(there) for here, there in zip(held[id(one)], held[id(other)], strict=True))

    return evolve(register, customer_regions=_first_wins(register.customer_regions, meet), groupings=groupings)


def _held(region: CustomerRegion, register: Register, days: Iterable[date]) -> list[frozenset[str]]:
    """The countries that the customer region holds, or may hold, on each of the days."""

    def on(day: date) -> frozenset[str]:
        if region.customers is None:
            return countries()
        return Extent.union(place.extent(register.groups, day) for place in region.customers).possible

    return [on(day) if day in region.span else frozenset() for day in days]


def _first_wins(rows: Sequence[R], meet: Callable[[R, R], bool]) -> tuple[R, ...]:
    """The rows sorted, but of two that `meet` the first stays before the second."""
    keys = [canonical(_plain(row, DECIDES)) for row in rows]
    left = sorted(range(len(rows)), key=keys.__getitem__)
    before = [{first for first in range(row) if meet(rows[first], rows[row])} for row in left]
    waiting = dict(zip(left, before, strict=True))
    ordered: list[R] = []
    while waiting:
        row = next(row for row, others in waiting.items() if waiting.keys().isdisjoint(others))
        del waiting[row]
        ordered.append(rows[row])
    return tuple(ordered)


def _adjoined(rows: Iterable[Membership]) -> tuple[Membership, ...]:
    """The rows, those of one country whose spans adjoin as one."""
    adjoined: list[Membership] = []
    for row in sorted(rows, key=lambda row: (row.country, row.span.start or date.min)):
        last = adjoined[-1] if adjoined else None
        if last and last.country == row.country and last.span.end and last.span.end == row.span.start:
            adjoined[-1] = evolve(last, span=Span(last.span.start, row.span.end))
        else:
            adjoined.append(row)
    return tuple(adjoined)
