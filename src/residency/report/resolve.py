"""The screen of a decision: the outcome first, then a row for each region and party, then what must be known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..errors import Refused
from ..model.places import country_name
from ..model.tenant import Tenant
from ..model.verdict import Verdict
from ..result.answer import Answer
from ..result.decision import Decision
from ..result.explain import answer_lines, document_lines, shown
from ..result.messages import few_words
from .layout import columns, cut, entry, listing, padded, wrapped
from .words import word

__all__ = ["as_arguments", "lines", "reason_lines", "tenant_in_few_words"]

_VERDICTS = (Verdict.PERMITTED, Verdict.UNDETERMINED, Verdict.PROHIBITED)
_MOST_ROWS = 8
"""How many sub-processors have a row each; of more, those with the same verdict and word share one."""
_ALIKE = 3
"""How many of fewer share a row."""
_COLUMN = 16
"""Where the text after a verdict begins."""
_REASON = 18
"""How many columns a reason needs at least: where the ids leave fewer, it stands under its id."""


def lines(decision: Decision, width: int, *, activity: str | None = None, data: str | None = None) -> Iterator[str]:
    """The decision on one screen of that width; with an activity or data category its parties are asked about that.

    Raises `UnknownName` for an activity or data category that is none.
    """
    answers = [decision.answer(each.id, activity=activity, data=data) for each in decision.sub_processor_answers]
    yield from _outcome(decision, width)
    yield ""
    yield "Where the data may be stored"
    yield from _regions(decision.region_answers, width)
    yield from wrapped(_title(answers, activity, data), width)
    yield from _parties(answers, width)
    yield ""
    yield from _to_disclose(decision, width)
    for note in shown(decision.notes):
        yield cut(f"Notice: {few_words(note.code, note.about) or note.words}", width)
    yield from wrapped("Lawfulness is not assessed. Reasons: --why or --why ID; everything: --full", width)


def reason_lines(decision: Decision, *, activity: str | None = None, data: str | None = None) -> Iterator[str]:
    """The reasons of every answer, as `explain` gives them, each citing what it rests on; then the documents cited."""
    sources = {source.id: source for source in decision.sources}
    for answer in decision.region_answers:
        yield from answer_lines(answer, sources)
    for answer in decision.sub_processor_answers:
        yield from answer_lines(decision.answer(answer.id, activity=activity, data=data), sources)
    documents = list(document_lines(decision.documents))
    yield from ["", *documents] if documents else []


def tenant_in_few_words(tenant: Tenant) -> str:
    """The tenant by its country and names: "Bulgaria (BG); voip; consent subcontractor-access"."""
    parts = [f"{country_name(tenant.country)} ({tenant.country})"]
    parts += [] if tenant.agreed_region is None else [f"region {tenant.agreed_region} agreed"]
    parts += sorted(tenant.features)
    parts += [f"without {name}" for name in sorted(tenant.switched_off)]
    parts += [f"consent {name}" for name in sorted(tenant.consents)]
    parts += [f"agreement {name}" for name in sorted(tenant.agreements)]
    parts += [f"{name} {value}" for name, value in tenant.attributes]
    parts += sorted(restriction.text for restriction in tenant.restrictions)
    parts += [f"objects to {name}" for name in sorted(tenant.objections)]
    return "; ".join(parts)


def as_arguments(remedy: str) -> str:
    """The remedy with the arguments of the command, where it names the facts of a `Tenant`."""
    text = re.sub(r"\b(?:as|in) (agreed_region|features|consents|agreements)\b", _argument, remedy)
    text = re.sub(r"attributes=\{'([^']*)': …\}", r"--attribute \1=…", text)
    return text.replace("leave agreed_region out", "leave --agreed-region out")


def _argument(found: re.Match[str]) -> str:
    return f"with --{found[1].removesuffix('s').replace('_', '-')}"


def _outcome(decision: Decision, width: int) -> Iterator[str]:
    service = decision.service if decision.service == decision.vendor else f"{decision.service} of {decision.vendor}"
    asked = f"{service}, as of {decision.as_of}, for {tenant_in_few_words(decision.tenant)}."
    try:
        region = decision.answer(decision.require())
    except Refused as refused:
        yield from wrapped("REFUSED: no hosting region is settled and permitted.", width)
        yield from wrapped(asked, width)
        yield from wrapped(as_arguments(refused.remedy or ""), width, start="To do: ")
    else:
        named = region.id if region.name == region.id else f"{region.id} ({region.name})"
        yield from wrapped(f"The data lives in region {named}.", width)
        yield from wrapped(asked, width)


def _regions(answers: Sequence[Answer], width: int) -> Iterator[str]:
    """The hosting regions, those with the same verdict and word in one entry."""
    for verdict in _VERDICTS:
        alike: dict[str, list[str]] = {}
        for answer in answers:
            if answer.verdict is verdict:
                alike.setdefault(word(answer), []).append(answer.id)
        for reason, names in alike.items():
            yield from listing(f"  {verdict.value}", names, width, _COLUMN, after=reason and f": {reason}")


def _title(answers: Sequence[Answer], activity: str | None, data: str | None) -> str:
    asked = " of ".join([*([activity] if activity else []), *([f"data {data}"] if data else [])])
    count = f" ({len(answers)} listed)" if len(answers) > _MOST_ROWS else ""
    hosts = "; * who may store it" if any(answer.hosting for answer in answers) else ""
    return f"Who may touch it{asked and f' for {asked}'}{count}{hosts}"


def _parties(answers: Sequence[Answer], width: int) -> Iterator[str]:
    """The sub-processors: many with the same verdict and word in one entry, the others in a row each."""
    names = {answer.id: f"{answer.id}*" if answer.hosting else answer.id for answer in answers}
    ids = max((columns(name) for name in names.values()), default=0) + 2
    stacked = ids > width - _COLUMN - _REASON
    column = _COLUMN + (2 if stacked else ids)
    alike: dict[tuple[Verdict, str], list[Answer]] = {}
    for answer in answers:
        alike.setdefault((answer.verdict, word(answer)), []).append(answer)
    entries: list[tuple[int, str, list[str]]] = []
    for (verdict, reason), group in alike.items():
        title, order = f"  {verdict.value}", _VERDICTS.index(verdict)
        if len(answers) > _MOST_ROWS or (len(group) >= _ALIKE and reason):
            listed = [names[answer.id] for answer in group]
            folded = list(listing(title, listed, width, _COLUMN, before=reason and f"{reason}: "))
            entries.append((order, group[0].id, folded))
            continue
        for answer in group:
            row = padded(title, _COLUMN) + cut(names[answer.id], width - _COLUMN)
            first, *rest = _texts(answer.name, reason, width - column)
            text = [row, " " * column + first] if stacked else [padded(row, column) + first]
            entries.append((order, answer.id, [*text, *(" " * column + line for line in rest)]))
    for _, _, entry_lines in sorted(entries):
        yield from entry_lines


def _texts(name: str, reason: str, room: int) -> list[str]:
    """Name and reason; where there is no room for both the reason alone, on two lines if need be."""
    both = f"{name}: {reason}" if reason else name
    if columns(both) <= room or not reason:
        return [cut(both, room)]
    first, *rest = wrapped(reason, room, 0)
    return [first, *([cut(" ".join(rest), room)] if rest else [])]


def _to_disclose(decision: Decision, width: int) -> Iterator[str]:
    """Whom to disclose, by those who are not among them where these are fewer; and who is only announced."""
    listed = [answer.id for answer in decision.sub_processor_answers]
    others = [name for name in listed if name not in decision.to_disclose]
    title, column = "To disclose", 13
    if not decision.to_disclose:
        yield from entry(title, f"none of the {len(listed)}", width, column)
    elif not others:
        yield from entry(title, f"all {len(listed)}", width, column)
    elif len(others) <= len(decision.to_disclose):
        yield from listing(title, others, width, column, before=f"all {len(listed)} but ")
    else:
        yield from listing(title, decision.to_disclose, width, column)
    announced = [f"{name} ({day or 'day not stated'})" for name, day in decision.announced.items()]
    if announced:
        yield from listing("Announced", announced, width, column)
