"""What a resolver holds after ten million random tenants and days, beside what it held after the first million.

All facts are drawn anew for each; one tenant in five hundred demands something, of places drawn anew as well, so that
what could be remembered of them has no end.
"""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from residency import Resolver, Restriction, Tenant
from residency.model.places import countries
from support import AGREED, REGISTER, TODAY

MILLION = 1_000_000
PAGE = 4096
STATM = Path("/proc/self/statm")
COUNTRIES = sorted(countries())
NAMES = [*COUNTRIES, *sorted(REGISTER.groups)]
FACTS = ((), ("voip",)), ((), ("subcontractor-access",))


def resident() -> int:
    """The size of what this process holds in memory, in bytes."""
    return int(STATM.read_text("ascii").split()[1]) * PAGE


def somebody(chance: random.Random) -> Tenant:
    """A random tenant."""
    agreed, (features, consents) = chance.choice(AGREED), (chance.choice(each) for each in FACTS)
    if chance.random() < 0.998:
        return Tenant(chance.choice(COUNTRIES), agreed, features, consents)
    key = chance.choice(("within", "never_in", "never_registered_in"))
    demanded: dict[str, Any] = {key: chance.sample(NAMES, chance.randint(1, 4))}
    objections = chance.sample(REGISTER.sub_processors, chance.randint(0, 2))
    return Tenant(
        *(chance.choice(COUNTRIES), agreed, features, consents),
        restrictions={Restriction(**demanded)},
        objections=objections,
    )


@pytest.mark.skipif(not STATM.exists(), reason="only Linux says in /proc what a process holds")
def test_ten_million_tenants_and_days(benchmark: BenchmarkFixture) -> None:
    """Each million timed, and what is held at its end."""
    resolver, chance = Resolver(REGISTER), random.Random(1)
    sizes = []
    for number in range(1, 11):
        start = perf_counter()
        for _ in range(MILLION):
            resolver.resolve(somebody(chance), as_of=TODAY - timedelta(days=chance.randrange(2_600)))
        sizes.append(resident())
        taken, ratio = perf_counter() - start, sizes[-1] / sizes[0]
        print(f"million {number}: {taken:.0f} s, {sizes[-1] / 2**20:.1f} MiB, {ratio:.3f} x the first", flush=True)
    once: Any = benchmark
    once.pedantic(lambda: None, rounds=1)
