"""The screen of a replay: whether what was kept still holds, what differs, and because of what; and its short forms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..receipts import Outcome, Replay
from ..result.changes import Change, Changes, shown
from ..result.decision import Decision
from ..result.receipt import Receipt
from .layout import CUT, entry, listing, wrapped
from .resolve import tenant_in_few_words
from .words import word

__all__ = ["HELD", "detail", "lines", "plain", "plain_changes", "row"]

FORMAT = 1
HELD = frozenset({Outcome.HOLDS, Outcome.WORDS_ONLY})
"""The outcomes under which what was kept holds: the same answers, for the same reasons."""
_OUTCOMES = {
    Outcome.HOLDS: "HOLDS: the same answers, for the same reasons.",
    Outcome.WORDS_ONLY: "HOLDS: the same answers, for the same reasons, in other words.",
    Outcome.OTHER_REASONS: "OTHER REASONS: the same verdicts, but other codes or sources give them.",
    Outcome.TOLD_OTHERWISE: "TOLD OTHERWISE: the same verdicts, but a name or a purpose is another.",
    Outcome.DIFFERS: "DIFFERS: the answers are others.",
    Outcome.CANNOT_BE_ASKED: "CANNOT BE ASKED: the register does not know what was asked.",
}
_BECAUSE = {
    "words": "the register says something in other words, or by another name",
    "register": "it does not say what it did, or is under other house rules",
    "facts": "other countries are in the groupings that it names",
    "countries": "other country codes are known",
}
_COLUMN = 18
_MOST_ENTRIES = 4
"""How many entries a kind of changes has on the screen."""
_HASHES = {
    "engagement": "what is permitted to somebody (a receipt does not say what it was)",
    "told otherwise": "a name or a purpose (a receipt does not say what it was)",
}
"""What a change of hashes means: a receipt has no more than a hash of it."""


def lines(replay: Replay, kept: Receipt | Decision, width: int) -> Iterator[str]:
    """What came of asking again what was kept, on one screen of that width."""
    stored = "Receipt" if isinstance(kept, Receipt) else "Stored decision"
    yield from wrapped(_OUTCOMES[replay.outcome], width)
    asked = f"as of {kept.as_of}, for {tenant_in_few_words(kept.tenant)}"
    yield from wrapped(f"{stored} of register {kept.register_id}, {asked}.", width)
    if replay.problem:
        yield from wrapped(replay.problem, width, start="Problem: ")
    if replay.changes or replay.because or replay.path:
        yield ""
    if replay.changes:
        yield "What differs: then -> now"
        yield from _changes(replay.changes, replay.decision, width)
    if replay.because:
        yield "Because of"
        for name in replay.because:
            yield from entry(f"  {name}", _because(name, kept, replay), width, _COLUMN)
    if replay.path:
        yield from entry("First difference", replay.path, width, _COLUMN)
    if replay.changes:
        yield from wrapped("Every change with its codes: --json", width)


def plain(replay: Replay, kept: Receipt | Decision) -> dict[str, Any]:
    """What came of it as plain JSON types, with `format` 1; changes with the codes of both sides."""
    return {
        "format": FORMAT,
        "kept": "receipt" if isinstance(kept, Receipt) else "decision",
        "register": kept.register_id,
        "as_of": kept.as_of.isoformat(),
        "tenant": kept.tenant.to_dict(),
        "outcome": replay.outcome.value,
        "holds": replay.outcome in HELD,
        "because": list(replay.because),
        "path": replay.path,
        "problem": replay.problem,
        "changes": plain_changes(replay),
    }


def plain_changes(replay: Replay) -> list[dict[str, Any]]:
    """Every change as plain JSON types, with the codes of both sides."""
    return [
        {
            "kind": change.kind,
            "id": change.id,
            "before": change.before,
            "after": change.after,
            "why_before": list(change.why_before),
            "why_after": list(change.why_after),
        }
        for change in replay.changes or ()
    ]


def detail(replay: Replay) -> str:
    """The first change in a few words, and how many more there are; else where it differs, or the problem."""
    if not replay.changes:
        return replay.problem or replay.path
    first = replay.changes.items[0]
    more = f" ({len(replay.changes) - 1} more)" if len(replay.changes) > 1 else ""
    return (f"{first.kind}: {_HASHES[first.kind]}" if _hashed(first) else str(first)) + more


def row(replay: Replay) -> tuple[str, str, str]:
    """A replay as a row of a table: its outcome, because of what, and the detail of it."""
    return replay.outcome.value, ", ".join(replay.because), detail(replay)


def _changes(changes: Changes, decision: Decision | None, width: int) -> Iterator[str]:
    """The changes by kind, those of several ids that are alike in one entry, the first few of each kind."""
    kinds: dict[str, dict[str, list[str]]] = {}
    for change in changes:
        alike = kinds.setdefault(change.kind, {})
        alike.setdefault(_then_and_now(change, decision), []).extend([] if change.id is None else [change.id])
    for kind, alike in kinds.items():
        title = f"  {kind.replace('_', ' ')}"
        for text, names in list(alike.items())[:_MOST_ENTRIES]:
            if names:
                yield from listing(title, list(dict.fromkeys(names)), width, _COLUMN, after=f": {text}")
            else:
                yield from entry(title, text, width, _COLUMN)
        if len(alike) > _MOST_ENTRIES:
            yield from entry(title, f"{CUT} {len(alike) - _MOST_ENTRIES} more", width, _COLUMN)


def _then_and_now(change: Change, decision: Decision | None) -> str:
    """What was so and is so; of a verdict the word of today's answer too."""
    if _hashed(change):
        return _HASHES[change.kind]
    before, after = shown(change.kind, change.before), shown(change.kind, change.after)
    start, _, verdict = after.rpartition(": ")
    if change.kind == "engagement" and before.startswith(f"{start}: "):  # only its verdict is another
        return f"{before} -> {verdict}"
    text = f"{before} -> {after}"
    if decision is None or change.id is None or change.after is None or not change.kind.endswith("verdict"):
        return text
    reason = word(decision.answer(change.id))
    return f"{text}, {reason}" if reason else text


def _hashed(change: Change) -> bool:
    return change.id is None and change.kind in _HASHES


def _because(name: str, kept: Receipt | Decision, replay: Replay) -> str:
    fresh = kept if replay.decision is None else replay.decision
    if name == "day":
        return f"asked as of {fresh.as_of}, and not {kept.as_of}"
    if name == "library":
        return f"version {kept.library}, now {fresh.library}"
    stored = "receipt" if isinstance(kept, Receipt) else "stored decision"
    return _BECAUSE.get(name, f"neither register nor library changed, so the {stored} was")
