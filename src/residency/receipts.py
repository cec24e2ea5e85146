"""Receipts asked again: whether a register still gives the answers that were kept, and what differs if it does not.

>>> from datetime import date
>>> from residency import Resolver, Tenant, load_register
>>> register = load_register("example")
>>> kept = Resolver(register).resolve(Tenant("BG"), as_of=date(2026, 11, 23)).receipt().bytes
>>> replay(kept, register).outcome
<Outcome.HOLDS: 'holds'>
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from attrs import frozen

from .engine.resolver import Resolver
from .errors import BadInput
from .model.house_rules import HouseRules
from .model.register import Register
from .model.stored import first_difference
from .model.tenant import Tenant
from .model.timeline import checked_day
from .result.changes import Changes, changes
from .result.decision import Decision
from .result.receipt import Receipt

__all__ = ["Outcome", "Receipt", "Replay", "recheck", "replay", "verify"]


class Outcome(StrEnum):
    """What came of asking a register again."""

    HOLDS = "holds"
    WORDS_ONLY = "words only"
    OTHER_REASONS = "other reasons"
    TOLD_OTHERWISE = "told otherwise"
    DIFFERS = "differs"
    CANNOT_BE_ASKED = "cannot be asked"


@frozen
class Replay:
    """One decision asked again: the `outcome`, and the `decision` of today's register (None if it cannot be asked).

    `words only`: the register says the same in other words. `other reasons`: other codes or clauses give the same
    verdicts. `told otherwise`: a name or a purpose that no verdict depends on. `differs`: a verdict, a list, or what an
    engagement permits; `changes` has what. `path` is the first place at which what was kept differs, empty if none.
    `because` are what is not as it was: `"day"`, `"register"`, `"facts"`, `"countries"`, `"library"`; where nothing is
    and the answers differ all the same, `"receipt"`: it was changed. `problem` says why it cannot be asked.
    """

    outcome: Outcome
    receipt: Receipt | None = None
    decision: Decision | None = None
    changes: Changes | None = None
    because: tuple[str, ...] = ()
    path: str = ""
    problem: str = ""


def replay(receipt: Receipt | bytes, register: Register, *, house_rules: HouseRules | None = None) -> Replay:
    """Ask the register what the receipt says it was asked: the same record, on the same day.

    `BadInput` where the bytes are no receipt.
    """
    read = receipt if isinstance(receipt, Receipt) else Receipt.read(receipt)
    return _replay(read, Resolver(register, house_rules=house_rules), read.as_of)


def recheck(
    receipts: Iterable[Receipt | bytes],
    register: Register,
    *,
    house_rules: HouseRules | None = None,
    as_of: date | None = None,
) -> Iterator[Replay]:
    """Ask the register again for each receipt, on its own day or on `as_of`; one that cannot be read says so.

    Receipts are taken one by one, so that a million of them need no more memory than one.
    """
    resolver = Resolver(register, house_rules=house_rules)
    day = None if as_of is None else checked_day(as_of, "as_of")
    for kept in receipts:
        yield _held(kept, resolver, day) or _rechecked(kept, resolver, day)


def _held(kept: Receipt | bytes, resolver: Resolver, day: date | None) -> Replay | None:
    """The replay of a receipt that is written just so again, found without reading all of it (a tenth of the time)."""
    stored = kept.bytes if isinstance(kept, Receipt) else kept
    try:
        record = json.loads(stored)
        tenant, as_of = Tenant.from_dict(record["tenant"]), date.fromisoformat(record["as_of"])
        decision = resolver.resolve(tenant, as_of=day or as_of)
    except (ValueError, TypeError, LookupError, RecursionError):
        return None
    same = Decision(tenant, as_of, decision._answers).receipt().bytes == stored
    return Replay(Outcome.HOLDS, Receipt(stored), decision) if same else None


def _rechecked(kept: Receipt | bytes, resolver: Resolver, day: date | None) -> Replay:
    try:
        receipt = kept if isinstance(kept, Receipt) else Receipt.read(kept)
    except BadInput as problem:
        return Replay(Outcome.CANNOT_BE_ASKED, problem=str(problem))
    return _replay(receipt, resolver, day or receipt.as_of)


def verify(
    stored: Decision | Mapping[str, Any], register: Register, *, house_rules: HouseRules | None = None
) -> Replay:
    """Ask the register what a stored decision (`Decision.to_dict`) was asked, and compare all of it, words too.

    `BadInput` where it is no stored decision, or one that contradicts itself.
    """
    decision = stored if isinstance(stored, Decision) else Decision.from_dict(stored)
    resolver = Resolver(register, house_rules=house_rules)
    fresh = _asked(decision.register_id, decision, resolver, decision.as_of)
    if isinstance(fresh, str):
        return Replay(Outcome.CANNOT_BE_ASKED, problem=fresh)
    mine, yours = ({**side.to_dict(), "library": ""} for side in (decision, fresh))
    difference = first_difference(mine, yours)
    because = [key for key, was, is_ in _circumstances(decision, fresh) if was != is_]
    found = changes(decision, fresh)
    same_answers = decision.region_answers == fresh.region_answers and (
        decision.sub_processor_answers == fresh.sub_processor_answers
    )
    outcome = Outcome.HOLDS if difference is None else _outcome(found, same_answers, same_words=False)
    path = "" if difference is None else difference[0]
    return Replay(outcome, None, fresh, found, _because(because, outcome), path)


def _replay(receipt: Receipt, resolver: Resolver, day: date) -> Replay:
    decision = _asked(receipt.register_id, receipt, resolver, day)
    if isinstance(decision, str):
        return Replay(Outcome.CANNOT_BE_ASKED, receipt, problem=decision)
    fresh = decision.receipt()
    if fresh.bytes == receipt.bytes:
        return Replay(Outcome.HOLDS, receipt, decision)
    difference = first_difference(receipt.answers, fresh.answers, "$.answers")
    because = [key for key, was, is_ in _circumstances(receipt, fresh) if was != is_]
    found = changes(receipt, fresh) if difference is not None else None
    same_words = receipt.digests.words == fresh.digests.words
    outcome = _outcome(found, difference is None, same_words=same_words)
    path = "" if difference is None else difference[0]
    return Replay(outcome, receipt, decision, found, _because(because, outcome), path)


def _asked(register_id: str, kept: Receipt | Decision, resolver: Resolver, day: date) -> Decision | str:
    """The decision of today's register, or why it cannot be asked."""
    if register_id != resolver.register.id:
        return f"it is of register {register_id!r}, and not of {resolver.register.id!r}"
    try:
        return resolver.resolve(kept.tenant, as_of=day)
    except BadInput as problem:
        return str(problem)


def _circumstances(kept: Receipt | Decision, fresh: Receipt | Decision) -> Iterator[tuple[str, object, object]]:
    yield "day", kept.as_of, fresh.as_of
    mine, yours = kept.digests, fresh.digests
    for key, name in (("digest", "register"), ("facts", "facts"), ("countries", "countries")):
        yield name, getattr(mine, key, None), getattr(yours, key, None)
    yield "library", kept.library, fresh.library


def _outcome(found: Changes | None, same_answers: bool, *, same_words: bool) -> Outcome:
    kinds = {change.kind for change in found or ()}
    if kinds - {"told otherwise"}:
        return Outcome.DIFFERS
    if kinds:
        return Outcome.TOLD_OTHERWISE
    if not same_answers:
        return Outcome.OTHER_REASONS
    return Outcome.HOLDS if same_words else Outcome.WORDS_ONLY


def _because(circumstances: list[str], outcome: Outcome) -> tuple[str, ...]:
    if outcome is Outcome.HOLDS:
        return ()
    return tuple(circumstances) or (("receipt",) if outcome is not Outcome.WORDS_ONLY else ())
