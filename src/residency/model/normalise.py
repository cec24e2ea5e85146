"""Normalises names passed by callers: any iterable becomes a frozenset of plain texts, and nothing is guessed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from inspect import signature
from itertools import chain, islice
from typing import Any, TypeVar

from attrs import NOTHING as REQUIRED
from attrs import fields, frozen

from ..errors import MOST_FAULTS, BadInput, quoted, together
from .stored import Reader

__all__ = [
    "NOTHING",
    "LoneValue",
    "all_faults_of",
    "in_order",
    "items_of",
    "names_in",
    "plain_text",
    "read_fields",
    "refuse_lone_value",
]

T = TypeVar("T")
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


def all_faults_of(subject: str) -> Callable[[type[T]], type[T]]:
    """Class decorator: a frozen class whose `BadInput` tells every fault of what was passed, each at its field."""

    def decorate(kind: type[Any]) -> type[Any]:
        initialise = kind.__init__

        @wraps(initialise)
        def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807 (it takes the place of the one of attrs)
            try:
                initialise(self, *args, **kwargs)
            except BadInput as fault:
                first = fault
            else:
                return
            bound = signature(initialise).bind(self, *args, **kwargs)
            bound.apply_defaults()
            raise together(_all_faults(self, bound.arguments, first), subject) or first

        kind.__init__ = __init__
        return kind

    return decorate


def read_fields(
    kind: type[T], reader: Reader, reads: Mapping[str, Callable[[str], Any]], needed: Iterable[str], subject: str
) -> T:
    """A value whose fields are read from an object, each by its own reading; every fault is raised at once."""
    faults = list(islice(reader.key_faults(tuple(reads), needed), MOST_FAULTS + 1))
    passed: dict[str, Any] = {}
    for key, read in reads.items():
        if key in reader.value:
            try:
                passed[key] = read(key)
            except BadInput as fault:
                faults.append(fault.at(key))
    if not faults:
        return kind(**passed)
    value: Any = kind.__new__(kind)
    left_out = {field.name: field.default for field in fields(type(value)) if field.name not in reader.value}
    known = {name: default for name, default in left_out.items() if default is not REQUIRED}
    raise together(chain(faults, faults_of(value, {**known, **passed})), subject) or faults[0]


def _all_faults(value: Any, passed: Mapping[str, object], first: BadInput) -> Iterator[BadInput]:
    """The fault by which the fields of `value` ceased to be set, then those of the fields that were to follow."""
    unset = [field.name for field in fields(type(value)) if not hasattr(value, field.name)]
    yield first.at(unset[0]) if unset else first
    if unset:
        yield from faults_of(value, {name: passed[name] for name in unset[1:]})


def faults_of(value: Any, passed: Mapping[str, object]) -> Iterator[BadInput]:
    """The faults of what was passed for fields of `value`, each at its field, then of all of its fields together."""
    for field in fields(type(value)):
        if field.name in passed:
            try:
                object.__setattr__(value, field.name, field.converter(passed[field.name]))
            except BadInput as fault:
                yield fault.at(field.name)
    yield from value._contradictions()
