"""The bundled register's policy as a backend would write it by hand: one checked value, if and elif."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

import pycountry
from attrs import Attribute, field, frozen
from attrs.validators import in_, optional

DAY = date(2026, 11, 23)
PUBLISHED = date(2019, 10, 28)
UK_LEFT = date(2020, 2, 1)

COUNTRIES = frozenset(record.alpha_2 for record in pycountry.countries) | {"XK"}
EU_SINCE_2020 = frozenset(
    "AT AX BE BG CY CZ DE DK EE ES FI FR GF GP GR HR HU IE IT LT LU LV MF MQ MT NL PL PT RE RO SE SI SK YT".split()
)
EU_WITH_GIBRALTAR = EU_SINCE_2020 | {"GI"}
US = frozenset("AS GU MP PR UM US VI".split())

REGIONS = frozenset({"EU", "UK", "US", "SG"})
FEATURES = frozenset({"voip"})
CONSENTS = frozenset({"subcontractor-access"})
AFFILIATES = ("quality-unit-llc", "quality-unit-ukraine")


def _names(value: Iterable[str]) -> frozenset[str]:
    """The names as a set; a text is one name forgotten to be put into a set, not many names."""
    if isinstance(value, str):
        raise TypeError(f"expected a set of names, got the string {value!r}")
    return frozenset(value)


def _country(_: object, __: Attribute[str], code: str) -> None:
    if code not in COUNTRIES:
        raise ValueError(f"unknown country code {code!r}: write ISO 3166-1 alpha-2, such as 'GB'")


def _features(_: object, __: Attribute[Any], names: frozenset[str]) -> None:
    if not names <= FEATURES:
        raise ValueError(f"unknown features {sorted(names - FEATURES)}")


def _consents(_: object, __: Attribute[Any], names: frozenset[str]) -> None:
    if not names <= CONSENTS:
        raise ValueError(f"unknown consents {sorted(names - CONSENTS)}")


@frozen
class Account:
    """What decides where a tenant's data lives; refuses names that the policy does not know."""

    country: str = field(validator=_country)
    agreed_region: str | None = field(default=None, validator=optional(in_(REGIONS)))
    features: frozenset[str] = field(default=frozenset(), converter=_names, validator=_features)
    consents: frozenset[str] = field(default=frozenset(), converter=_names, validator=_consents)


def home(country: str, day: date) -> str | None:
    """The hosting region of a customer with whom none was agreed."""
    if country == "GB":
        return "UK"
    if country in (EU_SINCE_2020 if day >= UK_LEFT else EU_WITH_GIBRALTAR):
        return "EU"
    if country in US:
        return "US"
    if country == "SG":
        return "SG"
    return None


def decide(account: Account, day: date) -> tuple[str | None, tuple[str, ...]]:
    """The hosting region, if one is settled, and the sub-processors that may touch the data, sorted."""
    if day < PUBLISHED:
        return None, ()
    at_home = home(account.country, day)
    region = at_home if account.agreed_region is None else account.agreed_region
    permitted = [*AFFILIATES] if region is None else ["linode", *AFFILIATES]
    if "subcontractor-access" in account.consents:
        permitted.append("subcontractors")
    if "voip" in account.features:
        permitted.append("twilio")
    if region == "EU" and at_home == "EU":
        permitted.append("websupport")
    return region, tuple(permitted)


def answer_on(
    country: str, agreed_region: str | None, voip: bool, consent: bool, day: date
) -> tuple[str | None, tuple[str, ...]]:
    """The decision from plain facts: an account is made, checked and decided."""
    features = ("voip",) if voip else ()
    consents = ("subcontractor-access",) if consent else ()
    return decide(Account(country, agreed_region, features, consents), day)


cached = lru_cache(maxsize=None)(answer_on)
"""The same, remembered by its plain facts for as long as the process lives; it grows with every day asked about."""


def answer(country: str, agreed_region: str | None, voip: bool, consent: bool) -> tuple[str | None, tuple[str, ...]]:
    """The decision on the one day that all peers are asked about."""
    return answer_on(country, agreed_region, voip, consent, DAY)
