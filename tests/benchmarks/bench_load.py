"""How long a large register takes to load; run by `pytest tests/benchmarks/bench_*.py`, not with the tests.

A thousand sub-processors with five engagements each, as a file, against the same file merely parsed: both in one run,
so that their ratio does not depend on the machine.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from residency import load_register

HEAD = """
format = 1
id = "large"
vendor = "V"
published = 2024-01-01
basis = ["1"]
placement = { rule = "free-choice", basis = ["1"] }
clauses = { 1 = { at = "line 1", quote = "q", says = "s" } }
features = { f = { says = "f", basis = ["1"] } }
regions = [{ id = "EU", name = "EU", places = ["EU"], basis = ["1"] }]
"""
ENGAGEMENT = '{{ activity = "service", purpose = "p{}", places = ["EU"], when = {{ feature = "f" }}, basis = ["1"] }}'


@pytest.fixture(scope="module", params=[250, 1_000])
def large(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register of so many sub-processors, with five engagements each."""
    engagements = ", ".join(ENGAGEMENT.format(number) for number in range(5))
    parties = (
        f'[[sub_processors]]\nid = "s{number}"\nname = "S{number}"\nengagements = [{engagements}]\n'
        for number in range(request.param)
    )
    path = tmp_path_factory.mktemp("large") / f"{request.param}.toml"
    path.write_text(HEAD + "\n".join(parties), "utf-8")
    return path


def test_parsing_it(benchmark: BenchmarkFixture, large: Path) -> None:
    """The floor: what the standard library takes to read the same file."""
    content = benchmark(lambda: tomllib.loads(large.read_text("utf-8")))
    assert len(content["sub_processors"]) == int(large.stem)


def test_loading_it(benchmark: BenchmarkFixture, large: Path) -> None:
    """Both passes, every name checked."""
    register = benchmark(load_register, large)
    assert 5 * int(large.stem) == sum(1 for _ in register.engagements())
