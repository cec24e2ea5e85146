"""The strategies draw what they promise, shrink to the simplest, and refuse what they cannot draw."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from operator import eq
from pathlib import Path

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from residency import BadInput, Resolver, Restriction, Tenant, load_register
from residency.strategies import countries, days, restrictions, tenants
from support import REGISTER, TODAY

pytestmark = pytest.mark.slow

ACME = load_register(Path(__file__).parents[2] / "cases" / "base" / "register.toml")
once = settings(database=None, max_examples=2_000)


@given(countries("EU", as_of=date(2020, 1, 31)))
def test_countries_within_a_grouping_are_its_members_of_that_day(country: str) -> None:
    """On the last day of the United Kingdom's membership it may be drawn."""
    assert country in REGISTER.groups["EU"].on(date(2020, 1, 31)).sure


@given(countries(within="EU"))
def test_without_a_day_countries_are_those_of_the_day_on_which_the_facts_were_checked(country: str) -> None:
    """No clock decides it."""
    assert country in REGISTER.groups["EU"].on(date(2026, 11, 23)).sure


def test_countries_within_a_place_reach_all_of_it() -> None:
    """And may be a country, or several."""
    assert "GB" == find(countries("EU", as_of=date(2020, 1, 31)), lambda country: country == "GB", settings=once)
    assert {"CA", "US"} == {
        find(countries("CA|US", as_of=TODAY), partial(eq, code), settings=once) for code in ("CA", "US")
    }
    assert "XK" == find(countries(), lambda country: country == "XK", settings=once)


def test_countries_within_a_place_that_is_not_known_or_not_covered_are_refused() -> None:
    """Before its coverage nobody is known to be a member."""
    asked: tuple[tuple[Callable[[], object], str], ...] = (
        (lambda: countries("EU", as_of="today"), "as_of must be a day (datetime.date), got 'today'"),  # type: ignore[arg-type]
        (lambda: countries("EU", as_of=date(1950, 1, 1)), "no country is known to be within 'EU' on 1950-01-01"),
        (lambda: countries("UK", as_of=TODAY), "unknown place 'UK'"),
    )
    for ask, message in asked:
        with pytest.raises(BadInput) as caught:
            ask()
        assert message == caught.value.message
        assert caught.value.remedy


@given(tenants(ACME, restricted=True), days(ACME))
def test_every_tenant_drawn_can_be_asked_about(tenant: Tenant, day: date) -> None:
    """The register knows all of its names."""
    assert tenant == Resolver(ACME).resolve(tenant, as_of=day).tenant


def test_tenants_reach_every_fact_of_the_register() -> None:
    """Defaults switched off, attributes, demands and objections among them."""
    drawn = tenants(ACME, restricted=True)
    wanted: tuple[Callable[[Tenant], bool], ...] = (
        lambda tenant: tenant.switched_off == {"chat"},
        lambda tenant: tenant.attributes == (("plan", "paid"),),
        lambda tenant: tenant.agreed_region == "US",
        lambda tenant: any(each.never_registered_in for each in tenant.restrictions),
        lambda tenant: "store" in tenant.objections,
    )
    for condition in wanted:
        assert condition(find(drawn, condition, settings=settings(once, phases=[Phase.generate])))


def test_a_tenant_shrinks_to_nothing_but_a_country() -> None:
    """And a day to the first on which the register speaks."""
    assert REGISTER.speaks_from == find(days(REGISTER), lambda _: True, settings=once)
    tenant = find(tenants(REGISTER, restricted=True), lambda _: True, settings=once)
    assert Tenant(tenant.country) == tenant


def test_country_and_agreement_can_be_narrowed() -> None:
    """To strategies of one's own."""
    narrowed = tenants(REGISTER, country=st.just("BG"), agreed_region=st.just("US"))
    assert ("BG", "US") == (find(narrowed, lambda _: True).country, find(narrowed, lambda _: True).agreed_region)


@given(restrictions(ACME))
def test_a_restriction_drawn_makes_one_demand(restriction: Restriction) -> None:
    """On places that are known."""
    assert restriction.places
    assert all(place.checked(ACME.groups) for place in restriction.places)


def test_days_are_more_often_than_not_those_that_tell() -> None:
    """The day before the register speaks, and the first without the United Kingdom."""
    for day in (date(2019, 10, 27), date(2020, 2, 1), date(2026, 11, 23)):
        assert day == find(days(REGISTER), partial(eq, day), settings=once)
