"""Cells (sets of tenants that are evaluated together) and decision trees (facts asked, with results at the leaves).

A cell holds tenants that no question has told apart yet, and is split only where a question needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from math import prod
from typing import Literal, TypeVar

from attrs import field, frozen

from ..engine.conditions import Fact
from ..model.verdict import Verdict
from ..result.reason import Reason
from .universe import Choice, Context, Demand, Space

__all__ = [
    "ByFact",
    "ByNumber",
    "Cell",
    "CellView",
    "DecisionTrees",
    "Dimension",
    "Fingerprint",
    "Reads",
    "Split",
    "TooMany",
    "cells_of",
    "decided",
    "grouped",
    "verdict_fingerprint",
]

Dimension = Literal["where", "demands"]
NO_DEMAND = (0,)
Result = TypeVar("Result")


class Split(BaseException):
    """A question depends on something that the tenants of a cell differ in: ask it of each part of the cell.

    It is no `Exception`, so that no law can swallow it.
    """


class ByFact(Split):
    """Split by a fact: a part for each of its choices."""

    def __init__(self, fact: Fact, choices: tuple[Choice, ...]) -> None:
        super().__init__(fact, choices)
        self.fact, self.choices = fact, choices


class ByNumber(Split):
    """Split by context or by demand: their numbers in groups, a part for each group."""

    def __init__(self, dimension: Dimension, groups: tuple[frozenset[int], ...]) -> None:
        super().__init__(dimension, groups)
        self.dimension: Dimension = dimension
        self.groups = groups
        self.group_of = {number: position for position, group in enumerate(groups) for number in group}


@frozen(eq=False)
class Cell:
    """A set of tenants of one space: numbers of its contexts and of its demands, and the facts that they share."""

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
        """The contexts that its tenants are in."""
        return (self.space.contexts[number] for number in self.where)

    @property
    def demanded(self) -> Iterator[Demand]:
        """The demands that its tenants make."""
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


Read = tuple[Dimension, Callable[[int], Hashable]]


class Reads:
    """Reads of one question about the tenants of a cell, collected where they are not to split the cell at once."""

    def __init__(self, numbers: Iterable[Read] = (), facts: Iterable[Fact] = ()) -> None:
        self.numbers, self.facts = list(numbers), list(facts)


@frozen(eq=False)
class CellView:
    """A view of a cell for one question, which gets to know of its tenants only what it reads.

    `supposing` are facts that hold whatever the cell says; where it is `undemanding` nobody demands anything. With
    `reads` the question is answered for the first tenant of the cell, and what it reads is collected there.
    """

    cell: Cell
    supposing: Mapping[Fact, Choice] = field(factory=dict)
    undemanding: bool = False
    reads: Reads | None = None

    def fact(self, fact: Fact) -> Choice:
        """The choice of the fact; raises `ByFact` where it is open."""
        for facts in (self.supposing, self.cell.facts):
            if fact in facts:
                return facts[fact]
        if self.reads is None:
            raise ByFact(fact, self.cell.space.choices[fact])
        self.reads.facts.append(fact)
        return self.cell.space.choices[fact][0]

    def left(self, dimension: Dimension) -> tuple[int, ...]:
        """The numbers of the contexts, or demands, that are left in the cell."""
        if dimension == "where":
            return self.cell.where
        return NO_DEMAND if self.undemanding else self.cell.demands

    def one(self, dimension: Dimension, fingerprint: Callable[[int], Hashable]) -> int:
        """The first number that is left, if all have the same fingerprint; otherwise raises `ByNumber`."""
        left = self.left(dimension)
        if groups := grouped(left, list(map(fingerprint, left))):
            raise ByNumber(dimension, groups)
        return left[0]


def grouped(numbers: Sequence[int], fingerprints: Sequence[Hashable]) -> tuple[frozenset[int], ...]:
    """The numbers in groups with the same fingerprint; no groups where all have the same."""
    if len(set(fingerprints)) == 1:
        return ()
    groups: dict[Hashable, list[int]] = {}
    for number, key in zip(numbers, fingerprints, strict=True):
        groups.setdefault(key, []).append(number)
    return tuple(map(frozenset, groups.values()))


def cells_of(whole: Cell, ask: Callable[[Cell], Result]) -> Iterator[tuple[Cell, Result]]:
    """The cells that a cell is split into by a question, each with the one result for all of its tenants."""
    left = [whole]
    while left:
        cell = left.pop()
        try:
            result = ask(cell)
        except (ByFact, ByNumber) as split:
            left.extend(reversed(list(cell.parts(split))))
        else:
            yield cell, result


Fingerprint = Callable[[Reason], Hashable]
"""What makes two reasons interchangeable: of those with the same fingerprint one stands for all."""
_DIMENSIONS: tuple[Dimension, ...] = ("where", "demands")


def verdict_fingerprint(reason: Reason) -> Hashable:
    """The verdict of a reason, and whether each condition in it rests on something that the register says."""
    return reason.verdict.value, reason.grounded


class TooMany(BaseException):
    """A space has more kinds of tenants for its questions than may be looked at."""


class DecisionTrees:
    """Decision trees of the questions about one space, by their keys; at most `most` kinds of tenants are looked at."""

    def __init__(self, space: Space, fingerprint: Fingerprint, most: int) -> None:
        self._space, self._fingerprint, self._left = space, fingerprint, most
        self._roots: dict[Hashable, _Node] = {}
        self._representatives: dict[Hashable, int | ByNumber] = {}

    def ask(
        self,
        key: Hashable,
        view: CellView,
        question: Callable[[CellView], Reason],
        fingerprint: Fingerprint | None = None,
    ) -> Reason:
        """The reason that answers a question for all tenants of the view, or else `Split`."""
        if key not in self._roots:
            self._roots[key] = _Node(Cell.whole(self._space))
        node = self._roots[key]
        while node.reason is None:
            if node.split is None:
                self._work_out(node, question, fingerprint or self._fingerprint)
            else:
                node = self._child(node, view)
        return node.reason

    def one(self, view: CellView, dimension: Dimension, key: Hashable, fingerprint: Callable[[int], Hashable]) -> int:
        """`view.one`, kept by a key that always has the same fingerprints."""
        if view.reads is not None:
            view.reads.numbers.append((dimension, fingerprint))
            return view.left(dimension)[0]
        kept = (key, id(view.left(dimension)))  # the space keeps the tuple, so no other can have its id
        if kept not in self._representatives:
            try:
                self._representatives[kept] = view.one(dimension, fingerprint)
            except ByNumber as split:
                self._representatives[kept] = split
        representative = self._representatives[kept]
        if isinstance(representative, ByNumber):
            raise representative
        return representative

    def _work_out(self, node: _Node, question: Callable[[CellView], Reason], fingerprint: Fingerprint) -> None:
        """Answer for the first tenant of the node; where others differ in what that read, answer for each part."""
        self._left -= 1
        if self._left < 0:
            raise TooMany
        reads = Reads()
        reason = question(CellView(node.cell, reads=reads))
        split = self._split(node.cell, reads)
        if split is None:
            node.reason = reason
            return
        node.divide(split)
        for child in node.children:
            self._work_out(child, question, fingerprint)
        self._merge(node, fingerprint)

    def _split(self, cell: Cell, reads: Reads) -> ByFact | ByNumber | None:
        for dimension in _DIMENSIONS:
            left = CellView(cell).left(dimension)
            fingerprints = dict.fromkeys(fingerprint for name, fingerprint in reads.numbers if name == dimension)
            columns = [map(fingerprint, left) for fingerprint in fingerprints]
            if columns and (groups := grouped(left, list(zip(*columns, strict=True)))):
                return ByNumber(dimension, groups)
        return ByFact(reads.facts[0], cell.space.choices[reads.facts[0]]) if reads.facts else None

    def _merge(self, node: _Node, fingerprint: Fingerprint) -> None:
        """Merge the parts whose answers have the same fingerprint; where all have it the node needs no parts."""
        groups: dict[Hashable, list[int]] = {}
        for number, child in enumerate(node.children):
            groups.setdefault(number if child.reason is None else (fingerprint(child.reason),), []).append(number)
        if len(groups) == 1:
            node.reason = node.children[0].reason
        elif isinstance(node.split, ByNumber):
            split = node.split
            merged = tuple(frozenset().union(*(split.groups[n] for n in numbers)) for numbers in groups.values())
            children = [node.children[numbers[0]] for numbers in groups.values()]
            node.split, node.children = ByNumber(split.dimension, merged), children

    def _child(self, node: _Node, view: CellView) -> _Node:
        """The part of the node that holds all tenants of the view, or else `Split`."""
        if isinstance(node.split, ByFact):
            return node.children[node.split.choices.index(view.fact(node.split.fact))]
        assert node.split is not None
        group_of = node.split.group_of
        return node.children[group_of[self.one(view, node.split.dimension, id(node), group_of.get)]]


class _Node:
    """A node of a decision tree: the reason that answers its cell, or what it is split by; at first neither."""

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self.reason: Reason | None = None
        self.split: ByFact | ByNumber | None = None
        self.children: list[_Node] = []

    def divide(self, split: ByFact | ByNumber) -> None:
        """Split the node, with a child for each part of its cell."""
        self.split = split
        self.children = [_Node(cell) for cell in self.cell.parts(split)]


def decided(reads: Reads, reasons: Iterator[Reason], deciding: Verdict) -> Reason | list[Reason]:
    """The reason that decides alone, or else all of them; what the others read is forgotten.

    Of several that decide it is the one that read least: its reads are those added while it was worked out.
    """
    start = (len(reads.numbers), len(reads.facts))
    found: list[Reason] = []
    deciders: list[tuple[Reason, Reads]] = []
    before = start
    for reason in reasons:
        found.append(reason)
        if reason.verdict is deciding:
            deciders.append((reason, Reads(reads.numbers[before[0] :], reads.facts[before[1] :])))
            if not deciders[-1][1].facts:
                break
        before = (len(reads.numbers), len(reads.facts))
    if not deciders:
        return found
    least, own = min(deciders, key=lambda decider: (len(decider[1].facts), len(decider[1].numbers)))
    reads.numbers[start[0] :], reads.facts[start[1] :] = own.numbers, own.facts
    return least
