"""What starting costs: fresh interpreters, one of each kind in turn, medians; all compiled, as pip leaves a package."""

from __future__ import annotations

import statistics
import subprocess
import sys
from compileall import compile_dir
from pathlib import Path
from time import perf_counter
from typing import Any

from pytest_benchmark.fixture import BenchmarkFixture

import residency

ROUNDS = 41
NOTHING, ATTRS, THREE = "pass", "import attrs", "import attrs, cattrs, pycountry"
OURS = "from residency import Resolver, Tenant, Verdict"
DECIDED = """
from datetime import date
import residency
resolver = residency.Resolver(residency.load_register("liveagent"))
resolver.resolve(residency.Tenant("BG"), as_of=date(2026, 11, 23))
"""


def started(code: str) -> float:
    """The seconds until an interpreter has done this and ended."""
    start = perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return perf_counter() - start


def test_start_up(benchmark: BenchmarkFixture) -> None:
    """Importing us beside attrs; importing, loading and deciding once beside importing what that needs."""
    compile_dir(Path(residency.__file__).parent, quiet=1)
    taken: dict[str, list[float]] = {code: [] for code in (NOTHING, ATTRS, OURS, THREE, DECIDED)}
    for _ in range(ROUNDS):
        for code, seconds in taken.items():
            seconds.append(started(code))
    found = {code: statistics.median(seconds) for code, seconds in taken.items()}
    for name, code, of in (("import", OURS, ATTRS), ("import, load, decide", DECIDED, THREE)):
        with_python, alone = found[code] / found[of], (found[code] - found[NOTHING]) / (found[of] - found[NOTHING])
        print(f"{name}: {found[code] * 1e3:.0f} ms, {with_python:.2f} x `{of}`; net of Python's start {alone:.2f} x")
    once: Any = benchmark
    once.pedantic(lambda: started(OURS), rounds=1)
