"""Strategies for small made-up registers, and for the content of their files."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from itertools import zip_longest
from typing import Any

from hypothesis import note
from hypothesis import strategies as st

from ..files import register_of
from ..model.register import Register
from ..model.rows import ACTIVITIES, UNSTATED_ACTIVITY
from .conditions import Names, Row, conditions
from .toml import toml

__all__ = ["EDGES", "NAMES", "PLACES", "register_content", "registers", "subsets", "tidy_register_content"]

NAMES = Names(
    regions=("A", "B", "C"),
    customer_regions=("near", "far"),
    features=("f", "g"),
    consents=("c",),
    agreements=("d",),
    attributes={"plan": ("free", "paid")},
    tensions={"t": ("left", "right"), "s": ("left", "right")},
)
PLACES = ("CA", "DE", "EEA", "EU", "CA|US", "US", "Americas", "DE|EEA")
EVERYWHERE_IN = ("everywhere in DE", "everywhere in EEA", "everywhere in Americas")
CUSTOMERS = ("BR", "CA", "DE", "EEA", "EU", "GB", "US", "Americas")
DATA = ("logs", "mail")
EDGES = (date(2018, 1, 1), date(2021, 1, 1), date(2024, 1, 1))
PUBLISHED = date(2016, 1, 1)

BASIS = {"basis": ["1"]}
STAYS: tuple[Row, ...] = ({"until": EDGES[1]}, {"since": EDGES[1], "until": EDGES[2]})
SPANS: tuple[Row, ...] = (*[{}] * 5, {"since": EDGES[0]}, {"since": EDGES[1]}, *STAYS)
UNDECIDING: tuple[Row, ...] = (
    *[{}] * 3,
    {"notified": EDGES[0]},
    {"safeguards": [{"mechanism": "SCC", **BASIS}, {"mechanism": "other", "says": "x", **BASIS}]},
)
STARTS: tuple[Row, ...] = (
    *[{"published": PUBLISHED}] * 3,
    {"published": PUBLISHED, "speaks_from": EDGES[1]},
    {"service": "S", "speaks_from": PUBLISHED, "checked": EDGES[2]},
)
RULES = ("free-choice", "by-customer", "by-customer", "fixed", "not-promised", "vendor-choice", "unconfirmed")
DOCUMENTS: tuple[Row, ...] = (
    *[{}] * 3,
    {"list": {"name": "the list", "effect": "translation", "url": "https://example.com", "sha256": "0f" * 32, **BASIS}},
    {
        "old": {"name": "the list", "published": date(2015, 1, 1)},
        "list": {"name": "the list", "published": PUBLISHED, "replaces": "old", "prevails_over": ["deed"], **BASIS},
        "deed": {"name": "the deed", "at": "example.com"},
    },
)
RECORDS: tuple[list[Row], ...] = (
    *[[]] * 2,
    [
        {"topic": "notice", "says": "x", **BASIS, "one_of": [{"says": "y", **BASIS}, {"says": "z", **BASIS}]},
        {"topic": "objection", "says": "x", **BASIS, "all_of": [{"says": "y", **BASIS}]},
    ],
)

Rows = st.SearchStrategy[Row]
among = st.sampled_from


def registers() -> st.SearchStrategy[Register]:
    """Registers of all kinds, as `load_register` would load them: every kind of row can stand in them.

    Their names and sentences are made up, their places are real. Shrinks towards one hosting region of free choice, and
    one sub-processor that stores the data; a failing test shows the register as a file.
    """
    return tidy_register_content().map(_noted)


def _noted(content: Row) -> Register:
    note(f"the register's file:\n\n{toml(content)}")
    return register_of(content, "made up")


def subsets(choices: Collection[str], *, least: int = 0, most: int = 2) -> st.SearchStrategy[list[str]]:
    """Lists of choices, none of them twice."""
    return st.lists(among(sorted(choices)), unique=True, min_size=least, max_size=most)


# --- Rows ---

_places = st.one_of(
    subsets(PLACES, least=1),
    subsets(PLACES, least=1),
    subsets(EVERYWHERE_IN, least=1),
    among(["worldwide", "everywhere"]),
)
_regions = subsets(NAMES.regions, least=1)
_data = subsets(DATA, least=1)
_whens = conditions(NAMES)


def _row(fixed: Row, needed: Mapping[str, st.SearchStrategy[Any]], **optional: st.SearchStrategy[Any]) -> Rows:
    """Rows with the `fixed` keys and the basis, `needed` keys, perhaps `optional` ones, and a span."""
    drawn = st.fixed_dictionaries(needed, optional=optional)
    return st.builds(lambda row, span: {**fixed, **BASIS, **row, **span}, drawn, among(SPANS))


def _engagements(activity: st.SearchStrategy[str], *, least: int, most: int) -> st.SearchStrategy[list[Row]]:
    """Lists of `least` to `most` engagements, each with a purpose of its own."""
    row = _row(
        {},
        {"activity": activity},
        regions=_regions,
        places=_places,
        data=_data,
        when=_whens,
        only=st.just(["R1"]),
        authorised=among(["not stated", EDGES[1]]),
    )
    rows = st.lists(st.builds(_engagement, row, among(UNDECIDING)), min_size=least, max_size=most)
    return rows.map(lambda rows: [{"purpose": f"x{number}", **row} for number, row in enumerate(rows)])


def _engagement(row: Row, undeciding: Row) -> Row:
    """The row, made valid: `only` is left out without `when`; the place DE of a row with regions is "as the region"."""
    kept = {key: value for key, value in row.items() if key != "only" or "when" in row}
    as_the_region = {"places": "as the region"} if row.get("places") == ["DE"] and "regions" in row else {}
    return {**kept, **as_the_region, **undeciding}


_activities = among(("hosting", *ACTIVITIES, UNSTATED_ACTIVITY))
_SEAT: Mapping[str, st.SearchStrategy[Any]] = {
    "registered_in": among(PLACES),
    "parent": among([{"name": "Y"}, *({"name": "Y", "registered_in": place} for place in PLACES)]),
}
_seats = st.fixed_dictionaries({"registered_in": _SEAT["registered_in"]}, optional={"parent": _SEAT["parent"]}).map(
    lambda row: {**BASIS, **row}
)
_sub_processors = st.lists(
    st.fixed_dictionaries(
        {"engagements": _engagements(_activities, least=1, most=3)},
        optional={"aliases": st.just(["Z"]), "kind": among(("affiliate", "unnamed class")), **_SEAT},
    ),
    min_size=1,
    max_size=3,
).map(lambda rows: [_sub_processor(number, row) for number, row in enumerate(rows)])


def _sub_processor(number: int, row: Row) -> Row:
    """The row with names of its own."""
    aliases = {"aliases": [f"{alias}{number}" for alias in row["aliases"]]} if "aliases" in row else {}
    return {"id": f"p{number}", "name": f"X{number}", **BASIS, **row, **aliases}


_sites = st.lists(st.none() | _places, min_size=1, max_size=2).map(
    lambda places: [
        {**BASIS, **({} if value is None else {"places": value}), **stay}
        for value, stay in zip(places, STAYS, strict=False)
    ]
)
_hosting_regions = st.lists(
    _row({}, {}, places=_places, sites=_sites, listed=st.booleans()), max_size=len(NAMES.regions)
).map(
    lambda rows: [{"id": name, "name": name, **row} for name, row in zip_longest(NAMES.regions, rows, fillvalue=BASIS)]
)
_customer_regions = st.lists(
    _row({}, {"customers": subsets(CUSTOMERS, least=1)}, home=among(NAMES.regions)), max_size=2
).map(
    lambda rows: [
        {"id": name, **row}
        for name, row in zip_longest(
            NAMES.customer_regions, rows, fillvalue={"customers": ["EU"], "home": "A", **BASIS}
        )
    ]
)
_exceptions = st.lists(_row({}, {}, data=_data, places=_places, when=_whens, regions=_regions), max_size=2)
_closed = st.lists(
    _row({}, {"of": among(("everybody", "sub-processors"))}, activity=among(ACTIVITIES), data=_data, regions=_regions),
    max_size=2,
)


def _placements() -> Rows:
    """Every placement rule, with and without agreements."""
    rules = among(RULES).map(lambda rule: {"rule": rule, **({"region": "A"} if rule == "fixed" else {})})
    agreed = st.fixed_dictionaries(
        {"agreed": st.just(["1"])}, optional={"agreed_when": conditions(NAMES, settled=False)}
    )
    return st.builds(lambda rule, agreed: {**rule, **BASIS, **agreed}, rules, st.just({}) | agreed)


# --- The whole ---

_READING = {"of": ["1"], "says": "x", "because": "y", "otherwise": "z", "resolves": {"tension": "t", "is": "left"}}
_DECLARED: Row = {
    "readings": {"R1": _READING},
    "tensions": {
        name: {"says": "x", "sides": [{"is": side, "says": side, **BASIS} for side in sides]}
        for name, sides in NAMES.tensions.items()
    },
    "features": {"f": {"says": "f", **BASIS}, "g": {"says": "g", "default": "on", **BASIS}},
    "consents": {name: {"says": name, **BASIS} for name in NAMES.consents},
    "agreements": {name: {"says": name, **BASIS} for name in NAMES.agreements},
    "attributes": {name: {"says": name, "values": [*values], **BASIS} for name, values in NAMES.attributes.items()},
    "data": {name: {"says": name, **BASIS} for name in DATA},
}
"""What the rows may name; the reading resolves one of the two tensions."""


@st.composite
def register_content(draw: st.DrawFn) -> Row:
    """The content of a register's file, with every kind of row, and all of `NAMES` whether or not a row uses them."""
    documents = draw(among(DOCUMENTS))
    stands = {"document": "list"} if documents else {}
    return {
        "format": 1,
        "id": "made-up",
        "vendor": "V",
        **draw(among(STARTS)),
        "basis": ["1"],
        "documents": documents,
        "clauses": {"1": {"at": "line 1", "quote": "q", "says": "s", **stands}},
        **_DECLARED,
        "regions": draw(_hosting_regions),
        "placement": draw(_placements()),
        "customer_regions": draw(_customer_regions),
        **draw(st.fixed_dictionaries({}, optional={"seat": _seats})),
        "own_infrastructure": draw(_engagements(_activities, least=0, most=2)),
        "sub_processors": draw(_sub_processors),
        "exceptions": draw(_exceptions),
        "closed": draw(_closed),
        "records": draw(among(RECORDS)),
    }


@st.composite
def tidy_register_content(draw: st.DrawFn) -> Row:
    """The content of a register's file without most of the names that no row uses."""
    return _tidied(draw(register_content()), set(draw(subsets(_NAMED, most=len(_NAMED)))))


_NAMED = (*NAMES.regions, *NAMES.customer_regions, *(name for table in _DECLARED.values() for name in table))


def _tidied(content: Row, wanted: set[str]) -> Row:
    """The content with the names that are wanted, or that a row uses, and without empty tables."""
    rows = ("placement", "own_infrastructure", "sub_processors", "exceptions", "closed")
    used = wanted.union(*(_texts(content[key]) for key in rows))
    by_customer = content["placement"]["rule"] == "by-customer"
    customers = [row for row in content["customer_regions"] if by_customer or row["id"] in used]
    used |= set(_texts(customers))
    readings = {name: row for name, row in content["readings"].items() if {name, row["resolves"]["tension"]} & used}
    used |= set(_texts(readings))
    declared = {key: {name: row for name, row in content[key].items() if name in used} for key in _DECLARED}
    regions = [row for row in content["regions"] if row["id"] in used] or content["regions"][:1]
    tidy = {**content, **declared, "readings": readings, "customer_regions": customers, "regions": regions}
    return {key: value for key, value in tidy.items() if value not in ({}, [])}


def _texts(value: Any) -> Iterator[str]:
    """Every text within the value."""
    match value:
        case str():
            yield value
        case dict():
            for inner in value.values():
                yield from _texts(inner)
        case list():
            for inner in value:
                yield from _texts(inner)
