"""Tenants in bulk: a cell holds all who are alike so far, and is split only where a question needs it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from math import prod
from typing import Literal, TypeVar

from attrs import field, frozen

from .universe import Choice, Context, Demand, Fact, Space

__all__ = ["ByFact", "ByNumber", "Cell", "Dimension", "Lazy", "Names", "Seen", "Split", "Wanted", "cells_of", "grouped"]

Dimension = Literal["where", "demands"]
NO_DEMAND = (0,)
Result = TypeVar("Result")
Key = TypeVar("Key")
Value = TypeVar("Value")


class Split(BaseException):
    """A question depends on something that the tenants of a cell differ in: ask it of each part of the cell.

    No `Exception`, so that no law can swallow it.
    """


class ByFact(Split):
    """They differ in a fact."""

    def __init__(self, fact: Fact, choices: tuple[Choice, ...]) -> None:
        super().__init__(fact, choices)
        self.fact, self.choices = fact, choices


class ByNumber(Split):
    """They differ in where they are, or in what they demand: the numbers of contexts or demands, in groups."""

    def __init__(self, dimension: Dimension, groups: tuple[frozenset[int], ...]) -> None:
        super().__init__(dimension, groups)
        self.dimension: Dimension = dimension
        self.groups = groups
        self.number_of = {each: number for number, group in enumerate(groups) for each in group}


@frozen(eq=False)
class Cell:
    """Tenants of one space: numbers of its contexts and of its demands, and the facts that all of them share."""

    space: Space
    where: tuple[int, ...]
    demands: tuple[int, ...]
    facts: Mapping[Fact, Choice] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        """Equal numbers are the same object in all cells of a space, which tells them apart by identity."""
        for name, numbers in (("where", self.where), ("demands", self.demands)):
            object.__setattr__(self, name, self.space.numbers.setdefault(numbers, numbers))

    @classmethod
    def whole(cls, space: Space) -> Cell:
        """All tenants of the space."""
        return cls(space, tuple(range(len(space.contexts))), tuple(range(len(space.demands))))

    @property
    def size(self) -> int:
        """How many tenants it holds."""
        where = sum(map(self.space.context_sizes.__getitem__, self.where))
        demands = sum(map(self.space.demand_sizes.__getitem__, self.demands))
        facts = (len(choices) for fact, choices in self.space.choices.items() if fact not in self.facts)
        return where * demands * prod(facts)

    @property
    def contexts(self) -> Iterator[Context]:
        """Where its tenants are."""
        return (self.space.contexts[number] for number in self.where)

    @property
    def demanded(self) -> Iterator[Demand]:
        """What its tenants demand."""
        return (self.space.demands[number] for number in self.demands)

    def parts(self, split: ByFact | ByNumber) -> Iterator[Cell]:
        """The cell in parts, as the split says."""
        if isinstance(split, ByFact):
            for choice in split.choices:
                yield Cell(self.space, self.where, self.demands, {**self.facts, split.fact: choice})
        elif split.dimension == "where":
            for group in split.groups:
                yield Cell(self.space, tuple(filter(group.__contains__, self.where)), self.demands, self.facts)
        else:
            for group in split.groups:
                yield Cell(self.space, self.where, tuple(filter(group.__contains__, self.demands)), self.facts)


Want = tuple[Dimension, Callable[[int], Hashable]]


class Wanted:
    """What a question asked of the tenants of a cell, collected where it is not to split the cell at once."""

    def __init__(self, numbers: Iterable[Want] = (), facts: Iterable[Fact] = ()) -> None:
        self.numbers, self.facts = list(numbers), list(facts)


@frozen(eq=False)
class Seen:
    """A cell as one question sees it, which gets to know of its tenants only what it asks for.

    `supposing` are facts that hold whatever the cell says; where it is `undemanding` nobody demands anything. With
    `wanted` the question is answered for the first tenant of the cell, and what it asks is collected there.
    """

    cell: Cell
    supposing: Mapping[Fact, Choice] = field(factory=dict)
    undemanding: bool = False
    wanted: Wanted | None = None

    def fact(self, fact: Fact) -> Choice:
        """The fact, or `Split`."""
        for known in (self.supposing, self.cell.facts):
            if fact in known:
                return known[fact]
        if self.wanted is None:
            raise ByFact(fact, self.cell.space.choices[fact])
        self.wanted.facts.append(fact)
        return self.cell.space.choices[fact][0]

    def left(self, dimension: Dimension) -> tuple[int, ...]:
        """The numbers of the contexts, or demands, that are left."""
        if dimension == "where":
            return self.cell.where
        return NO_DEMAND if self.undemanding else self.cell.demands

    def one(self, dimension: Dimension, told: Callable[[int], Hashable]) -> int:
        """The first of those that are left, if the same is told of all of them; otherwise `Split`."""
        left = self.left(dimension)
        if groups := grouped(left, list(map(told, left))):
            raise ByNumber(dimension, groups)
        return left[0]


def grouped(numbers: Sequence[int], told: Sequence[Hashable]) -> tuple[frozenset[int], ...]:
    """The numbers in groups of which the same is told; none where it is told of all."""
    if len(set(told)) == 1:
        return ()
    groups: dict[Hashable, list[int]] = {}
    for number, key in zip(numbers, told, strict=True):
        groups.setdefault(key, []).append(number)
    return tuple(map(frozenset, groups.values()))


def cells_of(whole: Cell, ask: Callable[[Cell], Result]) -> Iterator[tuple[Cell, Result]]:
    """The tenants of a cell in parts for each of which the question has one result, and that result."""
    left = [whole]
    while left:
        cell = left.pop()
        try:
            result = ask(cell)
        except (ByFact, ByNumber) as split:
            left.extend(reversed(list(cell.parts(split))))
        else:
            yield cell, result


class Names(AbstractSet[str]):
    """Of some names those that hold for the tenants of a cell."""

    def __init__(self, names: Iterable[str], holds: Callable[[str], bool]) -> None:
        self._names, self._holds = tuple(names), holds

    @classmethod
    def _from_iterable(cls, names: Iterable[str]) -> AbstractSet[str]:  # type: ignore[override]
        return frozenset(names)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name in self._names and self._holds(name)

    def __iter__(self) -> Iterator[str]:
        return filter(self._holds, self._names)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Lazy(Mapping[Key, Value]):
    """Values that are worked out when they are asked for."""

    def __init__(self, keys: Iterable[Key], of: Callable[[Key], Value]) -> None:
        self._keys, self._of = tuple(keys), of

    def __getitem__(self, key: Key) -> Value:
        return self._of(key)

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def __iter__(self) -> Iterator[Key]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)
