"""Sub-processors of many rows behind features of their own: tables and proofs grow with the rows, or refuse."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Any as Anything

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.synthetic import GATED, one_party
from oracle.test_cells import compare_some
from residency import BadInput, Resolver, Verdict
from residency.analysis import Law, check, lint, worth
from residency.analysis.evaluator import FEW_FACTS, CellEvaluator
from residency.analysis.paths import _outcomes, more_ways
from residency.analysis.universe import Universe
from residency.files import register_of
from residency.model.conditions import All, Any, Condition, Has, In, Is, Not
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


@pytest.mark.parametrize("kind", [GATED[0], *(pytest.param(kind, marks=pytest.mark.slow) for kind in GATED[1:])])
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


# --- Proofs ---

FACTS = {("feature", name): (False, True) for name in "abc"} | {("attribute", "plan"): (None, "v", "w")}
SINGLE = st.sampled_from(
    [
        *(Has("feature", name) for name in "abc"),
        Is("attribute", "plan", ("v",)),
        Is("tension", "t", ("x",)),
        In("hosting region", "US"),
    ]
)
CONDITIONS = st.recursive(
    SINGLE,
    lambda parts: st.one_of(
        st.lists(parts, min_size=1, max_size=3).map(lambda these: All(tuple(these))),
        st.lists(parts, min_size=1, max_size=3).map(lambda these: Any(tuple(these))),
        parts.map(Not),
    ),
    max_leaves=8,
)


def holds(condition: Condition, facts: dict[tuple[str, str], Anything]) -> bool | None:
    """Kleene's three values; what is no fact is not known."""
    match condition:
        case Has(kind, name):
            return bool(facts[kind, name])
        case Is("attribute", name, values):
            value = facts["attribute", name]
            return None if value is None else value in values
        case All(parts):
            found = [holds(part, facts) for part in parts]
            return False if False in found else None if None in found else True
        case Any(parts):
            found = [holds(part, facts) for part in parts]
            return True if True in found else None if None in found else False
        case Not(part):
            inner = holds(part, facts)
            return None if inner is None else not inner
        case _:
            return None


@given(CONDITIONS)
def test_combinations_of_facts_are_each_told_apart_once(condition: Condition) -> None:
    """Each tenant has one of them, and where that says whether the condition holds, it does or does not."""
    told = list(_outcomes(condition, {}, FACTS))
    for choices in product(*FACTS.values()):
        facts = dict(zip(FACTS, choices, strict=True))
        (own,) = [outcome for known, outcome in told if known.items() <= facts.items()]
        assert own is holds(condition, facts)


@pytest.mark.parametrize(
    ("condition", "ways"),
    [
        (Any(tuple(Has("feature", f"f{number}") for number in range(20))), 21),
        (All(tuple(Has("feature", f"f{number}") for number in range(20))), 21),
        (Not(Any(tuple(All((Has("feature", f"f{2 * n}"), Has("feature", f"f{2 * n + 1}"))) for n in range(6)))), 127),
        (All((Is("attribute", "plan", ("v",)), Is("attribute", "plan", ("w",)))), 3),
        (Any(()), 1),
        (Any((Has("feature", "f0"),) * 500), 2),
        (Any(tuple(All((Has("feature", f"f{number}"), Has("feature", "f0"))) for number in range(1, 20))), 39),
    ],
)
def test_the_combinations_that_a_proof_needs_are_counted(
    condition: Condition, ways: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Part by part, until it is known whether the condition holds."""
    choices = {("feature", f"f{number}"): (False, True) for number in range(20)} | FACTS
    monkeypatch.setattr("residency.analysis.paths.MOST_WAYS", ways)
    assert not more_ways(condition, choices)
    monkeypatch.setattr("residency.analysis.paths.MOST_WAYS", ways - 1)
    assert more_ways(condition, choices)


def exponential() -> Iterator[tuple[str, dict[str, Anything], str]]:
    """What no proof can go through; and what is known of who stores data, on whom only an agreement has a bearing."""
    pairs = list(map(both, range(20)))
    yield "rows", conditional(40, *pairs), "proved"
    yield "hosts", conditional(40, *pairs, kind="gated hosts"), "proved"
    several = {"all": [{"any": [feature(2 * n), feature(2 * n + 1)]} for n in range(20)]}
    yield "one condition", conditional(40, several), "proved"
    agreed = one_party(40, "gated exceptions")
    agreed["placement"] |= {"agreed": ["1"], "agreed_when": several}
    yield "an agreement", agreed, "not covered"


@pytest.mark.parametrize(
    ("content", "of_host"),
    [
        pytest.param(*case, id=name, marks=[] if name == "an agreement" else [pytest.mark.slow])
        for name, *case in exponential()
    ],
)
def test_a_law_that_needs_too_many_combinations_is_not_covered(content: dict[str, Anything], of_host: str) -> None:
    """What no such condition takes part in is proved; nothing is proved of a sample."""
    register = register_of(content, "made up")
    laws = [
        Law("party", lambda tenant, decision: isinstance(decision.verdict("party"), Verdict)),
        Law("host", lambda tenant, decision: isinstance(decision.verdict("host"), Verdict)),
    ]
    assert ["not covered", of_host] == [proof.outcome for proof in check(register, laws)]
    assert {"proved", "about nothing", "not covered"} == {proof.outcome for proof in check(register)}


def test_what_was_not_looked_at_is_called_neither_dead_nor_counted() -> None:
    """A row that would take too many combinations may apply; how much rests on a reading is not said."""
    several = {"all": [{"any": [feature(2 * n), feature(2 * n + 1)]} for n in range(20)]}
    content = conditional(40, several)
    content["readings"] = {"R1": {"of": ["1"], "says": "s", "because": "b", "otherwise": "o"}}
    content["sub_processors"][0]["engagements"][0]["basis"] = ["1", "R1"]
    found = [(finding.grade, finding.words) for finding in lint(register_of(content, "made up"))]
    assert "fault" not in dict(found)
    uncounted = "the condition of the row of party for service (part 0) names 40 facts"
    assert ("reading", f"R1: s; the answers that rest on it were not counted: {uncounted}") in found


def test_the_worth_of_rules_is_refused_where_too_much_would_be_told_apart() -> None:
    """It would be that of a sample."""
    register = register_of(conditional(40, *map(both, range(20))), "made up")
    with pytest.raises(BadInput, match="register 'one-party' tells too many tenants apart to say what"):
        worth(register)
