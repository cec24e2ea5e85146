"""The word of an answer: each code has its place in the order, and the first in order is the word."""

from __future__ import annotations

from itertools import pairwise

import pytest

from residency import Answer, Verdict
from residency.report.words import word
from residency.result.messages import CATALOGUE, VERDICT_OF, few_words
from residency.result.messages_en import SHORT
from residency.result.reason import Reason, all_of, leaf

IN_ORDER = (
    "demand.broken",
    "objection.raised",
    "house.forbids",
    "consent.not-given",
    "feature.off",
    "agreement.none",
    "row.not-authorised",
    "attribute.is-not",
    "placement.not-home",
    "question.closed",
    "row.ended",
)


def condition(code: str) -> Reason:
    """A condition of that code, each of its names standing for itself."""
    return leaf(VERDICT_OF[code], code, **{name: name for name in CATALOGUE[code].names})


def of_party(reason: Reason) -> str:
    """The word of an answer on a sub-processor with that reason, none of whose engagements is known."""
    return word(Answer("sub-processor", "x", "X", reason))


@pytest.mark.parametrize("code", sorted(SHORT.keys() & VERDICT_OF.keys()))
def test_each_code_has_its_place(code: str) -> None:
    """It is the word where it stands alone; a permission tells no placement, and a region nothing else."""
    few = few_words(code, tuple((name, name) for name in sorted(CATALOGUE[code].names)))
    permitted = VERDICT_OF[code] is Verdict.PERMITTED
    placed = code.startswith(("placement.", "customer.", "region."))
    assert ("" if permitted and placed else few) == of_party(condition(code))
    told = "" if permitted and not code.startswith("placement.") else few
    assert told == word(Answer("hosting region", "x", "X", condition(code)))


def test_the_first_in_order_is_the_word() -> None:
    """Wherever it stands among the reasons."""
    for first, second in pairwise(IN_ORDER):
        both = of_party(all_of([condition(second), condition(first)]))
        assert of_party(condition(first)) == both == of_party(all_of([condition(first), condition(second)]))


def test_what_tells_nothing_is_no_word() -> None:
    """That a row is listed says no more than that it is there."""
    assert "" == of_party(condition("row.listed"))
