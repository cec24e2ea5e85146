"""Normalises names passed by callers: any iterable becomes a frozenset of plain texts, and nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import frozen

from ..errors import BadInput, quoted

__all__ = [
    "NOTHING",
    "LoneValue",
    "in_order",
    "items_of",
    "names_in",
    "plain_text",
    "refuse_lone_value",
]

NOTHING: frozenset[Any] = frozenset()


def names_in(value: Iterable[str], kind: str) -> frozenset[str]:
    """The names that an iterable holds; `BadInput` where it does not, with the `kind` of the names in the message."""
    if value is NOTHING:
        return NOTHING
    if type(value) in _COLLECTIONS:
        for name in value:
            if type(name) is not str:
                break
        else:
            return frozenset(value)
    names = items_of(value)
    refuse_lone_value(names, kind)
    for name in names:
        if not isinstance(name, str):
            raise BadInput(f"expected a name among {kind}, got {quoted(name)}", "names are texts")
    return frozenset(map(plain_text, names))


_COLLECTIONS = frozenset({tuple, list, set, frozenset})


def plain_text(text: str) -> str:
    """The text as a plain `str`, also where it is a member of an enumeration or of another subclass of `str`."""
    return str.__str__(text)


def items_of(value: object) -> tuple[Any, ...]:
    """The items of an iterable; a text, a mapping or anything not iterable is kept whole, as a `LoneValue`."""
    return (LoneValue(value),) if isinstance(value, str | Mapping) or not isinstance(value, Iterable) else tuple(value)


@frozen
class LoneValue:
    """A value passed where a collection was expected, kept for the message that refuses it."""

    value: object


def in_order(names: frozenset[Any]) -> str:
    """The `repr` of a frozenset with its members sorted, the same under every hash seed."""
    return f"frozenset({{{', '.join(sorted(map(repr, names)))}}})" if names else "frozenset()"


def refuse_lone_value(items: tuple[Any, ...], kind: str) -> None:
    """Raise `BadInput` where `items_of` found no collection."""
    match items:
        case (LoneValue(str() as text),):
            raise BadInput(f"expected a set of {kind}, got the string {quoted(text)}", f"write {{{quoted(text)}}}")
        case (LoneValue(value),):
            raise BadInput(f"expected a set of {kind}, got {quoted(value)}", 'write a set of texts, such as {"a", "b"}')
