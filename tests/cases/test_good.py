"""Questions and answers that a data-protection officer can read, and check against the document: `good/*.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from residency import Decision, Resolver
from residency.files import tenants_of
from support import HOUSE_RULES, REGISTER, RESOLVER

CASES = Path(__file__).parent / "good"
KEYS = {
    *("question", "because", "as_of", "tenant", "house_rules", "region", "hosts", "regions", "sub_processors"),
    *("to_disclose", "rests_on"),
}
UNDER_RULES = Resolver(REGISTER, house_rules=HOUSE_RULES)


def cases() -> Iterator[Any]:
    """Every case of every file."""
    for path in sorted(CASES.glob("*.toml")):
        for case in tomllib.loads(path.read_text("utf-8"))["cases"]:
            yield pytest.param(case, id=f"{path.stem}: {case['question']}")


def decided(case: dict[str, Any]) -> Decision:
    """The library's answer to the case."""
    (tenant,) = tenants_of({"format": 1, "tenants": [case["tenant"]]}, case["question"], REGISTER)
    resolver = UNDER_RULES if "house_rules" in case else RESOLVER
    return resolver.resolve(tenant, as_of=case["as_of"])


@pytest.mark.parametrize("case", list(cases()))
def test_the_answer_is_the_one_that_the_document_gives(case: dict[str, Any]) -> None:
    """The region, the hosts, each verdict that the case names, and what it rests on."""
    decision = decided(case)
    if "region" in case:
        assert case["region"] == (decision.region or "none")
    if "hosts" in case:
        assert tuple(case["hosts"]) == decision.hosts
    if "to_disclose" in case:
        assert tuple(case["to_disclose"]) == decision.to_disclose
    verdicts = {**case.get("regions", {}), **case.get("sub_processors", {})}
    assert verdicts == {name: decision.answer(name).verdict.value for name in verdicts}
    rests = {name: set(basis) for name, basis in case.get("rests_on", {}).items()}
    assert rests == {name: basis & set(decision.answer(name).reason.basis) for name, basis in rests.items()}


def test_the_cases_are_many_and_say_why() -> None:
    """Forty at least; each asks, answers at least two things, says why, and has no key that nothing looks at."""
    every = [param.values[0] for param in cases()]
    assert len(every) >= 40
    for case in every:
        assert set(case) <= KEYS
        assert case["question"].endswith("?")
        assert case["because"]
        assert sum(key in case for key in ("region", "hosts", "regions", "sub_processors", "to_disclose")) >= 2
