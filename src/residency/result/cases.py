"""Cases: questions to a register with the answers that its documents give, and the clauses that say so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from attrs import frozen

from ..model.tenant import Tenant
from ..model.verdict import Verdict
from .decision import Decision

__all__ = ["Case"]


@frozen
class Case:
    """A case: a question about the region or sub-processor `ask`, put by `tenant` on the day `as_of`, and its answer.

    `activity` and `data` narrow a question about a sub-processor. The answer must be `verdict`, and rest on each of
    `basis`.
    """

    says: str
    tenant: Tenant
    as_of: date
    ask: str
    verdict: Verdict
    basis: tuple[str, ...]
    activity: str | None = None
    data: str | None = None

    def failures(self, decision: Decision) -> Iterator[str]:
        """Each difference of the decision from the case, in words; nothing where the case holds."""
        answer = decision.answer(self.ask, activity=self.activity, data=self.data)
        if answer.verdict is not self.verdict:
            yield f"{self.ask} is {answer.verdict.value}, not {self.verdict.value}: {answer.reason.words}"
        for name in self.basis:
            if name not in answer.basis:
                yield f"the answer on {self.ask} does not rest on {name!r}"
