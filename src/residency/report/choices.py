"""The screen of a register's names: what a question may name, by kind, with the argument that takes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..model.register import Register
from .layout import columns, cut, padded, wrapped

__all__ = ["choices", "lines"]

FORMAT = 1
_ARGUMENTS = {
    "regions": "--agreed-region",
    "features": "--feature",
    "consents": "--consent",
    "agreements": "--agreement",
    "attributes": "--attribute",
    "data categories": "--data",
    "sub-processors": "--objection, --why",
}


def lines(register: Register, width: int) -> Iterator[str]:
    """The names on one screen of that width, kinds that have none left out."""
    for kind, rows in _rows(register).items():
        if not rows:
            continue
        yield from wrapped(f"{kind} of {register.id} ({len(rows)}), for {_ARGUMENTS[kind]}", width)
        longest = [max(columns(text) for text in texts) for texts in zip(*map(_texts, rows), strict=True)]
        room = width - 4 - (2 if longest[2] else 0)
        first = min(longest[0], room // 2)
        last = min(longest[2], (room - first) // 2)
        second = min(longest[1], room - first - last)
        for row in rows:
            name, says, more = _texts(row)
            yield f"  {padded(name, first)}  {padded(says, second)}  {cut(more, last)}".rstrip()
            if row.get("values"):
                yield from wrapped(", ".join(row["values"]), width, 6, "    values: ")


def choices(register: Register) -> dict[str, Any]:
    """The names as plain JSON types, with `format` 1: for each kind its argument, and its rows."""
    kinds = {
        kind.replace(" ", "_").replace("-", "_"): {"argument": _ARGUMENTS[kind], "names": rows}
        for kind, rows in _rows(register).items()
    }
    return {"format": FORMAT, "register": register.id, **kinds}


def _rows(register: Register) -> dict[str, list[dict[str, Any]]]:
    """The rows of each kind, sorted by id: id, name, and what else is stated."""
    regions = [
        {"id": row.id, "name": row.name, "places": None if row.places is None else [each.text for each in row.places]}
        for row in map(register.region, register.regions)
    ]
    sub_processors = [
        {"id": row.id, "name": row.name, "activities": sorted({each.activity for each in row.engagements})}
        for row in map(register.sub_processor, register.sub_processors)
    ]
    declared = sorted(register.declared, key=lambda row: row.id)
    named = {kind: [row for row in declared if row.kind == kind] for kind in ("consent", "agreement", "data")}
    plain = {kind: [{"id": row.id, "name": row.says} for row in rows] for kind, rows in named.items()}
    return {
        "regions": regions,
        "features": [
            {"id": row.id, "name": row.says, "default": "on" if row.on_by_default else "off"}
            for row in declared
            if row.kind == "feature"
        ],
        "consents": plain["consent"],
        "agreements": plain["agreement"],
        "attributes": [
            {"id": row.id, "name": row.says, "values": list(row.values)} for row in declared if row.kind == "attribute"
        ],
        "data categories": plain["data"],
        "sub-processors": sub_processors,
    }


def _texts(row: dict[str, Any]) -> tuple[str, str, str]:
    """The columns of a row: its id, its name, and what else it says."""
    match row:
        case {"places": None}:
            more = "place not stated"
        case {"places": places}:
            more = f"places: {', '.join(places)}"
        case {"default": default}:
            more = f"{default} by default"
        case {"activities": activities}:
            more = ", ".join(activities)
        case _:
            more = ""
    return row["id"], row["name"], more
