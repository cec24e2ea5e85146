"""The bundled register `example`: made up, and stable, so that its answers are kept here one by one."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import residency
from residency import Resolver, Tenant, load_cases, load_claims, load_register, validate
from residency.analysis import check, lint

EXAMPLE = load_register("example")
RESOLVER = Resolver(EXAMPLE)
TEXT = (Path(residency.__file__).parent / "registers" / "example.toml").read_text("utf-8")

# Country, agreed region, whether calls are on, day; then the region, and who is permitted, prohibited, undetermined.
ANSWERS = """
    DE - off 2026-11-23  | EU   | harbour postbird          | prairie ringline | overflow
    DE - on 2026-11-23   | EU   | harbour postbird ringline | prairie          | overflow
    DE US off 2026-11-23 | US   | postbird prairie          | harbour ringline | overflow
    DE EU on 2026-11-23  | EU   | harbour postbird ringline | prairie          | overflow
    US - off 2026-11-23  | US   | postbird prairie          | harbour ringline | overflow
    US EU on 2026-11-23  | EU   | harbour postbird ringline | prairie          | overflow
    BR - off 2026-11-23  | None | postbird                  | ringline         | harbour overflow prairie
    BR EU off 2026-11-23 | EU   | harbour postbird          | prairie ringline | overflow
    GB - on 2020-01-31   | EU   | harbour postbird ringline | prairie          | overflow
    GB - on 2020-02-01   | None | postbird ringline         |                  | harbour overflow prairie
    DE - off 2019-06-03  | EU   | harbour postbird          | prairie ringline | overflow
    DE - on 2019-06-02 | None |  |  | harbour overflow postbird prairie ringline
"""


@pytest.mark.parametrize("row", [" ".join(row.split()) for row in ANSWERS.strip().splitlines()])
def test_the_answers_of_the_example_stay_as_they_are(row: str) -> None:
    """Unit tests of others hang on them: a change here breaks a promise."""
    asked, region, *kinds = (cell.strip() for cell in row.split("|"))
    country, agreed, calls, day = asked.split()
    tenant = Tenant(country, None if agreed == "-" else agreed, {"calls"} if calls == "on" else ())
    decision = RESOLVER.resolve(tenant, as_of=date.fromisoformat(day))
    assert region == str(decision.region)
    found = (decision.permitted, decision.prohibited, decision.undetermined)
    assert [tuple(kind.split()) for kind in kinds] == list(found)


def test_the_example_has_what_was_promised() -> None:
    """Two regions, five sub-processors, one condition, which is a feature, one reading, and a home under `.example`."""
    assert ("EU", "US") == EXAMPLE.regions
    assert ("harbour", "overflow", "postbird", "prairie", "ringline") == EXAMPLE.sub_processors
    conditions = [row.when for row in EXAMPLE.engagements() if row.when is not None]
    assert (1, ("calls",)) == (len(conditions), EXAMPLE.features)
    assert ((), (), ()) == (EXAMPLE.consents, EXAMPLE.agreements, EXAMPLE.attributes)
    assert ["R1"] == [source.id for source in EXAMPLE.sources if source.author == "reading"]
    assert ["https://desk.example/sub-processors"] == [document.url for document in EXAMPLE.documents]


def test_the_example_has_no_fault_and_its_cases_hold() -> None:
    """As `residency check example` says of it."""
    assert () == validate(EXAMPLE)
    assert {"gap", "reading"} == {finding.grade for finding in lint(EXAMPLE, load_claims("example"))}
    assert {"proved", "about nothing"} == {proof.outcome for proof in check(EXAMPLE, claims=load_claims("example"))}
    cases = load_cases("example")
    assert 3 == len(cases)
    for case in cases:
        assert [] == list(case.failures(RESOLVER.resolve(case.tenant, as_of=case.as_of)))


def test_every_quote_stands_in_the_made_up_page_at_its_line() -> None:
    """The page is a comment at the head of the file, whose first line says that it is made up."""
    assert "MADE UP" in TEXT.splitlines()[0]
    page = dict(re.findall(r"^#  (\d)  (.*)$", TEXT, re.MULTILINE))
    clauses = [source for source in EXAMPLE.sources if source.author == "document"]
    assert len(clauses) > len(page) == 9
    for clause in clauses:
        line = clause.at.removeprefix("line ")
        assert clause.quote in page[line]
        assert re.fullmatch(rf"{line}[a-z]?", clause.id)
