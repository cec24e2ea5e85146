"""Laws of decisions, as sentences: exhausted over the bundled register where that is possible, else with Hypothesis."""

from __future__ import annotations

import copy
import json
import os
import pickle
import subprocess
import sys
import tomllib
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve, fields
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import residency
from oracle import made_up
from residency import Answer, Decision, Resolver, Restriction, Tenant, Verdict, decide
from residency.files import groupings, register_of, tenants_of
from residency.strategies import countries, days, house_rules, registers, restrictions
from residency.strategies import tenants as any_tenant
from support import DAYS, HOUSE_RULES, ISO_COUNTRIES, REGISTER, RESOLVER, TODAY, tenants

pytestmark = pytest.mark.slow

P, U, X = Verdict.PERMITTED, Verdict.UNDETERMINED, Verdict.PROHIBITED
UNDER_RULES = Resolver(REGISTER, house_rules=HOUSE_RULES)
calm = settings(deadline=None, suppress_health_check=list(HealthCheck))
made_up_days = st.sampled_from(made_up.DAYS)


def verdicts(decision: Decision) -> dict[str, Verdict]:
    """Every verdict by id."""
    return {answer.id: answer.verdict for answer in answers(decision)}


def answers(decision: Decision) -> tuple[Answer, ...]:
    """Regions, then sub-processors."""
    return (*decision.region_answers, *decision.sub_processor_answers)


def never_higher(after: Decision, before: Decision) -> None:
    """No verdict rose."""
    told = verdicts(before)
    assert {} == {name: verdict for name, verdict in verdicts(after).items() if verdict > told[name]}


def loaded(register: dict[str, Any], tenant: dict[str, Any]) -> tuple[residency.Register, Tenant]:
    """A made-up register and its tenant."""
    made = register_of(register, "made up")
    return made, tenants_of({"format": 1, "tenants": [tenant]}, "made up", made)[0]


# --- Permissions ---


def test_no_answer_permits_without_a_reason_and_none_refuses_without_one() -> None:
    """Each names the conditions that decided it, and each of these what it rests on."""
    for day in DAYS:
        for tenant in tenants():
            for answer in answers(RESOLVER.resolve(tenant, as_of=day)):
                leaves = list(answer.reason.leaves())
                assert leaves
                assert all(leaf.words and leaf.basis for leaf in leaves)
                assert {answer.verdict} >= {leaf.verdict for leaf in leaves}


def test_withdrawing_a_consent_or_a_feature_never_permits_anything() -> None:
    """Of the bundled register, whose conditions all ask for something to be there."""
    for tenant in tenants():
        decision = RESOLVER.resolve(tenant, as_of=TODAY)
        never_higher(RESOLVER.resolve(evolve(tenant, consents=()), as_of=TODAY), decision)
        never_higher(RESOLVER.resolve(evolve(tenant, features=()), as_of=TODAY), decision)


def test_what_has_no_stated_place_hosts_nowhere() -> None:
    """Amazon is no host of anybody, and nobody is a host who is not permitted to touch the data."""
    for tenant in tenants():
        decision = RESOLVER.resolve(tenant, as_of=TODAY)
        assert "aws" not in decision.hosts
        assert set(decision.hosts) <= set(decision.permitted)
        assert (decision.region is None) == (decision.hosts == ())


def test_a_region_that_is_settled_is_the_only_one_permitted() -> None:
    """Under by-customer placement, on every day."""
    for day in DAYS:
        for tenant in tenants():
            decision = RESOLVER.resolve(tenant, as_of=day)
            permitted = [name for name in REGISTER.regions if decision.may_live_in(name)]
            assert permitted == ([] if decision.region is None else [decision.region])


@calm
@given(any_tenant(REGISTER, restricted=True), restrictions(REGISTER), days(REGISTER))
def test_adding_a_restriction_never_permits_anything(tenant: Tenant, more: Restriction, day: date) -> None:
    """Nor does it settle a region by elimination, or shorten what is to be disclosed."""
    before = RESOLVER.resolve(tenant, as_of=day)
    after = RESOLVER.resolve(evolve(tenant, restrictions={*tenant.restrictions, more}), as_of=day)
    never_higher(after, before)
    assert before.settled == after.settled
    assert before.to_disclose == after.to_disclose
    assert after.region in (None, before.region)


@calm
@given(any_tenant(REGISTER, restricted=True), st.sampled_from(REGISTER.sub_processors), days(REGISTER))
def test_an_objection_is_honoured_and_touches_nobody_else(tenant: Tenant, who: str, day: date) -> None:
    """The one objected to is prohibited once the register speaks; the other sub-processors are answered as before."""
    before = RESOLVER.resolve(tenant, as_of=day)
    after = RESOLVER.resolve(evolve(tenant, objections={*tenant.objections, who}), as_of=day)
    if day >= REGISTER.speaks_from:
        assert after.verdict(who) is X
    others = [name for name in REGISTER.sub_processors if name != who]
    assert [before.verdict(name) for name in others] == [after.verdict(name) for name in others]
    assert before.to_disclose == after.to_disclose


@calm
@given(made_up.registers(), made_up.tenants, made_up.restrictions, made_up_days)
def test_restricting_never_permits_anything_in_any_register(
    register: dict[str, Any], tenant: dict[str, Any], more: dict[str, Any], day: date
) -> None:
    """Not even where one engagement keeps a demand that another breaks."""
    made, asked = loaded(register, tenant)
    _, restricted = loaded(register, {**tenant, "restrictions": [*tenant.get("restrictions", []), more]})
    never_higher(decide(made, restricted, as_of=day), decide(made, asked, as_of=day))


# --- What must not matter ---


@calm
@given(made_up.registers(), made_up.tenants, made_up_days, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(
    register: dict[str, Any], tenant: dict[str, Any], day: date, random: Any
) -> None:
    """But that of customer regions, of which the first counts."""
    made, asked = loaded(register, tenant)
    shuffled = copy.deepcopy(register)
    lists = [shuffled[key] for key in ("regions", "sub_processors", "exceptions", "own_infrastructure")]
    for rows in (*lists, *(party["engagements"] for party in shuffled["sub_processors"])):
        random.shuffle(rows)
    again, _ = loaded(shuffled, tenant)
    first, second = decide(made, asked, as_of=day), decide(again, asked, as_of=day)
    assert (verdicts(first), first.hosts, first.region) == (verdicts(second), second.hosts, second.region)


RENAMED = {
    **dict(zip(("A", "B", "C"), ("Z1", "Y1", "X1"), strict=True)),
    **dict(zip(("p0", "p1", "p2"), ("q9", "q8", "q7"), strict=True)),
    **dict(zip(("near", "far", "1", "f", "c", "d"), ("n", "a", "c1", "f1", "given", "deed"), strict=True)),
}


@calm
@given(made_up.registers(), made_up.tenants, made_up_days)
def test_renaming_ids_changes_nothing(register: dict[str, Any], tenant: dict[str, Any], day: date) -> None:
    """An id is a name, and its spelling and sorting decide nothing."""
    made, asked = loaded(register, tenant)
    again, renamed = loaded(rename(register), rename(tenant))
    before, after = decide(made, asked, as_of=day), decide(again, renamed, as_of=day)
    assert {RENAMED[name]: verdict for name, verdict in verdicts(before).items()} == verdicts(after)
    assert {RENAMED[name] for name in before.hosts} == set(after.hosts)


def rename(value: Any) -> Any:
    """The same content with other ids."""
    match value:
        case dict():
            return {RENAMED.get(key, key): rename(inner) for key, inner in value.items()}
        case list():
            return [rename(inner) for inner in value]
        case str():
            return RENAMED.get(value, value)
        case _:
            return value


@calm
@given(any_tenant(REGISTER, restricted=True), days(REGISTER), st.integers(0, 4000))
def test_answers_are_constant_between_change_dates(tenant: Tenant, day: date, later: int) -> None:
    """Two days without a change date after the first up to the second are answered alike; only notices may differ."""
    other = day + timedelta(days=later)
    changes = {*REGISTER.change_dates}
    for demand in tenant.restrictions:
        for place in demand.places:
            changes |= {
                each for part in place.parts if part in REGISTER.groups for each in REGISTER.groups[part].change_dates
            }
    if not any(day < change <= other for change in changes):
        assert answers(RESOLVER.resolve(tenant, as_of=day)) == answers(RESOLVER.resolve(tenant, as_of=other))


@pytest.mark.parametrize("day", [day for day in DAYS if day >= REGISTER.speaks_from], ids=str)
def test_a_grouping_is_answered_like_its_members_of_that_day(day: date) -> None:
    """A register that lists them one by one gives every tenant the same verdicts on that day."""
    text = (Path(residency.__file__).parent / "registers" / "liveagent.toml").read_text("utf-8")
    content = tomllib.loads(text)
    (union,) = (each for each in groupings() if each.id == "EU")
    content["customer_regions"][1]["customers"] = sorted(union.on(day).sure)
    listed = register_of(content, "listed")
    for country in ISO_COUNTRIES:
        tenant = Tenant(country, features={"voip"})
        assert verdicts(RESOLVER.resolve(tenant, as_of=day)) == verdicts(decide(listed, tenant, as_of=day))


@calm
@given(any_tenant(REGISTER, restricted=True), days(REGISTER))
def test_the_resolver_answers_as_decide_does(tenant: Tenant, day: date) -> None:
    """Whatever it remembers."""
    assert decide(REGISTER, tenant, as_of=day) == RESOLVER.resolve(tenant, as_of=day)


FACTS = [field.name for field in fields(Tenant)]


@settings(calm, max_examples=30)
@given(st.data())
def test_what_a_resolver_remembers_of_some_is_right_for_all(data: st.DataObject) -> None:
    """Of any register, under any house rules: a tenant, and others that differ from it in one thing, on any days."""
    register = data.draw(registers())
    resolver = Resolver(register, house_rules=data.draw(st.none() | house_rules(register)))
    one, other = (data.draw(any_tenant(register, restricted=True)) for _ in range(2))
    every = [one, *(evolve(one, **{name: getattr(other, name)}) for name in FACTS if fits(one, other, name)), other]
    asked = list(product(data.draw(st.lists(days(register), min_size=2, max_size=2)), every))
    for day, tenant in (*asked, *reversed(asked)):
        known, anew = resolver.resolve(tenant, as_of=day), resolver.resolve(copy.copy(tenant), as_of=day)
        assert decide(resolver.register, tenant, as_of=day) == known == anew


def fits(one: Tenant, other: Tenant, name: str) -> bool:
    """Whether they differ in it, and one can have what the other has: no feature is both on and switched off."""
    features, off = ((other if name == key else one) for key in ("features", "switched_off"))
    return getattr(one, name) != getattr(other, name) and not features.features & off.switched_off


# --- House rules ---


def test_with_the_shipped_house_rules_every_country_has_a_region() -> None:
    """`require` never raises for an unrestricted tenant, from the first day on; Kosovo's code included."""
    for day in DAYS[1:]:
        for country in (*ISO_COUNTRIES, "XK"):
            assert UNDER_RULES.resolve(Tenant(country), as_of=day).require() in REGISTER.regions


def test_house_rules_leave_every_tenant_with_a_home_as_it_was() -> None:
    """Answers and reasons; only a notice is new. Who has no home and agreed on a region keeps the verdicts."""
    for day in DAYS:
        for tenant in tenants():
            before, after = RESOLVER.resolve(tenant, as_of=day), UNDER_RULES.resolve(tenant, as_of=day)
            if RESOLVER.resolve(Tenant(tenant.country), as_of=day).region is not None:
                assert answers(before) == answers(after)
                assert before.sources == after.sources
            elif before.region is not None:
                assert verdicts(before) == verdicts(after)


def test_house_rules_never_permit_what_the_register_prohibits() -> None:
    """They decide only what is undetermined."""
    for day in DAYS:
        for tenant in tenants():
            before, after = (
                verdicts(RESOLVER.resolve(tenant, as_of=day)),
                verdicts(UNDER_RULES.resolve(tenant, as_of=day)),
            )
            assert all(after[name] is verdict for name, verdict in before.items() if verdict is not U)


# --- Stored, copied, printed ---


@calm
@given(any_tenant(REGISTER, restricted=True), days(REGISTER), st.booleans())
def test_a_decision_survives_being_stored(tenant: Tenant, day: date, ruled: bool) -> None:
    """As JSON, by pickle, by copy; it is hashable, and explains itself with the same words."""
    decision = (UNDER_RULES if ruled else RESOLVER).resolve(tenant, as_of=day)
    text = json.dumps(decision.to_dict(), allow_nan=False)
    read = Decision.from_dict(json.loads(text))
    for again in (read, pickle.loads(pickle.dumps(decision)), copy.copy(decision), copy.deepcopy(decision)):
        assert decision == again
        assert hash(decision) == hash(again)
        assert decision.explain() == again.explain()
        assert text == json.dumps(again.to_dict())
    for again_tenant in (pickle.loads(pickle.dumps(tenant)), copy.deepcopy(tenant)):
        assert (tenant, hash(tenant)) == (again_tenant, hash(again_tenant))


PRINT = """
import json
from datetime import date
from residency import *
register = load_register("liveagent")
resolver = Resolver(register, house_rules=load_house_rules("rest-of-world", register))
demands = {Restriction(within={"EEA", "CH"}, activities={"hosting", "support"}), Restriction(never_in={"IN", "CN"})}
for country in ("BG", "BR", "GB"):
    for more in ({}, {"restrictions": demands, "objections": {"aws", "twilio", "linode"}}):
        tenant = Tenant(country, features={"voip"}, consents={"subcontractor-access"}, **more)
        decision = resolver.resolve(tenant, as_of=date(2026, 11, 23))
        print(decision.explain(), json.dumps(decision.to_dict()))
        print(repr(sorted(repr(each) for each in tenant.restrictions)))
try:
    resolver.resolve(Tenant("BG", "XX", {"a", "b", "c"}, {"d"}, objections={"e", "f"}), as_of=date(2026, 11, 23))
except BadInput as error:
    print(error)
"""


def printed(**environment: str) -> bytes:
    """What a fresh interpreter prints."""
    env = {**os.environ, "PYTHONIOENCODING": "utf-8", **environment}
    return subprocess.run([sys.executable, "-c", PRINT], env=env, capture_output=True, check=True).stdout


def test_output_depends_on_neither_the_hash_seed_nor_the_locale_nor_the_time_zone() -> None:
    """The same bytes."""
    first = printed(PYTHONHASHSEED="0")
    assert b"PERMITTED" in first
    assert first == printed(PYTHONHASHSEED="1")
    assert first == printed(PYTHONHASHSEED="2", LC_ALL="C", TZ="Pacific/Kiritimati")


@calm
@given(countries("EU", as_of=TODAY))
def test_a_customer_in_the_european_union_is_stored_there(country: str) -> None:
    """Where nothing else is agreed."""
    assert RESOLVER.resolve(Tenant(country), as_of=TODAY).require() == "EU"
