"""Every quote of the bundled register is a verbatim part of the published text, at the line that it names."""

from __future__ import annotations

import hashlib
import re

import pytest

from support import REGISTER, SEED

CLAUSES = [source for source in REGISTER.sources if source.author == "document"]


def lines_of(at: str) -> range:
    """The lines, counted from one, that a reference names: `line 37`, `lines 39-44`."""
    first, last = re.fullmatch(r"lines? (\d+)(?:-(\d+))?", at).groups()  # type: ignore[union-attr]
    return range(int(first), int(last or first) + 1)


@pytest.mark.skipif(not SEED.exists(), reason="the published text is kept beside the project, and is not at hand here")
@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause.id)
def test_a_quote_stands_in_the_document_where_it_says(clause: object) -> None:
    """Word for word; of a clause about several lines, at each of them."""
    text = SEED.read_text("utf-8").splitlines()
    for number in lines_of(clause.at):  # type: ignore[attr-defined]
        assert clause.quote in text[number - 1]  # type: ignore[attr-defined]


@pytest.mark.skipif(not SEED.exists(), reason="the published text is kept beside the project, and is not at hand here")
def test_the_document_is_that_text() -> None:
    """By its hash, which every answer shows."""
    (document,) = REGISTER.documents
    assert hashlib.sha256(SEED.read_bytes()).hexdigest() == document.sha256
    assert {clause.id for clause in CLAUSES} == set(document.clauses)


def test_every_clause_is_named_after_its_line() -> None:
    """`37b` is the second clause of line 37."""
    for clause in CLAUSES:
        lines = lines_of(clause.at)
        expected = f"{lines[0]}" if len(lines) == 1 else f"{lines[0]}-{lines[-1]}"
        assert re.fullmatch(rf"{expected}[a-z]?", clause.id)


def test_every_quote_is_short() -> None:
    """The text itself is not ours to publish."""
    assert max(len(clause.quote) for clause in CLAUSES) <= 160


def test_every_clause_is_used_by_a_row_or_a_reading() -> None:
    """A clause that decides nothing and records nothing would be boilerplate."""
    used = {*REGISTER.basis, *REGISTER.placement.basis, *(REGISTER.placement.agreed or ())}
    used |= {name for region in REGISTER.hosting_regions for name in region.basis}
    used |= {name for declared in REGISTER.declared for name in declared.basis}
    used |= {name for record in REGISTER.records for name in record.basis}
    used |= {name for each in REGISTER.engagements() for name in each.basis}
    used |= {name for each in REGISTER.engagements() for name in each.only}
    used |= {name for record in REGISTER.records for _, basis in (*record.all_of, *record.one_of) for name in basis}
    used |= {name for tension in REGISTER.tensions for _, basis in tension.sides for name in basis}
    # Line 3 names vendor and service, which have no basis of their own; 37d is read by R5.
    assert {clause.id for clause in CLAUSES} - used == {"3", "37d"}


def test_the_readings_are_nine_and_each_says_why_and_what_else() -> None:
    """R1 to R9, each with the lines it reads."""
    readings = [source for source in REGISTER.sources if source.author == "reading"]
    assert [f"R{number}" for number in range(1, 10)] == [reading.id for reading in readings]
    assert all(each.because and each.otherwise and each.at.startswith("line") for each in readings)
