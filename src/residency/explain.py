"""Answers in plain sentences, each with what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from .answer import Answer
from .reason import Note
from .register import Source
from .verdict import Verdict

__all__ = ["answer_lines", "cited", "source_lines"]

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


def answer_lines(answer: Answer, sources: Mapping[str, Source]) -> Iterator[str]:
    """The verdict as a sentence, each condition that decided with its basis, then what the answer does not say."""
    sentence = _ASKS[answer.kind, answer.verdict].format(id=answer.id, name=answer.name)
    yield f"{answer.verdict.value}: {sentence}"
    told: dict[str, list[str]] = {}
    for leaf in answer.reason.leaves():
        told.setdefault(leaf.words, []).extend(leaf.basis)
    for words, basis in told.items():
        yield f"  {_LEADS[answer.verdict]}: {cited(words, basis, sources)}"
    for note in answer.limits:
        yield f"  note: {_note_line(note, sources)}"


def cited(words: str, basis: Iterable[str], sources: Mapping[str, Source]) -> str:
    """The words, followed by what they rest on."""
    references = "; ".join(_unique(sources[name].reference for name in basis))
    return f"{words} [{references}]" if references else words


def _note_line(note: Note, sources: Mapping[str, Source]) -> str:
    return cited(note.words, note.basis, sources)


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


def _unique(lines: Iterable[str]) -> Iterator[str]:
    yield from dict.fromkeys(lines)
