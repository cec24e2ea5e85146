"""An account's life finds the backend that does not keep up, tells a short story of it, and leaves the others alone."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test

from residency import (
    BadInput,
    Decision,
    Register,
    Resolver,
    Restriction,
    Tenant,
    load_house_rules,
    load_register,
)
from residency.strategies import AccountLife
from residency.strategies.account_life import Change
from support import REGISTER, TODAY

pytestmark = pytest.mark.slow

BASE = Path(__file__).parents[2] / "cases" / "base" / "register.toml"
ACME = load_register(BASE)
quick = settings(
    max_examples=15,
    stateful_step_count=8,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)


class Keeping(AccountLife):
    """A backend that asks again whatever has changed."""

    resolvers = (Resolver(REGISTER), Resolver(REGISTER, house_rules=load_house_rules("rest-of-world", REGISTER)))

    def created(self, tenant: Tenant, today: date) -> None:
        """As the library decides."""
        self.ask(tenant, today)

    def changed(self, what: Change, tenant: Tenant, today: date) -> None:
        """Whatever it was."""
        self.ask(tenant, today)

    def ask(self, tenant: Tenant, today: date) -> None:
        """Do as the library decides now."""
        decision = self.resolver.resolve(tenant, as_of=today)
        self.region, self.touching = decision.region, decision.permitted

    def stored_in(self) -> str | None:
        """What was decided when it last asked."""
        return self.region

    def touched_by(self) -> Collection[str]:
        """The same."""
        return self.touching


def story(life: type[AccountLife]) -> tuple[str, list[str]]:
    """What went wrong, and the steps that led there."""
    with pytest.raises(AssertionError) as caught:
        run_state_machine_as_test(life, settings=settings(quick, max_examples=500))
    lines = "\n".join(caught.value.__notes__).splitlines()
    return str(caught.value), [line for line in lines if line.startswith("state.") and "does_as_decided" not in line]


def test_a_backend_that_asks_again_is_never_found_out() -> None:
    """Features on by default among them, and two registers one after the other."""

    class Acme(Keeping):
        resolvers = (Resolver(ACME), Resolver(ACME))

    run_state_machine_as_test(Keeping, settings=quick)
    run_state_machine_as_test(Acme, settings=quick)


@pytest.mark.parametrize(
    ("missed", "newcomer", "last"),
    [
        ("feature", Tenant("DE", features={"voip"}), "switch_off(feature='voip')"),
        (
            "consent",
            Tenant("DE", consents={"subcontractor-access"}),
            "withdraw_consent(consent='subcontractor-access')",
        ),
        ("agreed region", Tenant("DE"), "agree_on(region="),
        ("register", Tenant("BR"), "replace_register(number=1)"),
        ("day", Tenant("DE"), "wait_until(today="),
    ],
)
def test_a_backend_that_misses_a_change_is_found_out_by_it(missed: Change, newcomer: Tenant, last: str) -> None:
    """The story ends with what it missed, and is short."""

    class Missing(Keeping):
        def newcomers(self, register: Register) -> st.SearchStrategy[Tenant]:
            return st.just(newcomer)

        def changed(self, what: Change, tenant: Tenant, today: date) -> None:
            if what != missed:
                self.ask(tenant, today)

    wrong, steps = story(Missing)
    assert "\n" in wrong
    assert f"state.{last}" in steps[-2]
    assert len(steps) <= 4


TENANT = Tenant(
    "DE", "SG", {"voip"}, {"subcontractor-access"}, restrictions={Restriction(within={"EEA"})}, objections={"twilio"}
)
FEWER = evolve(
    REGISTER,
    hosting_regions=tuple(region for region in REGISTER.hosting_regions if region.id != "SG"),
    sub_processor_rows=tuple(
        evolve(each, engagements=tuple(row for row in each.engagements if row.region != "SG"))
        for each in REGISTER.sub_processor_rows
        if each.id != "twilio"
    ),
    customer_regions=tuple(region for region in REGISTER.customer_regions if region.home != "SG"),
    declared=(),
)


class Moving(Keeping):
    """From the bundled register to one that has lost a region, a sub-processor, the feature and the consent."""

    resolvers = (Resolver(REGISTER), Resolver(FEWER))

    def newcomers(self, register: Register) -> st.SearchStrategy[Tenant]:
        """One who has all that is lost."""
        return st.just(TENANT)


def test_names_that_a_new_register_does_not_know_are_left_out_in_one_place_and_told() -> None:
    """The story says what became of each fact."""

    class Wrong(Moving):
        def compare(self, decision: Decision) -> None:
            assert self.resolver is self.resolvers[0]

    with pytest.raises(AssertionError) as caught:
        run_state_machine_as_test(Wrong, settings=quick)
    told = [line for line in "\n".join(caught.value.__notes__).splitlines() if line.startswith("the new register")]
    assert [
        "the new register does not know all agreed_region: 'SG' became None",
        "the new register does not know all features: frozenset({'voip'}) became frozenset()",
        "the new register does not know all consents: frozenset({'subcontractor-access'}) became frozenset()",
        "the new register does not know all objections: frozenset({'twilio'}) became frozenset()",
    ] == told
    run_state_machine_as_test(Moving, settings=quick)


def test_names_may_be_mapped_and_one_that_is_left_over_is_an_error() -> None:
    """Nothing that the new register does not know gets through."""

    class Mapped(Moving):
        def carried_over(self, tenant: Tenant, register: Register) -> Tenant:
            return super().carried_over(evolve(tenant, agreed_region="US"), register)

    class Unmapped(Moving):
        def carried_over(self, tenant: Tenant, register: Register) -> Tenant:
            return tenant

    run_state_machine_as_test(Mapped, settings=quick)
    with pytest.raises(BadInput, match=r"faults in the tenant"):
        run_state_machine_as_test(Unmapped, settings=quick)


def test_a_life_without_a_register_or_a_backend_says_what_to_write() -> None:
    """At once, and for each of the four methods."""

    class Silent(AccountLife):
        resolvers = (Resolver(REGISTER),)

    with pytest.raises(TypeError, match=r"AccountLife names no resolver; write resolvers = \(Resolver\(register\),\)"):
        AccountLife()
    life, tenant = Silent(), Tenant("DE")
    calls: tuple[Callable[[], object], ...] = (
        lambda: life.created(tenant, TODAY),
        lambda: life.changed("consent", tenant, TODAY),
        life.stored_in,
        life.touched_by,
    )
    for call in calls:
        with pytest.raises(NotImplementedError, match=r"say .* your backend"):
            call()
