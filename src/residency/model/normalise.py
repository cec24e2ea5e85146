"""Names and collections as callers give them: any iterable in, a frozenset of plain texts inside, and no guessing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import frozen

from ..errors import BadInput, quoted

__all__ = [
    "NOTHING",
    "Single",
    "every_of",
    "in_order",
    "names_in",
    "plain",
    "refuse_lists",
]

NOTHING: frozenset[Any] = frozenset()


def names_in(value: Iterable[str], what: str) -> frozenset[str]:
    """The names that an iterable holds; `what` they name."""
    if value is NOTHING:
        return NOTHING
    if type(value) in _COLLECTIONS:
        for name in value:
            if type(name) is not str:
                break
        else:
            return frozenset(value)
    every = every_of(value)
    refuse_lists(every, what)
    for name in every:
        if not isinstance(name, str):
            raise BadInput(f"expected a name among {what}, got {quoted(name)}", "names are texts")
    return frozenset(map(plain, every))


_COLLECTIONS = frozenset({tuple, list, set, frozenset})


def plain(text: str) -> str:
    """The text itself, where it was a member of an enumeration or another kind of text."""
    return str.__str__(text)


def every_of(value: object) -> tuple[Any, ...]:
    """What an iterable holds; a text, a mapping or no iterable at all is no such list, so it stands for itself."""
    return (Single(value),) if isinstance(value, str | Mapping) or not isinstance(value, Iterable) else tuple(value)


@frozen
class Single:
    """A value that is no list."""

    value: object


def in_order(names: frozenset[Any]) -> str:
    """A set as it prints, in an order that no hash seed changes."""
    return f"frozenset({{{', '.join(sorted(map(repr, names)))}}})" if names else "frozenset()"


def refuse_lists(every: tuple[Any, ...], what: str) -> None:
    """Raise `BadInput` where what was given is no collection."""
    match every:
        case (Single(str() as text),):
            raise BadInput(f"expected a set of {what}, got the string {quoted(text)}", f"write {{{quoted(text)}}}")
        case (Single(value),):
            raise BadInput(f"expected a set of {what}, got {quoted(value)}", 'write a set of texts, such as {"a", "b"}')
