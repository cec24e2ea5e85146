"""Explanations: answers in plain sentences, each with what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from ..model.places import country_name
from ..model.rows import CitedDocument, Source
from ..model.tenant import Tenant
from ..model.timeline import day_in_words, years_between
from ..model.verdict import Verdict
from .answer import Answer
from .answers import Answers
from .reason import Note

__all__ = ["answer_lines", "document_lines", "part_lines", "shown", "tenant_words", "whole_lines"]

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
    tenant: Tenant,
    day: date,
    answers: Answers,
    notes: Sequence[Note],
    sources: Mapping[str, Source],
    documents: Iterable[CitedDocument],
) -> Iterator[str]:
    """The whole decision: the register, the tenant, the notices, the outcome, each answer, and the sources."""
    heading = answers.heading
    dated = "undated" if heading.published is None else f"of {day_in_words(heading.published)}"
    yield f"{heading.service} ({heading.vendor}), register {heading.register_id} {dated}."
    yield f"Asked as of {day_in_words(day)}, for {tenant_words(tenant)}."
    yield from (f"Notice: {cited(note.words, note.basis, sources)}." for note in shown(notes))
    yield ""
    yield from _outcome_lines(answers)
    for title, of_kind in (("Hosting regions", answers.on_regions), ("Sub-processors", answers.on_sub_processors)):
        yield from ("", title, "")
        for answer in of_kind:
            yield from answer_lines(answer, sources)
    yield ""
    yield from _source_part([*answers.on_regions, *answers.on_sub_processors], shown(notes), sources.values())
    yield from document_lines(documents)


def shown(notes: Iterable[Note]) -> list[Note]:
    """The notices without an age of less than a year: who reads that on every answer learns to skip what follows."""
    return [note for note in notes if note.code not in _AGES or _years(note)]


_AGES = ("notice.age", "notice.facts-age")


def _years(age: Note) -> int:
    checked = age.named("day") or age.named("checked")
    return years_between(date.fromisoformat(checked), date.fromisoformat(age.named("as_of")))


def part_lines(answer: Answer, sources: Mapping[str, Source], documents: Iterable[CitedDocument]) -> Iterator[str]:
    """One answer, and what it rests on."""
    yield from answer_lines(answer, sources)
    yield ""
    yield from _source_part([answer], (), sources.values())
    yield from document_lines(documents)


def _outcome_lines(answers: Answers) -> Iterator[str]:
    if answers.region is None:
        yield "No hosting region is settled and permitted."
        return
    yield f"The data lives in region {answers.region} ({answers.by_region[answers.region].name})."
    hosts = "; ".join(f"{answers.by_sub_processor[name].name} ({name})" for name in answers.hosts)
    yield f"Permitted to store it: {hosts or 'none of the sub-processors'}"


def tenant_words(tenant: Tenant) -> str:
    """The tenant in words: its country, and everything else that is stated of it."""
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


def document_lines(documents: Iterable[CitedDocument]) -> Iterator[str]:
    """Each document in which the clauses stand: its name, the day that it bears, and where it can be read."""
    for document in documents:
        dated = "" if document.published is None else f" of {day_in_words(document.published)}"
        where = " ".join(filter(None, (document.at, document.url)))
        hashed = document.sha256 and f"SHA-256 of its text: {document.sha256}"
        yield f"document: {document.name}{dated}" + "".join(f"; {text}" for text in (where, hashed) if text)
