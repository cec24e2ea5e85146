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
from .result.answers import DIGESTS
from .result.changes import Changes, changes
from .result.decision import Decision
from .result.receipt import LONGEST, Receipt

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
    engagement permits; `changes` has what, and is None only where it cannot be asked. `path` is the first place at
    which what was kept differs, empty if none.
    `because` are what is not as it was, or not known: `"day"`, `"register"`, `"words"`, `"facts"`, `"countries"`,
    `"library"`. They are named of what holds, too: it holds although the register is another. Where none of them can
    make the difference, it is `"receipt"`: what was kept was changed. `problem` says why it cannot be asked.
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

    Receipts are taken one by one, so that a million of them need no more memory than one. `BadInput` for a single one.
    """
    if isinstance(receipts, Receipt | bytes | str) or not isinstance(receipts, Iterable):
        raise BadInput(f"expected receipts, got a single {type(receipts).__name__}", "pass a list of them, or iterate")
    resolver = Resolver(register, house_rules=house_rules)
    day = None if as_of is None else checked_day(as_of, "as_of")
    return (_held(kept, resolver, day) or _rechecked(kept, resolver, day) for kept in receipts)


def _held(kept: Receipt | bytes, resolver: Resolver, day: date | None) -> Replay | None:
    """The replay of a receipt that is written just so again, found without reading all of it (a tenth of the time)."""
    stored = kept.bytes if isinstance(kept, Receipt) else kept
    if not isinstance(stored, bytes) or len(stored) > LONGEST:
        return None
    try:
        record = json.loads(stored)
        tenant, as_of = Tenant.from_dict(record["tenant"]), date.fromisoformat(record["as_of"])
        decision = resolver.resolve(tenant, as_of=day or as_of)
    except (ValueError, TypeError, LookupError, RecursionError):
        return None
    same = Decision(tenant, as_of, decision._answers).receipt().bytes == stored
    if not same:
        return None
    because, digest = ("day",) if decision.as_of != as_of else (), decision.register_digest
    none = Changes((), (), (as_of, decision.as_of), (digest, digest))
    return Replay(Outcome.HOLDS, Receipt(stored), decision, none, because)


def _rechecked(kept: Receipt | bytes, resolver: Resolver, day: date | None) -> Replay:
    try:
        receipt = Receipt.read(kept.bytes if isinstance(kept, Receipt) else kept)
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
    wording = _evidence if decision.digests is not None else _answered
    difference = first_difference(wording(decision), wording(fresh))
    found = changes(decision, fresh)
    outcome = _outcome(found, _reasons(decision) == _reasons(fresh), same_words=difference is None)
    path = "" if difference is None else difference[0]
    return Replay(outcome, None, fresh, found, _because(decision, fresh, outcome), path)


def _evidence(decision: Decision) -> dict[str, Any]:
    """What it says, as it is stored, without who says it: the library and the digests of the register."""
    record = decision.to_dict()
    register = {key: value for key, value in record["register"].items() if key not in DIGESTS}
    return {**record, "library": "", "register": register}


def _answered(decision: Decision) -> dict[str, Any]:
    """The same of what format 1 stored: every reason with its words, and no labels of features and consents."""
    keys = ("register_id", "vendor", "service", "published", "region", "settled", "hosts", "to_disclose", "announced")
    return {
        **{key: getattr(decision, key) for key in keys},
        "notices": list(decision.notices),
        "regions": {answer.id: answer.to_dict() for answer in decision.region_answers},
        "sub_processors": {answer.id: _limited(answer.to_dict()) for answer in decision.sub_processor_answers},
        "sources": {source.id: source.to_dict() for source in decision.sources},
    }


def _limited(record: dict[str, Any]) -> dict[str, Any]:
    """The answer without the limits of what is not permitted, which only format 1 has."""
    rows = [{**row, **({} if row["verdict"] == "PERMITTED" else {"limits": []})} for row in record["engagements"]]
    return {**record, "engagements": rows}


def _reasons(decision: Decision) -> list[object]:
    return [
        (answer.id, answer.reason, [engagement.reasons for engagement in answer.engagements])
        for answer in (*decision.region_answers, *decision.sub_processor_answers)
    ]


def _replay(receipt: Receipt, resolver: Resolver, day: date) -> Replay:
    decision = _asked(receipt.register_id, receipt, resolver, day)
    if isinstance(decision, str):
        return Replay(Outcome.CANNOT_BE_ASKED, receipt, problem=decision)
    fresh = decision.receipt()
    found = changes(receipt, fresh)
    if fresh.bytes == receipt.bytes:
        return Replay(Outcome.HOLDS, receipt, decision, found)
    difference = first_difference(receipt.answers, fresh.answers, "$.answers")
    same_words = receipt.digests.words == fresh.digests.words
    outcome = _outcome(found, difference is None, same_words=same_words)
    path = "" if difference is None else difference[0]
    return Replay(outcome, receipt, decision, found, _because(receipt, fresh, outcome), path)


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
    for key, name in (("digest", "register"), ("words", "words"), ("facts", "facts"), ("countries", "countries")):
        yield name, getattr(mine, key, None), getattr(yours, key, None)
    yield "library", kept.library, fresh.library


def _outcome(found: Changes, same_answers: bool, *, same_words: bool) -> Outcome:
    kinds = {change.kind for change in found}
    if kinds - {"told otherwise"}:
        return Outcome.DIFFERS
    if kinds:
        return Outcome.TOLD_OTHERWISE
    if not same_answers:
        return Outcome.OTHER_REASONS
    return Outcome.HOLDS if same_words else Outcome.WORDS_ONLY


def _because(kept: Receipt | Decision, fresh: Receipt | Decision, outcome: Outcome) -> tuple[str, ...]:
    """What is not as it was; `"receipt"` where that cannot make the difference: no verdict depends on words."""
    because = [key for key, was, is_ in _circumstances(kept, fresh) if was != is_]
    if outcome is Outcome.DIFFERS:
        because = [key for key in because if key != "words"]
    return tuple(because) or (() if outcome is Outcome.HOLDS else ("receipt",))
