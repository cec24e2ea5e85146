"""Questions to a space, each worked out once for every part of it that has an answer of its own."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator

from ..model.verdict import Verdict
from ..result.reason import Reason
from .cells import ByFact, ByNumber, Cell, Dimension, Seen, Wanted, grouped
from .universe import Space

__all__ = ["Told", "TooMany", "Trees", "decided", "verdict_told"]

Told = Callable[[Reason], Hashable]
"""What of a reason is told apart: of two that tell the same, one stands for both."""
_DIMENSIONS: tuple[Dimension, ...] = ("where", "demands")


def verdict_told(reason: Reason) -> Hashable:
    """Its verdict, and whether each condition in it rests on something that the register says."""
    return reason.verdict.value, reason.grounded


class TooMany(BaseException):
    """A space has more kinds of tenants for its questions than may be looked at."""


class Trees:
    """What is known of the questions put to one space, each by its key; `most` kinds of tenants are looked at."""

    def __init__(self, space: Space, told: Told, most: int) -> None:
        self._space, self._told, self._left = space, told, most
        self._roots: dict[Hashable, _Node] = {}
        self._ones: dict[Hashable, int | ByNumber] = {}

    def ask(self, key: Hashable, seen: Seen, question: Callable[[Seen], Reason]) -> Reason:
        """The reason that answers a question for all that is seen, or `Split`."""
        if key not in self._roots:
            self._roots[key] = _Node(Cell.whole(self._space))
        node = self._roots[key]
        while node.reason is None:
            if node.split is None:
                self._work_out(node, question)
            else:
                node = self._child(node, seen)
        return node.reason

    def one(self, seen: Seen, dimension: Dimension, key: Hashable, told: Callable[[int], Hashable]) -> int:
        """`seen.one`, kept: of one key always the same is told."""
        if seen.wanted is not None:
            seen.wanted.numbers.append((dimension, told))
            return seen.left(dimension)[0]
        kept = (key, id(seen.left(dimension)))  # which the space keeps, so that it is the identity of no other
        if kept not in self._ones:
            try:
                self._ones[kept] = seen.one(dimension, told)
            except ByNumber as split:
                self._ones[kept] = split
        one = self._ones[kept]
        if isinstance(one, ByNumber):
            raise one
        return one

    def _work_out(self, node: _Node, question: Callable[[Seen], Reason]) -> None:
        """Answer for the first tenant of the node; where others differ in what that asked, answer for each part."""
        self._left -= 1
        if self._left < 0:
            raise TooMany
        wanted = Wanted()
        reason = question(Seen(node.cell, wanted=wanted))
        split = self._split(node.cell, wanted)
        if split is None:
            node.reason = reason
            return
        node.divide(split)
        for child in node.children:
            self._work_out(child, question)
        self._merge(node)

    def _split(self, cell: Cell, wanted: Wanted) -> ByFact | ByNumber | None:
        for dimension in _DIMENSIONS:
            told = dict.fromkeys(of for which, of in wanted.numbers if which == dimension)
            left = Seen(cell).left(dimension)
            if told and (groups := grouped(left, list(zip(*(map(of, left) for of in told), strict=True)))):
                return ByNumber(dimension, groups)
        return ByFact(wanted.facts[0], cell.space.choices[wanted.facts[0]]) if wanted.facts else None

    def _merge(self, node: _Node) -> None:
        """Make one part of those whose answers tell the same, and no parts at all where all do."""
        groups: dict[Hashable, list[int]] = {}
        for number, child in enumerate(node.children):
            groups.setdefault(number if child.reason is None else (self._told(child.reason),), []).append(number)
        if len(groups) == 1:
            node.reason = node.children[0].reason
        elif isinstance(node.split, ByNumber):
            split = node.split
            merged = tuple(frozenset().union(*(split.groups[n] for n in numbers)) for numbers in groups.values())
            children = [node.children[numbers[0]] for numbers in groups.values()]
            node.split, node.children = ByNumber(split.dimension, merged), children

    def _child(self, node: _Node, seen: Seen) -> _Node:
        """The part of the node that holds all that is seen, or `Split`."""
        if isinstance(node.split, ByFact):
            return node.children[node.split.choices.index(seen.fact(node.split.fact))]
        assert node.split is not None
        number_of = node.split.number_of
        return node.children[number_of[self.one(seen, node.split.dimension, id(node), number_of.get)]]


class _Node:
    """A part of a space for one question: the reason that answers it, or what it is split by; at first neither."""

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self.reason: Reason | None = None
        self.split: ByFact | ByNumber | None = None
        self.children: list[_Node] = []

    def divide(self, split: ByFact | ByNumber) -> None:
        """Split the node."""
        self.split = split
        self.children = [_Node(cell) for cell in self.cell.parts(split)]


def decided(wanted: Wanted, reasons: Iterator[Reason], deciding: Verdict) -> Reason | list[Reason]:
    """The reason that decides alone, or all of them; what the others asked is forgotten.

    Of several that decide it is the one that asked least: what was added while it was worked out.
    """
    start = (len(wanted.numbers), len(wanted.facts))
    found: list[Reason] = []
    alone: list[tuple[Reason, Wanted]] = []
    before = start
    for reason in reasons:
        found.append(reason)
        if reason.verdict is deciding:
            alone.append((reason, Wanted(wanted.numbers[before[0] :], wanted.facts[before[1] :])))
            if not alone[-1][1].facts:
                break
        before = (len(wanted.numbers), len(wanted.facts))
    if not alone:
        return found
    least, asked = min(alone, key=lambda each: (len(each[1].facts), len(each[1].numbers)))
    wanted.numbers[start[0] :], wanted.facts[start[1] :] = asked.numbers, asked.facts
    return least
