"""House rules laid over a register: what they add, and what they cannot do even when written by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from residency import (
    BadFile,
    BadInput,
    HouseRules,
    Register,
    Resolver,
    Restriction,
    Source,
    Tenant,
    UnknownName,
    Verdict,
    load_house_rules,
    load_register,
)
from residency.analysis import check
from residency.files import house_rules_of, register_of
from residency.model.conditions import All, Condition, Has, In, Is, Not
from residency.model.conditions import Any as Some
from residency.model.house_rules import Resolution
from residency.model.places import Place
from residency.model.rows import CustomerRegion, Placement, Prohibition
from residency.model.timeline import Span
from residency.tables import Table
from support import HOUSE_RULES, REGISTER, SMALL_REGISTER, TODAY


def rules(**more: object) -> HouseRules:
    """House rules of nothing but what is given."""
    return HouseRules("liveagent", "us", date(2026, 1, 1), **more)  # type: ignore[arg-type]


SMALL: dict[str, Any] = {
    **SMALL_REGISTER,
    "regions": [{"id": "A", "name": "A", "basis": ["1"]}],
    "placement": {"rule": "fixed", "region": "A", "basis": ["1"]},
    "sub_processors": [
        {
            "id": "x",
            "name": "X",
            "engagements": [
                {"activity": "service", "purpose": "mail", "places": ["DE"], "basis": ["1"]},
                {"activity": "service", "purpose": "logs", "regions": ["A"], "places": ["US"], "basis": ["1"]},
            ],
        }
    ],
}


def because(name: str) -> Source:
    """Why a rule is held."""
    return Source(name, "house rule", "a rule", because="we say so")


def test_they_are_laid_over_a_register_and_leave_it_as_it_is() -> None:
    """The register itself has no house rules afterwards."""
    ruled = HOUSE_RULES.over(REGISTER)
    assert (None, ("the operator", date(2026, 11, 23))) == (REGISTER.house_rules, ruled.house_rules)
    assert REGISTER.customer_regions == ruled.customer_regions[:4]


@pytest.mark.parametrize(
    ("made", "message", "remedy"),
    [
        (
            evolve(rules(), register_id="acme"),
            "these house rules are for register 'acme', not 'liveagent'",
            "load the house rules written for this register",
        ),
        (
            rules(customer_regions=(CustomerRegion("EU", (Place("NO"),), "EU", ("x",)),)),
            "house rule 'EU' would widen the register's own customer region",
            "give the house rule an id of its own",
        ),
        (
            rules(resolutions=(Resolution("x", "which-regions", "us-and-europe"),)),
            "house rule 'x' resolves 'which-regions', which a reading resolves",
            "leave it out",
        ),
    ],
)
def test_they_cannot_try_too_much(made: HouseRules, message: str, remedy: str) -> None:
    """Nor where no file was read."""
    with pytest.raises(BadInput) as caught:
        made.over(REGISTER)
    assert (message, remedy) == (caught.value.message, caught.value.remedy)


def test_there_is_one_set_of_them() -> None:
    """Laying one over another would leave open who decided."""
    with pytest.raises(BadInput) as caught:
        HOUSE_RULES.over(HOUSE_RULES.over(REGISTER))
    assert "register 'liveagent' has house rules already" == caught.value.message
    assert "put all of them in one file" == caught.value.remedy


def test_a_forbidden_region_is_prohibited_and_so_is_who_stores_there() -> None:
    """The region stays settled, so nothing else takes its place; who else touches the data is as before."""
    made = rules(prohibitions=(Prohibition("no-us", "US"),), sources=(because("no-us"),))
    decision = Resolver(REGISTER, house_rules=made).resolve(Tenant("US"), as_of=TODAY)
    assert (None, "US", ()) == (decision.region, decision.settled, decision.hosts)
    assert Verdict.PROHIBITED is decision.verdict("linode")
    assert "linode" not in decision.to_disclose
    assert "  because: house rule no-us forbids it [house rule no-us]" in decision.explain("US").splitlines()
    assert "  why: we say so" in decision.explain("linode").splitlines()


def test_a_sub_processor_is_forbidden_where_the_condition_holds() -> None:
    """And answered by the register where it does not."""
    condition = Has("consent", "subcontractor-access")
    made = rules(prohibitions=(Prohibition("no-voip", "twilio", condition),), sources=(because("no-voip"),))
    resolver = Resolver(REGISTER, house_rules=made)
    with_consent = Tenant("BG", features={"voip"}, consents={"subcontractor-access"})
    assert not resolver.resolve(with_consent, as_of=TODAY).may_touch("twilio")
    assert resolver.resolve(Tenant("BG", features={"voip"}), as_of=TODAY).may_touch("twilio")
    assert not resolver.resolve(Tenant("BG"), as_of=TODAY).may_touch("twilio")


def test_forbidding_one_engagement_does_not_hide_that_it_breaks_a_demand() -> None:
    """What a demand prohibits stays prohibited: a house rule about a region permits nothing there."""
    register = register_of(SMALL, "small")
    content = {
        "format": 1,
        "register": "small",
        "decided_by": "us",
        "decided_on": date(2020, 1, 1),
        "forbid": [{"id": "no-a", "who": "A", "because": "b"}],
    }
    made = house_rules_of(content, "rules", register)
    tenant = Tenant("DE", restrictions={Restriction(within={"DE"})})
    for resolver in (Resolver(register), Resolver(register, house_rules=made)):
        assert Verdict.PROHIBITED is resolver.resolve(tenant, as_of=TODAY).verdict("x")


def test_an_open_tension_is_resolved_by_a_house_rule() -> None:
    """The resolution is cited, with the sides it chose between."""
    open_tension = tuple(evolve(each, resolution=None, basis=()) for each in REGISTER.tensions)
    made = rules(resolutions=(Resolution("we-say", "role", "processor"),), sources=(because("we-say"),))
    ruled = made.over(evolve(REGISTER, tensions=open_tension))
    resolved = {each.id: (each.resolution, each.basis) for each in ruled.tensions}
    assert {"which-regions": (None, ()), "role": ("processor", ("we-say",))} == resolved


def test_customers_are_placed_only_where_the_register_places_by_customer() -> None:
    """Over a fixed placement such a rule would do nothing, so it is refused, and says on what the placement rests."""
    content = {
        "format": 1,
        "register": "small",
        "decided_by": "us",
        "decided_on": date(2020, 1, 1),
        "customer_regions": [{"id": "all", "customers": "everyone else", "home": "A", "because": "b"}],
    }
    with pytest.raises(BadFile) as caught:
        house_rules_of(content, "rules", register_of(SMALL, "small"))
    (fault,) = caught.value.faults
    assert "rule 'all' places customers, but register 'small' does not place by customer" == fault.message
    assert "leave it out: placement is 'fixed' [line 1]" == fault.remedy


def test_everything_that_a_placement_rests_on_is_cited() -> None:
    """One after another."""
    small = register_of({**SMALL, "placement": {"rule": "fixed", "region": "A", "basis": ["1", "2"]}}, "small")
    made = evolve(rules(customer_regions=(CustomerRegion("all", None, "A", ("all",)),)), register_id="small")
    _, remedy = refused(made, small)
    assert "leave it out: placement is 'fixed' [line 1; line 2]" == remedy


def test_a_file_may_resolve_a_tension_that_no_reading_does() -> None:
    """And nothing that is resolved already, by a reading or by another rule of the file."""
    sides = [{"is": side, "says": side, "basis": ["1"]} for side in ("left", "right")]
    register = register_of({**SMALL, "tensions": {"t": {"says": "x", "sides": sides}}}, "small")
    first, second = ({"id": name, "tension": "t", "is": "left", "because": "b"} for name in ("one", "two"))
    content = {"format": 1, "register": "small", "decided_by": "us", "decided_on": date(2020, 1, 1)}
    made = house_rules_of({**content, "resolve": [first]}, "rules", register)
    assert ("left", ("one",)) == (made.over(register).tensions[0].resolution, made.over(register).tensions[0].basis)
    with pytest.raises(BadFile) as caught:
        house_rules_of({**content, "resolve": [first, second]}, "rules", register)
    assert ["rule 'two' resolves tension 't', which is resolved already [house rule one]"] == [
        fault.message for fault in caught.value.faults
    ]


# --- Over another register than the one that they were loaded with ---

BASE = Path(__file__).parents[2] / "cases" / "base"
ACME = load_register(BASE / "register.toml")
ACME_RULES = load_house_rules(BASE / "house-rules.toml", ACME)
TWILIO_RULES = rules(prohibitions=(Prohibition("no-voip", "twilio"),), sources=(because("no-voip"),))
RENAMED = evolve(
    REGISTER,
    sub_processor_rows=tuple(
        evolve(who, id=who.id.replace("twilio", "twilio-inc")) for who in REGISTER.sub_processor_rows
    ),
)


def refused(made: HouseRules, register: Register) -> tuple[str, str | None]:
    """The message and the remedy."""
    with pytest.raises(BadInput) as caught:
        made.over(register)
    return caught.value.message, caught.value.remedy


@pytest.mark.parametrize(
    "lay",
    [
        lambda register, made: Resolver(register, house_rules=made),
        lambda register, made: Table(register, house_rules=made),
        lambda register, made: check(register, house_rules=made),
    ],
    ids=["Resolver", "Table", "check"],
)
def test_a_rule_whose_sub_processor_was_renamed_is_refused_and_not_dropped(
    lay: Callable[[Register, HouseRules], object],
) -> None:
    """Otherwise what it forbids would be permitted, in silence; and every way to lay rules over a register says so."""
    with pytest.raises(UnknownName) as caught:
        lay(RENAMED, TWILIO_RULES)
    message = "unknown hosting region or sub-processor 'twilio' in house rule 'no-voip'"
    assert (message, "did you mean 'twilio-inc'?") == (caught.value.message, caught.value.remedy)


@pytest.mark.parametrize(
    ("condition", "message", "remedy"),
    [
        (Has("feature", "mial"), "unknown feature 'mial' in house rule 'x'", "did you mean 'mail'?"),
        (Has("consent", "halp"), "unknown consent 'halp' in house rule 'x'", "did you mean 'help'?"),
        (Has("agreement", "dpa"), "unknown agreement 'dpa' in house rule 'x'", "expected one of 'contract'"),
        (Is("attribute", "plan2", ("free",)), "unknown attribute 'plan2' in house rule 'x'", "did you mean 'plan'?"),
        (
            Not(Is("attribute", "plan", ("paid", "gold"))),
            "attribute 'plan' cannot be 'gold' in house rule 'x'",
            "expected one of 'free', 'paid'",
        ),
        (
            Is("attribute", "plan", ("fre",)),
            "attribute 'plan' cannot be 'fre' in house rule 'x'",
            "did you mean 'free'?",
        ),
        (
            Is("tension", "how-mny", ("two",)),
            "unknown tension 'how-mny' in house rule 'x'",
            "did you mean 'how-many'?",
        ),
        (
            All((Has("feature", "mail"), Is("tension", "how-many", ("four",)))),
            "tension 'how-many' cannot be 'four' in house rule 'x'",
            "expected one of 'three', 'two'",
        ),
        (
            Some((In("customer region", "others"), In("customer region", "asia"))),
            "unknown customer region 'asia' in house rule 'x'",
            "expected one of 'alps', 'america', 'europe', 'others'",
        ),
        (In("hosting region", "UK"), "unknown hosting region 'UK' in house rule 'x'", "expected one of 'EU', 'US'"),
    ],
)
def test_what_a_condition_names_must_be_there(condition: Condition, message: str, remedy: str) -> None:
    """Each kind of name, however deep it stands; a customer region may be the house rules' own."""
    others = CustomerRegion("others", None, "EU", ("others",))
    prohibition = Prohibition("x", "mail", condition)
    made = evolve(ACME_RULES, customer_regions=(others,), prohibitions=(prohibition,))
    assert (message, remedy) == refused(made, ACME)


@pytest.mark.parametrize(
    ("resolution", "message", "remedy"),
    [
        (
            Resolution("x", "how-mny", "two"),
            "unknown tension 'how-mny' in house rule 'x'",
            "did you mean 'how-many'?",
        ),
        (
            Resolution("x", "how-many", "four"),
            "tension 'how-many' cannot be 'four' in house rule 'x'",
            "expected one of 'three', 'two'",
        ),
    ],
)
def test_a_tension_that_is_resolved_must_be_there_with_its_side(
    resolution: Resolution, message: str, remedy: str
) -> None:
    """A side that is gone would leave every answer prohibited or open."""
    undecided = evolve(ACME, tensions=tuple(evolve(each, resolution=None, basis=()) for each in ACME.tensions))
    assert (message, remedy) == refused(evolve(ACME_RULES, resolutions=(resolution,)), undecided)


def test_every_fault_of_the_house_rules_is_named_at_once() -> None:
    """Each with what would have been accepted."""
    lost = tuple(region for region in ACME.customer_regions if region.id != "europe")
    prohibitions = (
        Prohibition("no-store", "stor", In("customer region", "europe")),
        Prohibition("R1", "US"),
    )
    placing = (
        CustomerRegion("nordic", (Place("NO"), Place("Skandinavia")), "UE", ("nordic",)),
        CustomerRegion("alpine", (Place("CH"),), "EU", ("alpine",)),
    )
    made = evolve(ACME_RULES, customer_regions=placing, prohibitions=prohibitions)
    message = (
        "6 faults in the house rules over register 'acme'\n"
        "  house rule 'R1' has the id of a reading of the register (give the house rule an id of its own)\n"
        "  unknown place 'Skandinavia' in house rule 'nordic' (write a country code such as 'BG', or a grouping such as"
        " 'EEA')\n"
        "  unknown hosting region 'UE' in house rule 'nordic' (expected one of 'EU', 'US')\n"
        "  rule 'alpine' places 'CH', which the register places: from 2024-01-01 it is in customer region 'alps'"
        " [line 2] (write since = 2024-07-01: house rules place only customers whom the register leaves undetermined)\n"
        "  unknown hosting region or sub-processor 'stor' in house rule 'no-store' (did you mean 'store'?)\n"
        "  unknown customer region 'europe' in house rule 'no-store' (expected one of 'alpine', 'alps', 'america',"
        " 'nordic')"
    )
    assert (message, None) == refused(made, evolve(ACME, customer_regions=lost))


def test_whom_the_register_has_come_to_place_is_placed_by_no_house_rule() -> None:
    """By a country's own code, as a grouping of which nobody is left, or where placement is by another rule."""
    everybody = (Place("Americas"), Place("Asia"))
    placing = (*ACME.customer_regions, CustomerRegion("world", everybody, "US", ("2",)))
    message, _ = refused(ACME_RULES, evolve(ACME, customer_regions=placing))
    assert (
        "rule 'south-america' places 'JP', which the register places: from 2024-01-01 it is in customer region 'world'"
        " [line 2]"
    ) == message
    twice = (Place("South America"), Place("South America"))  # which are the same countries once more
    south = evolve(ACME_RULES.customer_regions[0], customers=twice)
    nobody = evolve(ACME_RULES, customer_regions=(south,))
    assert (
        "rule 'south-america' places nobody: the register or an earlier rule places all of these customers",
        "leave it out, or put it before the rule that places them",
    ) == refused(nobody, evolve(ACME, customer_regions=placing))
    free = evolve(ACME, placement=Placement("free-choice", ("2",)))
    assert (
        "rule 'south-america' places customers, but register 'acme' does not place by customer",
        "leave it out: placement is 'free-choice' [line 2]",
    ) == refused(nobody, free)


def test_rules_that_take_too_long_to_compare_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """When they are loaded, and when they are laid over a register."""
    rules = load_house_rules("rest-of-world", REGISTER)
    monkeypatch.setattr("residency.model.house_rules.MOST_COMPARED", 10)
    message = "too many customers, rules and days to compare with one another"
    with pytest.raises(BadFile) as refused:
        load_house_rules("rest-of-world", REGISTER)
    assert [message] == [fault.message for fault in refused.value.faults]
    remedy = "write fewer rules, or fewer customers in each"
    assert [remedy] == [fault.remedy for fault in refused.value.faults]
    with pytest.raises(BadInput) as caught:
        rules.over(REGISTER)
    assert (message, remedy) == (caught.value.message, caught.value.remedy)


COMPARED = 71
"""How much the two rules above compare with the register and one another."""


def test_what_is_compared_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each country, on each day, with each rule before it and each of that rule's places: so many, and no more."""
    monkeypatch.setattr("residency.model.house_rules.MOST_COMPARED", COMPARED)
    assert ACME_RULES.over(ACME)
    monkeypatch.setattr("residency.model.house_rules.MOST_COMPARED", COMPARED - 1)
    with pytest.raises(BadInput, match=r"^too many customers"):
        ACME_RULES.over(ACME)


@pytest.mark.parametrize(
    ("span", "first"),
    [
        (Span(date(2024, 2, 1), date(2024, 2, 15)), "2024-02-01"),
        (Span(date(2023, 1, 1), date(2024, 2, 15)), "2024-01-01"),
        (Span(None, date(2024, 2, 15)), "2024-01-01"),
    ],
)
def test_a_rule_clashes_from_its_own_first_day_on(span: Span, first: str) -> None:
    """Or from the day on which the register begins to speak."""
    alpine = CustomerRegion("alpine", (Place("CH"),), "EU", ("alpine",), span)
    message, remedy = refused(evolve(ACME_RULES, customer_regions=(alpine,), prohibitions=()), ACME)
    told = f"rule 'alpine' places 'CH', which the register places: from {first} it is in customer region 'alps'"
    assert f"{told} [line 2]" == message
    assert "leave it out: house rules place only customers whom the register leaves undetermined" == remedy


def test_a_clash_of_one_country_does_not_hide_the_next() -> None:
    """And two of them are two faults, not a rule that places nobody."""
    both = CustomerRegion("alpine", (Place("CH"), Place("LI")), "EU", ("alpine",), Span(None, date(2024, 7, 1)))
    message, _ = refused(evolve(ACME_RULES, customer_regions=(both,), prohibitions=()), ACME)
    assert ["'CH'", "'LI'"] == re.findall(r"places ('..'), which the register places", message)
    assert "places nobody" not in message
