"""Registers of published pages of real vendors, written down as they stand, with cases written from the pages."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from jsonschema import Draft202012Validator

from residency import Case, Register, Resolver, Verdict, decide, load_cases, load_register, validate
from residency.files.format_docs import json_schema
from residency.model.conditions import All, Condition, Has, In, Is, Not, Unstated
from residency.model.conditions import Any as AnyOf
from residency.model.rows import Tension

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
PAGES = {
    "37signals": "basecamp_37signals",
    **{name: name for name in ("decisionrules", "embrace", "freshworks", "intercom", "lynox", "openproject", "sentry")},
    **{name: name for name in ("slack", "zendesk")},
}
"""The register's name, and that of the page that it was written from."""
VENDORS = HERE.parents[1].parent / "shared" / "vendors"
LEAST, LEAST_EACH = 12, 2

every_register = pytest.mark.parametrize("name", sorted(PAGES))


@cache
def register(name: str) -> Register:
    """The register of that name."""
    return load_register(HERE / f"{name}.toml")


@cache
def cases(name: str) -> tuple[Case, ...]:
    """Its cases."""
    return load_cases(HERE / f"{name}.toml")


def every_case() -> list[Any]:
    """All cases of all registers."""
    return [pytest.param(name, case, id=f"{name}: {case.says}") for name in sorted(PAGES) for case in cases(name)]


def test_each_register_has_its_page_and_each_page_its_register() -> None:
    """None is forgotten."""
    assert sorted(PAGES) == sorted(path.stem for path in HERE.glob("*.toml"))


@pytest.mark.parametrize(("name", "case"), every_case())
def test_the_case_holds(name: str, case: Case) -> None:
    """The answer is the one that the page gives, and rests on the clauses that say so."""
    assert [] == list(case.failures(decide(register(name), case.tenant, as_of=case.as_of)))


@every_register
def test_there_are_cases_for_each_verdict(name: str) -> None:
    """A dozen at least, two of each verdict at least, each with its clause."""
    found = Counter(case.verdict for case in cases(name))
    assert sum(found.values()) >= LEAST
    assert all(found[verdict] >= LEAST_EACH for verdict in Verdict)
    assert all(case.basis for case in cases(name))


@every_register
def test_a_case_that_says_otherwise_fails(name: str) -> None:
    """None of them holds whatever the register answers."""
    for case in cases(name):
        decision = decide(register(name), case.tenant, as_of=case.as_of)
        for verdict in set(Verdict) - {case.verdict}:
            assert list(evolve(case, verdict=verdict).failures(decision))


CONFLICTS = {
    "37signals": 0,
    "decisionrules": 2,
    "embrace": 1,
    "freshworks": 1,
    "intercom": 0,
    "lynox": 1,
    "openproject": 1,
    "sentry": 0,
    "slack": 1,
    "zendesk": 2,
}
"""How many contradictions each page has."""


@every_register
def test_what_is_found_in_it_is_in_the_page_itself(name: str) -> None:
    """No register has a fault of ours; its contradictions are reported as such."""
    grades = Counter(finding.grade for finding in validate(register(name)))
    assert (0, CONFLICTS[name]) == (grades["fault"], grades["conflict"])
    assert len(register(name).tensions) == CONFLICTS[name]


@every_register
def test_an_answer_that_hangs_on_an_open_contradiction_shows_both_sides(name: str) -> None:
    """And one that a reading resolved names the reading and both; each contradiction matters to some case."""
    seen = set()
    content = tomllib.loads((HERE / f"{name}.toml").read_text("utf-8"))
    readings = {reading: row["of"] for reading, row in content.get("readings", {}).items()}
    for case in cases(name):
        answer = decide(register(name), case.tenant, as_of=case.as_of).answer(case.ask)
        told = [leaf for leaf in answer.reason.leaves() if leaf.code.startswith("tension.")]
        for leaf in told:
            tension = next(each for each in register(name).tensions if each.id == dict(leaf.about)["name"])
            assert set(leaf.basis) >= both_sides(tension)
            assert (leaf.code == "tension.open") == (tension.resolution is None)
            seen.add(tension.id)
        for each in register(name).tensions:
            read = {clause for reading in each.basis for clause in readings[reading]}
            if set(answer.basis) >= both_sides(each) or (set(each.basis) & set(answer.basis) and crosses(each, read)):
                seen.add(each.id)
    assert {each.id for each in register(name).tensions} == seen


def crosses(tension: Tension, read: set[str]) -> bool:
    """Whether the reading that resolves it names a clause of every side, and so does an answer that cites it."""
    return all(read & set(basis) for _, basis in tension.sides)


def both_sides(tension: Tension) -> set[str]:
    """Everything that an answer resting on it must name."""
    return {*tension.basis, *(source for _, side in tension.sides for source in side)}


@every_register
def test_quotes_are_the_page_s_own_words(name: str) -> None:
    """Word for word, but for Markdown's marks and white space."""
    path = VENDORS / f"{PAGES[name]}.md"
    if not path.exists():
        pytest.skip(f"the page's facts are no part of the repository: {path.name} is not at hand")
    page = folded(path.read_text("utf-8"))
    clauses = [source for source in register(name).sources if source.author == "document"]
    assert [] == [clause.quote for clause in clauses if folded(clause.quote) not in page]


def folded(text: str) -> str:
    """The text without Markdown's marks, its white space folded."""
    return " ".join(text.replace("*", "").replace("`", "").replace("|", " ").split())


@every_register
def test_an_editor_accepts_it(name: str) -> None:
    """The JSON Schema of the format has nothing against it."""
    assert [] == complaints(tomllib.loads((HERE / f"{name}.toml").read_text("utf-8")))


def complaints(content: dict[str, Any]) -> list[str]:
    """What the schema has against a register file; a day stands as its text in JSON."""
    plain = json.loads(json.dumps(content, default=date.isoformat))
    checker = Draft202012Validator(json_schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [error.message for error in checker.iter_errors(plain)]


@every_register
def test_conditions_are_a_closed_set_of_values(name: str) -> None:
    """No callables: every claim about a register can be proved by enumeration."""
    found = register(name)
    conditions: list[Condition | None] = [found.placement.agreed_when]
    conditions += [row.when for row in found.engagements()]
    conditions += [row.when for row in found.exceptions]
    for condition in [each for each in conditions if each is not None]:
        for part in parts(condition):
            assert isinstance(part, Has | Is | In | Unstated | All | AnyOf | Not)
            assert hash(part) == hash(part)


def parts(condition: Condition) -> list[Condition]:
    """The condition and all that it is made of."""
    match condition:
        case All(inner) | AnyOf(inner):
            return [condition, *(part for each in inner for part in parts(each))]
        case Not(inner_one):
            return [condition, *parts(inner_one)]
        case _:
            return [condition]


@every_register
def test_answers_change_only_on_change_dates(name: str) -> None:
    """Asked on the first and the last day of each stretch, every case's tenant is answered alike."""
    found, resolver = register(name), Resolver(register(name))
    for first, after in pairwise(found.change_dates):
        last = date.fromordinal(after.toordinal() - 1)
        for tenant in dict.fromkeys(case.tenant for case in cases(name)):
            one, other = (resolver.resolve(tenant, as_of=day) for day in (first, last))
            assert (one.region_answers, one.sub_processor_answers) == (
                other.region_answers,
                other.sub_processor_answers,
            )
            assert one.sub_processor_answers == decide(found, tenant, as_of=last).sub_processor_answers
