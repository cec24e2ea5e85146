"""The screen of a check: what needs attention first, what the register leaves open, and what was proved."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from residency import Finding, Register, Resolver, Tenant, load_register, validate
from residency.analysis import Law, check, lint
from residency.analysis.proof import Counterexample, Proof
from residency.analysis.summary import FailedCase, Report, failed_cases
from residency.analysis.worth import Worth
from residency.files import load_contents
from residency.report.check import lines
from residency.report.layout import columns
from residency.strategies import registers
from support import REGISTER

BASE = Path(__file__).parents[2] / "cases" / "base"

LIVEAGENT = """\
Sound: no faults; no cases; 33 laws and claims proved, 1 vacuous.
Register liveagent: LiveAgent of Quality Unit, s. r. o., 28 October 2019.

Gaps: what the document does not state, and answers leave UNDETERMINED
  place             aws, quality-unit-llc, quality-unit-ukraine, subcontractors,
                    twilio, websupport
  hosting region    aws (servers)
  home              customers in 206 countries; from 2020-02-01 on in 207 (+GI)
Conflicts: where the document contradicts itself
  which-regions     resolved by our reading R1: the-table
  role              open; no answer depends on it
Remarks
  overlap           GB in UK and EU from 2019-10-28 until before 2020-02-01; UK
                    counts
  unused            clause 3; agreement data-processing-agreement; tension
                    which-regions; tension role
  readings          9; most answers rest on R1 (34 %), R7 (33 %), R6 (28 %)
Proved for every tenant: 33 laws and claims, over up to 237,200,000 points each
Vacuous: house rules never permit what the register prohibits (none here)
Each finding with its lines, each proof with its points: -v. As JSON: --json"""


def report(register: Register, **more: Any) -> Report:
    """A report without proofs, unless some are given."""
    plain = Report(register=register, findings=(), cases=0, failed=(), proofs=(), register_name="r.toml")
    return evolve(plain, **more)


def screen(found: Report, width: int = 80) -> list[str]:
    """The lines of the screen."""
    return list(lines(found, width))


@pytest.mark.slow
def test_the_bundled_register_on_one_screen() -> None:
    """Sound, with what its document leaves open."""
    file = load_contents("liveagent")
    found = report(
        file.register,
        findings=(*validate(file.register), *lint(file.register, file.claims)),
        cases=len(file.cases),
        failed=tuple(failed_cases(file.cases, Resolver(file.register))),
        proofs=check(file.register, claims=file.claims),
    )
    assert LIVEAGENT == "\n".join(screen(found))


def test_what_keeps_a_register_from_being_sound_comes_first() -> None:
    """Faults, failing cases, and laws that are broken, by the smallest tenant that breaks each."""
    law = Law("nobody touches Bulgarian data", lambda tenant, decision: tenant.country != "BG")
    found_one = Counterexample(law, Tenant("BG", features={"voip"}), date(2019, 10, 27), "twilio", "PERMITTED")
    proofs = (
        Proof(law.says, of=9, covered=9, breaches=948_800, cells=1, counterexample=found_one),
        Proof("never looked at", of=10**20, covered=5, breaches=0, cells=1),
        Proof("of nobody", of=5, covered=5, breaches=0, cells=1, concerned=False),
    )
    found = report(
        REGISTER,
        findings=(Finding("fault", "no rule reaches hosting region X", ()),),
        cases=2,
        failed=(FailedCase(1, "mail was Oldmail's", ("oldmail is PERMITTED, not PROHIBITED",)),),
        proofs=proofs,
        rules_name="mine.toml",
    )
    assert [
        "Not sound: 1 fault; 1 of 2 cases pass; 0 laws and claims proved, 1 broken, 1 not",
        "  covered, 1 about nobody.",
        "Register liveagent: LiveAgent of Quality Unit, s. r. o., 28 October 2019, under",
        "  house rules mine.toml.",
        "",
        "Faults: to fix in the file",
        "  no rule reaches hosting region X",
        "Cases that fail",
        "  $.cases[1]: mail was Oldmail's",
        "    oldmail is PERMITTED, not PROHIBITED",
        "Laws and claims that are not proved (a test of each that is broken: -v)",
        "  broken: nobody touches Bulgarian data (948,800 answers): Bulgaria (BG); voip,",
        "    as of 2019-10-27; twilio",
        "  not covered: never looked at",
        "  about nobody: of nobody",
        "",
        "Each finding with its lines, each proof with its points: -v. As JSON: --json",
    ] == screen(found)


def test_figures_are_bounded() -> None:
    """The number of points multiplies with every feature: of very many digits only how many is told."""
    (line,) = (
        line
        for line in screen(report(REGISTER, proofs=(Proof("x", of=10**30, covered=10**30, breaches=0, cells=1),)))
        if line.startswith("Proved")
    )
    assert "Proved for every tenant: 1 laws and claims, over more than 10^30 points each" == line


def test_the_worth_of_rules_names_those_that_no_law_notices() -> None:
    """Or says that there is none."""
    unnoticed, noticed = (Worth(name, (), 1, 2, (), laws) for name, laws in (("a rule", ()), ("another", ("law",))))
    text = screen(report(REGISTER, worth=(unnoticed, noticed)))
    assert ["Of 2 rules 1 could be gone without any law or claim being broken:", "  a rule"] == text[-3:-1]
    text = screen(report(REGISTER, worth=(noticed,)))
    assert "Of 1 rules 0 could be gone without any law or claim being broken." == text[-2]


def test_findings_without_a_topic_are_told_in_their_own_words() -> None:
    """Each by itself, also two with the same words."""
    register = load_register(BASE / "versions.toml")
    text = screen(report(register, findings=validate(register)))
    start = text.index("Changes: another place under the same name")
    assert [
        "  hosting region zone moved on 2024-01-01, under the same name: from AT to DE",
        "  store (storage) moved on 2024-01-01, under the same name: from AT to DE",
    ] == text[start + 1 : start + 3]
    assert "  where             open; answers that depend on it are UNDETERMINED" in text
    assert text[1] == "Register versions: Acme, Ltd., 1 January 2024."
    undated = evolve(register, published=None)
    assert screen(report(undated))[1] == "Register versions: Acme, Ltd., undated."


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None, max_examples=25)
@given(registers(), st.sampled_from((40, 60, 80, 200)))
def test_no_line_is_wider_than_the_terminal(register: Register, width: int) -> None:
    """Of any register; whether it is sound stands first."""
    found = report(register, findings=(*validate(register), *lint(register)))
    text = screen(found, width)
    assert [line for line in text if columns(line) > width] == []
    assert text[0].startswith("Sound" if found.sound else "Not sound")
