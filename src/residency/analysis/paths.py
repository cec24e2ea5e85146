"""How many rows a decision table needs for one answer, counted before the answer is worked out for anybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import prod

from ..engine.conditions import Fact, Facts, Lazy, evaluate
from ..model.conditions import Condition
from ..model.register import Register, Work
from ..model.verdict import Verdict
from ..result.reason import Reason, leaf
from .evaluator import facts_in
from .universe import Choice

__all__ = ["MOST_IN_ONE", "MOST_PATHS", "too_large"]

MOST_IN_ONE = 12
"""How many facts one condition of a table may name: its reason tells apart each combination of them."""
MOST_PATHS = 10_000
"""How many combinations of facts may be told apart for one answer of a table."""

Known = frozenset[tuple[Fact, Choice]]


def too_large(register: Register, choices: Mapping[Fact, tuple[Choice, ...]]) -> Iterator[str]:
    """Each answer that a table has no room for, in words: the condition of a row, a sub-processor, a hosting region."""
    for words, condition in _conditions(register):
        number = len(set(facts_in(condition)))
        if number > MOST_IN_ONE:
            yield f"{words} names {number} facts"
    paths = _Paths(register, choices)
    for who in register.processors:
        if paths.more_than_most([(who, each) for each in who.engagements]):
            yield f"the rows of {who.id} hang on more than {MOST_PATHS:,} combinations of facts"
    for region in register.regions:
        if paths.more_than_most(register.work("hosting", region)):
            yield f"who stores data in region {region} hangs on more than {MOST_PATHS:,} combinations of facts"


def _conditions(register: Register) -> Iterator[tuple[str, Condition]]:
    """Each condition that an answer to a tenant without demands may hang on, with what it is of."""
    rows = [(who.id, each) for who in register.processors for each in who.engagements]
    for name, each in [*rows, *((register.vendor, each) for each in register.own_infrastructure)]:
        if each.when is not None:
            yield f"the condition of the row of {name} for {each.activity} ({each.purpose})", each.when
    for rule in register.prohibitions:
        if rule.when is not None:
            yield f"the condition of house rule {rule.rule}", rule.when
    if register.placement.agreed_when is not None:
        yield "the condition of an agreement on a region", register.placement.agreed_when


class _Paths:
    """Counts the ways through the conditions of rows, in order, until it is known whether none, one or several hold."""

    def __init__(self, register: Register, choices: Mapping[Fact, tuple[Choice, ...]]) -> None:
        self._register, self._choices = register, choices

    def more_than_most(self, rows: Sequence[Work]) -> bool:
        """Whether they are too many, with the facts that an agreement on a region hangs on."""
        conditions = [each.when for _, each in rows if each.when is not None]
        agreed = self._register.placement.agreed_when
        beside = 1 if agreed is None else self._combinations([agreed])
        if beside * self._combinations(conditions) <= MOST_PATHS:
            return False
        return self._paths(conditions) * beside > MOST_PATHS

    def _combinations(self, conditions: Sequence[Condition]) -> int:
        facts = {fact for condition in conditions for fact in facts_in(condition)}
        return prod(len(self._choices[fact]) for fact in facts)

    def _paths(self, conditions: Sequence[Condition]) -> int:
        """How many, or more than the most that there may be."""
        states, found = Counter[tuple[Known, int]]({(frozenset(), 0): 1}), 0
        for number, condition in enumerate(conditions):
            later = {fact for following in conditions[number + 1 :] for fact in facts_in(following)}
            after = Counter[tuple[Known, int]]()
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

    def _ways(self, condition: Condition, known: Known, later: set[Fact]) -> Mapping[tuple[Known, bool], int]:
        """How often the condition holds and does not, by what is known then of the facts that are asked `later`."""
        given = dict(known)
        unknown = [fact for fact in dict.fromkeys(facts_in(condition)) if fact not in given]
        if not unknown:
            left = frozenset((fact, choice) for fact, choice in known if fact in later)
            return {(left, self._holds(condition, given)): 1}
        fact = unknown[0]
        parts = [self._ways(condition, known | {(fact, choice)}, later) for choice in self._choices[fact]]
        if all(part == parts[0] for part in parts):
            return parts[0]
        ways = Counter[tuple[Known, bool]]()
        for part in parts:
            ways.update(part)
        return ways

    def _holds(self, condition: Condition, given: Mapping[Fact, Choice]) -> bool:
        """Whether it holds, where the tenant's place is not known."""
        unknown = leaf(Verdict.UNDETERMINED, "condition.not-stated", says="")
        here = Lazy[str, Reason]((), lambda _: unknown)
        facts = Facts.lazy(
            self._register,
            has=lambda kind, name: given[kind, name] is True,
            attribute=lambda name: _text(given["attribute", name]),
            located={"customer region": here, "hosting region": here},
        )
        return evaluate(condition, facts).verdict is Verdict.PERMITTED


def _text(choice: Choice) -> str | None:
    return None if isinstance(choice, bool) else choice
