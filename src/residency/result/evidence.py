"""Evidence: a decision as plain JSON types (format 2), complete without the register; `format_2` reads it back.

Every condition, note and sentence is written once. A reason is a condition (`code`, `about`, `basis`), or it combines
earlier reasons by their places in `reasons` (`all`, `any`, `not`); its verdict, its words and what a combination rests
on follow from that, and so do a sub-processor's reason and limits from its engagements. A restriction is its place
in the tenant's list. A note names only what does not follow from where it stands. What is empty is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from attrs import evolve

from ..model.rows import CitedDocument, Source, activity_in_words
from ..model.tenant import Tenant, restriction_places
from .answer import Answer, EngagementAnswer
from .answers import Answers, Digests, Heading
from .messages import CATALOGUE, VERDICT_OF, About
from .messages_en import SENTENCES
from .reason import (
    UNCONDITIONAL,
    Note,
    Reason,
    about_to_dict,
)

__all__ = [
    "DAYS",
    "FORMAT",
    "LABELLED",
    "SIDES",
    "follow_engagement",
    "follow_region",
    "stated",
    "tenant_record",
    "write",
]

FORMAT = 2
SIDES = ("applies", "allowed", "keeps")
LABELLED = ("feature", "consent")
"""The kinds of names whose labels stand by themselves: regions and sub-processors have theirs in their answers."""
DAYS = ("published", "speaks_from", "checked")
"""The keys of a register that are days."""


def stated(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record without what is null or empty."""
    return {key: value for key, value in record.items() if value not in (None, "", [], {})}


def write(
    tenant: Tenant,
    day: date,
    answers: Answers,
    notes: Sequence[Note],
    sources: Iterable[Source],
    documents: Iterable[CitedDocument],
) -> dict[str, Any]:
    """The decision as plain JSON types."""
    written = _Written(tenant, answers.heading.vendor)
    regions = {answer.id: written.region(answer) for answer in answers.on_regions}
    parties = {answer.id: written.sub_processor(answer) for answer in answers.on_sub_processors}
    notices = written.limits(notes, {"as_of": day.isoformat()})
    announced = {name: None if day is None else day.isoformat() for name, day in answers.announced.items()}
    return stated(
        {
            "format": FORMAT,
            "library": answers.around.library,
            "register": _heading(answers.heading, answers.around.digests(tenant)),
            "tenant": tenant_record(tenant),
            "as_of": day.isoformat(),
            "region": answers.region,
            "settled": answers.settled,
            "hosts": list(answers.hosts),
            "permitted": list(answers.permitted),
            "undetermined": list(answers.undetermined),
            "prohibited": list(answers.prohibited),
            "to_disclose": list(answers.to_disclose),
            "announced": announced,
            "notices": notices,
            "regions": regions,
            "sub_processors": parties,
            "closed": [stated(closed.to_dict()) for closed in answers.closed],
            "reasons": written.reasons,
            "notes": written.notes,
            "sentences": written.sentences,
            "labels": written.labels,
            "sources": [_source(source) for source in sources if source.author != "tenant"],
            "documents": {each.id: stated(each.to_dict()) for each in documents},
        }
    )


def _heading(heading: Heading, digests: Digests | None) -> dict[str, Any]:
    days = {key: getattr(heading, key) for key in DAYS}
    rules = heading.house_rules
    return stated(
        {
            "id": heading.register_id,
            "vendor": heading.vendor,
            "service": heading.service,
            **{key: None if day is None else day.isoformat() for key, day in days.items()},
            "data_categories": list(heading.data_categories),
            **({} if digests is None else digests.to_dict()),
            "house_rules": None if rules is None else {"by": rules[0], "on": rules[1].isoformat()},
        }
    )


def tenant_record(tenant: Tenant) -> dict[str, Any]:
    """The tenant without what is empty."""
    record = tenant.to_dict()
    return stated({**record, "restrictions": [stated(each) for each in record["restrictions"]]})


class _Written:
    """Reasons and notes of a decision, each written once, parts before what combines them."""

    def __init__(self, tenant: Tenant, vendor: str) -> None:
        self._restrictions = restriction_places(tenant)
        self._vendor = vendor
        self.reasons: list[dict[str, Any]] = []
        self.notes: list[dict[str, Any]] = []
        self.sentences: dict[str, Any] = {}
        self.labels: dict[str, dict[str, str]] = {}
        self._places: dict[Reason | Note, int] = {}

    def region(self, answer: Answer) -> dict[str, Any]:
        return {
            "name": answer.name,
            "verdict": answer.verdict.value,
            **stated(
                {
                    "reason": self.reason(answer.reason),
                    "limits": self.limits(answer.limits, follow_region(answer.id, self._vendor)),
                }
            ),
        }

    def sub_processor(self, answer: Answer) -> dict[str, Any]:
        for limit in answer.limits:
            self._sentence(limit)
        return {"name": answer.name, "engagements": [self._engagement(each) for each in answer.engagements]}

    def _engagement(self, answer: EngagementAnswer) -> dict[str, Any]:
        return stated(
            {
                "activity": answer.activity,
                "purpose": answer.purpose,
                "region": answer.region,
                "places": list(answer.places or ()),
                "data": list(answer.data or ()),
                **{side: self.reason(reason) for side, reason in zip(SIDES, answer.reasons, strict=True)},
                "limits": self.limits(
                    answer.limits,
                    follow_engagement(answer.activity, answer.purpose, answer.region, answer.places or ()),
                ),
            }
        )

    def reason(self, reason: Reason) -> int | None:
        """The place of the reason; None of what holds without any condition."""
        if reason == UNCONDITIONAL:
            return None
        if reason not in self._places:
            if reason.parts:
                record: dict[str, Any] = {reason.code: [self.reason(part) for part in reason.parts]}
            else:
                record = self._single(reason)
            self._places[reason] = len(self.reasons)
            self.reasons.append(record)
        return self._places[reason]

    def limits(self, notes: Iterable[Note], follows: Mapping[str, str]) -> list[int]:
        """The places of the notes, each without the names that follow from where they stand."""
        return [self._note(evolve(note, about=_without(note.about, follows))) for note in notes]

    def _note(self, note: Note) -> int:
        if note not in self._places:
            self._places[note] = len(self.notes)
            self.notes.append(self._single(note))
        return self._places[note]

    def _single(self, condition: Reason | Note) -> dict[str, Any]:
        self._sentence(condition)
        about: dict[str, Any] = about_to_dict(condition.about)
        if "demand" in about:
            about["demand"] = self._restrictions[f"demand: {about['demand']}"]
        basis = [self._restrictions.get(name, name) for name in condition.basis]
        return stated({"code": condition.code, "about": about, "basis": basis, "words": condition.stored})

    def _sentence(self, condition: Reason | Note) -> None:
        code = condition.code
        verdict = VERDICT_OF[code].value if code in VERDICT_OF else None
        sentence = condition.sentence or SENTENCES[code]
        self.sentences.setdefault(code, sentence if verdict is None else [verdict, sentence])
        for key, kind in CATALOGUE[code].names.items():
            name = condition.named(key)
            if kind in LABELLED and name in condition.labels.get(kind, ()):
                self.labels.setdefault(kind, {})[name] = condition.labels[kind][name]


def _without(about: About, follows: Mapping[str, str]) -> About:
    return tuple((key, value) for key, value in about if follows.get(key) != value)


def follow_region(region: str, vendor: str) -> Mapping[str, str]:
    """The names of a region's notes that follow from where they stand."""
    return {"region": region, "vendor": vendor}


def follow_engagement(activity: str, purpose: str, region: str | None, places: Sequence[str]) -> Mapping[str, str]:
    """The same of an engagement's notes."""
    stated_places = ", ".join(places)
    return stated(
        {"activity": activity_in_words(activity), "purpose": purpose, "region": region, "places": stated_places}
    )


def _source(source: Source) -> dict[str, Any]:
    """The source; one of which no author is said is of the document."""
    record = stated(source.to_dict())
    return {key: value for key, value in record.items() if (key, value) != ("author", "document")}
