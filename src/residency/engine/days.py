"""Days of a row, as reasons: whether it is in force, and whether an engagement that is listed is authorised."""

from __future__ import annotations

from datetime import date

from ..model.register import Labels
from ..model.rows import Engagement
from ..model.timeline import Span
from ..model.verdict import Verdict
from ..result.reason import Reason, leaf

__all__ = ["engagement_days", "span_reason"]

PROHIBITED, UNDETERMINED = Verdict.PROHIBITED, Verdict.UNDETERMINED


def span_reason(span: Span, what: str, basis: tuple[str, ...], day: date, labels: Labels, **about: str) -> list[Reason]:
    """The reason why a row is not in force on `day`: none where it is."""
    if day in span:
        return []
    if span.start is not None and day < span.start:
        return [leaf(PROHIBITED, f"{what}.not-yet", basis, labels, day=span.start.isoformat(), **about)]
    assert span.end is not None
    return [leaf(PROHIBITED, f"{what}.ended", basis, labels, day=span.end.isoformat(), **about)]


def engagement_days(row: Engagement, day: date, labels: Labels, **about: str) -> list[Reason]:
    """The reasons why an engagement may not be used on `day`, or that it is not stated: none where it may."""
    reasons = span_reason(row.span, "row", row.basis, day, labels, **about)
    if row.authorised == "not stated":
        reasons.append(leaf(UNDETERMINED, "row.authorisation-not-stated", row.basis, labels, **about))
    elif row.authorised is not None and day < row.authorised:
        first = row.authorised.isoformat()
        reasons.append(leaf(PROHIBITED, "row.not-authorised", row.basis, labels, day=first, **about))
    return reasons
