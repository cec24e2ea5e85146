"""House rules laid over a register: what they add, and what they cannot do even when written by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from attrs import evolve

from residency import BadFile, BadInput, HouseRules, Resolver, Restriction, Source, Tenant, Verdict
from residency.conditions import Has
from residency.files import house_rules_of, register_of
from residency.house_rules import Resolution
from residency.places import Place
from residency.register import CustomerRegion, Prohibition
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
    ("made", "message"),
    [
        (evolve(rules(), register_id="acme"), "these house rules are for register 'acme', not 'liveagent'"),
        (
            rules(customer_regions=(CustomerRegion("EU", (Place("NO"),), "EU", ("x",)),)),
            "house rule 'EU' would widen the register's own customer region",
        ),
        (
            rules(resolutions=(Resolution("x", "which-regions", "us-and-europe"),)),
            "house rule 'x' resolves 'which-regions', which a reading resolves",
        ),
    ],
)
def test_they_cannot_try_too_much(made: HouseRules, message: str) -> None:
    """Nor where no file was read."""
    with pytest.raises(BadInput) as caught:
        made.over(REGISTER)
    assert message == caught.value.message
    assert caught.value.remedy


def test_there_is_one_set_of_them() -> None:
    """Laying one over another would leave open who decided."""
    with pytest.raises(BadInput) as caught:
        HOUSE_RULES.over(HOUSE_RULES.over(REGISTER))
    assert "register 'liveagent' has house rules already" == caught.value.message


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
