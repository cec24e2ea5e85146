"""Placement rules other than the bundled register's, conflicts, and regions that come and go, on a small register."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from oracle.settle import settle
from residency import Decision, Register, Restriction, Tenant, Verdict, decide
from residency.files import groupings, register_of, tenants_of
from residency.model.places import countries
from support import SMALL_REGISTER, TODAY

P, U, X = Verdict.PERMITTED, Verdict.UNDETERMINED, Verdict.PROHIBITED
GROUPS = {grouping.id: grouping for grouping in groupings()}


def host(name: str, region: str | None, **more: Any) -> dict[str, Any]:
    """A company that stores data in a region."""
    where = {} if region is None else {"regions": [region]}
    return {
        "id": name,
        "name": name,
        "engagements": [{"activity": "hosting", "purpose": "h", "basis": ["1"], **where, **more}],
    }


def register(placement: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Regions A and B, each with a company that stores data there."""
    sides = [{"is": name, "says": name, "basis": ["1"]} for name in ("left", "right")]
    return {
        **SMALL_REGISTER,
        "tensions": {"t": {"says": "two sentences conflict", "sides": sides}},
        "attributes": {"plan": {"says": "p", "values": ["free", "paid"], "basis": ["1"]}},
        "regions": [{"id": name, "name": name, "basis": ["1"]} for name in "AB"],
        "placement": {"basis": ["1"], **placement},
        "customer_regions": [{"id": "german", "customers": ["DE"], "home": "A", "basis": ["1"]}],
        "sub_processors": [host("in-a", "A"), host("in-b", "B")],
        **more,
    }


def asked(content: dict[str, Any], country: str = "DE", **facts: Any) -> Decision:
    """The decision, once the oracle has confirmed it."""
    loaded: Register = register_of(content, "small")
    tenant = {"country": country, **facts}
    (made,) = tenants_of({"format": 1, "tenants": [tenant]}, "small", loaded)
    decision = decide(loaded, made, as_of=TODAY)

    def members(name: str, day: date) -> tuple[frozenset[str], frozenset[str]]:
        return GROUPS[name].on(day).sure, GROUPS[name].on(day).possible

    oracle = settle(content, tenant, TODAY, members, countries())
    assert oracle.settled == decision.settled
    assert oracle.regions == {answer.id: answer.verdict.value for answer in decision.region_answers}
    assert oracle.sub_processors == {answer.id: answer.verdict.value for answer in decision.sub_processor_answers}
    return decision


def regions(decision: Decision) -> list[Verdict]:
    """The verdicts on A and B."""
    return [decision.region_verdict("A"), decision.region_verdict("B")]


def parties(decision: Decision) -> list[Verdict]:
    """The verdicts on who stores in A and in B."""
    return [decision.verdict("in-a"), decision.verdict("in-b")]


def test_a_fixed_region_is_everybodys() -> None:
    """Unless another is agreed, where that is provided for."""
    fixed = {"rule": "fixed", "region": "A", "agreed": ["2"]}
    assert ([P, X], [P, X], "A") == (regions(asked(register(fixed))), parties(asked(register(fixed))), "A")
    moved = asked(register(fixed), agreed_region="B")
    assert ([X, P], [X, P], "B") == (regions(moved), parties(moved), moved.region)


def test_a_free_choice_permits_every_region_and_settles_none_until_one_is_agreed() -> None:
    """Who stores the data is open until then; `require` names the choices."""
    free = {"rule": "free-choice", "agreed": ["2"]}
    open_choice = asked(register(free))
    assert ([P, P], [U, U], None) == (regions(open_choice), parties(open_choice), open_choice.region)
    assert "its region is not settled: it must be agreed" in open_choice.explain("in-a")
    chosen = asked(register(free), agreed_region="B")
    assert ([X, P], [X, P], "B") == (regions(chosen), parties(chosen), chosen.region)


def test_a_choice_is_not_settled_by_elimination() -> None:
    """Not by a demand, and not by a region that ended: a sole remaining one still has to be agreed."""
    free = {"rule": "free-choice", "agreed": ["2"]}
    rows = [
        {"id": "A", "name": "A", "places": ["DE"], "basis": ["1"]},
        {"id": "B", "name": "B", "places": ["US"], "basis": ["1"]},
    ]
    demanded = asked(register(free, regions=rows), restrictions=[{"within": ["EU"], "activities": ["hosting"]}])
    assert (X, None) == (demanded.region_verdict("B"), demanded.settled)
    ended = [rows[0], {**rows[1], "until": date(2021, 1, 1)}]
    decision = asked(register(free, regions=ended))
    assert ([P, X], [U, X], None) == (regions(decision), parties(decision), decision.settled)
    assert "hosting region B ended: 2021-01-01 is the first day without it" in decision.explain("B")


def test_where_no_region_is_promised_nothing_is_known() -> None:
    """Until one is agreed."""
    none = {"rule": "not-promised", "agreed": ["2"]}
    assert ([U, U], [U, U]) == (regions(asked(register(none))), parties(asked(register(none))))
    assert "A" == asked(register(none), agreed_region="A").region


def test_an_agreement_that_is_not_provided_for_leaves_everything_open() -> None:
    """Neither the agreement nor the default can be shown to hold."""
    decision = asked(register({"rule": "fixed", "region": "A"}), agreed_region="B")
    assert ([U, U], None) == (regions(decision), decision.region)
    assert "region B is agreed, but it is not stated that regions can be agreed" in decision.explain("A")


@pytest.mark.parametrize(
    ("attributes", "verdicts"), [({"plan": "paid"}, [X, P]), ({"plan": "free"}, [X, X]), ({}, [X, U])], ids=str
)
def test_an_agreement_whose_condition_fails_refuses_and_never_falls_back(
    attributes: dict[str, str], verdicts: list[Verdict]
) -> None:
    """An agreed region that needs a plan: with it, without it, and where the plan is not known."""
    rule = {"rule": "fixed", "region": "A", "agreed": ["2"], "agreed_when": {"attribute": "plan", "is": "paid"}}
    decision = asked(register(rule), agreed_region="B", attributes=attributes)
    assert verdicts == regions(decision) == parties(decision)
    assert ("B" if attributes == {"plan": "paid"} else None) == decision.region


def test_sentences_that_conflict_leave_the_answer_open_and_both_are_named() -> None:
    """Until a reading resolves them."""
    gated = {"when": {"tension": "t", "is": "left"}}
    content = register({"rule": "fixed", "region": "A"}, sub_processors=[host("in-a", "A", **gated), host("in-b", "B")])
    content["tensions"]["t"]["sides"][1]["basis"] = ["2"]
    decision = asked(content)
    assert (U, U) == (decision.verdict("in-a"), decision.region_verdict("A"))
    assert {"1", "2"} <= set(decision.answer("in-a").reason.basis)
    assert "the sources conflict on t, and no reading or house rule resolves it" in decision.explain("in-a")
    reading = {"of": ["1", "2"], "says": "x", "because": "y", "otherwise": "z"}
    for side, verdict in (("left", P), ("right", X)):
        resolved = {**content, "readings": {"R1": {**reading, "resolves": {"tension": "t", "is": side}}}}
        answer = asked(resolved).answer("in-a")
        assert verdict is answer.verdict
        assert "R1" in answer.reason.basis


def test_a_region_that_nobody_is_said_to_store_in_is_open() -> None:
    """And says so; one whose only company has left is prohibited."""
    fixed = {"rule": "fixed", "region": "A"}
    nobody = asked(register(fixed, sub_processors=[host("in-b", "B")]))
    assert U is nobody.region_verdict("A")
    assert "it is not stated who stores data in region A" in nobody.explain("A")
    left = asked(register(fixed, sub_processors=[host("in-a", "A", until=date(2021, 1, 1)), host("in-b", "B")]))
    assert X is left.region_verdict("A")
    assert "the row of in-a for hosting (h) ended: 2021-01-01 is the first day without it" in left.explain("A")
    coming = asked(register(fixed, sub_processors=[host("in-a", "A", since=date(2030, 1, 1)), host("in-b", "B")]))
    assert "the row of in-a for hosting (h) begins on 2030-01-01" in coming.explain("in-a")


def test_a_region_that_is_not_offered_yet_is_prohibited_and_still_the_settled_one() -> None:
    """The tenant is nowhere else for that."""
    rows = [
        {"id": "A", "name": "A", "basis": ["1"], "since": date(2030, 1, 1)},
        {"id": "B", "name": "B", "basis": ["1"]},
    ]
    decision = asked(register({"rule": "fixed", "region": "A"}, regions=rows))
    assert ([X, X], [X, X]) == (regions(decision), parties(decision))
    assert ("A", None) == (decision.settled, decision.region)
    assert "hosting region A is offered from 2030-01-01 on" in decision.explain("A")


def test_a_region_is_judged_as_if_the_tenant_were_there() -> None:
    """A company that stores data only of those who are in B counts for B, and for nobody in A."""
    gated = host("in-b", "B", when={"region_in": "B"})
    content = register({"rule": "free-choice", "agreed": ["2"]}, sub_processors=[host("in-a", "A"), gated])
    assert [P, P] == regions(asked(content))
    assert [X, P] == parties(asked(content, agreed_region="B"))
    assert [P, X] == parties(asked(content, agreed_region="A"))


def test_of_a_day_that_a_grouping_does_not_cover_the_home_is_not_known() -> None:
    """Norway in the EEA, before the day on which its coverage begins."""
    customers = [
        {"id": "near", "customers": ["EEA"], "home": "A", "basis": ["1"]},
        {"id": "far", "customers": "everyone else", "home": "B", "basis": ["1"]},
    ]
    content = register({"rule": "by-customer"}, customer_regions=customers, published=date(2017, 1, 1))
    content["sub_processors"].append(host("near-only", "A", when={"customer_in": "near"}))
    loaded = register_of(content, "small")
    before = decide(loaded, Tenant("NO"), as_of=date(2018, 7, 19))
    assert ([U, U], U, None) == (regions(before), before.verdict("near-only"), before.settled)
    assert "which customer region is the tenant's is not known for that day (near or far)" in before.explain("A")
    assert "whether the tenant's customer region is near is not known for that day" in before.explain("near-only")
    assert "A" == decide(loaded, Tenant("NO"), as_of=date(2018, 7, 20)).region
    assert "B" == decide(loaded, Tenant("BR"), as_of=date(2018, 7, 20)).region


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("vendor-choice", "the vendor chooses the hosting region unless one is agreed"),
        ("not-promised", "no hosting region is promised"),
        ("unconfirmed", "no hosting region counts until one is confirmed"),
    ],
)
def test_where_nobody_has_chosen_every_region_is_undetermined(rule: str, words: str) -> None:
    """Until one is agreed, and then that one."""
    decision = asked(register({"rule": rule, "agreed": ["2"]}))
    assert [U, U] == [decision.region_verdict(name) for name in "AB"]
    assert words == decision.answer("A").reason.leaves().__next__().words
    agreed = asked(register({"rule": rule, "agreed": ["2"]}), agreed_region="B")
    assert ("B", [X, P]) == (agreed.region, [agreed.region_verdict(name) for name in "AB"])


def test_customers_whose_home_is_not_stated_are_placed_nowhere() -> None:
    """Their customer region is known all the same, so conditions on it are decided."""
    customers = [{"id": "german", "customers": ["DE"], "basis": ["2"]}]
    content = register({"rule": "by-customer"}, customer_regions=customers)
    decision = asked(content)
    assert [U, U] == [decision.region_verdict(name) for name in "AB"]
    told = decision.answer("A").reason
    assert "it is not stated in which hosting region customers in customer region german are placed" in told.words
    assert {"1", "2"} <= set(told.basis)


def test_a_region_that_moves_is_held_where_it_is_that_day() -> None:
    """Its sites say where, by their spans; outside of them its places do."""
    sites = [
        {"places": ["US"], "until": date(2020, 1, 1), "basis": ["1"]},
        {"places": ["FR"], "since": date(2020, 1, 1), "until": TODAY, "basis": ["2"]},
    ]
    region = {"id": "A", "name": "A", "places": ["DE"], "basis": ["1"], "sites": sites}
    stores = host("in-a", "A", places="as the region")
    content = register({"rule": "fixed", "region": "A"}, regions=[region], sub_processors=[stores], customer_regions=[])
    loaded = register_of({**content, "speaks_from": date(2019, 1, 1)}, "small")
    tenant = Tenant("DE", restrictions={Restriction(within={"FR"})})
    for day, verdict in ((date(2019, 12, 31), X), (date(2020, 1, 1), P), (TODAY, X)):
        decision = decide(loaded, tenant, as_of=day)
        assert (verdict, verdict) == (decision.region_verdict("A"), decision.verdict("in-a"))
        assert decision.tenant.country == "DE"
    elsewhere = register_of({**content, "sub_processors": [host("in-a", "A", places=["DE"])]}, "small")
    assert {date(2020, 1, 1), TODAY} <= set(elsewhere.change_dates)


@pytest.mark.parametrize("rule", ["fixed", "free-choice", "vendor-choice", "not-promised", "unconfirmed"])
def test_that_data_is_not_in_a_region_is_known_only_where_it_is_settled_in_another(rule: str) -> None:
    """An agreement that is refused, or not known to hold, leaves out the others, and does not say where the data is."""
    where = {"rule": rule, **({"region": "A"} if rule == "fixed" else {})}
    agreed = {"agreed": ["2"], "agreed_when": {"attribute": "plan", "is": "paid"}}
    row = {"activity": "service", "purpose": "elsewhere", "basis": ["1"], "when": {"not": {"region_in": "A"}}}
    parties = [host("in-a", "A"), host("in-b", "B"), {"id": "s", "name": "s", "engagements": [row]}]
    content = register({**where, **agreed}, sub_processors=parties)
    for plan, verdict in (({"plan": "paid"}, P), ({"plan": "free"}, U), ({}, U)):
        decision = asked(content, agreed_region="B", attributes=plan)
        assert verdict is decision.verdict("s")
        assert X is decision.verdict("in-a")
    told = asked(content, agreed_region="B", attributes={"plan": "free"}).answer("s").reason.words
    assert "no hosting region is settled, so whether the data is in region A is not known" in told


def test_one_fixed_region_is_said_to_be_replaced_only_where_agreements_are_spoken_of() -> None:
    """Nothing is claimed that the documents do not say."""
    alone = asked(register({"rule": "fixed", "region": "A"}))
    assert ["data is placed in region A", "data is placed in region A, not in B"] == [
        next(alone.answer(name).reason.leaves()).words for name in "AB"
    ]
    agreed = asked(register({"rule": "fixed", "region": "A", "agreed": ["2"]}))
    assert ["data is placed in region A unless another is agreed"] == [next(agreed.answer("A").reason.leaves()).words]
