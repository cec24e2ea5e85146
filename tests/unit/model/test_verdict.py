"""Three verdicts and their algebra, exhausted."""

from __future__ import annotations

import operator
import pickle
from itertools import product

import pytest

from residency import NoTruthValue, ResidencyError, Verdict

P, U, X = Verdict.PERMITTED, Verdict.UNDETERMINED, Verdict.PROHIBITED
RANK = {X: 0, U: 1, P: 2}


def test_they_are_ordered_from_prohibited_to_permitted() -> None:
    """By all four comparisons."""
    for one, other in product(Verdict, repeat=2):
        for compare in (operator.lt, operator.le, operator.gt, operator.ge):
            assert compare(RANK[one], RANK[other]) is compare(one, other)


@pytest.mark.parametrize("compare", [operator.lt, operator.le, operator.gt, operator.ge])
@pytest.mark.parametrize("other", [True, 1, "PERMITTED"])
def test_they_compare_with_nothing_else(compare: object, other: object) -> None:
    """Not with numbers, of which UNDETERMINED would be one that is true."""
    with pytest.raises(TypeError):
        compare(U, other)  # type: ignore[operator]
    assert other != U


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


def test_a_verdict_stays_itself_when_pickled() -> None:
    """`is` goes on to work."""
    assert [*Verdict] == [pickle.loads(pickle.dumps(verdict)) for verdict in Verdict]
    assert all(pickle.loads(pickle.dumps(verdict)) is verdict for verdict in Verdict)
