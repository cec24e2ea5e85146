"""How costs grow with the register: the exponent of each curve, over registers that grow in one thing at a time.

Of a decision there are three: `decide`, which remembers nothing; a combination of facts that a resolver never saw; and
one that it knows. What is measured is the median of a few runs, and the sizes grow so far that constants do not hide.
"""

from __future__ import annotations

import gc
import random
from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.rounds import slope
from benchmarks.synthetic import content
from residency import Register, Resolver, Tenant, decide
from residency.analysis.universe import Universe
from residency.files import register_of
from support import TODAY

SIZES = {
    "sub-processors": (125, 250, 500, 1_000),
    "features": (25, 50, 100, 200),
    "regions": (12, 24, 48, 96),
}


def made(what: str, size: int) -> dict[str, Any]:
    """The content of a register in which there are so many."""
    return content(**{{"sub-processors": "processors"}.get(what, what): size})


def seconds(run: Callable[[], object], runs: int = 5) -> float:
    """The best of a few runs, the garbage collector waiting: what is left of it is the work."""
    taken = []
    for _ in range(runs):
        gc.collect()
        gc.disable()
        start = perf_counter()
        run()
        taken.append(perf_counter() - start)
        gc.enable()
    return min(taken)


def somebody(register: Register, chance: random.Random) -> Tenant:
    """A tenant with features that nobody had before."""
    return Tenant("DE", features=[name for name in register.features if chance.random() < 0.5])


def to_decide(register: Register) -> float:
    """`decide`, which remembers nothing."""
    tenant = somebody(register, random.Random(1))
    return seconds(lambda: decide(register, tenant, as_of=TODAY))


def to_resolve_anew(register: Register) -> float:
    """A combination of facts that was never seen, once most parts were."""
    resolver, chance = Resolver(register), random.Random(2)
    for _ in range(20):
        resolver.resolve(somebody(register, chance), as_of=TODAY)
    return seconds(lambda: resolver.resolve(somebody(register, chance), as_of=TODAY), runs=20)


def to_resolve_again(register: Register) -> float:
    """The tenant made anew, its facts known."""
    resolver, known = Resolver(register), somebody(register, random.Random(3))
    resolver.resolve(known, as_of=TODAY)

    def run() -> None:
        for _ in range(1_000):
            resolver.resolve(Tenant("DE", features=known.features), as_of=TODAY)

    return seconds(run) / 1_000


def to_count(register: Register) -> float:
    """The universe: all tenants there are, folded and counted."""
    return seconds(lambda: Universe(register).size, runs=3)


MEASURED: dict[str, Callable[[Register], float]] = {
    "decide": to_decide,
    "resolve, facts never seen": to_resolve_anew,
    "resolve, facts known": to_resolve_again,
    "universe": to_count,
}


@pytest.mark.parametrize("what", SIZES)
def test_growth(benchmark: BenchmarkFixture, what: str) -> None:
    """Each curve, and how steeply it grows."""
    found: dict[str, dict[int, float]] = {name: {} for name in ("load", *MEASURED)}
    for size in SIZES[what]:
        file = made(what, size)
        found["load"][size] = seconds(partial(register_of, file, "made up"), runs=3)
        register = register_of(file, "made up")
        for name, measure in MEASURED.items():
            found[name][size] = measure(register)
    for name, sizes in found.items():
        curve = ", ".join(f"{size}: {each * 1e3:.3f} ms" for size, each in sizes.items())
        print(f"{name}, by {what}: slope {slope(sizes):.2f} ({curve})")
    once: Any = benchmark
    once.pedantic(lambda: None, rounds=1)
