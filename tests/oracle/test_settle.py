"""The library against the settling oracle, on the bundled register and on made-up ones."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

import residency
from oracle import made_up
from oracle.liveagent import expected
from oracle.settle import Settled, TooManyWorlds, settle
from residency import Decision, Resolver, Tenant, decide
from residency.files import groupings, house_rules_of, register_of, tenants_of
from residency.model.places import countries
from residency.strategies.house_rules import house_rules_content

pytestmark = pytest.mark.slow

Row = dict[str, Any]
GROUPS = {grouping.id: grouping for grouping in groupings()}
COUNTS: Counter[str] = Counter()


@cache
def members(name: str, day: date) -> tuple[frozenset[str], frozenset[str]]:
    """Facts are no part of what the two are compared on; `tests/facts` is about them."""
    extent = GROUPS[name].on(day)
    return extent.sure, extent.possible


def both(register: Row, rules: Row | None, tenant: Row, day: date) -> tuple[Decision, Settled]:
    """What the library says, and what the oracle says."""
    loaded = register_of(register, "made up")
    if rules is not None:
        loaded = house_rules_of(rules, "made up", loaded).over(loaded)
    (asked,) = tenants_of({"format": 1, "tenants": [tenant]}, "made up", loaded)
    try:
        return decide(loaded, asked, as_of=day), settle(register, tenant, day, members, countries(), rules)
    except TooManyWorlds:
        COUNTS["too many worlds"] += 1
        reject()


def compare(decision: Decision, oracle: Settled) -> None:
    """What ours says for certain the oracle says too, and all of it where no unknown was met twice."""
    told = {**oracle.regions, **oracle.sub_processors}
    for answer in (*decision.region_answers, *decision.sub_processor_answers):
        ours, theirs = answer.verdict.value, told[answer.id]
        COUNTS[f"{ours} {theirs}"] += 1
        if ours != theirs:
            assert (answer.id, ours) == (answer.id, "UNDETERMINED")
            assert answer.id in oracle.ambiguous, (answer.id, theirs)
    for (name, activity, data), theirs in oracle.narrowed.items():
        ours = decision.verdict(name, activity=activity, data=data).value
        COUNTS[f"narrowed {ours} {theirs}"] += 1
        if ours != theirs:
            assert (name, activity, data, ours) == (name, activity, data, "UNDETERMINED")
            assert f"{name} {activity} {data}" in oracle.ambiguous, (name, activity, data, theirs)
    if decision.settled != oracle.settled:
        assert decision.settled is None
        assert oracle.ambiguous


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(made_up.registers(), made_up.tenants, st.sampled_from(made_up.DAYS))
def test_made_up_registers_are_answered_as_the_oracle_answers(register: Row, tenant: Row, day: date) -> None:
    """Several engagements, restrictions, exceptions, free choice, conflicts, spans, unknown attributes."""
    compare(*both(register, None, tenant, day))


@st.composite
def under_rules(draw: st.DrawFn) -> tuple[Row, Row]:
    """A register and house rules over it."""
    register = draw(made_up.registers())
    return register, draw(house_rules_content(register_of(register, "made up")))


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(under_rules(), made_up.tenants, st.sampled_from(made_up.DAYS))
def test_house_rules_are_answered_as_the_oracle_answers(case: tuple[Row, Row], tenant: Row, day: date) -> None:
    """Customers placed, tensions resolved, regions and sub-processors forbidden."""
    compare(*both(*case, tenant, day))


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(under_rules(), st.lists(st.tuples(made_up.tenants, st.sampled_from(made_up.DAYS)), min_size=2, max_size=12))
def test_the_memory_of_a_resolver_changes_no_answer(case: tuple[Row, Row], asked: list[tuple[Row, date]]) -> None:
    """Whatever was asked before, on whatever day: the decision is the one that `decide` makes."""
    register = register_of(case[0], "made up")
    rules = house_rules_of(case[1], "made up", register)
    tenants = tenants_of({"format": 1, "tenants": [tenant for tenant, _ in asked]}, "made up", register)
    resolver = Resolver(register, house_rules=rules)
    for tenant, (_, day) in zip(tenants, asked, strict=True):
        assert decide(rules.over(register), tenant, as_of=day) == resolver.resolve(tenant, as_of=day)


@pytest.mark.parametrize("day", [date(2019, 10, 27), date(2019, 10, 28), date(2026, 11, 23)], ids=str)
def test_the_two_oracles_agree_on_the_bundled_register(day: date) -> None:
    """Two algorithms that know nothing of each other, for one tenant of each kind of country."""
    folder = Path(residency.__file__).parent / "registers"
    register = tomllib.loads((folder / "liveagent.toml").read_text("utf-8"))
    for country in ("BG", "BR", "GB", "GI", "PR", "RE", "SG", "US", "XK"):
        for agreed in (None, "EU", "UK", "US", "SG"):
            for voip, consent in ((False, True), (True, False)):
                facts = {"features": ["voip"] * voip, "consents": ["subcontractor-access"] * consent}
                tenant = {"country": country, **facts, **({} if agreed is None else {"agreed_region": agreed})}
                naive = expected(country, agreed, voip, consent, day)
                oracle = settle(register, tenant, day, members, countries())
                assert naive.regions == oracle.regions
                assert naive.sub_processors == oracle.sub_processors
                asked = Tenant(country, agreed, facts["features"], facts["consents"])
                compare(decide(residency.load_register("liveagent"), asked, as_of=day), oracle)
