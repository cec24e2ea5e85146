"""First pass over a file: structures its content by the schema, strictly; every fault has its path, in file order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time
from functools import cache
from typing import Any, Literal, TypeVar, get_args, get_origin

from attrs import fields_dict, has
from cattrs import Converter
from cattrs.errors import (
    BaseValidationError,
    ClassValidationError,
    ForbiddenExtraKeysError,
    IterableValidationError,
    IterableValidationNote,
)
from cattrs.gen import make_dict_structure_fn, override

from ..errors import JOINERS, MOST_FAULTS, BadFile, Fault, is_hidden, nearest, quoted, shortened
from .paths import Path, fault_order, written
from .schema import LIST_OR_WORDS, NOT_STATED, DayOrNotStated, TenantsFile, Values, plain_type

__all__ = [
    "Path",
    "fault_order",
    "key_of",
    "structured",
    "written",
]

T = TypeVar("T")
Hook = Callable[[object, Any], object]

_LONE_JOINER = re.compile(rf"(?<![^\x00-\x7f{JOINERS}])[{JOINERS}]")
"""A joiner that follows no letter of a script that may need it: texts that look the same would differ by it."""
_ONLY_STRICTER = (
    "house rules place customers, forbid, or resolve a tension; they can never permit what the register prohibits"
)


class _Misfit(ValueError):
    """A value that does not fit the schema: what was expected and what was found, or the whole message."""

    def __init__(self, expected: str, got: str = "", remedy: str | None = None) -> None:
        super().__init__(expected, got, remedy)
        self.expected, self.got, self.remedy = expected, got, remedy

    def fault(self, path: Path) -> Fault:
        """The fault at that path."""
        message = f"expected {self.expected}, got {self.got}" if self.got else self.expected
        return Fault(written(path), message, self.remedy)


def structured(content: dict[str, Any], schema: type[T], file_name: str, *, days_as_texts: bool = False) -> T:
    """The content as a value of `schema`; raises `BadFile` with every fault, in the order of the file.

    With `days_as_texts` a day may be a text, as in JSON, which has no days.
    """
    try:
        return _converter(days_as_texts, schema is TenantsFile).structure(content, schema)
    except BaseValidationError as errors:
        order = fault_order(content)
        faults = sorted(_faults(errors, ()), key=lambda entry: order(entry[0]))
        raise BadFile(file_name, [fault for _, fault in faults]) from None


def _faults(error: BaseException, path: Path) -> Iterator[tuple[Path, Fault]]:
    match error:
        case ClassValidationError():
            noted, others = error.group_exceptions()
            for cause, note in noted:
                yield from _faults(cause, (*path, key_of(note.name)))
            for cause in others:
                yield from _faults(cause, path)
        case IterableValidationError():
            for cause, step in error.group_exceptions()[0]:
                yield from _faults(cause, (*path, step.index))
        case ForbiddenExtraKeysError():
            known = [key_of(name) for name in fields_dict(error.cl)]
            for name in sorted(error.extra_fields)[: MOST_FAULTS + 1]:
                only_stricter = name in ("permit", "allow") and "decided_by" in known
                remedy = _ONLY_STRICTER if only_stricter else nearest(name, known)
                yield (*path, name), Fault(written(path), f"unknown key {quoted(name)}", remedy)
        case KeyError():
            yield path, Fault(written(path[:-1]), f"missing key {path[-1]!r}", f"write {path[-1]} = …")
        case _Misfit():
            yield path, error.fault(path)
        case _:  # pragma: no cover (a fault of this library, not of the file)
            raise error


def key_of(name: str) -> str:
    """The key in the file of an attribute: `is` of `is_`, a name that Python keeps for itself."""
    return name.removesuffix("_")


@cache
def _converter(days_as_texts: bool, nulls: bool) -> Converter:
    converter = Converter(forbid_extra_keys=True, detailed_validation=True)
    if not nulls:  # a condition that is null would be none, and permit
        converter.register_structure_hook_func(_or_none, lambda value, kind: converter.structure(value, _stated(kind)))
    converter.register_structure_hook(str, _text)
    day = _day_or_its_text if days_as_texts else _day
    converter.register_structure_hook(date, day)
    converter.register_structure_hook(bool, _bool)
    converter.register_structure_hook_func(_origin(Literal), _literal)
    converter.register_structure_hook_func(lambda kind: get_origin(plain_type(kind)[0]) is tuple, _list_hook(converter))
    converter.register_structure_hook_func(_origin(dict), _dict_hook(converter))
    for kind, words in LIST_OR_WORDS.items():
        converter.register_structure_hook_func(_equal_to(kind), _words_or_list(words))
    converter.register_structure_hook_func(_equal_to(Values), _values)
    converter.register_structure_hook_func(_equal_to(DayOrNotStated), _or_not_stated(day))
    converter.register_structure_hook_factory(has, lambda kind: _table_hook(converter, kind))
    return converter


def _or_none(kind: object) -> bool:
    return type(None) in get_args(kind)


def _stated(kind: Any) -> Any:
    """The type of a key that may be left out, without the None that it has then."""
    return next(each for each in get_args(kind) if each is not type(None))


def _equal_to(kind: object) -> Callable[[Any], bool]:
    return lambda t: bool(t == kind)


def _origin(kind: object) -> Callable[[Any], bool]:
    return lambda t: get_origin(t) is kind


def _text(value: object, _: Any) -> str:
    if type(value) is not str:
        raise _Misfit("a text", _shown(value))
    if not value.strip():
        raise _Misfit("a text", "an empty one")
    if not value.isprintable() and (any(map(is_hidden, value)) or _LONE_JOINER.search(value)):
        raise _Misfit("a text of one line", _shown(value), "leave out line breaks and control characters")
    return value


def _bool(value: object, _: Any) -> bool:
    if not isinstance(value, bool):
        raise _Misfit("true or false", _shown(value))
    return value


def _day(value: object, expected: Any) -> date:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise _Misfit(
            expected if isinstance(expected, str) else "a day",
            _shown(value),
            "write it without a time and without quotes, as 2019-10-28",
        )
    return value


def _day_or_its_text(value: object, expected: Any) -> date:
    if type(value) is not str:
        return _day(value, expected)
    try:
        day = date.fromisoformat(value)
    except ValueError:
        day = None
    if day is None or day.isoformat() != value:
        raise _Misfit(expected if isinstance(expected, str) else "a day", _shown(value), 'write it as "2019-10-28"')
    return day


def _or_not_stated(day: Callable[[object, Any], date]) -> Hook:
    return lambda value, _: NOT_STATED if value == NOT_STATED else day(value, f"a day or {NOT_STATED!r}")


def _literal(value: object, kind: Any) -> object:
    choices = get_args(kind)
    same_kind = any(type(value) is type(choice) for choice in choices)
    if not same_kind or (len(choices) == 1 and value not in choices):
        raise _Misfit(" or ".join(map(repr, choices)), _shown(value))
    if value not in choices:
        raise _Misfit(f"unknown value {quoted(value)}", remedy=nearest(str(value), [str(choice) for choice in choices]))
    return value


def _words_or_list(words: tuple[str, ...]) -> Hook:
    expected = " or ".join(["a list of places", *map(repr, words)])

    def hook(value: object, _: Any) -> object:
        if isinstance(value, str) and value not in words:
            close = nearest(value, words)
            remedy = close if close.startswith("did you mean") else _as_a_list(value)
            raise _Misfit(expected, _shown(value), remedy)
        return value if isinstance(value, str) else _texts(value, expected)

    return hook


def _values(value: object, _: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else _texts(value, "a text or a list of texts")


def _texts(value: object, expected: str) -> tuple[str, ...]:
    return tuple(_collected(enumerate(_a_list(value, expected)), lambda text: _text(text, str)))


def _a_list(value: object, expected: str) -> list[Any]:
    if not isinstance(value, list):
        raise _Misfit(expected, _shown(value), _as_a_list(value) if isinstance(value, str) else None)
    return value


def _as_a_list(value: str) -> str:
    return f'write ["{shortened(value)}"]'


def _a_table(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _Misfit("a table", _shown(value))
    return value


def _list_hook(converter: Converter) -> Hook:
    def hook(value: object, kind: Any) -> object:
        plain, names = plain_type(kind)
        inner, expected = get_args(plain)[0], f"a list of {names}" if names else "a list"
        return tuple(_collected(enumerate(_a_list(value, expected)), lambda entry: converter.structure(entry, inner)))

    return hook


def _dict_hook(converter: Converter) -> Hook:
    def hook(value: object, kind: Any) -> object:
        table, inner = _a_table(value), get_args(kind)[1]
        return dict(zip(table, _collected(table.items(), lambda entry: converter.structure(entry, inner)), strict=True))

    return hook


def _table_hook(converter: Converter, kind: Any) -> Hook:
    renamed: Any = {name: override(rename=key_of(name)) for name in fields_dict(kind) if key_of(name) != name}
    structure = make_dict_structure_fn(
        kind, converter, _cattrs_forbid_extra_keys=True, _cattrs_detailed_validation=True, **renamed
    )
    return lambda value, _: structure(_a_table(value), kind)


def _collected(entries: Iterable[tuple[int | str, Any]], structure: Callable[[Any], T]) -> list[T]:
    """The entries, structured; faults are raised together, each with its index or key, and end once they are enough."""
    values: list[T] = []
    errors: list[Exception] = []
    number = 0
    for step, entry in entries:
        try:
            values.append(structure(entry))
        except (BaseValidationError, _Misfit) as error:
            error.add_note(IterableValidationNote(f"at {step}", step, None))
            errors.append(error)
            number += _number_of_faults(error)
            if number > MOST_FAULTS:
                break
    if errors:
        raise IterableValidationError("several", errors, list)  # pyright: ignore[reportCallIssue]
    return values


def _number_of_faults(error: BaseException) -> int:
    """The number of faults that the error stands for."""
    match error:
        case BaseValidationError():
            return sum(map(_number_of_faults, error.exceptions))
        case ForbiddenExtraKeysError():
            return len(error.extra_fields)
        case _:
            return 1


def _shown(value: object) -> str:
    match value:
        case str():
            return f"the string {quoted(value)}"
        case bool():
            return "true" if value else "false"
        case datetime():
            return f"the moment {value.isoformat(sep=' ')}"
        case time():
            return f"the time {value.isoformat()}"
        case date():
            return f"the day {value.isoformat()}"
        case None:
            return "null"
        case dict():
            return "a table"
        case list():
            return "a list"
        case _:
            return quoted(value)
