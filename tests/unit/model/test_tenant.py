"""Tenants and restrictions: what goes in, what is refused, and with which words."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from residency import BadInput, Restriction, Tenant, load_register
from residency.model.places import Place
from residency.model.tenant import check_tenant
from support import REGISTER

ACME = load_register(Path(__file__).parents[2] / "cases" / "base" / "register.toml")
make: Any = Tenant
SET_OF_TEXTS = 'write a set of texts, such as {"a", "b"}'
demand: Any = Restriction


def test_any_iterable_of_names_goes_in_and_a_frozenset_is_kept() -> None:
    """Order and repetition do not matter, and what was passed can change without changing the tenant."""
    names = ["voip"]
    tenants = {
        make("BG", features=each) for each in (names, ("voip", "voip"), {"voip"}, iter(["voip"]), frozenset(names))
    }
    names.append("chat")
    assert {Tenant("BG", features={"voip"})} == tenants
    assert frozenset({"voip"}) == tenants.pop().features


class Channel(str, Enum):  # noqa: UP042 (a StrEnum would print as a text already)
    """How a backend may name its flags."""

    PHONE = "voip"
    HOME = "BG"


def test_members_of_an_enumeration_of_texts_are_kept_as_texts() -> None:
    """So that a tenant prints, pickles and stores as any other."""
    tenant = Tenant(Channel.HOME, Channel.HOME, {Channel.PHONE}, attributes=[(Channel.PHONE, Channel.HOME)])
    assert "Tenant(country='BG', agreed_region='BG', features=frozenset({'voip'})" in repr(tenant)
    assert (("voip", "BG"),) == tenant.attributes
    assert str is type(tenant.attributes[0][0])


def test_attributes_are_a_mapping_or_pairs() -> None:
    """Kept as pairs, sorted."""
    expected = (("plan", "paid"), ("size", "big"))
    assert expected == Tenant("BG", attributes={"size": "big", "plan": "paid"}).attributes
    assert expected == Tenant("BG", attributes=[("size", "big"), ("plan", "paid")]).attributes


@pytest.mark.parametrize(
    ("ask", "message", "remedy"),
    [
        (lambda: make("BG", features="voip"), "expected a set of features, got the string 'voip'", "write {'voip'}"),
        (
            lambda: make("BG", features={"voip": False}),
            "expected a set of features, got {'voip': False}",
            SET_OF_TEXTS,
        ),
        (lambda: make("BG", consents=5), "expected a set of consents, got 5", SET_OF_TEXTS),
        (lambda: make("BG", features=[5]), "expected a name among features, got 5", "names are texts"),
        (lambda: make("BG", features=[["a"]]), "expected a name among features, got ['a']", "names are texts"),
        (
            lambda: make("BG", agreed_region=["EU"]),
            "expected the id of one hosting region as agreed_region, got ['EU']",
            "or leave it out",
        ),
        (
            lambda: make("BG", features={"a"}, switched_off={"a"}),
            "feature 'a' is both on and switched off",
            "name it in one of the two",
        ),
        (
            lambda: make("BG", attributes={"plan": 5}),
            "expected attributes by name, got {'plan': 5}",
            'write {"plan": "business"}',
        ),
        (
            lambda: make("BG", attributes="plan"),
            "expected attributes by name, got 'plan'",
            'write {"plan": "business"}',
        ),
        (
            lambda: make("BG", attributes=[("plan", "a"), ("plan", "b")]),
            "attribute 'plan' has two values",
            "name each attribute once",
        ),
        (
            lambda: make("BG", restrictions=Restriction(within={"EU"})),
            "expected a set of restrictions, got a single Restriction",
            "write {Restriction(...)}",
        ),
        (
            lambda: make("BG", restrictions="EU"),
            "expected a set of restrictions, got 'EU'",
            'write {Restriction(within={"EEA"})}',
        ),
        (
            lambda: make("BG", restrictions=["EU"]),
            "expected a set of restrictions, got 'EU'",
            'write {Restriction(within={"EEA"})}',
        ),
        (lambda: make(5), "expected a country code, got 5", "write the ISO 3166-1 alpha-2 code, such as 'BG'"),
        (lambda: make(None), "expected a country code, got None", "write the ISO 3166-1 alpha-2 code, such as 'BG'"),
        (lambda: demand(within="EEA"), "expected a set of within, got the string 'EEA'", "write {'EEA'}"),
        (lambda: demand(within=[5]), "expected a place in within, got 5", 'write its code, such as "BG"'),
        (lambda: demand(never_in=[]), "never_in names no place", 'write the places, such as {"EEA"}'),
        (
            lambda: demand(never_in={"IN": False}),
            "expected a set of never_in, got {'IN': False}",
            SET_OF_TEXTS,
        ),
        (
            lambda: demand(),
            "a restriction has exactly one of within, never_in, never_registered_in",
            "write one Restriction for each of them",
        ),
        (
            lambda: demand(within={"EU"}, never_in={"IN"}),
            "a restriction has exactly one of within, never_in, never_registered_in",
            "write one Restriction for each of them",
        ),
        (
            lambda: demand(within={"EU"}, activities={"storing"}),
            "unknown activity 'storing'",
            "did you mean 'hosting'?",
        ),
    ],
)
def test_what_is_no_tenant_is_refused(ask: Callable[[], object], message: str, remedy: str) -> None:
    """With the value, the field, and how to write it."""
    with pytest.raises(BadInput) as caught:
        ask()
    assert (message, remedy) == (caught.value.message, caught.value.remedy)


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        ("UK", "the ISO 3166-1 code of the United Kingdom is 'GB'"),
        ("EL", "the ISO 3166-1 code of Greece is 'GR'"),
        ("XI", "'XI' is a VAT prefix; Northern Ireland is part of the United Kingdom, 'GB'"),
        ("IC", "the Canary Islands are part of Spain, 'ES'"),
        ("EA", "Ceuta and Melilla are part of Spain, 'ES'"),
        ("EU", "'EU' is a grouping and no country; write the code of the country, such as 'DE'"),
        ("bg", "write 'BG': codes are two capital letters"),
        (" BG", "write 'BG': codes are two capital letters"),
        ("BGR", "write the two-letter code 'BG'"),
        ("Bulgaria", "the ISO 3166-1 code of Bulgaria is 'BG'"),
        ("ZZ", "write an ISO 3166-1 alpha-2 code, such as 'BG'"),
        ("", "write an ISO 3166-1 alpha-2 code, such as 'BG'"),
    ],
)
def test_a_code_that_is_no_country_gets_the_code_to_write(code: str, remedy: str) -> None:
    """Normalising silently would hide where it came from."""
    with pytest.raises(BadInput) as caught:
        Tenant(code)
    assert (f"unknown country code {code!r}", remedy) == (caught.value.message, caught.value.remedy)


def test_kosovo_is_accepted() -> None:
    """`XK` is no code of ISO 3166-1, and in wide use."""
    assert "XK" == Tenant("XK").country


def test_a_restriction_says_itself() -> None:
    """In an order that does not depend on how it was written."""
    assert "only within CH or EEA" == Restriction(within={"EEA", "CH"}).text
    assert (
        "never in CA|US, for hosting and support"
        == Restriction(never_in=["CA|US"], activities={"support", "hosting"}).text
    )
    assert (
        "nobody registered in US, for data logs" == Restriction(never_registered_in=[Place("US")], data={"logs"}).text
    )


def test_a_tenant_prints_the_same_whatever_the_hash_seed() -> None:
    """Sets in order."""
    tenant = Tenant("BG", features={"b", "a"}, restrictions={Restriction(within={"EU"})})
    assert "features=frozenset({'a', 'b'}), consents=frozenset()" in repr(tenant)
    assert "restrictions=frozenset({Restriction(within=(Place(text='EU'),)" in repr(tenant)


def test_a_register_knows_the_names_of_a_tenant_or_refuses_them() -> None:
    """Defaults, values and places included."""
    check_tenant(Tenant("BG", switched_off={"chat"}, attributes={"plan": "paid"}), ACME)
    for tenant, message in (
        (Tenant("BG", switched_off={"mail"}), "feature 'mail' is off unless it is named in features"),
        (Tenant("BG", attributes={"plan": "gold"}), "attribute 'plan' cannot be 'gold'"),
        (Tenant("BG", restrictions={Restriction(within={"EEC"})}), "unknown place 'EEC'"),
        (Tenant("BG", restrictions={Restriction(within={"EU"}, data={"log"})}), "unknown data category 'log'"),
    ):
        with pytest.raises(BadInput) as caught:
            check_tenant(tenant, ACME)
        assert message == caught.value.message
        assert caught.value.remedy


def test_the_register_lists_what_a_backend_maps_its_flags_to() -> None:
    """Ids, sorted, and what each means."""
    assert ("EU", "SG", "UK", "US") == REGISTER.regions
    assert (("voip",), ("subcontractor-access",)) == (REGISTER.features, REGISTER.consents)
    assert ("data-processing-agreement",) == REGISTER.agreements
    assert (("chat", "mail"), ("plan",), ("logs",)) == (ACME.features, ACME.attributes, ACME.data_categories)
    assert "Twilio, Inc." == REGISTER.sub_processor("twilio").name
    assert ("European Union", "calls over the VoIP provider") == (
        REGISTER.region("EU").name,
        REGISTER.feature("voip").says,
    )
    assert "subcontractors may access the customer's data" == REGISTER.consent("subcontractor-access").says
    assert ("free", "paid") == ACME.attribute("plan").values
    assert "line 44" == REGISTER.source("44").reference
    with pytest.raises(BadInput, match="unknown sub-processor 'twillio'"):
        REGISTER.sub_processor("twillio")


@pytest.mark.parametrize(("place", "write"), [("everywhere", "'worldwide'"), ("everywhere in EEA", "'EEA'")])
def test_a_demand_names_places_and_not_how_much_of_them(place: str, write: str) -> None:
    """Everywhere is said of what a register lists."""
    with pytest.raises(BadInput) as caught:
        Restriction(within={place})
    assert f"expected a place in within, got {place!r}" == caught.value.message
    assert f"write {write}: a restriction names places, and not how much of them" == caught.value.remedy
