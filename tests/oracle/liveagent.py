"""A naive second answer for the bundled register: if and elif, from the clauses, sharing nothing with the library."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

YES, NO, OPEN = "PERMITTED", "PROHIBITED", "UNDETERMINED"

PUBLISHED = date(2019, 10, 28)
UK_LEFT = date(2020, 2, 1)

EU_STATES = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split(),
)
EU_TERRITORIES = frozenset("AX GF GP MF MQ RE YT".split())
US_TERRITORIES = frozenset("AS GU MP PR UM VI".split())


@dataclass(frozen=True)
class Expected:
    """What the library should answer; verdicts by their names."""

    region: str | None
    regions: dict[str, str]
    sub_processors: dict[str, str]
    hosts: tuple[str, ...]
    to_disclose: tuple[str, ...]


def home_of(country: str, day: date) -> str | None:
    """Line 37 by reading R2: where a customer's account is."""
    if country == "GB":
        return "UK"
    if country in EU_STATES or country in EU_TERRITORIES:
        return "EU"
    if country == "GI" and day < UK_LEFT:
        return "EU"
    if country == "US" or country in US_TERRITORIES:
        return "US"
    if country == "SG":
        return "SG"
    return None


def expected(country: str, agreed: str | None, voip: bool, consent: bool, day: date) -> Expected:
    """Every answer for one tenant on one day."""
    everybody = ("aws", "linode", "quality-unit-llc", "quality-unit-ukraine", "subcontractors", "twilio", "websupport")
    names = ("EU", "SG", "UK", "US")
    if day < PUBLISHED:
        return Expected(None, dict.fromkeys(names, OPEN), dict.fromkeys(everybody, OPEN), (), everybody)

    home = home_of(country, day)
    where = home if agreed is None else agreed
    regions = {}
    for name in names:
        if where is None:
            regions[name] = OPEN
        elif name == where:
            regions[name] = YES
        else:
            regions[name] = NO

    parties = {"aws": OPEN, "quality-unit-llc": YES, "quality-unit-ukraine": YES}
    parties["twilio"] = YES if voip else NO
    parties["subcontractors"] = YES if consent else NO
    parties["linode"] = OPEN if where is None else YES
    if home != "EU":
        parties["websupport"] = NO
    elif where == "EU":
        parties["websupport"] = YES
    else:
        parties["websupport"] = NO

    hosts = tuple(name for name in ("linode", "websupport") if parties[name] == YES)
    disclosed = tuple(name for name in everybody if parties[name] != NO)
    return Expected(where, regions, parties, hosts, disclosed)
