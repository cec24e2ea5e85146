"""What tests of digests share: registers with one field changed, answers to compare, and the digests that are kept.

python tests/digested.py   # keeps the digests anew
"""

from __future__ import annotations

import json
import types
import typing
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from attrs import evolve, fields, has

from residency import BadInput, Decision, Register, Tenant, load_register
from residency.model.conditions import All, Has, In, Not, Unstated
from residency.model.conditions import Any as AnyOf
from residency.model.places import Place
from residency.model.rows import Record, Safeguard, Site
from residency.model.timeline import Span
from snapshot.snapshot import ACTIVITIES, PAGES, asked

KEPT = Path(__file__).parent / "unit" / "model" / "digests.json"
NAMES = ("liveagent", *PAGES)
"""The registers whose digests are kept."""
MADE_UP = ("everything", "three-homes", "two-documents", "all-closed", "unconfirmed", "homes", "exceptions", "vendor")
"""Small registers that have every kind of row between them, with what `enriched` puts into them."""
EDGE = date(2020, 5, 1)
CHANGED = 2
"""How many rows of each class are changed in a register."""
Question = tuple[Tenant, date]


def digests(register: Register) -> tuple[str, str, str]:
    """All three."""
    return register.digest, register.words_digest, register.facts_digest


# --- What a register is made of ---


@cache
def classes(root: type = Register) -> Mapping[str, type]:
    """Every class of which a register is made, by the types of its fields."""
    found: dict[str, type] = {}

    def visit(hint: Any) -> None:
        if isinstance(hint, type) and has(hint) and hint.__name__ not in found:
            found[hint.__name__] = hint
            for inner in hints(hint).values():
                visit(inner)
        for inner in get_args(hint):
            visit(inner)

    visit(root)
    return found


def hints(row: Any) -> Mapping[str, Any]:
    """The types of the fields of a class of rows."""
    return _hints(row)


@cache
def _hints(row: Any) -> Mapping[str, Any]:
    known = get_type_hints(row)  # of cached properties too
    return {each.name: known[each.name] for each in fields(row)}


def rows(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Every row within the value, with its path."""
    if isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from rows(item, (*path, number))
    elif has(type(value)):
        yield path, value
        for name in hints(type(value)):
            yield from rows(getattr(value, name), (*path, name))


def put(value: Any, path: tuple[str | int, ...], **changes: object) -> Any:
    """The value with these fields of the row at the path changed."""
    if not path:
        return evolve(value, **changes)
    first, rest = path[0], path[1:]
    if isinstance(first, int):
        return (*value[:first], put(value[first], rest, **changes), *value[first + 1 :])
    return evolve(value, **{first: put(getattr(value, first), rest, **changes)})


# --- Changed ---


def others(value: Any, hint: Any, names: tuple[str, ...]) -> Iterator[Any]:
    """Other values of a field of that type; `names` are those that texts may be."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is typing.Annotated:
        yield from others(value, args[0], names)
    elif origin is Literal:
        yield from (choice for choice in args if choice != value)
    elif origin in (typing.Union, types.UnionType):
        for each in args:
            if value is None or _is(value, each):
                yield from others(value, each, names)
        if type(None) in args and value is not None:
            yield None
    elif origin is tuple:
        yield from _other_items(value or (), args, names)
    elif hint in _SIMPLE:
        yield from _SIMPLE[hint](value)
        yield from (name for name in names if hint is str and name != value)


_SIMPLE: Mapping[Any, Callable[[Any], tuple[Any, ...]]] = {
    bool: lambda value: (not value,),
    str: lambda value: (f"{value or ''}'",),
    date: lambda day: (EDGE,) if day is None else (day + timedelta(days=400), day - timedelta(days=400)),
    Place: lambda place: tuple(Place(text) for text in ("US", "DE", "EEA") if place is None or text != place.text),
}
"""Other values of the types that are not made of others."""


def _is(value: object, hint: Any) -> bool:
    """Whether the value is of that type, as far as fields of registers go."""
    return isinstance(value, get_origin(hint) or hint) if get_origin(hint) is not Literal else value in get_args(hint)


def _other_items(value: tuple[Any, ...], args: tuple[Any, ...], names: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    """Without the last, backwards, with one twice, and with the first changed."""
    if args[-1] is not Ellipsis:  # a pair
        yield from ((*value[:-1], other) for other in others(value[-1], args[-1], names)) if value else ()
        return
    if value:
        yield from (value[:-1], value[::-1], (*value, value[0]))
    for other in others(value[0] if value else None, args[0], names):
        yield (other, *value[1:])


def names_of(register: Register) -> tuple[str, ...]:
    """Some names of everything that rows may name."""
    declared = (
        register.features,
        register.consents,
        register.agreements,
        register.attributes,
        register.data_categories,
    )
    values = (each.values for each in register.declared)
    sides = (tuple(side for side, _ in tension.sides) for tension in register.tensions)
    kinds = (register.regions, register.sub_processors, *declared, *values, *sides)
    return tuple(dict.fromkeys(name for names in kinds for name in names[:2]))


def mutations(register: Register, row: str | None = None, field: str | None = None) -> Iterator[tuple[str, Register]]:
    """The register with one field of one row changed: for some rows of each class, each field and other values.

    Of classes and fields, if they are given, only these. Each comes after the name of the field.
    """
    names, count = names_of(register), Counter[str]()
    for path, value in rows(register):
        count[type(value).__name__] += 1
        if count[type(value).__name__] > CHANGED:
            continue
        for name, hint in hints(type(value)).items():
            if row not in (None, type(value).__name__) or field not in (None, name):
                continue
            for other in others(getattr(value, name), hint, names):
                if other != getattr(value, name):
                    try:
                        changed = put(register, path, **{name: other})
                    except BadInput:  # a region that is not there, a span that ends before it starts
                        continue
                    yield f"{type(value).__name__}.{name}", changed


def everywhere(register: Register, row: str, field: str) -> Register:
    """The register with that field changed in each row that has another value for it."""
    changed = register
    for path, value in rows(register):
        if type(value).__name__ == row:
            other = next(others(getattr(value, field), hints(type(value))[field], ()), None)
            changed = put(changed, path, **{field: other})
    return changed


# --- Asked ---


def enriched(register: Register) -> Register:
    """The register with rows of the kinds that small files do not have: sites of a region, safeguards, nested *all*."""
    first, region = register.sub_processor_rows[0], register.hosting_regions[0]
    site, later = Site((Place("CA"),), ("s",), Span(None, EDGE)), Site((Place("US|CA"),), ("s",), Span(EDGE))
    conditions = (Has("feature", name) for name in register.features)
    row = evolve(
        first.engagements[0],
        when=All((Not(In("hosting region", region.id)), AnyOf((*conditions, Unstated("whom"))))),
        only=("o",),
        notified=EDGE,
        safeguards=(Safeguard("SCC", ("g",), "since then"), Safeguard("BCR", ("g",))),
        located_by=("l",),
    )
    record = Record("notice", "x", ("r",), (("y", ("r",)),), (("z", ("r",)),))
    named = evolve(first, aliases=("alias",), engagements=(row, *first.engagements))
    return evolve(
        register,
        hosting_regions=(evolve(region, sites=(site, later)), *register.hosting_regions[1:]),
        sub_processor_rows=(named, *register.sub_processor_rows[1:]),
        records=(record, *register.records),
    )


def questions(name: str, most: int) -> Iterator[tuple[Register, list[Question]]]:
    """The register and the same under house rules, made up ones enriched, each with what it is asked."""
    by_register: dict[Register, list[Question]] = {}
    for resolver, tenant, day in asked(name, most):
        by_register.setdefault(resolver.register, []).append((tenant, day))
    for register, asked_of_it in by_register.items():
        yield (enriched(register) if name in MADE_UP else register), asked_of_it


def verdicts(decision: Decision) -> dict[str, Any]:
    """All that a decision says but words, names and reasons; engagements in no order."""
    engagements = [
        (each.sub_processor, each.activity, each.region or "", each.verdict, *(side.verdict for side in each.reasons))
        for each in decision.answers()
    ]
    about = (*((activity, None) for activity in ACTIVITIES), *((None, data) for data in decision.data_categories))
    narrowed = [
        decision.verdict(name, activity=activity, data=data) for name in decision.verdicts for activity, data in about
    ]
    return {
        "region": decision.region,
        "settled": decision.settled,
        "hosts": decision.hosts,
        "to_disclose": decision.to_disclose,
        "announced": decision.announced,
        "regions": {answer.id: answer.verdict for answer in decision.region_answers},
        "sub_processors": decision.verdicts,
        "engagements": sorted(engagements),
        "narrowed": narrowed,
    }


def kept() -> dict[str, list[str]]:
    """The digests that are kept, by register."""
    told: dict[str, list[str]] = json.loads(KEPT.read_text("utf-8"))
    return told


if __name__ == "__main__":
    entries = (f'  "{name}": {json.dumps(digests(load_register(PAGES.get(name, name))))}' for name in NAMES)
    KEPT.write_text("{\n" + ",\n".join(entries) + "\n}\n", "utf-8")
