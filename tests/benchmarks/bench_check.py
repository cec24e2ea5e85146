"""How long it takes to prove every law for every tenant; run by `pytest -s tests/benchmarks/bench_*.py`.

The bundled register with its claims, and one of 60 sub-processors, 25 features and 12 regions shared by two processes.
"""

from __future__ import annotations

from typing import Any

from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.synthetic import content
from residency import load_claims, load_register
from residency.analysis import Proof, check
from residency.files import register_of


def told(proofs: tuple[Proof, ...]) -> None:
    """How many points were covered, per law."""
    for proof in proofs:
        print(f"{proof.outcome}: {proof.covered:,} of {proof.of:,} points, {proof.cells:,} kinds: {proof.says}")
    assert {"proved", "about nothing"} == {proof.outcome for proof in proofs}


def test_proving_the_bundled_register(benchmark: BenchmarkFixture) -> None:
    """Its laws and claims."""
    register, claims = load_register("liveagent"), load_claims("liveagent")
    told(benchmark(lambda: check(register, claims=claims)))


def test_proving_a_large_register_on_two_cores(benchmark: BenchmarkFixture) -> None:
    """Made up, with conditions of every kind."""
    register = register_of(content(), "synthetic")
    once: Any = benchmark
    told(once.pedantic(lambda: check(register, workers=2), rounds=1))
