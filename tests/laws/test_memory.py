"""What a resolver remembers is what `decide` says, for every tenant of a register whose answers hang on much."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import product
from typing import Any

import pytest
from attrs import evolve

from residency import Resolver, Restriction, Tenant, decide
from residency.files import register_of
from residency.model.conditions import Has
from residency.model.places import Place
from residency.model.rows import Engagement, Prohibition
from support import SMALL_REGISTER

pytestmark = pytest.mark.slow

BASIS = {"basis": ["1"]}
CONTENT: dict[str, Any] = {
    **SMALL_REGISTER,
    "published": date(2013, 1, 1),
    "features": {
        "f": {"says": "off unless it is on", **BASIS},
        "g": {"says": "on unless it is off", "default": "on", **BASIS},
    },
    "consents": {"c": {"says": "given", **BASIS}},
    "agreements": {"d": {"says": "there", **BASIS}},
    "attributes": {"plan": {"says": "plan", "values": ["free", "paid"], **BASIS}},
    "regions": [{"id": name, "name": name, "places": [place], **BASIS} for name, place in (("A", "GB"), ("B", "US"))],
    "placement": {
        "rule": "by-customer",
        "agreed": ["1"],
        "agreed_when": {"attribute": "plan", "is": "paid"},
        **BASIS,
    },
    "customer_regions": [
        {"id": "near", "customers": ["EEA"], "home": "A", **BASIS},
        {"id": "far", "customers": "everyone else", "home": "B", **BASIS},
    ],
    "sub_processors": [
        {
            "id": "host",
            "name": "Host",
            "engagements": [
                {"activity": "hosting", "purpose": "servers", "regions": ["A"], "places": "as the region", **BASIS},
                {"activity": "backup", "purpose": "copies", "regions": ["A"], "when": {"feature": "g"}, **BASIS},
                {"activity": "support", "purpose": "help", "places": ["US"], "when": {"feature": "f"}, **BASIS},
            ],
        },
        {
            "id": "other",
            "name": "Other",
            "engagements": [
                {"activity": "hosting", "purpose": "servers", "regions": ["B"], "when": {"consent": "c"}, **BASIS},
                {"activity": "service", "purpose": "mail", "when": {"customer_in": "near"}, **BASIS},
            ],
        },
        {
            "id": "third",
            "name": "Third",
            "engagements": [
                {"activity": "service", "purpose": "calls", "places": ["HR"], "when": {"agreement": "d"}, **BASIS}
            ],
        },
    ],
    "exceptions": [{"when": {"agreement": "d"}, "places": ["US"], **BASIS}],
}
OWN = Engagement("service", "desk", ("1",), region="B", places=(Place("US"),), when=Has("feature", "g"))
"""No file may say so; a register that is put together by hand may."""
RULES = (
    Prohibition("H1", "A", Has("consent", "c")),
    Prohibition("H2", "third", Has("consent", "c")),
    Prohibition("H3", "host", Has("consent", "c")),
)
DEMANDS: tuple[dict[str, Any], ...] = (
    {},
    {"restrictions": {Restriction(within={"EU"})}},
    {"restrictions": {Restriction(never_in={"US"}, activities={"support"})}},
    {"objections": {"host"}},
)
DAYS = (date(2013, 6, 30), date(2013, 7, 1), date(2020, 2, 1))
"""Croatia joins the EU, a change that no row names; the United Kingdom leaves it, and perhaps the EEA."""


def tenants(demanded: Sequence[dict[str, Any]]) -> Iterator[Tenant]:
    """Everybody that some answer tells apart, of two countries, with these demands."""
    some = (False, True)
    facts: tuple[Any, ...] = ((None, "A", "B"), ({}, {"plan": "paid"}), some, some, some, some, demanded)
    for country, agreed, attributes, on, off, given, there, demands in product(("DE", "GB"), *facts):
        yield Tenant(
            country,
            agreed,
            ["f"] if on else [],
            ["c"] if given else [],
            agreements=["d"] if there else [],
            switched_off=["g"] if off else [],
            attributes=attributes,
            **demands,
        )


@pytest.mark.parametrize(
    ("rules", "days", "demanded"),
    [((), DAYS, DEMANDS), *(((rule,), DAYS[-1:], DEMANDS[:1]) for rule in RULES)],
    ids=["no house rule", *(rule.rule for rule in RULES)],
)
def test_every_tenant_is_answered_as_if_nobody_had_been_asked_about_before(
    rules: tuple[Prohibition, ...], days: tuple[date, ...], demanded: Sequence[dict[str, Any]]
) -> None:
    """On each day; and under one house rule at a time, so that none hides what another does."""
    register = evolve(register_of(CONTENT, "everything"), own_infrastructure=(OWN,), prohibitions=rules)
    resolver, everybody = Resolver(register), list(tenants(demanded))
    assert 2 * 3 * 2 * 2**4 * len(demanded) == len(everybody)
    for day in days:
        for tenant in everybody:
            assert decide(register, tenant, as_of=day)._answers == resolver.resolve(tenant, as_of=day)._answers
