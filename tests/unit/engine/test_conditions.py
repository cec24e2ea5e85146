"""Conditions on a tenant, each kind of them evaluated by itself: the verdict, the words and what they rest on."""

from __future__ import annotations

from typing import get_args

import pytest
from attrs import evolve

from residency import Reason, Verdict
from residency.engine.conditions import Facts, evaluate
from residency.model.conditions import All, Any, Condition, Has, Having, In, Is, Not, Unstated, Valued, levels
from residency.result.reason import leaf

P, U, X = Verdict.PERMITTED, Verdict.UNDETERMINED, Verdict.PROHIBITED

HOME = leaf(P, "customer.in", ("8",), name="near")
ELSEWHERE = leaf(X, "region.not-supposed", ("9",), region="A")
FACTS = Facts(
    having={"feature": {"f"}, "consent": {"c"}, "agreement": {"a"}},
    values={
        ("attribute", "plan"): ("paid", ("1",)),
        ("attribute", "product"): (None, ("2",)),
        ("tension", "role"): ("processor", ("3", "R1")),
        ("tension", "scope"): (None, ("4", "5")),
    },
    located={"customer region": {"near": HOME}, "hosting region": {"A": ELSEWHERE}},
)
HOLDS, FAILS, OPEN = Has("feature", "f"), Has("feature", "g"), Unstated("when")


def told(condition: Condition) -> tuple[Verdict, str, tuple[str, ...]]:
    """Verdict, words and basis."""
    reason = evaluate(condition, FACTS)
    return reason.verdict, reason.words, reason.basis


@pytest.mark.parametrize(
    ("condition", "verdict", "words"),
    [
        (Has("feature", "f"), P, "feature f is on"),
        (Has("feature", "g"), X, "feature g is off"),
        (Has("consent", "c"), P, "consent c was given"),
        (Has("consent", "f"), X, "consent f was not given"),
        (Has("agreement", "a"), P, "agreement a exists"),
        (Has("agreement", "c"), X, "agreement c does not exist"),
    ],
    ids=str,
)
def test_what_a_tenant_has_is_known_of_every_name(condition: Has, verdict: Verdict, words: str) -> None:
    """A name that is not among those of its kind does not hold: nothing is open here."""
    assert (verdict, words, ()) == told(condition)


@pytest.mark.parametrize(
    ("condition", "verdict", "words", "basis"),
    [
        (Is("attribute", "plan", ("paid",)), P, "the tenant's plan is paid", ("1",)),
        (Is("attribute", "plan", ("free", "paid")), P, "the tenant's plan is free or paid", ("1",)),
        (Is("attribute", "plan", ("free", "trial")), X, "the tenant's plan is not free or trial", ("1",)),
        (
            Is("attribute", "product", ("crm", "desk")),
            U,
            "the tenant's product is not known; it matters whether it is crm or desk",
            ("2",),
        ),
        (Is("tension", "role", ("processor",)), P, "the sources conflict on role; resolved as processor", ("3", "R1")),
        (
            Is("tension", "role", ("controller",)),
            X,
            "the sources conflict on role; resolved otherwise than controller",
            ("3", "R1"),
        ),
        (
            Is("tension", "scope", ("all",)),
            U,
            "the sources conflict on scope, and no reading or house rule resolves it",
            ("4", "5"),
        ),
    ],
    ids=str,
)
def test_a_value_is_compared_and_unknown_where_there_is_none(
    condition: Is, verdict: Verdict, words: str, basis: tuple[str, ...]
) -> None:
    """The words name the values that would do, and the reason rests on what the value rests on."""
    assert (verdict, words, basis) == told(condition)


@pytest.mark.parametrize("value", ["paid", "free", None])
def test_a_reason_about_a_value_names_what_was_asked_for_whichever_way_it_goes(value: str | None) -> None:
    """Also where the words do not show it: whoever reads the stored reason knows what the row hangs on."""
    kinds: tuple[Valued, ...] = ("attribute", "tension")
    for kind in kinds:
        facts = evolve(FACTS, values={(kind, "x"): (value, ("1",))})
        reason = evaluate(Is(kind, "x", ("paid", "trial")), facts)
        assert {"name": "x", "values": ("paid", "trial")} == dict(reason.about)


def test_where_a_tenant_is_was_reasoned_before() -> None:
    """A condition on a region is the reason that placement gives for it."""
    assert HOME == evaluate(In("customer region", "near"), FACTS)
    assert ELSEWHERE == evaluate(In("hosting region", "A"), FACTS)


def test_reasons_for_regions_of_one_kind_leave_the_other_kind_as_it_is() -> None:
    """To suppose that the data is elsewhere moves no customer."""
    supposed = leaf(P, "region.supposed", region="A")
    moved = FACTS.where("hosting region", {"A": supposed})
    assert supposed == evaluate(In("hosting region", "A"), moved)
    assert HOME == evaluate(In("customer region", "near"), moved)
    assert (FACTS.having, FACTS.values) == (moved.having, moved.values)
    assert ELSEWHERE == evaluate(In("hosting region", "A"), FACTS)


def test_what_is_not_stated_is_known_of_nobody() -> None:
    """It is undetermined, in the words of the row."""
    assert (U, "it is not stated when that is necessary", ()) == told(Unstated("when that is necessary"))


@pytest.mark.parametrize(
    ("condition", "verdict", "words"),
    [
        (All((HOLDS, FAILS, OPEN)), X, "feature g is off"),
        (All((HOLDS, OPEN)), U, "it is not stated when"),
        (All((HOLDS, Has("consent", "c"))), P, "feature f is on; consent c was given"),
        (Any((HOLDS, FAILS, OPEN)), P, "feature f is on"),
        (Any((FAILS, OPEN)), U, "it is not stated when"),
        (Any((FAILS, Has("consent", "d"))), X, "feature g is off; consent d was not given"),
        (Not(HOLDS), X, "feature f is on"),
        (Not(FAILS), P, "feature g is off"),
        (Not(OPEN), U, "it is not stated when"),
        (Not(All((HOLDS, Any((FAILS, OPEN))))), U, "it is not stated when"),
    ],
    ids=str,
)
def test_a_combination_names_the_conditions_that_decide_it(condition: Condition, verdict: Verdict, words: str) -> None:
    """All, any and not, as deep as they go."""
    reason = evaluate(condition, FACTS)
    assert isinstance(reason, Reason)
    assert (verdict, words) == (reason.verdict, reason.words)


def test_every_kind_that_a_condition_may_have_is_evaluated_here() -> None:
    """A new kind of fact gets its sentences, and its lines above."""
    assert set(FACTS.having) == set(get_args(Having))
    assert {kind for kind, _ in FACTS.values} == set(get_args(Valued))


def test_a_condition_of_nothing_is_one_level() -> None:
    """Written by hand, in no file; what stands within another is counted with it."""
    conditions = (All(()), Any(()), Not(All(())), All((Not(Any(())), Has("feature", "f"))))
    assert [1, 1, 2, 3] == [levels(condition) for condition in conditions]
