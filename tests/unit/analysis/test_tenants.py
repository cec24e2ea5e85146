"""Every tenant, one by one: all that a register tells apart, in a known number, and what a loop over them finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from math import prod
from pathlib import Path
from typing import Any

import pytest

from residency import BadInput, HouseRules, Refused, Register, Resolver, Tenant, Verdict, load_register
from residency.analysis import Law, Universe, check, every_tenant
from residency.analysis.tenants import MOST_KINDS
from residency.files import register_of
from residency.model.places import Place, countries
from residency.model.rows import CustomerRegion
from residency.model.timeline import Span
from support import REGISTER, SMALL_REGISTER, TODAY

EXAMPLE = load_register("example")
CASES = Path(__file__).parents[2] / "cases"
ACME = load_register(CASES / "base" / "register.toml")
PAGES = CASES.parent / "registers"


def tenants(register: Register, **options: Any) -> list[tuple[Tenant, date]]:
    """All of them, counted beforehand."""
    everybody = every_tenant(register, **options)
    found = list(everybody)
    assert len(everybody) == len(found) == len(set(found))
    assert found == list(everybody)
    return found


def test_every_combination_is_made_once() -> None:
    """Every country, each agreed region or none, calls on or off, the first day of each span; the plainest first."""
    days = (date(2019, 6, 2), date(2019, 6, 3), date(2020, 2, 1))
    expected = {
        (Tenant(country, agreed, calls), day)
        for country in countries()
        for agreed in (None, "EU", "US")
        for calls in ((), ("calls",))
        for day in days
    }
    found = tenants(EXAMPLE)
    assert expected == set(found)
    assert (Tenant("AD"), days[0]) == found[0]
    assert "<every tenant of register 'example': 4,500 on 3 days>" == repr(every_tenant(EXAMPLE))


def test_facts_of_every_kind_are_there_in_each_state() -> None:
    """In all combinations: features on by default are switched off too, and attributes unknown."""
    german = [tenant for tenant, _ in every_tenant(ACME, days=[TODAY]) if tenant.country == "DE"]
    found = {tenant for tenant in german if tenant.agreed_region is None}
    choices = Universe(ACME, demands=False).choices
    assert {"feature", "consent", "agreement", "attribute"} == {kind for kind, _ in choices}
    assert prod(map(len, choices.values())) == len(found)
    assert ACME.on_by_default == frozenset().union(*(tenant.switched_off for tenant in found))
    for name in ACME.attributes:
        values = {dict(tenant.attributes).get(name) for tenant in found}
        assert {None, *ACME.attribute(name).values} == values


def test_the_days_may_be_others() -> None:
    """Sorted, each once; those on which answers change under house rules where there are any."""
    days = [date(2026, 1, 2), date(2026, 1, 1), date(2026, 1, 2)]
    assert (date(2026, 1, 1), date(2026, 1, 2)) == every_tenant(EXAMPLE, days=days).days
    assert Counter(day for _, day in tenants(EXAMPLE, days=iter(days))) == {days[0]: 1_500, days[1]: 1_500}
    (only,) = every_tenant(EXAMPLE, days={TODAY}, restricted=True).days
    assert TODAY == only
    later = CustomerRegion("norway", (Place("NO"),), "EU", ("norway",), Span(date(2022, 1, 1), None))
    rules = HouseRules("example", "x", date(2021, 1, 1), (later,))
    assert (*every_tenant(EXAMPLE).days, date(2022, 1, 1)) == every_tenant(EXAMPLE, house_rules=rules).days


@pytest.mark.parametrize(
    ("options", "message", "remedy"),
    [
        ({"days": []}, "expected at least one day, got none", "leave days out for those on which answers change"),
        ({"days": TODAY}, f"expected several days, got {TODAY!r}", "write [date(2026, 11, 23)]"),
        ({"days": "2026-11-23"}, "expected several days, got '2026-11-23'", "write [date(2026, 11, 23)]"),
        (
            {"days": [datetime.fromisoformat("2026-11-23")]},
            "each of days must be a day (datetime.date), got the moment datetime.datetime(2026, 11, 23, 0, 0)",
            "pass .date() of that moment in the time zone you decide by",
        ),
        (
            {"at_most": 4_499},
            "4,500 tenants, each day counted, are more than 4,499: "
            "250 countries × 3 agreed regions or none × 2 states of 1 feature × 3 days",
            "pass fewer days, or at_most=4_500 where your code is quick",
        ),
        (
            {"at_most": 1, "days": [TODAY]},
            "1,500 tenants, each day counted, are more than 1: "
            "250 countries × 3 agreed regions or none × 2 states of 1 feature × 1 day",
            "pass fewer days, or at_most=1_500 where your code is quick",
        ),
    ],
)
def test_what_cannot_be_looped_over_is_refused_before_the_first_is_made(
    options: dict[str, Any], message: str, remedy: str
) -> None:
    """No day, no list of days, a moment; too many, with what multiplies."""
    with pytest.raises(BadInput) as caught:
        every_tenant(EXAMPLE, **options)
    assert (message, remedy) == (caught.value.message, caught.value.remedy)


def test_very_many_are_counted_and_not_made() -> None:
    """Of a real page that has many attributes."""
    with pytest.raises(
        BadInput, match=r"12,960,000 tenants, .* × 16 states of 4 features × 108 states of 4 attributes"
    ):
        every_tenant(load_register(PAGES / "zendesk.toml"))
    assert 12_960_000 == len(every_tenant(load_register(PAGES / "zendesk.toml"), at_most=20_000_000))


def test_no_register_and_no_house_rules_are_refused() -> None:
    """As a resolver refuses them."""
    with pytest.raises(BadInput, match="expected a Register, got 'example'"):
        every_tenant("example")  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="expected house rules, got 'x'"):
        every_tenant(EXAMPLE, house_rules="x")  # type: ignore[arg-type]


def test_too_many_kinds_of_demands_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound counts kinds, of which a real page may have very many."""
    number = len(every_tenant(EXAMPLE, restricted=True)) - len(every_tenant(EXAMPLE, days=[*range_of_days()]))
    assert 0 < number < MOST_KINDS
    monkeypatch.setattr("residency.analysis.tenants.MOST_KINDS", number)
    assert every_tenant(EXAMPLE, restricted=True)
    monkeypatch.setattr("residency.analysis.tenants.MOST_KINDS", number - 1)
    with pytest.raises(BadInput) as caught:
        every_tenant(EXAMPLE, restricted=True)
    assert f"more than {number - 1:,} kinds of tenants who demand something" == caught.value.message
    remedy = "pass fewer days, or draw them: residency.strategies.tenants(register, restricted=True)"
    assert remedy == caught.value.remedy


def range_of_days() -> tuple[date, ...]:
    """The days on which a tenant who demands something may be answered otherwise."""
    return every_tenant(EXAMPLE, restricted=True).days


# --- What the decisions of all of them are ---


def proved(register: Register, name: str, verdict: Verdict) -> bool:
    """Whether it is proved that nobody gets that verdict on the region or sub-processor."""
    law = Law("nobody gets it", lambda tenant, decision: decision.reason(name).verdict is not verdict)
    (proof,) = check(register, [law])
    assert proof.covered == proof.of
    return proof.outcome == "proved"


@pytest.mark.slow
@pytest.mark.parametrize(
    "register",
    [REGISTER, EXAMPLE],
    ids=lambda register: register.id,
)
def test_every_verdict_that_exists_is_among_their_decisions(register: Register) -> None:
    """Of each region and sub-processor, by proof: a verdict that no decision has is one that nobody gets."""
    resolver = Resolver(register)
    decisions = [resolver.resolve(tenant, as_of=day) for tenant, day in every_tenant(register, restricted=True)]
    reached = {
        *((name, verdict) for decision in decisions for name, verdict in decision.verdicts.items()),
        *((name, decision.region_verdict(name)) for decision in decisions for name in register.regions),
    }
    for name in (*register.regions, *register.sub_processors):
        for verdict in Verdict:
            assert proved(register, name, verdict) is ((name, verdict) not in reached), (name, verdict)


@pytest.mark.slow
@pytest.mark.parametrize("register", [EXAMPLE, ACME], ids=lambda register: register.id)
def test_every_combination_of_verdicts_is_among_their_decisions(register: Register) -> None:
    """That of each tenant of the universe, here drawn evenly from its millions."""
    resolver = Resolver(register)

    def outcome(tenant: Tenant, day: date) -> tuple[object, ...]:
        decision = resolver.resolve(tenant, as_of=day)
        return decision.region, decision.permitted, decision.prohibited, *map(decision.region_verdict, register.regions)

    reached = {outcome(tenant, day) for tenant, day in every_tenant(register, restricted=True, days=[TODAY])}
    (space,) = (space for space in Universe(register, days=[TODAY]).spaces if space.day == TODAY)
    for context in space.contexts:
        for number, demand in enumerate(space.demands):
            tenant = Tenant(
                context.countries[-1],
                context.agreed,
                register.features[:1] if number % 2 and not register.on_by_default else (),
                register.consents if number % 3 else (),
                restrictions=() if demand.restriction is None else (demand.unfolded()[-1].restriction,),  # type: ignore[arg-type]
                objections=() if demand.objection is None else (demand.objection,),
            )
            assert outcome(tenant, TODAY) in reached


# --- What a loop over them finds in code of one's own ---

IDS = ["liveagent", "example"]
Account = tuple[str, tuple[str, ...]]
Create = Callable[[Resolver, Tenant, date], Account]


def create_account(resolver: Resolver, tenant: Tenant, today: date) -> Account:
    """An account as it should be: the region, and who is given the data."""
    decision = resolver.resolve(tenant, as_of=today)
    return decision.require(), decision.permitted


def undetermined_counts_as_yes(resolver: Resolver, tenant: Tenant, today: date) -> Account:
    """Whoever is not prohibited is given the data."""
    decision = resolver.resolve(tenant, as_of=today)
    return decision.require(), tuple(
        name for name in resolver.register.sub_processors if name not in decision.prohibited
    )


def undetermined_telephone(resolver: Resolver, tenant: Tenant, today: date) -> Account:
    """Who carries calls is not prohibited: true of everybody whose calls are on, but for what they demand."""
    decision = resolver.resolve(tenant, as_of=today)
    (carrier,) = {"ringline", "twilio"} & set(resolver.register.sub_processors)
    return decision.require(), decision.permitted if carrier in decision.prohibited else (*decision.permitted, carrier)


def one_country_otherwise(resolver: Resolver, tenant: Tenant, today: date) -> Account:
    """Portugal, with an agreed region and a consent, or feature where there is none, is stored elsewhere."""
    region, permitted = create_account(resolver, tenant, today)
    named = tenant.consents if resolver.register.consents else tenant.features
    return ("EU" if (tenant.country, tenant.agreed_region) == ("PT", "US") and named else region), permitted


def british_as_before(resolver: Resolver, tenant: Tenant, today: date) -> Account:
    """The United Kingdom is stored in the US while it was a member."""
    region, permitted = create_account(resolver, tenant, today)
    return ("US" if tenant.country == "GB" and today < date(2020, 2, 1) else region), permitted


def breaches(create: Create, register: Register, **options: Any) -> int:
    """How often an account is not as decided."""
    resolver, found = Resolver(register), 0
    for tenant, day in every_tenant(register, **options):
        decision = resolver.resolve(tenant, as_of=day)
        try:
            region, permitted = create(resolver, tenant, day)
        except Refused:
            found += decision.region is not None
        else:
            found += region != decision.region or not all(map(decision.may_touch, permitted))
    return found


@pytest.mark.parametrize("register", [pytest.param(REGISTER, marks=pytest.mark.slow), EXAMPLE], ids=IDS)
@pytest.mark.parametrize("bug", [undetermined_counts_as_yes, one_country_otherwise, british_as_before])
def test_a_loop_over_every_tenant_finds_the_bug(bug: Create, register: Register) -> None:
    """There is no chance in it: each run finds it."""
    days = None if bug is british_as_before else [TODAY]
    assert breaches(create_account, register, days=days) == 0
    assert breaches(bug, register, days=days) > 0


@pytest.mark.parametrize("register", [pytest.param(REGISTER, marks=pytest.mark.slow), EXAMPLE], ids=IDS)
def test_what_shows_only_where_something_is_demanded_is_found_among_those_who_demand(register: Register) -> None:
    """Without a demand nobody's calls are undetermined where a region is settled."""
    assert breaches(undetermined_telephone, register, days=[TODAY]) == 0
    assert breaches(create_account, register, days=[TODAY], restricted=True) == 0
    assert breaches(undetermined_telephone, register, days=[TODAY], restricted=True) > 0


def test_a_register_without_facts_has_its_countries_and_days() -> None:
    """One region, nobody, nothing declared."""
    rows = {"regions": [], "placement": {"rule": "free-choice", "basis": ["1"]}, "sub_processors": []}
    small = register_of({**SMALL_REGISTER, **rows, "features": {}}, "small")
    assert 250 * 2 == len(tenants(small))
