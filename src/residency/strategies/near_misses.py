"""Near misses: register files that are broken in exactly one place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from datetime import date, datetime, time
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from attrs import NOTHING, fields_dict, frozen, has
from hypothesis import strategies as st

from ..files.document_schema import Resolves
from ..files.register_schema import RegisterFile
from ..files.schema import Values, When, plain_type
from ..files.structure import Path, key_of, written
from .conditions import Row
from .registers import tidy_register_content
from .toml import toml

__all__ = ["BREAKS", "NearMiss", "Spot", "near_misses", "spots"]


@frozen
class NearMiss:
    """A register's file that is right but for one fault, to test one's own loader with.

    `kind` is what was done to it (`"misspelt key"`, `"moment for a day"` ...), `path` where the fault is to
    be found, as `Fault.path` writes it (`"$.regions[0].basis"`; a key too many or too few is a fault of its table).
    `content` is what the file holds, plain values as `tomllib` reads them, and `toml` is its text.
    """

    kind: str
    path: str
    content: Row

    @property
    def toml(self) -> str:
        """The text of the file."""
        return toml(self.content)


@st.composite
def near_misses(draw: st.DrawFn) -> NearMiss:
    """Files of made-up registers, as those of `registers()`, each broken in exactly one place.

    `load_register` raises `BadFile` for each, with a fault at its `path`. Shrinks towards a small file.
    """
    wanted = draw(st.sampled_from(list(BREAKS)))
    content = draw(tidy_register_content())
    kind = wanted if any(_breaks(content, wanted)) else "misspelt key"  # for which there always is a key
    place, path, value = draw(st.sampled_from(list(_breaks(content, kind))))
    return NearMiss(kind, written(path), deepcopy(_replaced(content, place, value)))


def _breaks(content: Row, kind: str) -> Iterator[tuple[Path, Path, Any]]:
    """Each break of that kind: the path of a value, the path of the fault that it makes, and the new value."""
    return ((spot.path, *broken) for spot in spots(content) for broken in BREAKS[kind](spot))


def _replaced(content: Any, path: Path, value: Any) -> Any:
    """The content with that value at that path."""
    if not path:
        return value
    step, *rest = path
    if isinstance(content, dict):
        return {key: _replaced(inner, tuple(rest), value) if key == step else inner for key, inner in content.items()}
    return [_replaced(inner, tuple(rest), value) if n == step else inner for n, inner in enumerate(content)]


# --- Where a file can be broken ---


@frozen
class Spot:
    """One value of a file: its path, and its type by the schema; `of` is the table that it is in.

    `names` is what it is a name of, or a list of names, where the schema says so.
    """

    path: Path
    value: Any
    shape: Any
    of: Any
    names: str | None = None

    @property
    def key(self) -> str:
        """The key of the value, or of the list that it is an entry of."""
        return next(step for step in reversed(self.path) if isinstance(step, str))


def spots(
    value: Any, shape: Any = RegisterFile, path: Path = (), of: Any = None, names: str | None = None
) -> Iterator[Spot]:
    """Every value of a file of that shape, the outer ones first."""
    if get_origin(shape) in (Union, UnionType):
        shape = next(part for part in get_args(shape) if part is not NoneType)
    shape, named = plain_type(shape)
    yield Spot(path, value, shape, of, named or names)
    if has(shape):
        for key, kind in _keys(shape).items():
            if key in value:
                yield from spots(value[key], kind, (*path, key), shape)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from spots(inner, get_args(shape)[1], (*path, key), of)
    elif isinstance(value, list):
        entries = get_args(shape)[0] if get_origin(shape) is tuple else str
        for number, inner in enumerate(value):
            yield from spots(inner, entries, (*path, number), of, named)


@cache
def _keys(table: Any) -> Mapping[str, Any]:
    return {key_of(name): kind for name, kind in get_type_hints(table, include_extras=True).items()}


@cache
def _defaults(table: Any) -> Mapping[str, Any]:
    return {key_of(name): attribute.default for name, attribute in fields_dict(table).items()}


# --- How ---

Broken = Iterator[tuple[Path, Any]]
"""The path of the fault, and what takes the place of the value."""

_DECLARED = {
    *("clauses and readings", "clauses", "documents", "data categories", "hosting regions", "customer regions"),
    *("features", "consents", "agreements", "attributes", "tensions"),
}
"""What the file itself declares."""


def _misspelt_key(spot: Spot) -> Broken:
    for key in spot.value if has(spot.shape) else ():
        yield spot.path, {f"{name}x" if name == key else name: value for name, value in spot.value.items()}


def _missing_key(spot: Spot) -> Broken:
    for key in spot.value if has(spot.shape) else ():
        if _defaults(spot.shape)[key] is NOTHING:
            yield spot.path, {name: value for name, value in spot.value.items() if name != key}


def _text_for_a_list(spot: Spot) -> Broken:
    if isinstance(spot.value, list) and spot.shape != Values:
        yield spot.path, next((text for text in spot.value if isinstance(text, str)), "x")


def _wrong_type(spot: Spot) -> Broken:
    if spot.path:
        yield spot.path, 5


def _empty_text(spot: Spot) -> Broken:
    if spot.shape is str:
        yield spot.path, ""


def _unknown_word(spot: Spot) -> Broken:
    if get_origin(spot.shape) is Literal and isinstance(spot.value, str):
        yield spot.path, f"{spot.value}x"


def _moment_for_a_day(spot: Spot) -> Broken:
    if isinstance(spot.value, date):
        yield spot.path, datetime.combine(spot.value, time())


def _quoted_day(spot: Spot) -> Broken:
    if isinstance(spot.value, date):
        yield spot.path, spot.value.isoformat()


def _until_not_after_since(spot: Spot) -> Broken:
    if has(spot.shape) and "since" in spot.value:
        yield (*spot.path, "until"), {**spot.value, "until": spot.value["since"]}


def _unknown_name(spot: Spot) -> Broken:
    if spot.shape is str and spot.names in _DECLARED:
        yield spot.path, f"{spot.value}x"


def _unknown_value(spot: Spot) -> Broken:
    if spot.shape == Values or (spot.of is Resolves and spot.key == "is"):
        yield spot.path, f"{spot.value}x" if isinstance(spot.value, str) else [*spot.value, "x"]


def _unknown_country(spot: Spot) -> Broken:
    if spot.shape is str and spot.key in {"places", "customers", "registered_in"}:
        yield spot.path, "UK"


def _duplicate_entry(spot: Spot) -> Broken:
    if isinstance(spot.value, list) and isinstance(spot.value[0], str):
        yield (*spot.path, len(spot.value)), [*spot.value, spot.value[0]]


def _duplicate_engagement(spot: Spot) -> Broken:
    if isinstance(spot.value, list) and spot.key in {"engagements", "own_infrastructure"}:
        yield (*spot.path, len(spot.value)), [*spot.value, spot.value[0]]


def _duplicate_id(spot: Spot) -> Broken:
    if isinstance(spot.value, list) and isinstance(spot.value[0], dict) and "id" in spot.value[0]:
        yield (*spot.path, len(spot.value), "id"), [*spot.value, spot.value[0]]


def _empty_list(spot: Spot) -> Broken:
    """An empty list of texts, unless the key may be left out to mean that."""
    if isinstance(spot.value, list) and isinstance(spot.value[0], str) and _defaults(spot.of)[spot.key] != ():
        yield spot.path, []


def _empty_condition(spot: Spot) -> Broken:
    if spot.shape is When:
        yield spot.path, {}


BREAKS: Mapping[str, Callable[[Spot], Broken]] = {
    break_.__name__.strip("_").replace("_", " "): break_
    for break_ in (
        *(_misspelt_key, _missing_key, _text_for_a_list, _wrong_type, _empty_text, _unknown_word, _moment_for_a_day),
        *(_quoted_day, _until_not_after_since, _unknown_name, _unknown_value, _unknown_country, _duplicate_entry),
        *(_duplicate_engagement, _duplicate_id, _empty_list, _empty_condition),
    )
}
"""The ways to break a value, by kind; each yields what takes its place, or nothing where it does not apply."""
