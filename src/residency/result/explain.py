"""Explanations: answers in plain sentences, each with what it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from ..model.places import country_name
from ..model.rows import Source
from ..model.tenant import Tenant
from ..model.timeline import day_in_words
from ..model.verdict import Verdict
from .answer import Answer
from .answers import Answers
from .reason import Note

__all__ = ["answer_lines", "part_lines", "refusal_lines", "remedy", "shown", "whole_lines"]

_ASKS = {
    ("hosting region", Verdict.PERMITTED): "the tenant's data may be stored in region {id} ({name})",
    ("hosting region", Verdict.PROHIBITED): "the tenant's data must not be stored in region {id} ({name})",
    (
        "hosting region",
        Verdict.UNDETERMINED,
    ): "whether the tenant's data may be stored in region {id} ({name}) is not stated",
    ("sub-processor", Verdict.PERMITTED): "{name} ({id}) may touch the tenant's data",
    ("sub-processor", Verdict.PROHIBITED): "{name} ({id}) must not touch the tenant's data",
    ("sub-processor", Verdict.UNDETERMINED): "whether {name} ({id}) may touch the tenant's data is not stated",
}
_LEADS = {Verdict.PERMITTED: "because", Verdict.PROHIBITED: "because", Verdict.UNDETERMINED: "missing"}


def whole_lines(
    tenant: Tenant, day: date, answers: Answers, notes: Sequence[Note], sources: Mapping[str, Source]
) -> Iterator[str]:
    """The whole decision: the register, the tenant, the notices, the outcome, each answer, and the sources."""
    heading = answers.heading
    dated = "undated" if heading.published is None else f"of {day_in_words(heading.published)}"
    yield f"{heading.service} ({heading.vendor}), register {heading.register_id} {dated}."
    yield f"Asked as of {day_in_words(day)}, for {_tenant_words(tenant)}."
    yield from (f"Notice: {cited(note.words, note.basis, sources)}." for note in shown(notes))
    yield ""
    yield from _outcome_lines(answers)
    for title, of_kind in (("Hosting regions", answers.on_regions), ("Sub-processors", answers.on_sub_processors)):
        yield from ("", title, "")
        for answer in of_kind:
            yield from answer_lines(answer, sources)
    yield ""
    yield from _source_part([*answers.on_regions, *answers.on_sub_processors], shown(notes), sources.values())


def shown(notes: Iterable[Note]) -> list[Note]:
    """The notices without an age of less than a year: who reads that on every answer learns to skip what follows."""
    return [note for note in notes if not _RECENT.fullmatch(dict(note.about).get(_AGES.get(note.code, ""), ""))]


_AGES = {"notice.age": "ago", "notice.facts-age": "days"}
_RECENT = re.compile(r"\d{1,2} (day|month)s?")
"""What `time_between` says of less than a year; an age stored by an older version counts days only, and is shown."""


def part_lines(answer: Answer, sources: Mapping[str, Source]) -> Iterator[str]:
    """One answer, and what it rests on."""
    yield from answer_lines(answer, sources)
    yield ""
    yield from _source_part([answer], (), sources.values())


def refusal_lines(tenant: Tenant, day: date, answers: Answers, sources: Mapping[str, Source]) -> Iterator[str]:
    """Why no hosting region is settled and permitted."""
    yield f"as of {day_in_words(day)}, no hosting region is settled and permitted for {_tenant_words(tenant)}"
    for answer in answers.on_regions:
        yield from answer_lines(answer, sources)


def remedy(answers: Answers) -> str:
    """What would settle a permitted hosting region."""
    choices = [answer.id for answer in answers.on_regions if answer.verdict is Verdict.PERMITTED]
    if choices:
        return f"agree on one of the permitted regions ({', '.join(choices)}) and name it as agreed_region"
    if answers.settled is not None:
        return f"region {answers.settled} is the settled one; remove what excludes it, or agree on another region"
    if all(answer.reason.code == "register.silent-before" for answer in answers.on_regions):
        return "ask about a day on which the register speaks"
    return "agree on a region with the vendor and name it as agreed_region, or let house rules place this customer"


def _outcome_lines(answers: Answers) -> Iterator[str]:
    if answers.region is None:
        yield "No hosting region is settled and permitted."
        return
    yield f"The data lives in region {answers.region} ({answers.by_region[answers.region].name})."
    hosts = "; ".join(f"{answers.by_sub_processor[name].name} ({name})" for name in answers.hosts)
    yield f"Permitted to store it: {hosts or 'none of the sub-processors'}"


def _tenant_words(tenant: Tenant) -> str:
    parts = [f"a tenant whose country is {country_name(tenant.country)} ({tenant.country})"]
    if tenant.agreed_region is not None:
        parts.append(f"region {tenant.agreed_region} agreed")
    sets = ("features", "consents", "agreements", "switched_off", "objections")
    parts += [
        f"{key.replace('_', ' ')}: {', '.join(sorted(getattr(tenant, key)))}" for key in sets if getattr(tenant, key)
    ]
    parts += [f"{name}: {value}" for name, value in tenant.attributes]
    parts += [f"restriction: {text}" for text in sorted(each.text for each in tenant.restrictions)]
    return "; ".join(parts)


def _source_part(answers: Sequence[Answer], notes: Iterable[Note], sources: Iterable[Source]) -> Iterator[str]:
    yield "What this rests on"
    yield ""
    used = {name for answer in answers for leaf in answer.reason.leaves() for name in leaf.basis}
    limits = (limit for answer in answers for limit in answer.limits)
    used |= {name for note in (*notes, *limits) for name in note.basis}
    yield from source_lines(source for source in sources if source.id in used)


def answer_lines(answer: Answer, sources: Mapping[str, Source]) -> Iterator[str]:
    """The verdict as a sentence, each condition that decided with its basis, then what the answer does not say."""
    sentence = _ASKS[answer.kind, answer.verdict].format(id=answer.id, name=answer.name)
    yield f"{answer.verdict.value}: {sentence}"
    bases: dict[str, list[str]] = {}
    for leaf in answer.reason.leaves():
        bases.setdefault(leaf.words, []).extend(leaf.basis)
    for words, basis in bases.items():
        yield f"  {_LEADS[answer.verdict]}: {cited(words, basis, sources)}"
    for note in answer.limits:
        yield f"  note: {cited(note.words, note.basis, sources)}"


def cited(words: str, basis: Iterable[str], sources: Mapping[str, Source]) -> str:
    """The words, followed by what they rest on."""
    references = "; ".join(dict.fromkeys(sources[name].reference for name in basis))
    return f"{words} [{references}]" if references else words


def source_lines(sources: Iterable[Source]) -> Iterator[str]:
    """Each source in full: a clause with its quote and our rendering, a reading with its why and other meanings."""
    for source in sources:
        match source.author:
            case "document":
                yield f'{source.reference}: "{source.quote}" (our rendering: {source.says})'
            case "reading":
                yield f"{source.reference}: {source.says}"
                yield f"  why: {source.because}"
                yield f"  it could also mean: {source.otherwise}"
            case "house rule":
                yield f"{source.reference}: {source.says}"
                yield f"  why: {source.because}"
            case "fact":
                yield f"{source.reference} ({source.at})"
            case "tenant":
                yield source.reference
