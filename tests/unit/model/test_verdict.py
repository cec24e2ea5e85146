"""Three verdicts and their algebra, exhausted."""

from __future__ import annotations

import json
import operator
import pickle
from collections.abc import Callable
from itertools import product
from typing import get_type_hints

import pytest

from residency import Answer, Decision, NoTruthValue, ResidencyError, Verdict

P, U, X = Verdict.PERMITTED, Verdict.UNDETERMINED, Verdict.PROHIBITED
RANK = {X: 0, U: 1, P: 2}


COMPARISONS = (operator.lt, operator.le, operator.gt, operator.ge)


def test_they_are_ordered_from_prohibited_to_permitted() -> None:
    """By all four comparisons, as verdicts or as their texts, of which the alphabet would order two the other way."""
    for one, other, compare in product(Verdict, Verdict, COMPARISONS):
        expected = compare(RANK[one], RANK[other])
        assert [expected] * 3 == [compare(one, other), compare(one, other.value), compare(one.value, other)]


@pytest.mark.parametrize("compare", [*COMPARISONS, operator.and_, operator.or_])
@pytest.mark.parametrize("other", [True, 1, None, "permitted", "ALLOWED", ""])
def test_they_compare_with_nothing_else(compare: Callable[[object, object], object], other: object) -> None:
    """Not with numbers, of which UNDETERMINED would be one that is true, nor with other texts."""
    for sides in ((U, other), (other, U)):
        with pytest.raises(TypeError, match="expected a Verdict or one of its texts, got"):
            compare(*sides)
    assert other != U


def test_a_verdict_is_its_text() -> None:
    """For templates, SQL and JSON, in which `verdict != "PROHIBITED"` was true of every verdict."""
    for verdict in Verdict:
        assert verdict == verdict.value == str(verdict) == f"{verdict}"
        assert hash(verdict) == hash(verdict.value)
        assert f'["{verdict.value}"]' == json.dumps([verdict])
    assert [["PROHIBITED"], ["UNDETERMINED"], ["PERMITTED"]] == [[text] for text in sorted(Verdict)]


def test_all_of_is_the_minimum_and_any_of_the_maximum() -> None:
    """Of any number, in any order; of nothing, PERMITTED and PROHIBITED."""
    for several in [several for count in range(4) for several in product(Verdict, repeat=count)]:
        ranks = [RANK[verdict] for verdict in several]
        assert min(ranks, default=2) == RANK[Verdict.all_of(several)]
        assert max(ranks, default=0) == RANK[Verdict.any_of(several)]


def test_the_operators_are_kleenes_strong_logic() -> None:
    """And, or, not; De Morgan's laws and double negation among them."""
    for one, other in product(Verdict, repeat=2):
        assert Verdict.all_of((one, other)) is one & other
        assert Verdict.any_of((one, other)) is one | other
        assert one & other is one & other.value is one.value & other
        assert one | other is one | other.value is one.value | other
        assert ~(one & other) is ~one | ~other
        assert one is ~~one
    assert [P, U, X] == [~X, ~U, ~P]


def test_none_has_a_truth_value() -> None:
    """`if verdict:` would take UNDETERMINED for a yes."""
    for verdict in Verdict:
        with pytest.raises(NoTruthValue) as caught:
            bool(verdict)
        assert f"a Verdict is one of three and has no truth value, got {verdict.value}" == str(caught.value)
        assert "compare it: verdict is Verdict.PERMITTED" == caught.value.remedy
    assert issubclass(NoTruthValue, ResidencyError | TypeError)


def test_type_checkers_read_on_after_a_truth_value() -> None:
    """`-> NoReturn` would have them take what stands after `if decision:` for code that is never reached."""
    assert {"return": bool} == get_type_hints(Verdict.__bool__) == get_type_hints(Answer.__bool__)
    assert {"return": bool} == get_type_hints(Decision.__bool__)


def test_a_verdict_stays_itself_when_pickled() -> None:
    """`is` goes on to work."""
    assert [*Verdict] == [pickle.loads(pickle.dumps(verdict)) for verdict in Verdict]
    assert all(pickle.loads(pickle.dumps(verdict)) is verdict for verdict in Verdict)
