"""What one decision costs, beside a look-up, code written by hand, and two engines.

Region and sub-processors of the 4,980 tenants of the bundled register, on one day unless it says otherwise. All answers
are compared first: speed is worth comparing only between equals.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import timedelta
from itertools import cycle
from random import Random
from statistics import median
from time import perf_counter
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.peers import by_hand
from benchmarks.peers.check import PEERS, check_all
from benchmarks.rounds import medians, told
from benchmarks.synthetic import parties
from residency import Resolver, Tenant, decide
from residency.files import register_of
from support import ISO_COUNTRIES, REGISTER, tenants

DAY = by_hand.DAY
TENANTS = list(tenants())
FACTS = [(each.country, each.agreed_region, bool(each.features), bool(each.consents)) for each in TENANTS]
GIVEN = [(each.country, each.agreed_region, tuple(each.features), tuple(each.consents)) for each in TENANTS]
ACCOUNTS = [by_hand.Account(*given) for given in GIVEN]
TABLE = {(*facts, DAY): by_hand.answer(*facts) for facts in FACTS}
DAYS = [DAY - timedelta(days=number) for number in range(365)]
FLOOR = "one dictionary look-up on the tuple of the tenant's facts"


def asked() -> Resolver:
    """A resolver of its own for each contender, that has been asked about every tenant."""
    resolver = Resolver(REGISTER)
    for tenant in TENANTS:
        resolver.resolve(tenant, as_of=DAY)
    return resolver


def floor() -> None:
    """The look-up."""
    for country, agreed, voip, consent in FACTS:
        TABLE[country, agreed, voip, consent, DAY]


def hand_written() -> None:
    """If and elif over values that are there already."""
    for account in ACCOUNTS:
        by_hand.decide(account, DAY)


def hand_written_anew() -> None:
    """The value checked and made anew."""
    for country, agreed, features, consents in GIVEN:
        by_hand.decide(by_hand.Account(country, agreed, features, consents), DAY)


def hand_written_cached() -> None:
    """Remembered by `functools.lru_cache`."""
    for country, agreed, voip, consent in FACTS:
        by_hand.cached(country, agreed, voip, consent, DAY)


def warm() -> Callable[[], None]:
    """Asked again about the same tenants."""
    resolver = asked()

    def run() -> None:
        for tenant in TENANTS:
            resolver.resolve(tenant, as_of=DAY)

    return run


def warm_and_read() -> Callable[[], None]:
    """The region and the sub-processors read as well."""
    resolver = asked()

    def run() -> None:
        for tenant in TENANTS:
            decision = resolver.resolve(tenant, as_of=DAY)
            decision.region, decision.permitted  # noqa: B018 (reading is what is measured)

    return run


def another_day() -> Callable[[], None]:
    """Another day on each call."""
    resolver, following = asked(), cycle(DAYS)

    def run() -> None:
        for tenant in TENANTS:
            resolver.resolve(tenant, as_of=next(following))

    return run


def cold() -> Callable[[], None]:
    """The tenant made anew."""
    resolver = asked()

    def run() -> None:
        for country, agreed, features, consents in GIVEN:
            resolver.resolve(Tenant(country, agreed, features, consents), as_of=DAY)

    return run


def cold_and_read() -> Callable[[], None]:
    """Made anew, and the region and the sub-processors read."""
    resolver = asked()

    def run() -> None:
        for country, agreed, features, consents in GIVEN:
            decision = resolver.resolve(Tenant(country, agreed, features, consents), as_of=DAY)
            decision.region, decision.permitted  # noqa: B018

    return run


def beside(contenders: dict[str, Callable[[], None]], calls: int) -> None:
    """What is slow, in fewer calls and rounds, beside the look-up for all tenants."""
    found = medians({FLOOR: floor, **contenders}, calls, rounds=11)
    told({**found, FLOOR: found[FLOOR] * calls / len(FACTS)}, FLOOR)


def test_one_decision_beside_a_look_up(benchmark: BenchmarkFixture) -> None:
    """The library and what would be written by hand."""
    assert check_all() == len(TENANTS)
    again = warm()
    found = medians(
        {
            FLOOR: floor,
            "by hand: attrs value, if and elif": hand_written,
            "by hand, functools.lru_cache": hand_written_cached,
            "residency, warm: the same tenant and day": again,
            "residency, warm; region and sub-processors read": warm_and_read(),
            "residency, another day on each call": another_day(),
            "by hand, the value made anew": hand_written_anew,
            "residency, the tenant made anew, facts known": cold(),
            "residency, made anew; region and sub-processors read": cold_and_read(),
        },
        calls=len(TENANTS),
    )
    told(found, FLOOR)
    anew = "by hand, the value made anew"
    told({name: seconds for name, seconds in found.items() if "anew" in name}, anew)
    benchmark(again)


@pytest.mark.parametrize("peer", ["zen", "cedar"])
def test_one_decision_of_an_engine(benchmark: BenchmarkFixture, peer: str) -> None:
    """Every tenth tenant, beside the look-up."""
    every_tenth = FACTS[::10]

    def run() -> None:
        for facts in every_tenth:
            PEERS[peer](*facts)

    beside({peer: run}, calls=len(every_tenth))
    once: Any = benchmark
    once.pedantic(run, rounds=1)


def test_facts_that_were_never_seen(benchmark: BenchmarkFixture) -> None:
    """Each combination once, of a resolver that begins anew: the first decisions work out the parts of the others."""
    kinds = list({by_hand.home(each.country, DAY): each.country for each in TENANTS}.values())
    those = [Tenant(kind, *rest) for kind in kinds for rest in dict.fromkeys(given[1:] for given in GIVEN)]

    def run() -> None:
        resolver = Resolver(REGISTER)
        for tenant in those:
            resolver.resolve(tenant, as_of=DAY)

    def alone() -> None:
        for tenant in those:
            decide(REGISTER, tenant, as_of=DAY)

    print(f"{len(those)} combinations of facts")
    beside({"residency, facts never seen": run, "residency, decide: nothing remembered": alone}, calls=len(those))
    once: Any = benchmark
    once.pedantic(run, rounds=1)


RANDOM = {
    "bundled": REGISTER,
    "1,000 parties x 5 rows on one feature": register_of(parties(), "parties"),
    "1,000 parties x 5 rows on five features": register_of(parties(own=5), "parties"),
}


@pytest.mark.parametrize("name", RANDOM)
def test_random_facts_after_twenty_others(benchmark: BenchmarkFixture, name: str) -> None:
    """One decision of a tenant whose facts the resolver has not seen together, beside `decide`."""
    register, random = RANDOM[name], Random(3)

    def tenant() -> Tenant:
        def some(facts: tuple[str, ...]) -> list[str]:
            return [fact for fact in facts if random.random() < 0.5]

        return Tenant(random.choice(ISO_COUNTRIES), features=some(register.features), consents=some(register.consents))

    def seconds(ask: Callable[[], object]) -> float:
        gc.collect()
        gc.disable()
        start = perf_counter()
        ask()
        gc.enable()
        return perf_counter() - start

    new, alone = [], []
    for _ in range(9):
        resolver, asked_before = Resolver(register), [tenant() for _ in range(20)]
        for each in asked_before:
            resolver.resolve(each, as_of=DAY)
        one = next(each for each in iter(tenant, None) if each not in asked_before)
        new.append(seconds(lambda: resolver.resolve(one, as_of=DAY)))  # noqa: B023 (it is called at once)
        alone.append(seconds(lambda: decide(register, one, as_of=DAY)))  # noqa: B023
    print(f"{name}: {median(new) * 1e3:.2f} ms, {median(new) / median(alone):.2f} x decide")
    once: Any = benchmark
    once.pedantic(lambda: None, rounds=1)
