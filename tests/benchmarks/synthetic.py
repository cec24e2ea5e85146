"""A made-up register, as large as is wanted: without more said 60 sub-processors, 25 features and 12 regions."""

from __future__ import annotations

from datetime import date
from typing import Any

from residency.model.places import countries
from support import SMALL_REGISTER

REGIONS = ("AU", "BR", "CA", "CH", "DE", "GB", "IN", "JP", "KR", "SG", "US", "ZA")
SEATS = ("US", "DE", "GB", "IE", "IN", "FR", "CA", "SG")
ACTIVITIES = ("service", "support", "delivery", "service", "support")
Names = tuple[str, ...]
BASIS = {"basis": ["1"]}


def content(processors: int = 60, features: int = 25, regions: int = 12) -> dict[str, Any]:
    """What its file would say."""
    names = tuple(f"feature-{number:02}" for number in range(features))
    zones = (*REGIONS, *sorted(countries() - set(REGIONS) - {"XK"}))[:regions]
    named = {name: {"says": name, **BASIS} for name in names}
    return {
        "format": 1,
        "id": "synthetic",
        "vendor": "V",
        "published": date(2019, 1, 1),
        **BASIS,
        "clauses": {"1": {"at": "line 1", "quote": "q", "says": "s"}},
        "features": named,
        "consents": {name: {"says": name, **BASIS} for name in ("access", "training")},
        "agreements": {"dpa": {"says": "dpa", **BASIS}},
        "attributes": {"plan": {"says": "plan", "values": ["free", "team", "business"], **BASIS}},
        "data": {name: {"says": name, **BASIS} for name in ("tickets", "calls")},
        "regions": [{"id": name, "name": name, "places": [name], **BASIS} for name in zones],
        "placement": {
            "rule": "by-customer",
            **BASIS,
            "agreed": ["1"],
            "agreed_when": {"attribute": "plan", "is": ["team", "business"]},
        },
        "customer_regions": [
            *({"id": f"in-{name}", "customers": [name], "home": name, **BASIS} for name in zones),
            {"id": "eea", "customers": ["EEA"], "home": "DE", **BASIS},
            {"id": "rest", "customers": "everyone else", "home": "US", **BASIS},
        ],
        "sub_processors": [_processor(number, names, zones) for number in range(processors)],
        "exceptions": [{"data": ["calls"], "when": {"feature": names[0]}, "places": ["US"], **BASIS}],
    }


def _processor(number: int, features: Names, zones: Names) -> dict[str, Any]:
    seat = SEATS[number % len(SEATS)]
    rows = [_hosting(number, zones)] if number < 15 else []
    rows += [_service(number, part, features) for part in range(1 + number % 2)]
    return {"id": f"p{number:02}", "name": f"P{number}", "registered_in": seat, **BASIS, "engagements": rows}


def _hosting(number: int, zones: Names) -> dict[str, Any]:
    size = len(zones)
    regions = zones if number == 0 else [zones[number % size], zones[(number * 5) % size - 1]]
    regions = list(dict.fromkeys(regions))
    return {"activity": "hosting", "purpose": "servers", "regions": regions, "places": "as the region", **BASIS}


def _service(number: int, part: int, features: Names) -> dict[str, Any]:
    feature, other = features[(number + 7 * part) % len(features)], features[(number * 3 + 5) % len(features)]
    conditions: list[dict[str, Any]] = [
        {"feature": feature},
        {"all": [{"feature": feature}, {"consent": "access"}]},
        {"any": [{"feature": feature}, {"feature": other}]},
        {"all": [{"feature": feature}, {"not": {"attribute": "plan", "is": "free"}}]},
        {"customer_in": "eea", "feature": feature},
    ]
    row: dict[str, Any] = {"activity": ACTIVITIES[(number + part) % 5], "purpose": f"part {part}", **BASIS}
    row["when"] = conditions[(number + part) % 5]
    if number % 4:
        row["places"] = [SEATS[(number + part) % 8]]
    if number % 5 == 0:
        row["data"] = ["tickets"]
    if number % 7 == 0:
        row |= {"since": date(2021, 1, 1)}
    return row


def parties(number: int = 1_000, rows: int = 5, *, own: int = 1) -> dict[str, Any]:
    """A file with so many sub-processors of so many rows each, behind `own` features that no other looks at."""
    names = [[f"p{party:04}-{one}" for one in range(own)] for party in range(number)]
    return {
        **content(0, 1),
        "features": {name: {"says": name, **BASIS} for own_names in names for name in own_names},
        "sub_processors": [_party(own_names, rows) for own_names in names],
        "exceptions": [],
    }


def _party(own: list[str], rows: int) -> dict[str, Any]:
    engagements = [
        {"activity": "service", "purpose": f"part {row}", "when": {"feature": own[row % len(own)]}, **BASIS}
        for row in range(rows)
    ]
    return {"id": own[0][:-2], "name": own[0], "engagements": engagements, **BASIS}


GATED = ("own feature", "also hosts", "gated hosts", "gated backups", "gated exceptions", "no places", "shared consent")
"""What may stand behind a feature of its own, row by row of one sub-processor."""


def one_party(rows: int, kind: str) -> dict[str, Any]:
    """A file whose one sub-processor has so many rows of that kind, each behind a feature of its own."""
    names = [f"feature-{number:02}" for number in range(rows)]
    activity = {"gated hosts": "hosting", "gated backups": "backup"}.get(kind, "service")
    stored: dict[str, Any] = {"regions": ["US"], "places": ["US"]} if kind.startswith("gated") else {"places": ["US"]}
    engagements = [
        {
            "activity": activity,
            "purpose": f"part {name}",
            **({} if kind == "no places" else stored),
            "when": {"feature": name, **({"consent": "access"} if kind == "shared consent" else {})},
            **BASIS,
        }
        for name in names
    ]
    hosting = {"activity": "hosting", "purpose": "servers", "regions": ["US"], "places": "as the region", **BASIS}
    exceptions = [{"data": ["calls"], "when": {"feature": name}, "places": ["US"], **BASIS} for name in names]
    bare = kind in ("own feature", "no places", "shared consent", "gated hosts")
    rows_of_party = [*([] if bare else [hosting]), *(engagements if kind != "gated exceptions" else [])]
    return {
        **SMALL_REGISTER,
        "id": "one-party",
        "features": {name: {"says": name, **BASIS} for name in names},
        "consents": {"access": {"says": "access", **BASIS}},
        "data": {"calls": {"says": "calls", **BASIS}},
        "regions": [{"id": name, "name": name, "places": [name], **BASIS} for name in ("DE", "US")],
        "placement": {"rule": "by-customer", **BASIS, "agreed": ["1"]},
        "customer_regions": [
            {"id": "near", "customers": ["DE"], "home": "DE", **BASIS},
            {"id": "rest", "customers": "everyone else", "home": "US", **BASIS},
        ],
        "sub_processors": [
            {"id": "party", "name": "Party", "engagements": rows_of_party, **BASIS},
            {"id": "host", "name": "Host", "engagements": [{**hosting, "regions": ["DE", "US"]}], **BASIS},
        ],
        "exceptions": exceptions if kind == "gated exceptions" else [],
    }
