"""Second pass over a file: names, spans, places and conditions. Faults are collected with their paths, then raised."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from attrs import astuple

from ..errors import MOST_FAULTS, BadFile, BadInput, Fault, nearest, quoted
from ..model.conditions import All, Condition, Has, Having, In, Is, Not, Unstated, Valued, levels
from ..model.conditions import Any as AnyOf
from ..model.house_rules import names_of
from ..model.places import Grouping, Place
from ..model.register import Register
from ..model.timeline import ALWAYS, Span
from .schema import Dated, When
from .structure import Path, fault_order, written

__all__ = ["Disjoint", "HasId", "Semantics", "locations_in_words"]

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_MOST_COLLECTED = 10 * MOST_FAULTS
"""How many faults are collected before the second pass ends: more than are shown, to show the first of the file."""

Remedy = str | Callable[[], str] | None
"""The remedy of a fault, or a function that makes it where that takes long: called only for a fault that is shown."""

DEEPEST_CONDITION = 12
"""How many levels deep conditions may be nested, so that the reasons they make can be stored: `reason.DEEPEST`."""

Kind = str
"""The kind of thing that a name is of, as messages call it: "feature", "hosting region", "clause or reading" …"""


class HasId(Protocol):
    """A row with an id."""

    @property
    def id(self) -> str:
        """The id."""
        ...


class Semantics:
    """The second pass over one file: checks that collect faults; `known` holds the names that rows may use, by kind."""

    def __init__(self, file_name: str, content: dict[str, Any], groups: Mapping[str, Grouping]) -> None:
        self.known: dict[str, Mapping[str, Collection[str]]] = {}
        self._file_name, self._order, self._groups = file_name, fault_order(content), groups
        self._found: list[tuple[Path, str, Remedy]] = []

    def fault(self, path: Path, message: str, remedy: Remedy = None) -> None:
        """Note one fault; raises `BadFile` once there are very many."""
        self._found.append((path, message, remedy))
        if len(self._found) == _MOST_COLLECTED:
            self.done()

    def done(self) -> None:
        """Raise `BadFile` if there was any fault, with all of them in the order of the file."""
        if self._found:
            found = sorted(self._found, key=lambda entry: self._order(entry[0]))
            faults = [Fault(written(path), message, _words(remedy)) for path, message, remedy in found[:MOST_FAULTS]]
            raise BadFile(self._file_name, faults, more=len(found) > MOST_FAULTS)

    # --- Names ---

    def declare(self, kind: Kind, *tables: tuple[Path, Iterable[str]]) -> None:
        """Declare the names of a kind: the keys of these tables."""
        self._declare(kind, [((*path, name), name) for path, names in tables for name in names])

    def declare_rows(self, kind: Kind, path: Path, rows: Sequence[HasId], *, apart_from: Kind | None = None) -> None:
        """Declare the names of a kind: the ids of these rows, none of which may be a name of the kind `apart_from`."""
        for index, row in enumerate(rows):
            if apart_from is not None and row.id in self.known[apart_from]:
                message = f"id {quoted(row.id)} names a {apart_from} too"
                self.fault((*path, index, "id"), message, "give each an id of its own")
        self._declare(kind, [((*path, index, "id"), row.id) for index, row in enumerate(rows)])

    def _declare(self, kind: Kind, names: Sequence[tuple[Path, str]]) -> None:
        first_paths: dict[str, Path] = {}
        for path, name in names:
            self.id(path, name)
            if name in first_paths:
                self.fault(path, f"duplicate id {quoted(name)}", f"it stands first at {written(first_paths[name])}")
            first_paths.setdefault(name, path)
        self.known[kind] = dict.fromkeys(first_paths, ())

    def register_names(self, register: Register) -> None:
        """Declare the names of the register that the file is about."""
        self.known = dict(names_of(register))

    def id(self, path: Path, name: str) -> str:
        """The id, checked: letters A to Z, digits, '-', '.' and '_', the first of them a letter or a digit."""
        if not _ID.fullmatch(name):
            self.fault(path, f"bad id {quoted(name)}", "an id is made of the letters A to Z, digits, '-', '.' and '_'")
        return name

    def values(self, kind: Kind, values: Mapping[str, Collection[str]]) -> None:
        """Declare the values that each name of a kind can have."""
        self.known[kind] = values

    def value(self, path: Path, kind: Kind, name: str, value: str) -> None:
        """Check one value of an attribute, or one side of a tension."""
        choices = self.known[kind].get(name)
        if choices is not None and value not in choices:
            message = f"{kind} {quoted(name)} cannot be {quoted(value)}"
            self.fault(path, message, lambda: nearest(value, sorted(choices)))

    def name(self, path: Path, kind: Kind, name: str) -> str:
        """The name, checked: one that is declared of that kind."""
        known = self.known[kind]
        if name not in known:
            self.fault(path, f"unknown {kind} {quoted(name)}", lambda: nearest(name, sorted(known)))
        return name

    def names(self, path: Path, kind: Kind, names: Sequence[str], *, required: bool = False) -> tuple[str, ...]:
        """The names, checked: of that kind, none of them twice; at least one where `required`."""
        self.check_unique(path, names)
        if required and not names:
            self.fault(path, f"expected at least one {kind}, got an empty list")
        return tuple(self.name((*path, index), kind, name) for index, name in enumerate(names))

    def check_unique(self, path: Path, entries: Sequence[str]) -> None:
        """Check that no entry stands in a list twice."""
        seen: set[str] = set()
        for index, entry in enumerate(entries):
            if entry in seen:
                self.fault((*path, index), f"duplicate entry {quoted(entry)}", "leave one of them")
            seen.add(entry)

    def basis(self, path: Path, row: Any, key: str = "basis") -> tuple[str, ...]:
        """The clauses and readings that a row rests on: at least one."""
        return self.names((*path, key), "clause or reading", getattr(row, key), required=True)

    # --- Days and places ---

    def span(self, path: Path, row: Dated) -> Span:
        """The days on which the row holds."""
        if row.since is not None and row.until is not None and row.since >= row.until:
            remedy = "until is the first day on which the row no longer holds"
            self.fault((*path, "until"), f"until {row.until} is not after since {row.since}", remedy)
            return ALWAYS
        return Span(row.since, row.until)

    def place(self, path: Path, text: str) -> Place:
        """The place, checked: a country, a grouping, or alternatives."""
        try:
            return Place(text).checked(self._groups)
        except BadInput as error:
            self.fault(path, error.message, error.remedy)
            return Place(text)

    def check_not_everywhere(self, path: Path, places: Sequence[Place]) -> None:
        """Check that no place of customers, a seat or a demand is "everywhere in" one."""
        for index, place in enumerate(places):
            if place.everywhere:
                place_path = path if len(places) == 1 else (*path, index)
                self.fault(place_path, f"expected a place, got {place.text!r}", f"write {'|'.join(place.parts)!r}")

    def place_or_none(self, path: Path, text: str | None) -> Place | None:
        """The place, or None where none is stated."""
        if text is None:
            return None
        place = self.place(path, text)
        self.check_not_everywhere(path, [place])
        return place

    def places(self, path: Path, value: tuple[str, ...] | str | None) -> tuple[Place, ...] | None:
        """All of the places; None where none is stated. The words `"as the region"` are the caller's to resolve."""
        if value is None:
            return None
        if isinstance(value, str):
            return (Place(value),)
        self.check_unique(path, value)
        if not value:
            self.fault(
                path, "expected at least one place, got an empty list", "leave the key out where no place is stated"
            )
        return tuple(self.place((*path, index), text) for index, text in enumerate(value))

    def customers(self, path: Path, value: tuple[str, ...] | str, *, last: bool) -> tuple[Place, ...] | None:
        """The customers of a customer region: countries and groupings, None for everyone else."""
        if isinstance(value, str):
            if not last:
                self.fault(path, f"{value!r} leaves nobody for the customer regions after it", "put it last")
            return None
        self.check_unique(path, value)
        if not value:
            remedy = "name the customers, or leave the row out"
            self.fault(path, "expected at least one place, got an empty list", remedy)
        places = tuple(self._customer_place((*path, index), text) for index, text in enumerate(value))
        self.check_not_everywhere(path, places)
        return places

    def _customer_place(self, path: Path, text: str) -> Place:
        if "|" not in text:
            return self.place(path, text)
        self.fault(path, f"expected a country or a grouping, got {quoted(text)}", "list each by itself")
        return Place(text)

    # --- Conditions ---

    def condition(self, path: Path, when: When | None, *, settled: bool = True) -> Condition | None:
        """The condition of a row; where not `settled`, it must not depend on the hosting region."""
        condition = self._condition(path, when, settled)
        if condition is not None and (depth := levels(condition)) > DEEPEST_CONDITION:
            message = f"the condition is nested {depth} levels deep"
            self.fault(path, message, f"say it with fewer of all, any and not: {DEEPEST_CONDITION} levels are read")
        return condition

    def _condition(self, path: Path, when: When | None, settled: bool) -> Condition | None:
        if when is None:
            return None
        parts = list(self._parts(path, when, settled))
        if all(value is None for value in astuple(when, recurse=False)):
            self.fault(path, "an empty condition", "leave the key out where there is no condition")
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _parts(self, path: Path, when: When, settled: bool) -> Iterator[Condition]:
        names: dict[Having, str | None] = {
            "feature": when.feature,
            "consent": when.consent,
            "agreement": when.agreement,
        }
        for kind, name in names.items():
            if name is not None:
                yield Has(kind, self.name((*path, kind), kind, name))
        if when.customer_in is not None:
            yield In("customer region", self.name((*path, "customer_in"), "customer region", when.customer_in))
        if when.region_in is not None:
            if not settled:
                message = "whether a region may be agreed cannot depend on the region that is agreed"
                self.fault((*path, "region_in"), message, "use another condition")
            yield In("hosting region", self.name((*path, "region_in"), "hosting region", when.region_in))
        yield from self._valued(path, when)
        if when.not_stated is not None:
            yield Unstated(when.not_stated)
        if when.all_ is not None:
            yield All(self._conditions((*path, "all"), when.all_, settled))
        if when.any_ is not None:
            yield AnyOf(self._conditions((*path, "any"), when.any_, settled))
        if when.not_ is not None:
            inner = self._condition((*path, "not"), when.not_, settled)
            yield Not(inner if inner is not None else All(()))

    def _conditions(self, path: Path, whens: Sequence[When], settled: bool) -> tuple[Condition, ...]:
        if not whens:
            self.fault(path, "expected at least one condition, got an empty list", "leave the key out")
        conditions = (self._condition((*path, index), when, settled) for index, when in enumerate(whens))
        return tuple(condition for condition in conditions if condition is not None)

    def _valued(self, path: Path, when: When) -> Iterator[Condition]:
        names: tuple[tuple[Valued, str | None], ...] = (("attribute", when.attribute), ("tension", when.tension))
        stated: list[tuple[Valued, str]] = [(kind, name) for kind, name in names if name is not None]
        if len(stated) > 1:
            self.fault((*path, "tension"), "'is' belongs to one attribute or one tension", "write all = [{ … }, { … }]")
        elif not stated and when.is_ is not None:
            self.fault((*path, "is"), "'is' needs an attribute or a tension", 'write attribute = "…" beside it')
        for kind, name in stated:
            self.name((*path, kind), kind, name)
            if when.is_ is None:
                self.fault((*path, kind), f"{kind} {quoted(name)} needs a value", 'write is = "…" beside it')
            else:
                yield Is(kind, name, self._values((*path, "is"), kind, name, when.is_))

    def _values(self, path: Path, kind: Kind, name: str, values: tuple[str, ...]) -> tuple[str, ...]:
        if not values:
            self.fault(path, "expected at least one value, got an empty list")
        self.check_unique(path, values)
        for value in values:
            self.value(path, kind, name, value)
        return values


class Disjoint:
    """Spans of which no two overlap, each with the path of its row."""

    def __init__(self) -> None:
        self._starts: list[date] = []
        self._held: list[tuple[Span, Path]] = []

    def add(self, span: Span, path: Path) -> tuple[Span, Path] | None:
        """Add the span, unless it overlaps one that is held: then return that one, with its path."""
        start = span.start or date.min
        position = bisect_right(self._starts, start)
        for held in self._held[max(0, position - 1) : position + 1]:  # what overlaps one further off overlaps these too
            if held[0].overlaps(span):
                return held
        self._starts.insert(position, start)
        self._held.insert(position, (span, path))
        return None


def _words(remedy: Remedy) -> str | None:
    return remedy() if callable(remedy) else remedy


def locations_in_words(locations: Sequence[str]) -> str:
    """The locations of several clauses as one: "lines 37 and 44" of "line 37" and "line 44"."""
    prefix = "line "
    unique = list(dict.fromkeys(locations))
    if len(unique) > 1 and all(location.startswith(prefix) for location in unique):
        *numbers, last = (location.removeprefix(prefix) for location in unique)
        return f"lines {', '.join(numbers)} and {last}"
    return "; ".join(unique)
