"""What keeping decisions costs, in ratios of one run: as receipts and as evidence, written, read and asked again.

Run by `pytest -s tests/benchmarks/bench_receipts.py`. Accounts are the plain tenants of the bundled register, 5,000 of
them; the floor is what deciding each of them anew takes. Sizes are of all registers, of what the snapshot asks.
"""

from __future__ import annotations

import json
import statistics
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.rounds import medians, told
from residency import Decision, Receipt, Resolver, decide
from residency.receipts import Outcome, recheck
from snapshot.snapshot import FEW, NAMES, asked
from support import REGISTER, TODAY, tenants

ACCOUNTS = (list(tenants()) * 2)[:5_000]
ROUNDS = 3


def evidence(decision: Decision) -> bytes:
    """The stored decision as compact JSON."""
    return json.dumps(decision.to_dict(), ensure_ascii=False, separators=(",", ":")).encode()


def rechecked(receipts: list[bytes]) -> None:
    """All of them, by a resolver that is new."""
    assert all(replayed.outcome is Outcome.HOLDS for replayed in recheck(receipts, REGISTER))


def test_five_thousand_accounts(benchmark: BenchmarkFixture) -> None:
    """Deciding, writing, reading and asking again; of evidence, which takes longer, a tenth of them."""
    resolver = Resolver(REGISTER)
    decisions = [resolver.resolve(tenant, as_of=TODAY) for tenant in ACCOUNTS]
    receipts = [decision.receipt().bytes for decision in decisions]
    fewer = decisions[:: len(decisions) // 500]
    stored = [evidence(decision) for decision in fewer]
    found: dict[str, float] = {}
    for calls, contenders in (
        (
            len(ACCOUNTS),
            {
                "receipt: written": lambda: [decision.receipt().bytes for decision in decisions],
                "receipt: read": lambda: [Receipt.read(kept) for kept in receipts],
                "receipt: asked again (recheck)": lambda: rechecked(receipts),
            },
        ),
        (
            len(fewer),
            {
                "decide": lambda: [decide(REGISTER, decision.tenant, as_of=TODAY) for decision in fewer],
                "evidence: written": lambda: [evidence(decision) for decision in fewer],
                "evidence: read": lambda: [Decision.from_dict(json.loads(kept)) for kept in stored],
            },
        ),
    ):
        found |= medians(contenders, calls, ROUNDS)
    print()
    told(found, "decide")
    for what, sizes in (("receipt", [*map(len, receipts)]), ("evidence", [*map(len, stored)])):
        print(f"{what} of an account: {min(sizes):,} to {max(sizes):,} bytes")
    print(f"{len(receipts):,} receipts: {sum(map(len, receipts)) / 1e6:.1f} MB")
    once: Any = benchmark
    once.pedantic(lambda: None, rounds=1)


@pytest.mark.parametrize("name", NAMES)
def test_sizes(name: str) -> None:
    """The median and the largest, of a receipt and of evidence, in bytes."""
    decisions = [resolver.resolve(tenant, as_of=day) for resolver, tenant, day in asked(name, FEW)]
    receipts = [len(decision.receipt().bytes) for decision in decisions]
    stored = [len(evidence(decision)) for decision in decisions]
    middles = statistics.median(receipts), statistics.median(stored)
    print(f"{name}: receipt {middles[0]:,.0f} ({max(receipts):,}), evidence {middles[1]:,.0f} ({max(stored):,})")
