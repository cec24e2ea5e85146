"""The screen of a check: whether the register is sound, what needs attention, then what its reader should know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from ..analysis.proof import Proof
from ..analysis.summary import Report
from ..model.findings import Finding
from ..model.timeline import counted, day_in_words
from .layout import entry, listing, wrapped
from .resolve import tenant_in_few_words

__all__ = ["lines"]

_SECTIONS = (
    (("gap",), "Gaps: what the document does not state, and answers leave UNDETERMINED"),
    (("conflict",), "Conflicts: where the document contradicts itself"),
    (("change",), "Changes: another place under the same name"),
    (("overlap", "unused", "reading"), "Remarks"),
)
_COLUMN = 20
_MOST_READINGS = 3
_MOST_DIGITS = 15
"""Numbers of more digits are not written out."""


def lines(report: Report, width: int) -> Iterator[str]:
    """The report on one screen of that width."""
    register = report.register
    dated = "undated" if register.published is None else day_in_words(register.published)
    service = register.service if register.service == register.vendor else f"{register.service} of {register.vendor}"
    rules = "" if report.rules_name is None else f", under house rules {report.rules_name}"
    yield from wrapped(_outcome(report), width)
    yield from wrapped(f"Register {register.id}: {service}, {dated}{rules}.", width)
    yield ""
    yield from _attention(report, width)
    for grades, title in _SECTIONS:
        found = [finding for finding in report.findings if finding.grade in grades]
        if found:
            yield from wrapped(title, width)
            yield from _findings(found, width, _idle(report))
    yield from _proofs(report, width)
    yield from wrapped("Each finding with its lines, each proof with its points: -v. As JSON: --json", width)


def _outcome(report: Report) -> str:
    """Whether the register is sound, and by how many faults, cases, laws and claims."""
    faults = sum(finding.grade == "fault" for finding in report.findings)
    passing = report.cases - len(report.failed)
    cases = f"{passing} of {report.cases} cases pass" if report.cases else "no cases"
    laws = [f"{_count(report, 'proved')} laws and claims proved"]
    for outcome, words in (*_UNPROVED.items(), ("about nothing", "vacuous")):
        laws += [f"{_count(report, outcome)} {words}"] if _count(report, outcome) else []
    sound = "Sound" if report.sound else "Not sound"
    return f"{sound}: {counted(faults, 'fault') if faults else 'no faults'}; {cases}; {', '.join(laws)}."


def _count(report: Report, outcome: str) -> int:
    return sum(proof.outcome == outcome for proof in report.proofs)


_UNPROVED = {"broken": "broken", "not covered": "not covered", "about nobody": "about nobody"}


def _attention(report: Report, width: int) -> Iterator[str]:
    """What keeps the register from being sound, and an empty line behind it."""
    faults = [finding for finding in report.findings if finding.grade == "fault"]
    if faults:
        yield "Faults: to fix in the file"
        yield from _findings(faults, width)
    if report.failed:
        yield "Cases that fail"
    for case in report.failed:
        yield from wrapped(f"$.cases[{case.number}]: {case.says}", width, 4, "  ")
        for failure in case.failures:
            yield from wrapped(failure, width, 6, "    ")
    unproved = [proof for proof in report.proofs if proof.outcome in _UNPROVED]
    if unproved:
        yield from wrapped("Laws and claims that are not proved (a test of each that is broken: -v)", width)
    for proof in unproved:
        yield from wrapped(f"{proof.outcome}: {proof.says}{_counterexample(proof)}", width, 4, "  ")
    if not report.sound:
        yield ""


def _counterexample(proof: Proof) -> str:
    """The smallest tenant that breaks the law, in few words."""
    found = proof.counterexample
    if found is None:
        return ""
    about = "" if found.about is None else f"; {found.about}"
    return f" ({proof.breaches:,} answers): {tenant_in_few_words(found.tenant)}, as of {found.as_of}{about}"


def _idle(report: Report) -> frozenset[str]:
    """The names of the conflicts that no condition asks about."""
    unused = (finding.brief for finding in report.findings if finding.topic == "unused")
    return frozenset(brief.removeprefix("tension ") for brief in unused if brief.startswith("tension "))


def _findings(findings: Sequence[Finding], width: int, idle: Set[str] = frozenset()) -> Iterator[str]:
    """Findings on the same topic together, in few words; one without a topic in its own words."""
    topics: dict[str, list[Finding]] = {}
    for number, finding in enumerate(findings):
        topics.setdefault(finding.topic or f"\0{number}", []).append(finding)
    for topic, found in topics.items():
        if not found[0].topic:
            yield from wrapped(found[0].words, width, 4, "  ")
        elif found[0].grade == "reading":
            yield from listing(f"  {topic}", _readings(found), width, _COLUMN)
        elif topic == "place":
            yield from listing(f"  {topic}", sorted(finding.brief for finding in found), width, _COLUMN)
        elif found[0].brief == "open":
            depends = "no answer depends on it" if topic in idle else "answers that depend on it are UNDETERMINED"
            yield from entry(f"  {topic}", f"open; {depends}", width, _COLUMN)
        else:
            yield from listing(f"  {topic}", [finding.brief for finding in found], width, _COLUMN, comma="; ")


def _readings(findings: Sequence[Finding]) -> list[str]:
    """How many readings there are, and on which of them most answers rest."""
    most = sorted((finding for finding in findings if finding.share), key=lambda finding: -finding.share)
    shares = [f"{finding.brief} ({finding.share:.0%})".replace("%", " %") for finding in most[:_MOST_READINGS]]
    return [f"{len(findings)}; most answers rest on {shares[0]}", *shares[1:]] if shares else [str(len(findings))]


def _proofs(report: Report, width: int) -> Iterator[str]:
    """What was proved, over how many points at most; which laws are about nothing; and the worth of rules."""
    proved = [proof for proof in report.proofs if proof.outcome == "proved"]
    if proved:
        points = _figure(max(proof.of for proof in proved))
        text = f"{len(proved)} laws and claims, over {points} points each"
        yield from wrapped(text, width, start="Proved for every tenant: ")
    for proof in report.proofs:
        if proof.outcome == "about nothing":
            yield from wrapped(f"{proof.says} (none here)", width, start="Vacuous: ")
    rules = [rule.rule for rule in report.worth or () if not rule.noticed_by]
    if report.worth is not None:
        title = f"Of {len(report.worth)} rules {len(rules)} could be gone without any law or claim being broken"
        yield from wrapped(f"{title}{':' if rules else '.'}", width)
    for rule in rules:
        yield from wrapped(rule, width, 4, "  ")


def _figure(number: int) -> str:
    """A bound of so many: the number in digits, or, of very many digits, the power of ten below it."""
    digits = len(str(number))
    return f"up to {number:,}" if digits <= _MOST_DIGITS else f"more than 10^{digits - 1}"
