"""Strategies for countries, days, tenants and their demands, which make up a question."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from hypothesis import strategies as st

from ..engine.placement import Home, find_home
from ..errors import BadInput
from ..files import groupings
from ..model.places import WORLDWIDE, Place
from ..model.places import countries as country_codes
from ..model.register import Register
from ..model.rows import ACTIVITIES
from ..model.tenant import Restriction, Tenant
from ..model.timeline import checked_day

__all__ = ["countries", "days", "days_about_changes", "pick", "restrictions", "tenants"]

RARE = 10
"""How many countries a kind may have for all of them to be drawn often, not one alone."""


def countries(within: str | None = None, *, as_of: date | None = None) -> st.SearchStrategy[str]:
    """Country codes: all that a `Tenant` accepts, or those `within` a place on the day `as_of`.

    `within` is a country, a shipped grouping (`"EU"`, `"EEA"`, a UN M49 name such as `"Southern Asia"`), or several
    (`"CA|US"`). Members come and go: `as_of` is a `datetime.date`; without it, it is the day on which the shipped facts
    were last checked. Only countries that are within it for certain are drawn. Raises `BadInput` for another place, for
    what is no day, and where no country is within it.
    """
    if within is None:
        return st.sampled_from(sorted(country_codes()))
    groups = {grouping.id: grouping for grouping in groupings()}
    checked = max(grouping.checked for grouping in groups.values() if grouping.checked is not None)
    day = checked if as_of is None else checked_day(as_of, "as_of")
    members = Place(within).checked(groups).extent(groups, day).sure
    if not members:
        raise BadInput(f"no country is known to be within {within!r} on {day}", "ask about a day that it covers")
    return st.sampled_from(sorted(members))


def days(register: Register) -> st.SearchStrategy[date]:
    """Days to ask about: often one on which an answer or a notice may change, the one before it or after it.

    Shrinks towards the first day on which the register speaks.
    """
    candidates = days_about_changes(register)
    return st.one_of(st.sampled_from(candidates), st.dates(min(candidates), max(candidates) + timedelta(days=3650)))


def days_about_changes(register: Register) -> list[date]:
    """The days on which an answer or notice may change, those before and after, by their distance from the first."""
    checked = {grouping.checked for grouping in register.groupings_used} | {register.checked}
    edges = {register.speaks_from, *register.change_dates, *(day for day in checked if day is not None)}
    near = {day + timedelta(days=shift) for day in edges for shift in (-1, 0, 1) if date.min < day < date.max}
    first = register.speaks_from
    return sorted(near, key=lambda day: (day != first, abs(day - first), day))


def tenants(
    register: Register,
    *,
    country: st.SearchStrategy[str] | None = None,
    agreed_region: st.SearchStrategy[str | None] | None = None,
    restricted: bool = False,
) -> st.SearchStrategy[Tenant]:
    """Tenants that the register can be asked about: every country, and every fact that it names.

    `country` and `agreed_region` narrow these two; with `restricted`, tenants also demand and object. Countries like
    which few others are answered come often. Shrinks towards a tenant with nothing but a country.
    """
    regions: st.SearchStrategy[str | None] = st.none() | pick(register.regions)
    by_default = tuple(sorted(register.on_by_default))
    others = tuple(name for name in register.features if name not in by_default)
    attributes = {name: pick(register.attribute(name).values) for name in register.attributes}
    nothing: st.SearchStrategy[Any] = st.just(frozenset())
    facts = st.fixed_dictionaries(
        {
            "country": st.sampled_from(_countries_by_home(register)) | countries() if country is None else country,
            "agreed_region": regions if agreed_region is None else agreed_region,
            "features": _subsets(others),
            "consents": _subsets(register.consents),
            "agreements": _subsets(register.agreements),
            "switched_off": _subsets(by_default),
            "attributes": st.fixed_dictionaries({}, optional=attributes),
            "restrictions": st.frozensets(restrictions(register), max_size=2) if restricted else nothing,
            "objections": _subsets(register.sub_processors) if restricted else nothing,
        }
    )
    return facts.flatmap(_tenant)


def _tenant(facts: dict[str, Any]) -> st.SearchStrategy[Tenant]:
    """That tenant, built from what it has only, for Hypothesis shows how a value was built."""
    return st.builds(Tenant, **{name: st.just(value) for name, value in facts.items() if value})


def restrictions(register: Register) -> st.SearchStrategy[Restriction]:
    """Demands that a tenant may make: on places, often such as rows name, for some activities and data or for all."""
    any_place = st.sampled_from([*sorted(register.groups), *sorted(country_codes())])
    named = sorted({part for place in register.places for part in place.parts if part != WORLDWIDE})
    places = st.frozensets(pick(named) | any_place, min_size=1, max_size=3)
    scope = {"activities": _subsets(ACTIVITIES), "data": _subsets(register.data_categories)}
    return st.one_of(
        st.builds(Restriction, within=places, **scope),
        st.builds(Restriction, never_in=places, **scope),
        st.builds(Restriction, never_registered_in=places, **scope),
    )


@lru_cache(maxsize=16)
def _countries_by_home(register: Register) -> list[str]:
    """Countries of every kind that the register tells apart by home: all of a rare kind, one of a common kind."""
    first = register.speaks_from
    change_days = [first, *(day for day in register.change_dates if day > first)]
    kinds: dict[tuple[Home, ...], list[str]] = {}
    for country in sorted(country_codes()):
        kinds.setdefault(tuple(find_home(register, country, day) for day in change_days), []).append(country)
    return sorted(country for kind in kinds.values() for country in (kind if len(kind) <= RARE else kind[:1]))


def pick(names: Sequence[str]) -> st.SearchStrategy[str]:
    """One of these names; nothing can be drawn where there are none."""
    return st.sampled_from(names) if names else st.nothing()


def _subsets(names: tuple[str, ...]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(pick(names), max_size=len(names))
