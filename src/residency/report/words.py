"""The word of an answer: the first of its reasons in a few words, for a row of a screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..model.verdict import Verdict
from ..result.answer import Answer, EngagementAnswer
from ..result.messages import few_words
from ..result.messages_en import SHORT
from ..result.reason import Reason

__all__ = ["word"]

_ORDER = (
    ("demand.", "exception."),
    ("objection.",),
    ("house.",),
    ("consent.",),
    ("feature.",),
    ("agreement.",),
    ("row.not-authorised", "row.authorisation-not-stated"),
    ("attribute.", "tension.", "condition."),
    ("register.", "region.", "customer.", "placement.", "hosting.", "row.not-yet"),
    ("question.",),
    ("row.ended",),
)
"""Which reason comes first, by the start of its code."""
_HOUSE_RULE = _ORDER.index(("house.",))
_PLACEMENT = next(number for number, codes in enumerate(_ORDER) if "placement." in codes)
_OTHER_DAYS = frozenset(("row.ended", "row.not-yet"))


def word(answer: Answer) -> str:
    """The reason that a row shows: the first in order, of the engagements that decide; empty where none tells much.

    Of a sub-processor that is PERMITTED placement tells nothing: every permission rests on it.
    """
    if answer.kind == "hosting region":
        leaves = [leaf for leaf in answer.reason.leaves() if leaf.code in SHORT]
        placed = [leaf for leaf in leaves if leaf.code.startswith("placement.")]
        return _few(min(placed if answer.verdict is Verdict.PERMITTED else leaves, key=_rank, default=None))
    rows = _deciding(answer)
    forbidding = {leaf for row in rows for leaf in row.allowed.leaves()}
    leaves = [leaf for leaf in _leaves(answer, rows) if leaf.code in SHORT]
    if answer.verdict is Verdict.PERMITTED:
        leaves = [leaf for leaf in leaves if leaf not in forbidding and _rank(leaf) < _PLACEMENT]
    first = min(leaves, key=lambda leaf: _HOUSE_RULE if leaf in forbidding else _rank(leaf), default=None)
    if first in forbidding and _rank(first) != _HOUSE_RULE:
        return f"house rule: {_few(first)}"
    return _few(first)


def _deciding(answer: Answer) -> list[EngagementAnswer]:
    """The engagements that are permitted; of another answer those that may apply, or are in force, or else all."""
    if answer.verdict is Verdict.PERMITTED:
        return [row for row in answer.engagements if row.verdict is Verdict.PERMITTED]
    applying = [row for row in answer.engagements if row.applies.verdict is not Verdict.PROHIBITED]
    in_force = [row for row in answer.engagements if _OTHER_DAYS.isdisjoint(leaf.code for leaf in row.applies.leaves())]
    return applying or in_force or list(answer.engagements)


def _leaves(answer: Answer, rows: Sequence[EngagementAnswer]) -> Iterator[Reason]:
    """The conditions that decided the answer, without those of its other engagements."""
    of_rows = {leaf for row in rows for side in row.reasons for leaf in side.leaves()}
    others = {leaf for row in answer.engagements for side in row.reasons for leaf in side.leaves()} - of_rows
    return (leaf for leaf in answer.reason.leaves() if leaf not in others)


def _rank(leaf: Reason) -> int:
    return next(number for number, codes in enumerate(_ORDER) if leaf.code.startswith(codes))


def _few(leaf: Reason | None) -> str:
    return "" if leaf is None else few_words(leaf.code, leaf.about)
