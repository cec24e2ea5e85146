"""Decisions in format 1, as version 0.2 stored them: no longer written, and still read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from residency import Decision
from residency.model.timeline import day_in_words, time_between

LISTS = ("values", "customers", "home", "among")


def format_1(decision: Decision) -> dict[str, Any]:
    """The decision as version 0.2 stored it, but for the limits of engagements that are not permitted."""
    heading = decision._answers.heading
    announced = {name: None if day is None else day.isoformat() for name, day in decision.announced.items()}
    closed = [each.to_dict() for each in decision._answers.closed]
    stored: dict[str, Any] = {
        "format": 1,
        "register": {
            "id": heading.register_id,
            "vendor": heading.vendor,
            "service": heading.service,
            "published": None if heading.published is None else heading.published.isoformat(),
            "data_categories": list(heading.data_categories),
        },
        "tenant": decision.tenant.to_dict(),
        "as_of": decision.as_of.isoformat(),
        "region": decision.region,
        "settled": decision.settled,
        "hosts": list(decision.hosts),
        "to_disclose": list(decision.to_disclose),
        **({"announced": announced} if announced else {}),
        **({"closed": closed} if closed else {}),
        "notices": [_notice(note.to_dict()) for note in decision.notes],
        "regions": {answer.id: _joined(answer.to_dict()) for answer in decision.region_answers},
        "sub_processors": {answer.id: _joined(answer.to_dict()) for answer in decision.sub_processor_answers},
        "sources": [source.to_dict() for source in decision.sources],
    }
    plain: dict[str, Any] = json.loads(json.dumps(stored))
    return plain


def _joined(value: Any) -> Any:
    """Names that hold several were written with "or" between them."""
    if isinstance(value, Mapping):
        return {
            key: " or ".join(part) if key in LISTS and isinstance(part, list) else _joined(part)
            for key, part in value.items()
        }
    return [_joined(part) for part in value] if isinstance(value, list) else value


def _notice(note: dict[str, Any]) -> dict[str, Any]:
    """Days were written in words, and the time between them."""
    about = dict(note["about"])
    days = {key: date.fromisoformat(about[key]) for key in ("day", "checked") if key in about}
    about |= {key: day_in_words(day) for key, day in days.items()}
    if "as_of" in about:
        (day,), as_of = days.values(), date.fromisoformat(about.pop("as_of"))
        number = (as_of - day).days
        between = f"{number} day" if number == 1 else f"{number} days"
        about |= {"days": between} if note["code"] == "notice.facts-age" else {"ago": time_between(day, as_of)}
    return {**note, "about": about}
