"""Laws of decisions on the registers of real vendors, and those registers against the oracle that settles unknowns."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from oracle.settle import Settled, TooManyWorlds, settle
from residency import Decision, Register, Resolver, Tenant, Verdict, decide, load_register
from residency.model.places import countries
from residency.strategies import days, restrictions, tenants

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
NAMES = sorted(path.stem for path in HERE.glob("*.toml"))

calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=25)
few = settings(calm, max_examples=5)
every_register = pytest.mark.parametrize("name", NAMES)


@cache
def loaded(name: str) -> tuple[Register, Resolver, dict[str, Any]]:
    """The register, its resolver, and the file as it stands."""
    path = HERE / f"{name}.toml"
    register = load_register(path)
    return register, Resolver(register), tomllib.loads(path.read_text("utf-8"))


def drawn(data: st.DataObject, register: Register) -> tuple[Tenant, date]:
    """A tenant that demands and objects, and a day."""
    return data.draw(tenants(register, restricted=True)), data.draw(days(register))


def verdicts(decision: Decision) -> dict[str, Verdict]:
    """Every verdict by id."""
    return {answer.id: answer.verdict for answer in (*decision.region_answers, *decision.sub_processor_answers)}


@calm
@every_register
@given(data=st.data())
def test_the_resolver_answers_as_decide_does_and_decisions_can_be_stored(name: str, data: st.DataObject) -> None:
    """Whatever it remembers, and without loss."""
    register, resolver, _ = loaded(name)
    tenant, day = drawn(data, register)
    decision = resolver.resolve(tenant, as_of=day)
    assert decide(register, tenant, as_of=day) == decision == Decision.from_dict(decision.to_dict())
    assert decision.explain() == Decision.from_dict(decision.to_dict()).explain()


@calm
@every_register
@given(data=st.data())
def test_a_further_demand_never_permits_anything(name: str, data: st.DataObject) -> None:
    """For the whole, for each activity and each data category."""
    register, resolver, _ = loaded(name)
    tenant, day = drawn(data, register)
    more = evolve(tenant, restrictions={*tenant.restrictions, data.draw(restrictions(register))})
    before, after = (resolver.resolve(each, as_of=day) for each in (tenant, more))
    assert [] == [each for each, verdict in verdicts(after).items() if verdict > verdicts(before)[each]]
    assert before.to_disclose == after.to_disclose
    for who in register.sub_processors:
        for category in (None, *register.data_categories):
            for activity in ("hosting", "service", "support"):
                question = {"activity": activity, "data": category}
                assert after.verdict(who, **question) <= before.verdict(who, **question)


@calm
@every_register
@given(data=st.data())
def test_every_answer_has_a_reason_that_rests_on_something(name: str, data: st.DataObject) -> None:
    """Permissions, refusals, and what is not stated alike."""
    register, resolver, _ = loaded(name)
    tenant, day = drawn(data, register)
    decision = resolver.resolve(tenant, as_of=day)
    for answer in (*decision.region_answers, *decision.sub_processor_answers):
        leaves = list(answer.reason.leaves())
        assert leaves
        assert all(leaf.words and leaf.basis for leaf in leaves)


@few
@every_register
@given(data=st.data())
def test_what_is_said_for_certain_the_oracle_says_too(name: str, data: st.DataObject) -> None:
    """And all of it where no unknown was met twice.

    Several demands, or questions about one activity, would make too many worlds; made-up registers are asked these.
    """
    register, resolver, content = loaded(name)
    demands = data.draw(st.frozensets(restrictions(register), max_size=1))
    tenant, day = evolve(data.draw(tenants(register)), restrictions=demands), data.draw(days(register))

    def members(group: str, on: date) -> tuple[frozenset[str], frozenset[str]]:
        extent = register.groups[group].on(on)
        return extent.sure, extent.possible

    try:
        oracle = settle(content, written(tenant), day, members, countries(), activities=())
    except TooManyWorlds:
        reject()  # and where that is so of most, Hypothesis says so
    compare(resolver.resolve(tenant, as_of=day), oracle)


def written(tenant: Tenant) -> dict[str, Any]:
    """The tenant as a file would say it."""
    facts = tenant.to_dict()
    demands = [{key: value for key, value in each.items() if value} for each in facts.pop("restrictions")]
    return {key: value for key, value in {**facts, "restrictions": demands}.items() if value is not None}


def compare(decision: Decision, oracle: Settled) -> None:
    """Ours is the oracle's, or undetermined where an unknown was met twice."""
    told = {name: verdict.value for name, verdict in verdicts(decision).items()}
    theirs = {**oracle.regions, **oracle.sub_processors}
    apart = {name: (verdict, theirs[name]) for name, verdict in told.items() if verdict != theirs[name]}
    assert {} == {name: both for name, both in apart.items() if both[0] != "UNDETERMINED"}
    assert set(apart) <= oracle.ambiguous
