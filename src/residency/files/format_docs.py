"""Documentation of the register format, made from its schema: a reference for people, a JSON Schema for editors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from inspect import getdoc
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from attrs import NOTHING, Attribute, fields, fields_dict, has

from ..errors import MOST_FAULTS
from .groupings_file import groupings
from .parse import DEEPEST, LARGEST, LONGEST_KEY, LONGEST_LINE, MOST, MOST_VALUES
from .register_file import MOST_ENGAGEMENTS
from .register_schema import RegisterFile
from .schema import LIST_OR_WORDS, NOT_STATED, DayOrNotStated, Values, plain_type
from .structure import key_of

__all__ = ["json_schema", "reference"]

BAR = r"\|"
"""A bar within a cell of a Markdown table."""
_TEXT = {"type": "string", "pattern": r"\S"}
_DAY = {"type": "string", "format": "date"}
_TEXTS = {"type": "array", "items": _TEXT}


def _quoted(words: tuple[Any, ...]) -> str:
    return ", ".join(f"`{word!r}`".replace("'", '"') for word in words)


_KINDS: Mapping[Any, tuple[dict[str, Any], str]] = {
    str: (_TEXT, "text"),
    date: (_DAY, "day"),
    bool: ({"type": "boolean"}, "true or false"),
    Values: ({"anyOf": [_TEXT, _TEXTS]}, "text or texts"),
    DayOrNotStated: ({"anyOf": [_DAY, {"enum": [NOT_STATED]}]}, f"day, or {_quoted((NOT_STATED,))}"),
    **{
        kind: ({"anyOf": [_TEXTS, {"enum": list(words)}]}, f"texts, or {_quoted(words)}")
        for kind, words in LIST_OR_WORDS.items()
    },
}
"""The JSON Schema of a single value, by type, and the name of the type in the reference."""


def tables() -> list[type[Any]]:
    """The register file, then every table that it may hold, in the order in which they are first met."""
    found: list[type[Any]] = []
    _collect(RegisterFile, found)
    return found


def _collect(table: type[Any], found: list[type[Any]]) -> None:
    if table in found:
        return
    found.append(table)
    for kind in _hints(table).values():
        for part in _parts(kind):
            if has(part):
                _collect(part, found)


def _parts(kind: Any) -> Iterator[Any]:
    yield kind
    for part in get_args(kind):
        yield from _parts(part)


def _hints(table: type[Any]) -> dict[str, Any]:
    """The type of each attribute of a table, own keys first, those of every dated row last."""
    hints = get_type_hints(table, include_extras=True)
    keys = sorted(fields(table), key=lambda key: key.inherited)
    return {key.name: hints[key.name] for key in keys}


# --- For editors ---


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a register file, as JSON types; a day is written as a TOML day in the file."""
    first, *others = tables()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "a register of the library residency",
        **_object(first),
        "$defs": {table.__name__: _object(table) for table in others},
    }


def _object(table: type[Any]) -> dict[str, Any]:
    keys, hints = fields_dict(table), _hints(table)
    return {
        "description": getdoc(table),
        "type": "object",
        "additionalProperties": False,
        "required": [key_of(name) for name in hints if keys[name].default is NOTHING],
        "properties": {
            key_of(name): {**_schema(kind), "description": keys[name].metadata["says"]} for name, kind in hints.items()
        },
    }


def _schema(kind: Any) -> dict[str, Any]:
    kind, _ = plain_type(kind)
    if kind in _KINDS:
        return _KINDS[kind][0]
    match get_origin(kind):
        case origin if origin in (Union, UnionType):
            return _schema(next(part for part in get_args(kind) if part is not NoneType))
        case origin if origin is Literal:
            return {"enum": list(get_args(kind))}
        case origin if origin is tuple:
            return {"type": "array", "items": _schema(get_args(kind)[0])}
        case origin if origin is dict:
            return {"type": "object", "additionalProperties": _schema(get_args(kind)[1])}
    return {"$ref": f"#/$defs/{kind.__name__}"}


# --- For people ---

_PREFACE = (
    "Every key of every table, made from the shapes that files are read with: `residency format` prints this page,",
    "`residency format --json` the [JSON Schema](register.schema.json) for editors. How to write a register is told in",
    "[Write a register](../how-to/write-a-register.md).",
    "",
    "A file is TOML. Anything that is not listed here is refused. A *day* is a TOML day without quotes; a span of days",
    "ends on the first day that no longer counts. A *text* has one line; *texts* are a list of them.",
)

_BOUNDS = (
    f"A file is a regular one (no pipe, no device) of {LARGEST // 1024**2} MB at most, which holds {MOST:,} lists and",
    f"tables and nests them {DEEPEST} deep; where it is TOML, {MOST_VALUES:,} values, lines of {LONGEST_LINE:,}",
    f"characters, and dotted keys of {LONGEST_KEY} names. A row that names several regions counts once for each, and",
    f"again for each stay of a region: a register has {MOST_ENGAGEMENTS:,} engagements at most. All of this is far",
    "more than published pages need; what is larger is refused.",
    "",
    f"Of a file's faults the first {MOST_FAULTS} are told, and of a long value its start and its length.",
)


def reference() -> str:
    """The reference in Markdown: each table with its keys, their types, defaults, meanings, and an example."""
    return "\n".join(_reference()).rstrip()


def _reference() -> Iterator[str]:
    yield "# The register format"
    yield ""
    yield from _PREFACE
    for table in tables():
        yield from ("", f"## {table.__name__}", "", str(getdoc(table)), "")
        yield "| key | type | default | meaning | example |"
        yield "|---|---|---|---|---|"
        keys = fields_dict(table)
        for name, kind in _hints(table).items():
            row = keys[name]
            cells = (
                f"`{key_of(name)}`",
                _type(kind),
                _default(row),
                row.metadata["says"],
                f"`{row.metadata['example']}`",
            )
            yield f"| {' | '.join(cell.replace('|', BAR) for cell in cells)} |"
    yield from ("", "## Places", "")
    yield "A country's ISO 3166-1 alpha-2 code (`XK` too), or a grouping:"
    yield f"by dated membership {_quoted(_names(dated=True))};"
    yield f"by UN M49 geography, which is never membership, {_quoted(_names(dated=False))}."
    yield from ("", "## How large a file may be", "")
    yield from _BOUNDS


def _names(*, dated: bool) -> tuple[str, ...]:
    return tuple(group.id for group in groupings() if (group.checked is not None) == dated)


def _default(row: Attribute[Any]) -> str:
    if row.default is NOTHING:
        return "**needed**"
    if isinstance(row.default, bool):
        return "true" if row.default else "false"
    return _quoted((row.default,)) if isinstance(row.default, str) and row.default else "none"


def _type(kind: Any) -> str:
    kind, _ = plain_type(kind)
    if kind in _KINDS:
        return _KINDS[kind][1]
    inner = get_args(kind)
    match get_origin(kind):
        case origin if origin in (Union, UnionType):
            return _type(next(part for part in inner if part is not NoneType))
        case origin if origin is Literal:
            return _quoted(inner)
        case origin if origin is tuple:
            return "texts" if inner[0] is str else f"list of {_type(inner[0])}"
        case origin if origin is dict:
            return f"table of {_type(inner[1])}, by name"
    return f"[{kind.__name__}](#{kind.__name__.lower()})"
