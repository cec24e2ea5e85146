"""Registers and house rules are drawn valid, of every kind, and shrink to the simplest."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from residency import BadFile, HouseRules, Register, Resolver, Tenant, Verdict, load_house_rules, load_register
from residency.files import register_of
from residency.strategies import days, house_rules, registers, tenants
from support import REGISTER

pytestmark = pytest.mark.slow

ACME = load_register(Path(__file__).parents[2] / "cases" / "base" / "register.toml")
few = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
once = settings(few, database=None, max_examples=2_000)
unshrunk = settings(once, phases=[Phase.generate])


@few
@given(registers(), st.data())
def test_house_rules_over_any_register_are_accepted_and_permit_nothing_that_it_prohibits(
    register: Register, data: st.DataObject
) -> None:
    """Whatever is asked; what is drawn for tenants and days suits any register too."""
    rules = data.draw(house_rules(register))
    tenant, day = data.draw(tenants(register)), data.draw(days(register))
    before = Resolver(register).resolve(tenant, as_of=day)
    after = Resolver(register, house_rules=rules).resolve(tenant, as_of=day)
    assert set(before.prohibited) <= set(after.prohibited)
    assert all(
        after.region_verdict(name) is not Verdict.PERMITTED
        for name in register.regions
        if before.region_verdict(name) is Verdict.PROHIBITED
    )


def test_a_register_shrinks_to_one_region_and_one_sub_processor_without_conditions() -> None:
    """And house rules to none at all, decided on the first day of which the register speaks."""
    register = find(registers(), lambda _: True, settings=once)
    (region,), (sub_processor,) = register.hosting_regions, register.sub_processor_rows
    (engagement,) = sub_processor.engagements
    assert ("A", "free-choice", "p0") == (region.id, register.placement.rule, sub_processor.id)
    assert (None, None, "hosting") == (engagement.when, engagement.places, engagement.activity)
    assert ((), (), ()) == (register.declared, register.customer_regions, register.tensions)
    rules = find(house_rules(REGISTER), lambda _: True, settings=once)
    assert HouseRules(REGISTER.id, "us", REGISTER.speaks_from) == rules


def test_house_rules_reach_every_kind_of_rule() -> None:
    """Customers placed by country, by grouping or as everyone else; prohibitions under a condition; resolutions."""
    open_ = evolve(ACME, tensions=tuple(evolve(each, resolution=None) for each in ACME.tensions))
    wanted: tuple[Callable[[HouseRules], bool], ...] = (
        lambda rules: any(region.customers is None for region in rules.customer_regions),
        lambda rules: any(
            place.text in REGISTER.groups for region in rules.customer_regions for place in region.customers or ()
        ),
        lambda rules: any(region.span.start is not None for region in rules.customer_regions),
        lambda rules: any(each.when is not None for each in rules.prohibitions),
        lambda rules: any(each.when is None for each in rules.prohibitions),
        lambda rules: len(rules.resolutions) > 0,
    )
    for condition in wanted:
        assert find(house_rules(open_), condition, settings=unshrunk)


def test_house_rules_place_nobody_where_nobody_is_left() -> None:
    """Nor where customers are not placed by their country, or there is no region to place them in."""
    everyone = evolve(REGISTER.customer_regions[0], id="all", customers=None)
    for register in (
        evolve(REGISTER, customer_regions=(*REGISTER.customer_regions, everyone)),
        evolve(REGISTER, placement=evolve(REGISTER.placement, rule="free-choice")),
    ):
        assert_places_nobody(register)


def assert_places_nobody(register: Register) -> None:
    """In a hundred draws."""

    @settings(few, max_examples=100)
    @given(house_rules(register))
    def drawn(rules: HouseRules) -> None:
        assert () == rules.customer_regions

    drawn()


def test_house_rules_for_a_register_that_has_some_are_refused() -> None:
    """When they are drawn."""
    ruled = load_house_rules("rest-of-world", REGISTER).over(REGISTER)
    with pytest.raises(BadFile, match="register 'liveagent' has house rules already"):
        find(house_rules(ruled), lambda _: True, settings=unshrunk)


def test_a_failing_test_shows_the_register_as_a_file_that_can_be_loaded() -> None:
    """And not the groupings that travel in it, which fill many pages."""

    @unshrunk
    @given(registers())
    def failing(register: Register) -> None:
        assert register.consents == ()

    with pytest.raises(AssertionError) as caught:
        failing()
    told = "\n".join(caught.value.__notes__)
    assert "register=<Register 'made-up' of V, " in told
    text = told[told.index("format = 1") : told.index("Failing test case")]
    assert ("c",) == register_of(tomllib.loads(text), "shown").consents


def test_a_tenant_is_drawn_by_its_type() -> None:
    """One of the bundled register, with nothing imported from the strategies."""
    assert find(st.from_type(Tenant), lambda tenant: tenant.agreed_region == "SG", settings=unshrunk)
