"""The combining logic, apart from everything else: all expressions over conditions that hold, fail, or are not known.

The oracle settles every unknown both ways and sees whether all agree. What ours says for certain, the oracle says too;
where no unknown occurs twice the two are equal; where one does, ours may stay undetermined, never the reverse.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations_with_replacement, product

import pytest

from residency import Answer, Reason, Verdict
from residency.result.answer import EngagementAnswer
from residency.result.reason import UNCONDITIONAL, all_of, any_of, leaf, negated

pytestmark = pytest.mark.slow

P, U, X = Verdict.PERMITTED, Verdict.UNDETERMINED, Verdict.PROHIBITED
ATOMS = ("a", "b", "c")
Expression = str | tuple["str", "Expression", "Expression"] | tuple["str", "Expression"]


def expressions() -> list[Expression]:
    """Atoms and their negations, every pair of them, and every pair of those."""
    simple: list[Expression] = [*ATOMS, *(("not", atom) for atom in ATOMS)]
    pairs: list[Expression] = [
        (kind, left, right) for kind in ("all", "any") for left, right in combinations_with_replacement(simple, 2)
    ]
    negations: list[Expression] = [("not", pair) for pair in pairs]
    deeper: list[Expression] = [
        (kind, left, right)
        for kind in ("all", "any")
        for left, right in combinations_with_replacement([*simple, *pairs], 2)
    ]
    return [*simple, *pairs, *negations, *deeper]


def single(value: Verdict, name: str) -> Reason:
    """One condition of that name that holds, fails, or is not known."""
    code = {P: "feature.on", X: "feature.off", U: "attribute.unknown"}[value]
    return leaf(value, code, (name,), name=name)


def reason_of(expression: Expression, values: dict[str, Verdict]) -> Reason:
    """What the library makes of the expression."""
    match expression:
        case str():
            return single(values[expression], expression)
        case ("not", inner):
            return negated(reason_of(inner, values))
        case ("all", left, right):
            return all_of([reason_of(left, values), reason_of(right, values)])
        case ("any", left, right):
            return any_of([reason_of(left, values), reason_of(right, values)])
    raise AssertionError(expression)


def truth(expression: Expression, world: dict[str, bool]) -> bool:
    """What it is where everything is known."""
    match expression:
        case str():
            return world[expression]
        case ("not", inner):
            return not truth(inner, world)
        case ("all", left, right):
            return truth(left, world) and truth(right, world)
        case ("any", left, right):
            return truth(left, world) or truth(right, world)
    raise AssertionError(expression)


def settled(expression: Expression, values: dict[str, Verdict]) -> Verdict:
    """PERMITTED or PROHIBITED where all ways to settle the unknowns agree."""
    choices = {atom: (True, False) if value is U else (value is P,) for atom, value in values.items()}
    found = {truth(expression, dict(zip(choices, world, strict=True))) for world in product(*choices.values())}
    return U if len(found) == 2 else P if found == {True} else X


def occurrences(expression: Expression) -> list[str]:
    """Every atom, as often as it occurs."""
    if isinstance(expression, str):
        return [expression]
    return [atom for part in expression[1:] for atom in occurrences(part)]


EXPRESSIONS = expressions()
VALUES = [dict(zip(ATOMS, values, strict=True)) for values in product((P, U, X), repeat=3)]


def test_every_expression_agrees_with_settling_each_unknown_both_ways() -> None:
    """Never more certain than the oracle; equal to it where no unknown occurs twice."""
    weaker = 0
    for expression, values in product(EXPRESSIONS, VALUES):
        ours, oracle = reason_of(expression, values).verdict, settled(expression, values)
        atoms = occurrences(expression)
        if ours is not oracle:
            assert ours is U
            assert any(values[atom] is U and atoms.count(atom) > 1 for atom in atoms)
            weaker += 1
    # The relation is no equality, and the space is not so small that nothing shows it.
    assert weaker > 0
    assert len(EXPRESSIONS) * len(VALUES) > 50_000


def test_the_reasons_given_are_enough() -> None:
    """A certain verdict stays as it is, whatever the conditions that its reasons do not name turn out to be."""
    for expression, values in product(EXPRESSIONS[:150], VALUES):
        reason = reason_of(expression, values)
        if reason.verdict is U:
            continue
        free = [atom for atom in ATOMS if atom not in reason.basis]
        for others in product((P, U, X), repeat=len(free)):
            changed = {**values, **dict(zip(free, others, strict=True))}
            assert reason.verdict is reason_of(expression, changed).verdict


def test_what_is_missing_is_named() -> None:
    """An undetermined answer names unknown conditions, and only those."""
    for expression, values in product(EXPRESSIONS, VALUES):
        reason = reason_of(expression, values)
        if reason.verdict is U:
            assert {U} == {values[name] for part in reason.leaves() for name in part.basis}


def test_what_holds_without_condition_takes_no_part() -> None:
    """It neither decides nor is shown, unless nothing else is there."""
    for value in (P, U, X):
        one = single(value, "a")
        assert one == all_of([UNCONDITIONAL, one, UNCONDITIONAL])
        assert UNCONDITIONAL == any_of([one, UNCONDITIONAL])
    assert UNCONDITIONAL == all_of([])
    assert X is any_of([]).verdict
    assert UNCONDITIONAL == UNCONDITIONAL.resting_on("1")


def test_order_and_repetition_do_not_matter() -> None:
    """Of the verdict."""
    for values in product((P, U, X), repeat=3):
        reasons = [single(value, name) for name, value in zip(ATOMS, values, strict=True)]
        for combine in (all_of, any_of):
            assert combine(reasons).verdict is combine([*reversed(reasons), *reasons]).verdict


def test_a_double_negation_is_the_condition_itself() -> None:
    """Of a single one and of a combination."""
    for expression, values in product(EXPRESSIONS[:60], VALUES):
        reason = reason_of(expression, values)
        assert reason == negated(negated(reason))
        assert ~reason.verdict is negated(reason).verdict


def engagement(sides: Sequence[Verdict], number: int) -> EngagementAnswer:
    """An engagement whose three sides, applies, allowed and keeps, are these."""
    applies, allowed, keeps = (single(side, f"{number}{name}") for name, side in zip("ahk", sides, strict=True))
    return EngagementAnswer("x", "service", "x", None, None, None, applies, allowed, keeps)


def test_a_sub_processor_is_permitted_by_one_engagement_and_broken_by_none() -> None:
    """Some engagement applies, is allowed and keeps; and none that applies breaks a demand: up to two of them."""
    sides = list(product((P, U, X), repeat=3))
    rank = {X: 0, U: 1, P: 2}
    for several in [*((one,) for one in sides), *product(sides, repeat=2)]:
        answer = Answer.of_engagements("x", "X", [engagement(each, number) for number, each in enumerate(several)])
        some = max(min(rank[a], rank[h], rank[k]) for a, h, k in several)
        none_breaks = min(max(2 - rank[a], rank[k]) for a, _, k in several)
        assert min(some, none_breaks) == rank[answer.verdict]
        if answer.verdict is not U:
            worlds = product(*(((True, False) if side is U else (side is P,)) for each in several for side in each))
            told = {
                any(all(world[i : i + 3]) for i in range(0, len(world), 3))
                and not any(world[i] and not world[i + 2] for i in range(0, len(world), 3))
                for world in worlds
            }
            assert told == {answer.verdict is P}


def test_a_house_rule_or_a_demand_only_tightens() -> None:
    """Lowering what is allowed, or what keeps, of any engagement never raises the answer."""
    sides = list(product((P, U, X), repeat=3))
    for first, second in product(sides, repeat=2):
        before = Answer.of_engagements("x", "X", [engagement(first, 0), engagement(second, 1)]).verdict
        applies, allowed, keeps = first
        for lower_allowed, lower_keeps in product(
            (v for v in (P, U, X) if v <= allowed), (v for v in (P, U, X) if v <= keeps)
        ):
            tightened = engagement((applies, lower_allowed, lower_keeps), 0)
            assert Answer.of_engagements("x", "X", [tightened, engagement(second, 1)]).verdict <= before
