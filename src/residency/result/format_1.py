"""Format 1 of stored decisions, which versions 0.1 and 0.2 wrote: trees of reasons, each with its words. Read only."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from attrs import evolve

from ..errors import BadInput, quoted
from ..model.rows import ACTIVITIES, UNSTATED_ACTIVITY, ClosedList, Source
from ..model.stored import CHANGED, Reader
from ..model.tenant import Tenant
from ..model.timeline import day_of_words
from ..model.verdict import Verdict
from .answer import Answer, EngagementAnswer
from .answers import Answers, AsStored, Heading
from .messages import CATALOGUE, LISTS, VERDICT_OF, About
from .reason import DEEPEST, OF_NOTES, OF_REASONS, UNCONDITIONAL, Note, Reason, combination, known_code

__all__ = ["check_derived", "read"]

_KEYS = (
    *("format", "register", "tenant", "as_of", "region", "settled", "hosts", "to_disclose", "notices"),
    *("regions", "sub_processors", "sources"),
)
_VERDICTS = tuple(Verdict)
LIBRARY = "0.2.0"
"""The last version that wrote it; it did not say which one did."""


def read(reader: Reader) -> tuple[Tenant, date, Answers]:
    """The tenant, the day and the answers; `BadInput` where one is not what this format writes."""
    reader.only(*_KEYS, optional=("announced", "closed"))
    tenant, day = Tenant.read(reader.record("tenant")), reader.day("as_of")
    answers = Answers(
        heading=_heading(reader.record("register")),
        settled=reader.text_or_none("settled"),
        on_regions=tuple(_region(name, record) for name, record in reader.entries("regions")),
        on_sub_processors=tuple(_sub_processor(name, record) for name, record in reader.entries("sub_processors")),
        around=AsStored(
            tuple(_notice(record, day) for record in reader.records("notices")),
            tuple(map(_source, reader.records("sources"))),
            (),  # it stored no documents, and no digests
            LIBRARY,
            None,
        ),
        first=day,
        last=day,
        closed=tuple(map(ClosedList.read, reader.records("closed"))) if "closed" in reader.value else (),
    )
    return tenant, day, answers


def check_derived(reader: Reader, answers: Answers) -> None:
    """Raise `BadInput` where what is stored beside the answers does not follow from them.

    A decision that was stored before anything was announced has no such key, and discloses nobody announced.
    """
    follows: dict[str, Any] = {"region": answers.region, "hosts": list(answers.hosts)}
    if "announced" in reader.value or not answers.announced:
        announced = {name: None if day is None else day.isoformat() for name, day in answers.announced.items()}
        follows |= {"to_disclose": list(answers.to_disclose), "announced": announced}
    for key, value in follows.items():
        stored = reader.value.get(key, {})
        if stored != value:
            message = f"the stored {key} {stored!r} at $.{key} is not the {value!r} that the answers give"
            raise BadInput(message, CHANGED)


def _heading(reader: Reader) -> Heading:
    reader.only("id", "vendor", "service", "published", "data_categories")
    return Heading(
        register_id=reader.text("id"),
        vendor=reader.text("vendor"),
        service=reader.text("service"),
        published=None if reader.value["published"] is None else reader.day("published"),
        data_categories=tuple(reader.texts("data_categories")),
    )


def _source(reader: Reader) -> Source:
    reader.only("id", *_SOURCE)
    return Source.read(reader)


_SOURCE = ("author", "says", "at", "quote", "because", "otherwise")


def _region(name: str, reader: Reader) -> Answer:
    reader.only("name", "verdict", "reason", "limits")
    answer = Answer("hosting region", name, reader.text("name"), _reason(reader.record("reason")), _limits(reader))
    return _agreeing(answer, answer.verdict, reader)


def _sub_processor(name: str, reader: Reader) -> Answer:
    """The answer on a sub-processor; its verdict must follow from its engagements."""
    reader.only("name", "verdict", "reason", "limits", "engagements")
    engagements = [_engagement(name, record) for record in reader.records("engagements")]
    if not engagements:
        raise BadInput(f"no engagement at {reader.path}.engagements", "a sub-processor has at least one")
    follows = Answer.of_engagements(name, reader.text("name"), engagements)
    answer = evolve(follows, reason=_reason(reader.record("reason")), limits=_limits(reader))
    return _agreeing(answer, follows.verdict, reader)


def _engagement(sub_processor: str, reader: Reader) -> EngagementAnswer:
    sides = ("applies", "allowed", "keeps")
    reader.only("activity", "purpose", "region", "places", "data", "verdict", *sides, "limits")
    reader.choice("activity", (*ACTIVITIES, UNSTATED_ACTIVITY))
    places, data = reader.texts_or_none("places"), reader.texts_or_none("data")
    for key, names in (("places", places), ("data", data)):
        if names == []:
            raise BadInput(f"expected what is stated, or null, got an empty list at {reader.path}.{key}", CHANGED)
    answer = EngagementAnswer(
        sub_processor=sub_processor,
        activity=reader.text("activity"),
        purpose=reader.text("purpose"),
        region=reader.text_or_none("region"),
        places=None if places is None else tuple(places),
        data=None if data is None else tuple(data),
        applies=_reason(reader.record("applies")),
        allowed=_reason(reader.record("allowed")),
        keeps=_reason(reader.record("keeps")),
        limits=_limits(reader),
    )
    return _agreeing(answer, answer.verdict, reader)


Stored = TypeVar("Stored", Answer, EngagementAnswer)


def _agreeing(answer: Stored, verdict: Verdict, reader: Reader) -> Stored:
    """The answer; `BadInput` where its verdict or the stored one is not the `verdict` that its reasons give."""
    for stored in (reader.text("verdict"), answer.verdict):
        if stored != verdict:
            told = f"the stored verdict {str(stored)!r} at {reader.path}"
            raise BadInput(f"{told} is not the {verdict.value!r} that its reasons give", CHANGED)
    return answer


def _limits(reader: Reader) -> tuple[Note, ...]:
    return tuple(map(_note, reader.records("limits")))


def _note(reader: Reader) -> Note:
    reader.only("code", "words", "about", "basis")
    known_code(reader, OF_NOTES)
    return Note(reader.text("code"), _about(reader), tuple(reader.texts("basis")), stored=reader.text("words"))


def _notice(reader: Reader, as_of: date) -> Note:
    """A notice: its days were written as a person writes them, and the time between them in words beside."""
    note = _note(reader)
    about = {key: value for key, value in note.about if key not in ("ago", "days")}
    for key in ("day", "checked"):
        if key in about:
            about[key] = _day(note.named(key), f"{reader.path}.about.{key}").isoformat()
    if note.code == "notice.age" and about.keys().isdisjoint(("day", "checked")):
        raise BadInput(f"{note.code!r} at {reader.path} names no day", CHANGED)
    if "as_of" in CATALOGUE[note.code].names:
        about["as_of"] = as_of.isoformat()
    return evolve(note, about=tuple(sorted(about.items())))


def _day(words: str, path: str) -> date:
    day = day_of_words(words)
    if day is None:
        raise BadInput(f"expected a day as '28 October 2019', got {quoted(words)} at {path}", CHANGED)
    return day


def _reason(reader: Reader, levels: int = DEEPEST) -> Reason:
    """A tree of reasons; `BadInput` for one that combining reasons could not have made."""
    if levels == 0:
        root = reader.path.partition(".parts[")[0]
        raise BadInput(f"more than {DEEPEST} reasons stand within one another at {root}", CHANGED)
    reader.only("verdict", "code", "words", "about", "basis", "parts")
    known_code(reader, OF_REASONS)
    parts = tuple(_reason(part, levels - 1) for part in reader.records("parts"))
    code, verdict = reader.text("code"), Verdict(reader.choice("verdict", _VERDICTS))
    words, about, basis = reader.text("words"), _about(reader), tuple(reader.texts("basis"))
    if code in VERDICT_OF:
        if parts:
            raise BadInput(f"{code!r} at {reader.path} has {len(parts)} parts, expected none", CHANGED)
        reason = Reason(VERDICT_OF[code], code, about, basis, stored=words)
        if verdict is not reason.verdict:
            message = f"the verdict {verdict.value!r} at {reader.path} is not the {reason.verdict.value!r} of {code!r}"
            raise BadInput(message, CHANGED)
        return UNCONDITIONAL if reason == UNCONDITIONAL else reason
    combined = combination(code, parts, reader.path)
    if verdict is not combined.verdict:
        raise BadInput(f"the verdict {verdict.value!r} at {reader.path} does not follow from its parts", CHANGED)
    return combined


def _about(reader: Reader) -> About:
    """The names; those that hold several were written with "or" between them."""
    names = reader.names("about")
    if "day" in CATALOGUE[reader.text("code")].names and reader.text("code") in VERDICT_OF:
        reader.record("about").day("day")
    return tuple((key, tuple(names[key].split(" or ")) if key in LISTS else names[key]) for key in sorted(names))
