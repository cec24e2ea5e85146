"""Reading stored decisions and tenants: plain JSON values, each checked, each fault with its path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from attrs import frozen

from ..errors import BadInput, is_hidden, nearest, quoted

__all__ = ["CHANGED", "RECEIPT_CHANGED", "Reader", "check_as_written", "first_difference"]

CHANGED = "the stored decision was changed after it was made"
"""The remedy where a stored decision contradicts itself, or holds what no decision writes."""

RECEIPT_CHANGED = "the receipt was changed after it was written"
"""The remedy for all that is wrong with the record of a receipt, whose bytes are canonical."""
_WRITTEN = "pass what Decision.to_dict() returned"
_OF_STORED = {_WRITTEN: CHANGED, RECEIPT_CHANGED: RECEIPT_CHANGED}
"""The remedy where what is stored was changed, by the one where it is something else; what callers write is neither."""


@frozen(eq=False, repr=False)
class Reader:
    """Reader of one JSON object, found at `path`; every method returns a checked value or raises `BadInput`."""

    value: Mapping[str, Any]
    path: str = "$"
    remedy: str = _WRITTEN

    @classmethod
    def of(cls, value: object, path: str = "$", remedy: str = _WRITTEN) -> Reader:
        """A reader of `value`, which must be an object with text keys; `remedy` says where such objects come from."""
        if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
            raise BadInput(f"expected an object, got {quoted(value)} at {path}", remedy)
        return cls(value, path, remedy)

    def only(self, *keys: str, optional: Sequence[str] = ()) -> None:
        """Refuse keys that are missing or unknown."""
        for fault in self.key_faults((*keys, *optional), needed=keys):
            raise fault

    def key_faults(self, keys: Sequence[str], needed: Iterable[str]) -> Iterator[BadInput]:
        """The keys that are unknown, or needed and missing, each as a fault at that key."""
        for key in self.value:
            if key not in keys:
                yield BadInput(f"unknown key {quoted(key)} at {self.path}", nearest(key, keys)).at(key)
        for key in needed:
            if key not in self.value:
                yield BadInput(f"missing key {key!r} at {self.path}", self.remedy).at(key)

    def _one_line(self, text: str, path: str) -> str:
        """The text, unchanged; `BadInput` for a control character, which would act on the terminal that prints it."""
        for letter in () if text.isprintable() else text:
            if is_hidden(letter):
                message = f"the control character {letter!r} in the text {quoted(text)} at {path}"
                raise BadInput(message, _OF_STORED.get(self.remedy, "leave it out"))
        return text

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if key else self.path

    def _typed(self, key: str, kind: type[Any], expected: str) -> Any:
        value = self.value.get(key)
        if type(value) is not kind:
            raise BadInput(f"expected {expected}, got {quoted(value)} at {self._at(key)}", self.remedy)
        return value

    def text(self, key: str) -> str:
        """A text."""
        text: str = self._typed(key, str, "a text")
        return text if text.isprintable() else self._one_line(text, self._at(key))

    def text_or_none(self, key: str) -> str | None:
        """A text or null."""
        return None if self.value.get(key) is None else self.text(key)

    def choice(self, key: str, choices: Sequence[str]) -> str:
        """One of some texts."""
        value = self.text(key)
        if value not in choices:
            raise BadInput(f"unknown {key} {quoted(value)} at {self.path}.{key}", nearest(value, choices))
        return value

    def day(self, key: str) -> date:
        """A day as `YYYY-MM-DD`."""
        text = self.text(key)
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = None
        if day is None or day.isoformat() != text:
            raise BadInput(f"expected a day as 'YYYY-MM-DD', got {quoted(text)} at {self.path}.{key}")
        return day

    def texts(self, key: str) -> list[str]:
        """A list of texts."""
        values: list[Any] = self._typed(key, list, "a list of texts")
        for index, value in enumerate(values):
            if not isinstance(value, str):
                raise BadInput(f"expected a text, got {quoted(value)} at {self.path}.{key}[{index}]", self.remedy)
            self._one_line(value, f"{self.path}.{key}[{index}]")
        return values

    def texts_or_none(self, key: str) -> list[str] | None:
        """A list of texts, or null."""
        return None if self.value.get(key) is None else self.texts(key)

    def texts_by_name(self) -> dict[str, str]:
        """Its values, all of them texts, by their keys."""
        return {self._one_line(name, self.path): self.text(name) for name in self.value}

    def names(self, key: str) -> dict[str, str]:
        """An object whose values are texts."""
        return self.record(key).texts_by_name()

    def keys(self, key: str) -> list[str]:
        """The keys of an object, sorted; none where there is no such object."""
        reader = self.record(key) if key in self.value else Reader({})
        return sorted(self._one_line(name, reader.path) for name in reader.value)

    def place(self, key: str, before: int) -> int:
        """The place of an entry of a list, one of those `before` that place."""
        value = self.value.get(key)
        if type(value) is not int or not 0 <= value < before:
            message = f"expected a number from 0 to {before - 1}, got {quoted(value)} at {self._at(key)}"
            raise BadInput(message, _OF_STORED.get(self.remedy, CHANGED))
        return value

    def places(self, key: str, before: int) -> tuple[int, ...]:
        """A list of such places; empty where there is no such key."""
        return tuple(each.place("", before) for each in self.elements(key))

    def elements(self, key: str) -> Iterator[Reader]:
        """A reader of each element of the list under the key, as its empty key; none where there is no such key."""
        values: list[Any] = self._typed(key, list, "a list") if key in self.value else []
        for index, value in enumerate(values):
            yield Reader({"": value}, f"{self.path}.{key}[{index}]", self.remedy)

    def record(self, key: str) -> Reader:
        """The object under the key."""
        return Reader.of(self.value.get(key), f"{self.path}.{key}", self.remedy)

    def records(self, key: str) -> Iterator[Reader]:
        """The objects of the list under the key; none where there is no such key."""
        for index, value in enumerate(self.objects(key) if key in self.value else ()):
            yield Reader.of(value, f"{self.path}.{key}[{index}]", self.remedy)

    def objects(self, key: str) -> list[Any]:
        """A list of what should be objects: `of` reads each."""
        values: list[Any] = self._typed(key, list, "a list of objects")
        return values

    def entries(self, key: str) -> Iterator[tuple[str, Reader]]:
        """The objects that are the values of an object, sorted by name; none where there is no such key."""
        reader = self.record(key) if key in self.value else Reader({})
        for name in sorted(reader.value):
            yield self._one_line(name, reader.path), reader.record(name)

    def lists(self, key: str) -> Iterator[tuple[str, Reader]]:
        """A reader of each list that is a value of an object, as its empty key, by name."""
        reader = self.record(key)
        for name in reader.value:
            reader._typed(self._one_line(name, reader.path), list, "a list")
            yield name, Reader({"": reader.value[name]}, f"{reader.path}.{name}", self.remedy)


def check_as_written(stored: object, follows: object, remedy: str = CHANGED) -> None:
    """Raise `BadInput` with the first path at which what is stored is not what follows, and so would be written."""
    difference = first_difference(stored, follows)
    if difference is not None:
        path, found, expected = difference
        raise BadInput(f"the stored {quoted(found)} at {path} is not the {quoted(expected)} that follows", remedy)


def first_difference(one: object, other: object, path: str = "$") -> tuple[str, object, object] | None:
    """The first path at which two plain JSON values differ, and both values there (`None`: one has none)."""
    inner: Iterable[tuple[str, object, object]]
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        inner = ((f"{path}.{key}", one.get(key), other.get(key)) for key in sorted(one.keys() | other.keys()))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        inner = ((f"{path}[{index}]", *both) for index, both in enumerate(zip(one, other, strict=True)))
    else:
        return None if type(one) is type(other) and one == other else (path, one, other)
    found = (first_difference(mine, yours, at) for at, mine, yours in inner)
    return next((difference for difference in found if difference is not None), None)
