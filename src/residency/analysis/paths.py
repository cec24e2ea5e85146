"""Combinations of facts that conditions tell apart, counted before any answer is: the size of tables and proofs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from math import prod

from ..engine.conditions import Fact
from ..model.conditions import All, Any, Condition, Has, Is, Not, single
from ..model.register import Register, Work
from .universe import Choice

__all__ = ["MOST_IN_ONE", "MOST_PATHS", "MOST_WAYS", "conditions_of", "facts_in", "facts_of", "more_ways", "too_large"]

MOST_IN_ONE = 12
"""How many facts one condition of a table may name: each combination of them has a reason of its own."""
MOST_PATHS = 10_000
"""How many combinations of facts may be told apart for one answer of a table."""

MOST_WAYS = 1_000
"""How many combinations of facts a proof may need for conditions of which one has to hold; real registers need 12."""

Choices = Mapping[Fact, tuple[Choice, ...]]
Known = Mapping[Fact, Choice]
State = frozenset[tuple[Fact, Choice]]


def conditions_of(register: Register) -> Iterator[Condition]:
    """Every condition of a row, of a house rule, and of an agreement."""
    yield from (condition for _, condition in _conditions(register))
    yield from (exception.when for exception in register.exceptions if exception.when is not None)


def facts_in(condition: Condition) -> Iterator[Fact]:
    """The facts that a condition names, in its order."""
    parts = (part for part in single(condition) if isinstance(part, Has | Is) and part.kind != "tension")
    return ((part.kind, part.name) for part in parts)


def facts_of(condition: Condition) -> frozenset[Fact]:
    """The facts that a condition names, once each."""
    return frozenset(facts_in(condition))


def more_ways(condition: Condition, choices: Choices) -> bool:
    """Whether it takes more than `MOST_WAYS` combinations of facts to tell, part by part, if the condition holds."""
    return next(islice(_outcomes(condition, {}, choices), MOST_WAYS, None), None) is not None


def _outcomes(condition: Condition, known: Known, choices: Choices) -> Iterator[tuple[Known, bool | None]]:
    """The combinations of facts that are told apart, each with whether the condition holds (`None`: not by facts)."""
    holds = _holds(condition, known)
    match condition:
        case Has(kind, name) | Is(kind, name) if (kind, name) in choices and (kind, name) not in known:
            for choice in choices[kind, name]:
                chosen = {**known, (kind, name): choice}
                yield chosen, _holds(condition, chosen)
        case All(parts) | Any(parts) if parts and holds is None:
            deciding = isinstance(condition, Any)
            left: list[tuple[int, Known]] = [(0, known)]
            while left:
                number, before = left.pop()
                for after, decides in _outcomes(parts[number], before, choices):
                    if decides is deciding or number + 1 == len(parts):
                        yield after, deciding if decides is deciding else _holds(condition, after)
                    else:
                        left.append((number + 1, after))
        case Not(part):
            for after, decides in _outcomes(part, known, choices):
                yield after, None if decides is None else not decides
        case _:
            yield known, holds


def _holds(condition: Condition, known: Known) -> bool | None:
    """Whether the condition holds by the facts that are known; `None` where they do not say."""
    match condition:
        case Has(kind, name) if (kind, name) in known:
            return known[kind, name] is True
        case Is(kind, name, values) if known.get((kind, name)) is not None:
            return known[kind, name] in values
        case All(parts) | Any(parts):
            found, deciding = {_holds(part, known) for part in parts}, isinstance(condition, Any)
            return deciding if deciding in found else None if None in found else not deciding
        case Not(part):
            inner = _holds(part, known)
            return None if inner is None else not inner
    return None


def too_large(register: Register, choices: Choices) -> Iterator[str]:
    """Everything too large for a table, in words: the condition of a row, a sub-processor, a hosting region."""
    for words, condition in _conditions(register):
        number = len(set(facts_in(condition)))
        if number > MOST_IN_ONE:
            yield f"{words} names {number} facts"
    paths = _Paths(register, choices)
    for sub_processor in register.sub_processor_rows:
        if paths.more_than_most([(sub_processor, row) for row in sub_processor.engagements]):
            yield f"the rows of {sub_processor.id} hang on more than {MOST_PATHS:,} combinations of facts"
    for region in register.regions:
        if paths.more_than_most(register.work("hosting", region)):
            yield f"who stores data in region {region} hangs on more than {MOST_PATHS:,} combinations of facts"


def _conditions(register: Register) -> Iterator[tuple[str, Condition]]:
    """The conditions that an answer to a tenant without demands may depend on, each with what it belongs to."""
    rows = [(processor.id, row) for processor in register.sub_processor_rows for row in processor.engagements]
    for name, row in [*rows, *((register.vendor, row) for row in register.own_infrastructure)]:
        if row.when is not None:
            yield f"the condition of the row of {name} for {row.activity} ({row.purpose})", row.when
    for rule in register.prohibitions:
        if rule.when is not None:
            yield f"the condition of house rule {rule.rule}", rule.when
    if register.placement.agreed_when is not None:
        yield "the condition of an agreement on a region", register.placement.agreed_when


class _Paths:
    """Counts the paths through the conditions of rows, in order, until none, one or several are known to hold."""

    def __init__(self, register: Register, choices: Choices) -> None:
        self._register, self._choices = register, choices
        self._resolutions = {fact: side for fact, (side, _) in register.resolutions.items()}

    def more_than_most(self, rows: Sequence[Work]) -> bool:
        """Whether the rows have too many paths, together with the facts that an agreement on a region depends on."""
        conditions = [row.when for _, row in rows if row.when is not None]
        agreed = self._register.placement.agreed_when
        agreements = 1 if agreed is None else self._combinations([agreed])
        if agreements * self._combinations(conditions) <= MOST_PATHS:
            return False
        return self._paths(conditions) * agreements > MOST_PATHS

    def _combinations(self, conditions: Sequence[Condition]) -> int:
        facts = {fact for condition in conditions for fact in facts_in(condition)}
        return prod(len(self._choices[fact]) for fact in facts)

    def _paths(self, conditions: Sequence[Condition]) -> int:
        """The number of paths, or some number above `MOST_PATHS` where there are more."""
        states, found = Counter[tuple[State, int]]({(frozenset(), 0): 1}), 0
        for number, condition in enumerate(conditions):
            later = {fact for following in conditions[number + 1 :] for fact in facts_in(following)}
            after = Counter[tuple[State, int]]()
            for (known, holding), paths in states.items():
                for (state, holds), ways in self._ways(condition, known, later).items():
                    if holding + holds > 1:
                        found += paths * ways
                    else:
                        after[state, holding + holds] += paths * ways
            states = after
            if found + len(states) > MOST_PATHS:
                break
        return found + states.total()

    def _ways(self, condition: Condition, known: State, later: set[Fact]) -> Mapping[tuple[State, bool], int]:
        """How often the condition holds and does not, by what is then known of the facts in `later`."""
        choices = dict(known)
        unknown = [fact for fact in dict.fromkeys(facts_in(condition)) if fact not in choices]
        if not unknown:
            left = frozenset((fact, choice) for fact, choice in known if fact in later)
            return {(left, _holds(condition, self._resolutions | choices) is True): 1}
        fact = unknown[0]
        parts = [self._ways(condition, known | {(fact, choice)}, later) for choice in self._choices[fact]]
        if all(part == parts[0] for part in parts):
            return parts[0]
        ways = Counter[tuple[State, bool]]()
        for part in parts:
            ways.update(part)
        return ways
