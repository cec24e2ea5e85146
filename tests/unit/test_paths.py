"""Sub-processors of many rows behind features of their own: tables and proofs grow with the rows, or refuse."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any as Anything

import pytest
from attrs import evolve

from benchmarks.synthetic import GATED, one_party
from oracle.test_cells import compare_some
from residency import BadInput, Resolver
from residency.analysis import check
from residency.analysis.evaluator import FEW_FACTS, CellEvaluator
from residency.analysis.universe import Universe
from residency.files import register_of
from residency.model.conditions import Any, Has
from residency.model.rows import Prohibition
from residency.tables import Table
from tabled import compare

MANY = FEW_FACTS + 1


def conditional(rows: int, *conditions: dict[str, Anything], kind: str = "own feature") -> dict[str, Anything]:
    """A file whose sub-processor has a row behind each condition; there are so many features."""
    content = one_party(rows, kind)
    party = content["sub_processors"][0]
    each = party["engagements"][0]
    party["engagements"] = [{**each, "purpose": f"part {n}", "when": when} for n, when in enumerate(conditions)]
    return content


def feature(number: int) -> dict[str, Anything]:
    """A condition on the feature of that number."""
    return {"feature": f"feature-{number:02}"}


def both(number: int) -> dict[str, Anything]:
    """On two features that no other row names."""
    return {"all": [feature(2 * number), feature(2 * number + 1)]}


@pytest.mark.slow
@pytest.mark.parametrize("kind", GATED)
def test_every_tenant_of_a_table_with_many_facts_is_answered_as_alone(kind: str) -> None:
    """All combinations of more facts than are told apart all together."""
    register = register_of(one_party(MANY, kind), "made up")
    assert compare(Table(register), Resolver(register), ("DE", "SG"), None) > 2**MANY


@pytest.mark.slow
@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("kind", GATED)
def test_kinds_of_tenants_that_differ_in_many_facts_are_answered_as_alone(kind: str, whole: bool) -> None:
    """Whatever they demand."""
    register, random = register_of(one_party(MANY, kind), "made up"), Random(kind)
    space = Universe(register, demands=not whole).spaces[-1]
    asked = CellEvaluator(register, space, space.day, whole=whole)
    compare_some(register, space, asked, random, 60)


@pytest.mark.slow
@pytest.mark.parametrize("kind", GATED)
def test_a_law_of_a_sub_processor_with_twenty_rows_is_proved(kind: str) -> None:
    """Of each combination of their features there are a million."""
    register = register_of(one_party(20, kind), "made up")
    assert {"proved", "about nothing"} == {proof.outcome for proof in check(register)}


@pytest.mark.slow
def test_a_region_that_hangs_on_what_its_hosts_hang_on_has_the_code_of_each_tenant() -> None:
    """Where an agreement has the condition that a host has, both are one reason, and not several."""
    content = one_party(MANY - 1, "gated hosts")
    unknown = {"any": [{"attribute": name, "is": "v"} for name in "xy"]}
    content["attributes"] = {name: {"says": name, "values": ["v", "w"], "basis": ["1"]} for name in "xy"}
    content["placement"]["agreed_when"] = unknown
    first, second, *_ = content["sub_processors"][0]["engagements"]
    first["when"] = {"any": [*unknown["any"], {"all": [feature(0), {"not_stated": "whether"}]}]}
    second["when"] = {"all": [feature(number) for number in range(MANY - 1)]}
    content["sub_processors"] = [{**content["sub_processors"][0], "engagements": [first, second]}]
    register = register_of(content, "made up")
    assert compare(Table(register), Resolver(register), ("DE", "SG"), None) > 2**MANY


def paths_refused(content: dict[str, Anything], most: int, patch: pytest.MonkeyPatch) -> bool:
    """Whether a table with room for so many combinations has none for it."""
    patch.setattr("residency.analysis.paths.MOST_PATHS", most)
    try:
        next(Table(register_of(content, "made up")).rows())
    except BadInput:
        return True
    return False


@pytest.mark.parametrize(
    ("content", "paths"),
    [
        (one_party(8, "own feature"), 1 + 8 + 28),
        (one_party(8, "shared consent"), 2 + (1 + 8 + 28)),
        (conditional(8, *map(both, range(4))), 2**4 + 4 * 2**3 + sum(2**n for n in (0, 1, 1, 2, 2, 2))),
    ],
    ids=["each its own", "each its own, and a consent", "each two of its own"],
)
def test_a_table_has_room_for_so_many_combinations(
    content: dict[str, Anything], paths: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until none, one, or several of the rows are known to apply."""
    assert not paths_refused(content, paths, monkeypatch)
    assert paths_refused(content, paths - 1, monkeypatch)


def too_large() -> Iterator[tuple[dict[str, Anything], str]]:
    """What is exponential by nature, and what is said of it."""
    pairs = list(map(both, range(20)))
    yield conditional(40, *pairs), "the rows of party hang on more than 10,000 combinations of facts"
    hosts = conditional(40, *pairs, kind="gated hosts")
    yield hosts, "the rows of party hang on more than 10,000 combinations of facts"
    apart = conditional(40, *pairs, kind="gated hosts")
    party = apart["sub_processors"][0]
    alone = ({"id": f"p{n}", "name": f"P{n}", "engagements": [row]} for n, row in enumerate(party["engagements"]))
    apart["sub_processors"] = list(alone)
    yield apart, "who stores data in region US hangs on more than 10,000 combinations of facts"
    plans = [f"plan-{number}" for number in range(10)]
    valued = conditional(1, *({"attribute": plan, "is": "a"} for plan in plans))
    valued["attributes"] = {plan: {"says": plan, "values": ["a", "b"], "basis": ["1"]} for plan in plans}
    yield valued, "the rows of party hang on more than 10,000 combinations of facts"
    many = {"any": [feature(number) for number in range(13)]}
    yield conditional(13, many), "the condition of the row of party for service (part 0) names 13 facts"
    own = one_party(13, "gated exceptions")
    own["own_infrastructure"] = [
        {"activity": "hosting", "purpose": "own", "places": ["US"], "when": many, "basis": ["1"]}
    ]
    yield own, "the condition of the row of V for hosting (own) names 13 facts"
    agreed = one_party(13, "gated exceptions")
    agreed["placement"]["agreed_when"] = many
    yield agreed, "the condition of an agreement on a region names 13 facts"
    both_ways = one_party(12, "own feature")
    both_ways["placement"]["agreed_when"] = {"any": [feature(number) for number in range(8)]}
    yield both_ways, "the rows of party hang on more than 10,000 combinations of facts"


@pytest.mark.parametrize(("content", "words"), [*too_large()])
def test_a_table_that_would_be_too_large_is_refused_before_anything_is_worked_out(
    content: dict[str, Anything], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the row or the party."""
    monkeypatch.setattr("residency.tables.CellEvaluator", None)
    with pytest.raises(BadInput) as refused:
        next(Table(register_of(content, "made up")).rows())
    assert f"register 'one-party' is too large for a table: {words}" == refused.value.args[0]


def test_a_house_rule_with_too_large_a_condition_is_refused_too() -> None:
    """One without a condition asks nothing."""
    when = Any(tuple(Has("feature", f"feature-{number:02}") for number in range(13)))
    rules = (Prohibition("H1", "host"), Prohibition("H2", "host", when))
    register = evolve(register_of(one_party(13, "gated exceptions"), "made up"), prohibitions=rules)
    with pytest.raises(BadInput, match=r"the condition of house rule H2 names 13 facts\nnote: ask a Resolver$"):
        next(Table(register).rows())
