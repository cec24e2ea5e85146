"""Small made-up registers with every name that they may have, and tenants that use them, as the content of files."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from residency.model.rows import ACTIVITIES
from residency.strategies.registers import NAMES, PLACES, register_content, subsets

Row = dict[str, Any]

COUNTRIES = ("BR", "CA", "DE", "FR", "GB", "NO", "US")
DAYS = (date(2017, 6, 1), date(2020, 6, 1), date(2021, 6, 1), date(2024, 6, 1))

names = st.sampled_from
registers = register_content

demands = st.builds(
    lambda key, where: {key: where},
    names(("within", "never_in", "never_registered_in")),
    subsets(PLACES, least=1) | subsets((*COUNTRIES, *PLACES), least=2, most=3),
)
restrictions = st.builds(
    lambda demand, activities, data: {**demand, "activities": activities, "data": data},
    demands,
    names([[], ["hosting"], ["service", "support"], *([each] for each in ACTIVITIES), ["backup", "keys"]]),
    names([[], [], ["logs"], ["mail"], ["logs", "mail"]]),
)

_facts: dict[str, st.SearchStrategy[Any]] = {
    "agreed_region": names(NAMES.regions),
    "features": st.just(["f"]),
    "switched_off": st.just(["g"]),
    "consents": st.just(["c"]),
    "agreements": st.just(["d"]),
    "attributes": st.builds(lambda value: {"plan": value}, names(NAMES.attributes["plan"])),
    "objections": st.just(["p0"]),
}
_country = {"country": names(COUNTRIES)}
tenants = st.fixed_dictionaries(_country, optional={**_facts, "restrictions": st.lists(restrictions, max_size=2)})
restricted = st.fixed_dictionaries(
    {**_country, "restrictions": st.lists(restrictions, min_size=1, max_size=1)}, optional=_facts
)
"""Tenants that demand one thing."""
