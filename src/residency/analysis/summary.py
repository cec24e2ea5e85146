"""Report of `residency check`: what it found, as lines for people and as JSON for machines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from attrs import frozen

from ..engine.resolver import Resolver
from ..model.findings import Finding
from ..model.register import Register
from ..model.timeline import day_in_words
from ..result.cases import Case
from .proof import Proof
from .worth import Worth

__all__ = ["FailedCase", "Report", "failed_cases"]

FORMAT = 1
_SHOWN = 5
"""How many ranges of a rule are shown to people."""


@frozen
class FailedCase:
    """A case that does not hold: its number in the file, what it says, and how the answers differ from it."""

    number: int
    says: str
    failures: tuple[str, ...]


def failed_cases(cases: Sequence[Case], resolver: Resolver) -> Iterator[FailedCase]:
    """The cases that do not hold."""
    for number, case in enumerate(cases):
        failures = tuple(case.failures(resolver.resolve(case.tenant, as_of=case.as_of)))
        if failures:
            yield FailedCase(number, case.says, failures)


@frozen
class Report:
    """The report on one register; `register_name` and `rules_name` are what its files were called.

    `cases` is the number of cases that were checked, and `failed` those that do not hold.
    """

    register: Register
    findings: tuple[Finding, ...]
    cases: int
    failed: tuple[FailedCase, ...]
    proofs: tuple[Proof, ...]
    register_name: str
    rules_name: str | None = None
    worth: tuple[Worth, ...] | None = None

    @property
    def sound(self) -> bool:
        """Whether there is no fault, every case holds, and every law and claim was proved for all points."""
        faults = any(finding.grade == "fault" for finding in self.findings)
        return not faults and not self.failed and all(proof.outcome in _SOUND for proof in self.proofs)

    def lines(self) -> Iterator[str]:
        """The report in words."""
        register = self.register
        dated = "undated" if register.published is None else f"of {day_in_words(register.published)}"
        yield f"register {register.id} {dated} ({register.service}, {register.vendor})"
        yield from (f"{found.grade}: {found.words}{self._cited(found.basis)}" for found in self.findings)
        for case in self.failed:
            yield f"case fails at $.cases[{case.number}]: {case.says}"
            yield from (f"  {failure}" for failure in case.failures)
        if self.cases:
            yield f"{self.cases - len(self.failed)} of {self.cases} cases hold"
        for proof in self.proofs:
            yield from self._proof(proof)
        for rule in self.worth or ():
            yield from self._rule(rule)
        yield self._summary()

    def _proof(self, proof: Proof) -> Iterator[str]:
        if proof.outcome == "about nothing":
            yield f"does not arise here: {proof.says}"
            return
        if proof.outcome == "about nobody":
            yield f"about nobody: {proof.says}: no tenant is one whom the claim is about{self._cited(proof.basis)}"
            return
        counted = f"{proof.covered:,} of {proof.of:,} points"
        yield f"{proof.outcome}: {proof.says} ({counted}, {proof.cells:,} kinds){self._cited(proof.basis)}"
        if proof.counterexample is not None:
            yield f"  {proof.breaches:,} answers break it; the smallest tenant that does, as a test:"
            yield ""
            yield from (f"    {line}".rstrip() for line in self._code(proof).splitlines())
            yield ""

    def _code(self, proof: Proof) -> str:
        return "" if proof.counterexample is None else proof.counterexample.code(self.register_name, self.rules_name)

    def _rule(self, rule: Worth) -> Iterator[str]:
        yield f"rule: {rule.rule}{self._cited(rule.basis)}"
        yield f"  alone decides {rule.points:,} of {rule.of:,} points"
        yield from (f"    {part.points:,}: {part.words}" for part in rule.ranges[:_SHOWN])
        if len(rule.ranges) > _SHOWN:
            yield f"    ({len(rule.ranges) - _SHOWN} more)"
        yield from (f"  without it is broken: {says}" for says in rule.noticed_by)
        if not rule.noticed_by:
            yield "  no law notices where it is gone"

    def _summary(self) -> str:
        counts = {outcome: sum(proof.outcome == outcome for proof in self.proofs) for outcome in _OUTCOMES}
        outcomes = ", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count)
        unnoticed = "" if self.worth is None else _unnoticed(self.worth)
        return f"{len(self.proofs)} laws and claims: {outcomes or 'none'}{unnoticed}"

    def _cited(self, basis: tuple[str, ...]) -> str:
        known = {source.id: source for source in self.register.sources}
        cited = dict.fromkeys(known[name].reference for name in basis if name in known)
        return f" [{'; '.join(cited)}]" if cited else ""

    def to_dict(self) -> dict[str, Any]:
        """The report as plain JSON types, with `format` 1."""
        return {
            "format": FORMAT,
            "register": self.register.id,
            "vendor": self.register.vendor,
            "service": self.register.service,
            "published": None if self.register.published is None else self.register.published.isoformat(),
            "house_rules": self.rules_name,
            "sound": self.sound,
            "findings": [self._finding(found) for found in self.findings],
            "cases": {
                "asked": self.cases,
                "failed": [{"number": c.number, "says": c.says, "failures": list(c.failures)} for c in self.failed],
            },
            "laws": [self._law(proof) for proof in self.proofs],
            **({} if self.worth is None else {"rules": [_rule_dict(rule) for rule in self.worth]}),
        }

    def _finding(self, found: Finding) -> dict[str, Any]:
        cited = self._cited(found.basis).strip(" []")
        return {"grade": found.grade, "words": found.words, "basis": list(found.basis), "cited": cited}

    def _law(self, proof: Proof) -> dict[str, Any]:
        found = proof.counterexample
        return {
            "says": proof.says,
            "outcome": proof.outcome,
            "points": proof.of,
            "covered": proof.covered,
            "kinds": proof.cells,
            "breaches": proof.breaches,
            "basis": list(proof.basis),
            "counterexample": None
            if found is None
            else {
                "tenant": found.tenant.to_dict(),
                "before": None if found.before is None else found.before.to_dict(),
                "as_of": found.as_of.isoformat(),
                "about": found.about,
                "test": self._code(proof),
            },
        }


_SOUND = ("proved", "about nothing")
_OUTCOMES = ("proved", "broken", "not covered", "about nobody", "about nothing")


def _unnoticed(rules: tuple[Worth, ...]) -> str:
    count = sum(not rule.noticed_by for rule in rules)
    return f"; of {len(rules)} rules {count} could be gone without any of them being broken"


def _rule_dict(rule: Worth) -> dict[str, Any]:
    return {
        "rule": rule.rule,
        "basis": list(rule.basis),
        "points": rule.points,
        "of": rule.of,
        "ranges": [{"words": part.words, "points": part.points} for part in rule.ranges],
        "noticed_by": list(rule.noticed_by),
    }
