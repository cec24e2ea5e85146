"""Small made-up registers whose own cases say what each kind of row and demand means: `rulings/*.toml`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from residency import Case, Resolver, Verdict, decide, load_cases, load_register

FILES = sorted((Path(__file__).parent / "rulings").glob("*.toml"))


def every_case() -> Iterator[Any]:
    """Every case of every file."""
    for path in FILES:
        for case in load_cases(path):
            yield pytest.param(path, case, id=f"{path.stem}: {case.says}")


@pytest.mark.parametrize(("path", "case"), list(every_case()))
def test_the_case_holds(path: Path, case: Case) -> None:
    """The answer is the one that is said, rests on what says so, and a resolver gives the same."""
    register = load_register(path)
    decision = decide(register, case.tenant, as_of=case.as_of)
    assert [] == list(case.failures(decision))
    assert decision == Resolver(register).resolve(case.tenant, as_of=case.as_of)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_file_permits_something_and_leaves_something_open(path: Path) -> None:
    """What may be permitted is shown beside what may not."""
    found = {case.verdict for case in load_cases(path)}
    assert {Verdict.UNDETERMINED} < found
