"""Format 2 of stored decisions, read back: `evidence` says how it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from attrs import evolve

from ..errors import BadInput, quoted
from ..model.rows import ACTIVITIES, UNSTATED_ACTIVITY, CitedDocument, ClosedList, Source
from ..model.stored import CHANGED, Reader
from ..model.tenant import Tenant, by_text, sources_of
from .answer import Answer, EngagementAnswer
from .answers import DIGESTS, Answers, AsStored, Digests, Heading
from .evidence import DAYS, LABELLED, SIDES, follow_engagement, follow_region
from .messages import CATALOGUE, LISTS, NAMES, VERDICT_OF, About
from .messages_en import NAME
from .reason import (
    DEEPEST,
    OF_NOTES,
    OF_REASONS,
    UNCONDITIONAL,
    Note,
    Reason,
    combination,
    known_code,
)

__all__ = ["ABOUT_DAYS", "LONGEST_SENTENCE", "read"]

COMBINATIONS = ("all", "any", "not")
MOST_CONDITIONS = 1_000_000
"""How many conditions all answers of a stored decision have together, each counted wherever it stands: a few lines that
name one another twice could make a tree that nobody can read."""
LONGEST_SENTENCE = 1_000


def read(reader: Reader) -> tuple[Tenant, date, Answers]:
    """The tenant, the day and the answers; `BadInput` where one is not what this format writes."""
    reader.only(*_KEYS, optional=_OPTIONAL)
    return _Stored(reader).read()


_KEYS = ("format", "library", "register", "tenant", "as_of")
_OPTIONAL = (
    *("region", "settled", "hosts", "permitted", "undetermined", "prohibited", "to_disclose", "announced", "notices"),
    *("regions", "sub_processors", "closed", "reasons", "notes", "sentences", "labels", "sources"),
    "documents",
)


class _Stored:
    """Reader of one stored decision: its reasons first, then the answers that name them by their places."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._heading = _read_heading(reader.record("register"))
        self._sentences = {code: _read_sentence(code, reader.record("sentences")) for code in reader.keys("sentences")}
        self._labels = self._read_labels()
        self._tenant = Tenant.read(reader.record("tenant"))
        self._restrictions = [restriction.text for restriction in by_text(self._tenant.restrictions)]
        self._reasons: list[Reason] = []
        self._depths: list[int] = []
        self._sizes: list[int] = []
        for record in reader.records("reasons"):
            self._read_reason(record)
        self._notes = [self._read_note(record) for record in reader.records("notes")]
        self._conditions = 0
        self._sayable: set[tuple[int | str, ...]] = set()

    def read(self) -> tuple[Tenant, date, Answers]:
        """The tenant, the day and the answers."""
        reader, day = self._reader, self._reader.day("as_of")
        sources = tuple(_read_source(record) for record in reader.records("sources"))
        notices = self._limits(reader, "notices", {"as_of": day.isoformat()})
        documents = tuple(CitedDocument.read(name, record) for name, record in reader.entries("documents"))
        sources = (*sources, *sources_of(self._tenant))
        around = AsStored(notices, sources, documents, reader.text("library"), self._digests())
        answers = Answers(
            heading=self._heading,
            settled=reader.text_or_none("settled"),
            on_regions=tuple(self._region(name, record) for name, record in reader.entries("regions")),
            on_sub_processors=tuple(
                self._sub_processor(name, record) for name, record in reader.entries("sub_processors")
            ),
            around=around,
            first=day,
            last=day,
            closed=tuple(_read_closed(record) for record in reader.records("closed")),
        )
        return self._tenant, day, answers

    def _digests(self) -> Digests | None:
        register = self._reader.record("register")
        keys = [key for key in DIGESTS if key in register.value]
        return Digests(*(register.text(key) for key in DIGESTS)) if keys else None

    def _read_labels(self) -> dict[str, Mapping[str, str]]:
        reader, vendor = self._reader, self._heading.vendor
        labels: dict[str, Mapping[str, str]] = {
            kind: {name: record.text("name") for name, record in reader.entries(key)}
            for kind, key in (("hosting region", "regions"), ("sub-processor", "sub_processors"))
        }
        labels["sub-processor"] = {name: label for name, label in labels["sub-processor"].items() if name != vendor}
        if "labels" in reader.value:
            reader.record("labels").only(optional=LABELLED)
            labels |= {kind: reader.record("labels").names(kind) for kind in reader.keys("labels")}
        return labels

    def _read_reason(self, reader: Reader) -> None:
        code = next((code for code in COMBINATIONS if code in reader.value), None)
        depth, size = 1, 1
        if code is None:
            reason = self._read_condition(reader)
        else:
            reader.only(code)
            places = reader.places(code, len(self._reasons))
            reason = combination(code, tuple(self._reasons[place] for place in places), reader.path)
            depth += max(self._depths[place] for place in places)
            size += sum(self._sizes[place] for place in places)
        if depth > DEEPEST:
            raise BadInput(f"more than {DEEPEST} reasons stand within one another at {reader.path}", CHANGED)
        if size > MOST_CONDITIONS:
            raise BadInput(f"more than {MOST_CONDITIONS:,} conditions stand within {reader.path}", CHANGED)
        self._reasons.append(reason)
        self._depths.append(depth)
        self._sizes.append(size)

    def _read_condition(self, reader: Reader) -> Reason:
        reader.only("code", optional=("about", "basis", "words"))
        known_code(reader, OF_REASONS)
        code = reader.text("code")
        if code not in VERDICT_OF or code == UNCONDITIONAL.code:
            raise BadInput(f"{code!r} at {reader.path} is no condition of its own", CHANGED)
        reason = Reason(VERDICT_OF[code], code, self._about(reader), **self._said(reader, code))
        _check_words(reason, reader.path)
        return reason

    def _read_note(self, reader: Reader) -> Note:
        reader.only("code", optional=("about", "basis", "words"))
        known_code(reader, OF_NOTES)
        code = reader.text("code")
        return Note(code, self._about(reader), **self._said(reader, code))

    def _said(self, reader: Reader, code: str) -> dict[str, Any]:
        """What a condition rests on, and how it is said."""
        return {
            "basis": tuple(self._basis(reader)),
            "labels": self._labels,
            "sentence": self._sentence(code),
            "stored": reader.text_or_none("words"),
        }

    def _sentence(self, code: str) -> str:
        if code not in self._sentences:
            raise BadInput(f"no sentence for {code!r} at $.sentences", CHANGED)
        return self._sentences[code]

    def _region(self, name: str, reader: Reader) -> Answer:
        reader.only("name", "verdict", optional=("reason", "limits"))
        reason = self._reason(reader, "reason")
        limits = self._limits(reader, "limits", follow_region(name, self._heading.vendor))
        return Answer("hosting region", name, reader.text("name"), reason, limits)

    def _sub_processor(self, name: str, reader: Reader) -> Answer:
        reader.only("name", "engagements")
        engagements = [self._engagement(name, record) for record in reader.records("engagements")]
        if not engagements:
            raise BadInput(f"no engagement at {reader.path}.engagements", "a sub-processor has at least one")
        answer = Answer.of_engagements(name, reader.text("name"), engagements)
        limits = (evolve(limit, labels=self._labels, sentence=self._sentence(limit.code)) for limit in answer.limits)
        return evolve(answer, limits=tuple(limits))

    def _engagement(self, sub_processor: str, reader: Reader) -> EngagementAnswer:
        reader.only("activity", "purpose", optional=("region", "places", "data", *SIDES, "limits"))
        reader.choice("activity", (*ACTIVITIES, UNSTATED_ACTIVITY))
        places, data = (reader.texts_or_none(key) for key in ("places", "data"))
        activity, purpose, region = reader.text("activity"), reader.text("purpose"), reader.text_or_none("region")
        return EngagementAnswer(
            sub_processor=sub_processor,
            activity=activity,
            purpose=purpose,
            region=region,
            places=None if places is None else tuple(places),
            data=None if data is None else tuple(data),
            **{side: self._reason(reader, side) for side in SIDES},
            limits=self._limits(reader, "limits", follow_engagement(activity, purpose, region, places or ())),
        )

    def _reason(self, reader: Reader, key: str) -> Reason:
        if key not in reader.value:
            return UNCONDITIONAL
        place = reader.place(key, len(self._reasons))
        self._conditions += self._sizes[place]
        if self._conditions > MOST_CONDITIONS:
            raise BadInput(f"more than {MOST_CONDITIONS:,} conditions stand in its answers", CHANGED)
        return self._reasons[place]

    def _limits(self, reader: Reader, key: str, follows: Mapping[str, str]) -> tuple[Note, ...]:
        return tuple(self._note_at(place, follows) for place in reader.places(key, len(self._notes)))

    def _note_at(self, place: int, follows: Mapping[str, str]) -> Note:
        """A note with the names that follow from where it stands, if its sentence names them."""
        note, names = self._notes[place], {*CATALOGUE[self._notes[place].code].names}
        about = {**{key: value for key, value in follows.items() if key in names}, **dict(note.about)}
        note = evolve(note, about=tuple(sorted(about.items())))
        if (place, *follows) not in self._sayable:
            _check_words(note, f"$.notes[{place}]")
            self._sayable.add((place, *follows))
        return note

    def _about(self, reader: Reader) -> About:
        """The names of a condition or note: texts, and lists of texts; a restriction by its place."""
        if "about" not in reader.value:
            return ()
        names = reader.record("about")
        names.only(optional=NAMES)
        for key in ABOUT_DAYS:
            if key in names.value:
                names.day(key)
        return tuple((key, self._name(names, key)) for key in sorted(names.value))

    def _name(self, names: Reader, key: str) -> str | tuple[str, ...]:
        if key == "demand":
            return self._restrictions[names.place(key, len(self._restrictions))]
        return tuple(names.texts(key)) if key in LISTS else names.text(key)

    def _basis(self, reader: Reader) -> Iterator[str]:
        for each in reader.elements("basis"):
            if isinstance(each.value[""], str):
                yield each.text("")
            else:
                yield f"demand: {self._restrictions[each.place('', len(self._restrictions))]}"


ABOUT_DAYS = ("day", "checked", "as_of", "passed")
"""The names of a condition or note that are days."""


def _read_heading(reader: Reader) -> Heading:
    reader.only("id", "vendor", "service", optional=(*DAYS, "data_categories", "house_rules", *DIGESTS))
    rules = reader.record("house_rules") if "house_rules" in reader.value else None
    if rules is not None:
        rules.only("by", "on")
    return Heading(
        register_id=reader.text("id"),
        vendor=reader.text("vendor"),
        service=reader.text("service"),
        **{key: reader.day(key) if key in reader.value else None for key in DAYS},
        data_categories=tuple(reader.texts_or_none("data_categories") or ()),
        house_rules=None if rules is None else (rules.text("by"), rules.day("on")),
    )


def _read_sentence(code: str, reader: Reader) -> str:
    """The sentence of a code: of a condition, after the verdict that the code gives."""
    stored = reader.value[code]
    if code not in VERDICT_OF:
        sentence = reader.text(code)
    elif isinstance(stored, list) and len(stored) == 2 and stored[0] == VERDICT_OF[code]:
        sentence = reader.texts(code)[1]
    else:
        raise BadInput(f"expected [{VERDICT_OF[code].value!r}, a sentence] at {reader.path}.{code}", CHANGED)
    if len(sentence) > LONGEST_SENTENCE:
        raise BadInput(f"a sentence of {len(sentence):,} characters at {reader.path}.{code}", CHANGED)
    return sentence


def _read_closed(reader: Reader) -> ClosedList:
    return ClosedList.read(Reader({"activity": None, "data": None, "regions": None, **reader.value}, reader.path))


def _read_source(reader: Reader) -> Source:
    return Source.read(Reader({**_NO_SOURCE, **reader.value}, reader.path))


_NO_SOURCE = {"author": "document", **dict.fromkeys(("says", "at", "quote", "because", "otherwise"), "")}


def _check_words(condition: Reason | Note, path: str) -> None:
    """Raise `BadInput` where its sentence names what it is not about, or the same twice, which could fill memory."""
    names = NAME.findall(condition.sentence or "")
    try:
        evolve(condition, stored=None).words  # noqa: B018 (whether it can be said)
        sayable = len(set(names)) == len(names)
    except (KeyError, ValueError):
        sayable = False
    if not sayable:
        raise BadInput(f"{condition.code!r} at {path} cannot be said by {quoted(condition.sentence)}", CHANGED)
