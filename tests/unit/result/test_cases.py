"""Cases: what one says when the register does not answer as it says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from attrs import evolve

from residency import Case, Decision, Register, Tenant, Verdict, decide, load_cases, load_register

FILE = Path(__file__).parents[2] / "cases" / "base" / "versions.toml"
(CASE,) = load_cases(FILE)


def failures(case: Case, register: Register | None = None) -> list[str]:
    """What of the register's decision is not as the case says."""
    decision: Decision = decide(register or load_register(FILE), case.tenant, as_of=case.as_of)
    return list(case.failures(decision))


def test_a_case_is_read_with_all_that_it_says() -> None:
    """From the file, names checked."""
    day, verdict = date(2023, 12, 31), Verdict.PERMITTED
    assert Case("mail was Oldmail's", Tenant("DE"), day, "oldmail", verdict, ("a3",), "service", "mail") == CASE
    assert () == load_cases("liveagent")


def test_a_case_that_holds_says_nothing() -> None:
    """The verdict is the one it says, and rests on what it says."""
    assert [] == failures(CASE)


@pytest.mark.parametrize("verdict", [Verdict.PROHIBITED, Verdict.UNDETERMINED])
def test_a_case_with_another_verdict_fails(verdict: Verdict) -> None:
    """It shows both, and why the register answers so."""
    told = f"oldmail is PERMITTED, not {verdict.value}: Oldmail (oldmail) is listed for service: mail"
    assert [told] == failures(evolve(CASE, verdict=verdict))


def test_a_case_that_rests_on_another_clause_fails() -> None:
    """An answer that is right by chance is none."""
    assert ["the answer on oldmail does not rest on 'b3'"] == failures(evolve(CASE, basis=("a3", "b3")))


def test_a_case_asks_of_its_own_day() -> None:
    """A removed row stands until the first version without it."""
    (told,) = failures(evolve(CASE, as_of=date(2024, 1, 1)))
    words = "the row of Oldmail (oldmail) for service (mail) ended: 2024-01-01 is the first day without it"
    assert f"oldmail is PROHIBITED, not PERMITTED: {words}" == told
