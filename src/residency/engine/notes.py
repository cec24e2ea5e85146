"""What the reader of a decision must know about the whole: how old its list and facts are, and whose rules apply."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..model.register import Register
from ..model.tenant import Tenant
from ..model.timeline import day_in_words
from ..result.reason import Note, note

__all__ = ["notices"]

_EFFECTS = {"illustrative": "illustrative only", "draft": "a draft", "translation": "a translation for reference"}


def notices(register: Register, tenant: Tenant, day: date, used: frozenset[str]) -> Iterator[Note]:
    """The notices of a decision whose answers rest on the sources `used`."""
    cited = register.published_by(day).cited
    return (each.citing(cited) for each in _notices(register, tenant, day, used))


def _notices(register: Register, tenant: Tenant, day: date, used: frozenset[str]) -> Iterator[Note]:
    if day > register.checked:
        basis = register.basis if register.checked == register.speaks_from else ()  # what says why it speaks from then
        yield note("notice.age", basis, day=day_in_words(register.checked), days=_days(register.checked, day))
    demanded = {part for demand in tenant.restrictions for place in demand.places for part in place.parts}
    groups = {grouping.id for grouping in register.groupings_used} | (demanded & register.groups.keys())
    for grouping in (register.groups[name] for name in sorted(groups)):
        if grouping.checked is not None and day > grouping.checked:
            facts = {"day": day_in_words(grouping.checked), "days": _days(grouping.checked, day)}
            yield note("notice.facts-age", (f"fact:{grouping.id}",), name=grouping.name, **facts)
    for record in register.records:
        if record.topic == "legal effect":
            yield note("notice.legal-effect", record.basis, says=record.says)
    yield from _documents(register, used)
    if register.house_rules is not None:
        by, on = register.house_rules
        yield note("notice.house-rules" if on <= day else "notice.house-rules-later", by=by, day=day_in_words(on))
    if not any(record.topic == "objection" for record in register.records):
        for name in sorted(tenant.objections):
            yield note("notice.objection", (f"objection: {name}",), name=name)


def _documents(register: Register, used: frozenset[str]) -> Iterator[Note]:
    for document in register.documents:
        if document.effect in _EFFECTS and not used.isdisjoint(document.clauses):
            yield note("notice.document", document.basis, name=document.name, effect=_EFFECTS[document.effect])


def _days(start: date, end: date) -> str:
    count = (end - start).days
    return "1 day" if count == 1 else f"{count} days"
