"""What is odd about a register is told, each with its clauses, and nothing else."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from residency import Resolver, load_claims, load_register
from residency.analysis import Universe, lint, worth
from residency.analysis.mutations import mutations_of
from residency.analysis.worth import Worth
from residency.files import house_rules_of, register_of
from residency.model.rows import Prohibition
from support import HOUSE_RULES, REGISTER, RESOLVER, SMALL_REGISTER

pytestmark = pytest.mark.slow

ACME = load_register(Path(__file__).parents[2] / "cases" / "base" / "register.toml")
BASIS = {"basis": ["1"]}
HOSTING = {"activity": "hosting", "purpose": "x", **BASIS}
CONTENT: dict[str, Any] = {
    **SMALL_REGISTER,
    "regions": [
        {"id": "A", "name": "A", "places": ["DE"], **BASIS},
        {"id": "B", "name": "B", "places": ["US"], **BASIS},
    ],
    "placement": {"rule": "by-customer", **BASIS},
    "customer_regions": [
        {"id": "all", "customers": ["DE", "US"], "home": "A", **BASIS},
        {"id": "rest", "customers": "everyone else", "home": "B", "basis": ["2"]},
    ],
    "sub_processors": [
        {
            "id": "p",
            "name": "P",
            "engagements": [{**HOSTING, "regions": ["A", "B"], "places": "as the region", "when": {"feature": "f"}}],
        }
    ],
}


SIDES = [{"is": "l", "says": "l", **BASIS}, {"is": "r", "says": "r", **BASIS}]
TENSION = {"t": {"says": "t", "sides": SIDES}}


def found(**changes: Any) -> list[tuple[str, str]]:
    """What is odd about the small register with these changes, but for readings."""
    return [(each.grade, each.words) for each in lint(register_of({**deepcopy(CONTENT), **changes}, "small"))]


def processor(*engagements: dict[str, Any]) -> list[dict[str, Any]]:
    """The one sub-processor, with these engagements beside its own."""
    return [
        {**CONTENT["sub_processors"][0], "engagements": [*CONTENT["sub_processors"][0]["engagements"], *engagements]}
    ]


def test_nothing_is_told_of_a_register_without_oddities() -> None:
    """Everything is stated, used, and apart."""
    assert [] == found()


def test_rows_that_apply_to_no_tenant_are_told() -> None:
    """A condition that contradicts itself is a fault; a row that ended before the register speaks is not used."""
    never: dict[str, Any] = {"activity": "service", "purpose": "y", "places": ["DE"], **BASIS}
    never["when"] = {"all": [{"feature": "f"}, {"not": {"feature": "f"}}]}
    ended = {"activity": "service", "purpose": "z", "places": ["DE"], "until": date(2019, 1, 1), **BASIS}
    assert [
        (
            "fault",
            "the row of p for service (y) applies to no tenant there is: its condition or its region lets nobody in",
        ),
        ("unused", "the row of p for service (z) ended before the register speaks"),
    ] == found(sub_processors=processor(never, ended))


def test_customer_regions_that_earlier_ones_take_are_told_with_the_days() -> None:
    """Some of its countries, or all of them."""
    rows = CONTENT["customer_regions"]
    second = {"id": "second", "customers": ["DE", "FR"], "home": "B", "until": date(2022, 1, 1), **BASIS}
    third = {"id": "third", "customers": ["US"], "home": "B", **BASIS}
    assert [
        (
            "overlap",
            "DE: in customer regions all and second from 2020-01-01 until before 2022-01-01, of which all counts",
        ),
        ("fault", "customer region third holds nobody: earlier ones take all of its countries, on every day"),
        ("overlap", "US: in customer regions all and third from 2020-01-01 on, of which all counts"),
    ] == found(customer_regions=[rows[0], second, third, rows[1]])


def test_rows_that_contradict_each_other_are_told() -> None:
    """Two places for one thing; a place outside the region."""
    row = {**HOSTING, "regions": ["A"], "places": ["FR"], "when": {"feature": "f"}}
    assert [
        ("conflict", "two rows of p for hosting (x) state other places for the same days"),
        ("conflict", "p stores data of region A at places outside it from 2020-01-01 on"),
    ] == found(sub_processors=processor(row))
    assert [] == found(sub_processors=processor({**row, "places": ["DE"], "purpose": "z"}))


def test_a_house_rule_at_odds_with_another_is_told() -> None:
    """One places customers where another forbids it."""
    content = deepcopy(CONTENT)
    made = register_of({**content, "customer_regions": content["customer_regions"][:1]}, "small")
    head = {"format": 1, "register": "small", "decided_by": "x", "decided_on": date(2020, 1, 1)}
    region = {"id": "r", "customers": "everyone else", "home": "B", "because": "x"}
    rules = house_rules_of(
        {**head, "customer_regions": [region], "forbid": [{"id": "no", "who": "B", "because": "y"}]}, "rules", made
    )
    words = [each.words for each in lint(rules.over(made)) if each.grade == "conflict"]
    assert ["customer region r is at home in B, which house rule no forbids"] == words


def test_what_is_stated_nowhere_is_told() -> None:
    """Places, the region of storage, homes."""
    told = found(
        regions=[{"id": "A", "name": "A", **BASIS}, CONTENT["regions"][1]],
        customer_regions=[CONTENT["customer_regions"][0]],
        sub_processors=[*processor(), {"id": "q", "name": "Q", "engagements": [HOSTING]}],
        clauses={"1": SMALL_REGISTER["clauses"]["1"]},
    )
    assert [
        ("gap", "where hosting region A is, is not stated"),
        ("gap", "no place is stated of q"),
        ("gap", "in which hosting region q stores data (x) is not stated"),
        (
            "gap",
            "where customers in 248 countries (AD, AE, AF, AG, AI, AL, AM, AO …) are placed is not stated"
            " from 2020-01-01 on",
        ),
    ] == told
    assert [] == [words for _, words in found(placement={"rule": "free-choice", **BASIS}) if "placed" in words]


def test_what_nothing_uses_is_told() -> None:
    """Clauses, declared names, tensions, regions that nobody stores in."""
    told = found(
        regions=[*CONTENT["regions"], {"id": "C", "name": "C", "places": ["SG"], **BASIS}],
        placement={"rule": "by-customer", "agreed": ["1"], "agreed_when": {"not": {"feature": "f"}}, **BASIS},
        data={"logs": {"says": "logs", **BASIS}},
        consents={"c": {"says": "c", **BASIS}},
        clauses={**SMALL_REGISTER["clauses"], "3": SMALL_REGISTER["clauses"]["1"]},
        tensions={"t": {"says": "t", "sides": SIDES}, "u": {"says": "u", "sides": SIDES}},
        exceptions=[{"when": {"any": [{"tension": "u", "is": "l"}]}, "places": ["US"], **BASIS}],
    )
    assert [
        ("unused", "nothing rests on 3"),
        ("unused", "no rule depends on consent c"),
        ("unused", "no rule depends on data category logs"),
        ("unused", "no condition asks how t is resolved"),
        ("unused", "nobody is said to store data in hosting region C"),
    ] == told


def test_readings_are_told_with_the_number_of_answers_that_rest_on_them() -> None:
    """Counted one by one here."""
    count: Counter[str] = Counter()
    total = 0
    for tenant, day in Universe(REGISTER, demands=False):
        decision = RESOLVER.resolve(tenant, as_of=day)
        for answer in (*decision.region_answers, *decision.sub_processor_answers):
            total += 1
            count.update(set(answer.reason.basis))
    told = [each.words for each in lint(REGISTER, load_claims("liveagent")) if each.grade == "reading"]
    readings = [source for source in REGISTER.sources if source.author == "reading"]
    assert [f"{each.id}: {each.says}; {count[each.id]:,} of {total:,} answers rest on it" for each in readings] == told


# --- What rules are worth ---


def small_worth(**changes: Any) -> dict[str, Worth]:
    """What each rule of the small register is worth."""
    return {each.rule: each for each in worth(register_of({**deepcopy(CONTENT), **changes}, "small"))}


def test_what_a_rule_alone_decides_is_counted_and_told_in_ranges() -> None:
    """The feature that gates the only host: two countries are at home there, and everybody may agree on a region."""
    told = small_worth()["p, hosting (x) in A: its condition"]
    assert (2 + 250 * 2, 2 * 2 * 250 * 3) == (told.points, told.of)
    (only,) = told.ranges
    assert only.words == (
        "from 2020-01-01 on; customers in DE, US with no region agreed, customers anywhere with A or B agreed;"
        " feature f off"
    )
    assert () == told.noticed_by


def test_what_only_a_demand_can_tell_is_asked_of_those_who_demand() -> None:
    """Where a region is, and where a row is; in ranges that name a demand."""
    free, exception = {"attribute": "plan", "is": "free"}, {"places": ["SG"], **BASIS}
    changes = {
        "attributes": {"plan": {"says": "plan", "values": ["free", "paid"], **BASIS}},
        "exceptions": [{**exception, "when": free}, {**exception, "when": {"not": free}, "regions": ["B"]}],
    }
    found = worth(register_of({**deepcopy(CONTENT), **changes}, "small"))
    words = [each.words for rule in found for each in rule.ranges]
    assert any("with the restriction 'only within AD', or one of" in each for each in words)
    assert any("plan is free" in each for each in words)
    assert any("plan is unknown" in each for each in words)


def test_every_rule_is_flipped() -> None:
    """Of every kind of row; each is another register."""
    regional = {"activity": "service", "purpose": "y", "when": {"customer_in": "all"}, **BASIS}
    small = register_of({**deepcopy(CONTENT), "sub_processors": processor(regional), "tensions": TENSION}, "small")
    assert not [
        mutation
        for mutation in mutations_of(small)
        if mutation.rule in ("there is a customer region all", "t is resolved as l")
    ]
    excepted = [{"places": ["US"], "when": {"not": {"customer_in": "rest"}}, **BASIS}]
    made = register_of({**deepcopy(CONTENT), "exceptions": excepted}, "small")
    assert "there is a customer region rest" not in [mutation.rule for mutation in mutations_of(made)]
    homeless = [{"id": "all", "customers": ["DE"], **BASIS}]
    forbidden = evolve(REGISTER, prohibitions=(Prohibition("no", "aws"),))
    assert "house rule no forbids aws" in [mutation.rule for mutation in mutations_of(forbidden)]
    made = register_of({**deepcopy(CONTENT), "customer_regions": homeless}, "small")
    assert not [mutation for mutation in mutations_of(made) if "at home" in mutation.rule]
    for register in (REGISTER, Resolver(REGISTER, house_rules=HOUSE_RULES).register, ACME):
        mutations = list(mutations_of(register))
        assert len({mutation.rule for mutation in mutations}) > 10
        assert all(mutation.register != register and mutation.basis is not None for mutation in mutations)


def test_a_region_that_only_hosting_rows_name_is_a_gap_where_others_have_more() -> None:
    """Unless it says that the list of sub-processors does not know it yet."""
    content = deepcopy(CONTENT)
    logs = {"activity": "service", "purpose": "logs", "regions": ["A"], **BASIS}
    content["sub_processors"][0]["engagements"].append(logs)
    words = (
        "region B is named by no row but hosting, as others are: is it one that the list of sub-processors does not"
        " know yet (listed = false)?"
    )
    assert words in {each.words for each in lint(register_of(content, "gap")) if each.grade == "gap"}
    content["regions"][1]["listed"] = False
    assert words not in {each.words for each in lint(register_of(content, "gap"))}


def test_what_the_vendor_does_and_is_and_which_lists_are_closed_are_rules_too() -> None:
    """Each is told by what the register is without it."""
    content = {
        **CONTENT,
        "seat": {"registered_in": "DE", "parent": {"name": "Y", "registered_in": "US"}, **BASIS},
        "own_infrastructure": [HOSTING, {"activity": "support", "purpose": "help", **BASIS}],
        "closed": [{"activity": "backup", **BASIS}, {"of": "everybody", **BASIS}],
    }
    rules = [each.rule for each in mutations_of(register_of(content, "own"))]
    assert [
        "V stores data itself (x)",
        "V itself does support (help)",
        "V is registered in DE",
        "the parent of V is registered in US",
        "the list of sub-processors for backup is closed",
        "the list of everybody for whatever is done is closed",
    ] == [rule for rule in rules if rule.startswith(("V ", "the parent of V", "the list of"))]
