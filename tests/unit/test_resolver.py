"""What a resolver remembers, for how long, and what it refuses to begin with; its answers are compared elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest

from residency import BadInput, Decision, Register, Resolver, Tenant, decide
from residency.answers import Answers
from residency.decide import answers
from residency.placement import Home
from support import REGISTER, TODAY

BULGARIA, GERMANY, SINGAPORE = Tenant("BG"), Tenant("DE"), Tenant("SG")


@pytest.fixture
def worked_out(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The countries of the tenants whose answers were worked out and not remembered, in order."""
    those: list[str] = []

    def noted(register: Register, tenant: Tenant, home: Home, day: date) -> Answers:
        those.append(tenant.country)
        return answers(register, tenant, home, day)

    monkeypatch.setattr("residency.resolver.answers", noted)
    return those


def reasons_in(decision: Decision) -> int:
    """How many reasons its answers have, by their stored form."""
    stored = [answer.to_dict() for answer in (*decision.region_answers, *decision.sub_processor_answers)]
    return json.dumps(stored).count('"parts"')


def test_what_no_condition_tells_apart_is_worked_out_once(worked_out: list[str]) -> None:
    """Countries of one customer region, on all days between two changes."""
    resolver = Resolver(REGISTER)
    for tenant in (BULGARIA, GERMANY, BULGARIA):
        for day in (date(2021, 1, 1), TODAY):
            assert decide(REGISTER, tenant, as_of=day) == resolver.resolve(tenant, as_of=day)
    assert ["BG"] == worked_out


def test_what_is_told_apart_is_worked_out_for_each(worked_out: list[str]) -> None:
    """Another customer region, another fact, another span of days; and each of them once."""
    resolver = Resolver(REGISTER)
    asked = (
        *((BULGARIA, TODAY), (SINGAPORE, TODAY), (Tenant("DE", features={"voip"}), TODAY)),
        (Tenant("FR"), date(2020, 1, 31)),
    )
    for tenant, day in (*asked, *asked):
        assert decide(REGISTER, tenant, as_of=day) == resolver.resolve(tenant, as_of=day)
    assert ["BG", "SG", "DE", "FR"] == worked_out


def test_it_remembers_as_many_reasons_as_it_may(monkeypatch: pytest.MonkeyPatch, worked_out: list[str]) -> None:
    """Two decisions are kept where there is room for just their reasons; with one less the older is forgotten."""
    room = sum(reasons_in(decide(REGISTER, tenant, as_of=TODAY)) for tenant in (BULGARIA, SINGAPORE))
    for kept, again in ((room, []), (room - 1, ["BG"])):
        monkeypatch.setattr("residency.resolver.REASONS_KEPT", kept)
        resolver = Resolver(REGISTER)
        for tenant in (BULGARIA, SINGAPORE):
            resolver.resolve(tenant, as_of=TODAY)
        worked_out.clear()
        for tenant in (SINGAPORE, BULGARIA):
            resolver.resolve(tenant, as_of=TODAY)
        assert again == worked_out


def test_the_latest_decision_is_kept_however_large_it_is(
    monkeypatch: pytest.MonkeyPatch, worked_out: list[str]
) -> None:
    """Alone: whatever is older makes room."""
    monkeypatch.setattr("residency.resolver.REASONS_KEPT", 0)
    resolver = Resolver(REGISTER)
    for tenant in (BULGARIA, SINGAPORE, SINGAPORE, BULGARIA):
        resolver.resolve(tenant, as_of=TODAY)
    assert ["BG", "SG", "BG"] == worked_out


@pytest.mark.parametrize(
    ("make", "message", "remedy"),
    [
        (
            lambda: Resolver("liveagent"),  # type: ignore[arg-type]
            "expected a Register, got 'liveagent'",
            'pass what load_register("liveagent") returned',
        ),
        (
            lambda: Resolver(REGISTER, house_rules="ours"),  # type: ignore[arg-type]
            "expected house rules, got 'ours'",
            "pass what load_house_rules returned",
        ),
    ],
)
def test_it_is_made_of_a_register_and_of_house_rules(make: Callable[[], object], message: str, remedy: str) -> None:
    """Not of their names, which may be what a beginner has at hand."""
    with pytest.raises(BadInput) as caught:
        make()
    assert (message, remedy) == (caught.value.message, caught.value.remedy)
