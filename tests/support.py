"""What several tests share: the bundled register, its days and tenants, the countries of ISO 3166-1."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

from attrs import evolve

from residency import Register, Resolver, Tenant, load_house_rules, load_register
from residency.model.places import Membership, countries
from residency.model.timeline import Span

REGISTER = load_register("liveagent")
RESOLVER = Resolver(REGISTER)
HOUSE_RULES = load_house_rules("rest-of-world", REGISTER)

BEFORE = date(2019, 10, 27)
FIRST, LAST_OF_MEMBERSHIP = date(2019, 10, 28), date(2020, 1, 31)
SETTLED_DAYS = (date(2020, 2, 1), date(2021, 1, 1), date(2026, 11, 23))
DAYS = (BEFORE, FIRST, LAST_OF_MEMBERSHIP, *SETTLED_DAYS)
TODAY = SETTLED_DAYS[-1]
BULGARIA_WITH_VOIP = RESOLVER.resolve(Tenant(country="BG", features={"voip"}), as_of=TODAY)

ISO_COUNTRIES = tuple(sorted(countries() - {"XK"}))
AGREED = (None, "EU", "UK", "US", "SG")

SMALL_REGISTER: dict[str, Any] = {
    "format": 1,
    "id": "small",
    "vendor": "V",
    "published": date(2020, 1, 1),
    "basis": ["1"],
    "clauses": {name: {"at": f"line {name}", "quote": "q", "says": "s"} for name in ("1", "2")},
    "features": {"f": {"says": "f", "basis": ["1"]}},
}
"""The head of a made-up register, as its file would say it; tests add regions, placement and sub-processors."""

SEED = Path(__file__).parents[2] / "shared" / "seed" / "liveagent-subprocessors-2019-10-28.bg.txt"
FACTS = Path(__file__).parents[2] / "shared" / "facts"


def with_a_planned_member(country: str, since: date) -> Register:
    """The bundled register, by whose facts the country joins the EU on that day."""
    planned = Membership(country, Span(since), "source")
    groupings = [
        evolve(each, members=(*each.members, planned)) if each.id == "EU" else each for each in REGISTER.groupings
    ]
    return evolve(REGISTER, groupings=tuple(groupings))


def tenants() -> Iterator[Tenant]:
    """The 4,980: every country, agreement, VoIP on or off, consent given or not."""
    for country, agreed, voip, consent in product(ISO_COUNTRIES, AGREED, (False, True), (False, True)):
        features = ("voip",) if voip else ()
        consents = ("subcontractor-access",) if consent else ()
        yield Tenant(country, agreed, features, consents)
