"""Faults of a tenant: all of them at once, each at the field that a form or a request body has it in."""

from __future__ import annotations

import copy
import pickle
from datetime import date
from itertools import chain, combinations
from pathlib import Path
from typing import Any

import pytest

from residency import BadFile, BadInput, Fault, Resolver, Restriction, Tenant, UnknownName, load_register, lost
from residency.errors import MOST_FAULTS
from residency.model.tenant import check_tenant

ACME = load_register(Path(__file__).parents[2] / "cases" / "base" / "register.toml")
ACME_RESOLVER = Resolver(ACME)
make: Any = Tenant
demand: Any = Restriction
RIGHT: dict[str, Any] = {
    "country": "BG",
    "agreed_region": "EU",
    "features": ["mail"],
    "consents": ["help"],
    "agreements": ["contract"],
    "switched_off": ["chat"],
    "attributes": {"plan": "paid"},
    "restrictions": [{"within": ["EEA"]}],
    "objections": ["mail"],
}
SUBSETS = list(chain.from_iterable(combinations(RIGHT, size) for size in range(1, len(RIGHT) + 1)))


def fault_of(ask: Any) -> BadInput:
    """The error that it raises."""
    with pytest.raises(BadInput) as caught:
        ask()
    return caught.value


def fields_of(error: BadInput) -> list[str]:
    """The fields of its faults."""
    return [fault.field for fault in error.faults]


def test_whichever_fields_are_wrong_just_those_are_told() -> None:
    """All 511 combinations of wrong types, by the constructor and from plain JSON types, in the order of the fields."""
    restrictions = [Restriction(within={"EEA"})]
    for wrong in SUBSETS:
        passed = {**RIGHT, "restrictions": restrictions, **dict.fromkeys(wrong, 5)}
        assert list(wrong) == fields_of(fault_of(lambda passed=passed: make(**passed)))
        body = {**RIGHT, **dict.fromkeys(wrong, 5)}
        assert set(wrong) == set(fields_of(fault_of(lambda body=body: Tenant.from_dict(body))))


def test_several_faults_are_one_error_that_lists_them() -> None:
    """With the remedy of each."""
    error = fault_of(lambda: make("UK", "", features="voip"))
    assert (
        "3 faults in the tenant\n"
        "  unknown country code 'UK' (the ISO 3166-1 code of the United Kingdom is 'GB')\n"
        "  agreed_region is an empty text (leave it out, or pass None, where no region is agreed)\n"
        "  expected a set of features, got the string 'voip' (write {'voip'})"
    ) == str(error)
    assert (
        Fault("country", "unknown country code 'UK'", "the ISO 3166-1 code of the United Kingdom is 'GB'")
        == (error.faults[0])
    )


def test_what_was_passed_is_read_once() -> None:
    """A generator with a fault in it is told of beside others, though it is exhausted."""
    error = fault_of(lambda: make("BG", features=iter([5]), consents=iter([6])))
    assert ["features", "consents"] == fields_of(error)


def test_one_fault_alone_is_raised_as_it_is() -> None:
    """Of the same type as ever, its one fault at its field."""
    error = fault_of(lambda: demand(within={"EU"}, activities={"storing"}))
    assert (UnknownName, ["activities"]) == (type(error), fields_of(error))
    assert Fault("activities", error.message, error.remedy) == error.faults[0]


def test_an_agreed_region_that_is_empty_is_not_called_unknown() -> None:
    """A form field that was left empty."""
    error = fault_of(lambda: Tenant("BG", ""))
    assert ("agreed_region is an empty text", "leave it out, or pass None, where no region is agreed") == (
        error.message,
        error.remedy,
    )


def test_every_feature_that_is_on_and_off_is_told_also_beside_other_faults() -> None:
    """Of the fields that could be read."""
    both = {"features": ["a", "b"], "switched_off": ["b", "a"]}
    assert ["switched_off", "switched_off"] == fields_of(fault_of(lambda: make("BG", **both)))
    assert ["country", "switched_off", "switched_off"] == fields_of(fault_of(lambda: make("UK", **both)))


def test_a_restriction_tells_its_faults_at_its_own_fields() -> None:
    """And what is wrong with it as a whole at none; a field that could not be read is not called missing."""
    assert [""] == fields_of(fault_of(demand))
    assert ["within"] == fields_of(fault_of(lambda: demand(within=5)))
    error = fault_of(lambda: demand(within=5, never_in=[], activities={"x", "y"}, data=5))
    assert ["within", "never_in", "data", "", "activities", "activities"] == fields_of(error)


def test_of_several_places_that_are_none_the_first_by_name_is_told() -> None:
    """Whatever the order in which a set holds them."""
    for places in (["everywhere in EU", "everywhere", "BG"], ["everywhere", "BG", "everywhere in EU"]):
        assert "expected a place in within, got 'everywhere'" == fault_of(lambda p=places: demand(within=p)).message


def test_a_register_tells_what_it_does_not_know_field_by_field() -> None:
    """A restriction is numbered as `to_dict` writes it."""
    tenant = Tenant(
        "BG",
        "UE",
        {"male"},
        {"halp"},
        agreements={"deed"},
        switched_off={"chatt", "mail"},
        attributes={"plan": "gold", "size": "big"},
        restrictions={Restriction(within={"EEC"}, data={"log"}), Restriction(never_in={"IN", "ZZ"})},
        objections={"post"},
    )
    error = fault_of(lambda: check_tenant(tenant, ACME))
    assert [
        ("agreed_region", "unknown hosting region 'UE'"),
        ("features", "unknown feature 'male'"),
        ("switched_off", "unknown feature 'chatt'"),
        ("consents", "unknown consent 'halp'"),
        ("agreements", "unknown agreement 'deed'"),
        ("attributes", "unknown attribute 'size'"),
        ("objections", "unknown sub-processor 'post'"),
        ("switched_off", "feature 'mail' is off unless it is named in features"),
        ("attributes", "attribute 'plan' cannot be 'gold'"),
        ("restrictions[0].never_in", "unknown place 'ZZ'"),
        ("restrictions[1].data", "unknown data category 'log'"),
        ("restrictions[1].within", "unknown place 'EEC'"),
    ] == [(fault.field, fault.message) for fault in error.faults]
    assert all(fault.remedy for fault in error.faults)
    alone = fault_of(lambda: check_tenant(Tenant("BG", features={"male"}), ACME))
    assert (UnknownName, ["features"]) == (type(alone), fields_of(alone))


def test_of_very_many_faults_the_first_are_told() -> None:
    """So that a hostile body costs no more than others."""
    error = fault_of(lambda: check_tenant(Tenant("BG", features=map(str, range(1000))), ACME))
    assert MOST_FAULTS == len(error.faults)
    first, *_, last = str(error).splitlines()
    assert ("more than 100 faults in the tenant", "  and more: fix these first") == (first, last)
    body = {"country": "BG", "restrictions": [5] * 1000}
    assert MOST_FAULTS == len(fault_of(lambda: Tenant.from_dict(body)).faults)
    keys = {"country": "BG", **dict.fromkeys(map(str, range(1000)))}
    assert MOST_FAULTS == len(fault_of(lambda: Tenant.from_dict(keys)).faults)


# --- What another register does not know ---


def test_what_a_register_does_not_know_is_what_raises() -> None:
    """Every combination of facts that it knows and of others: nothing is lost in silence, and nothing known is."""
    known = make(**{**RIGHT, "restrictions": [Restriction(within={"EEA"})]})
    assert lost(known, ACME) == ()
    assert ACME_RESOLVER.resolve(known, as_of=date(2024, 5, 1)).tenant == known
    unknown: dict[str, Any] = {
        "agreed_region": "UE",
        "features": ["male"],
        "consents": ["halp"],
        "agreements": ["deed"],
        "switched_off": ["mail"],
        "attributes": {"plan": "gold"},
        "restrictions": [Restriction(within={"EEC"}), Restriction(never_in={"US"}, data={"log"})],
        "objections": ["post"],
    }
    for keys in chain.from_iterable(combinations(unknown, size) for size in range(1, len(unknown) + 1)):
        carried = make("BG", **{key: unknown[key] for key in keys})
        faults = lost(carried, ACME)
        assert {fault.field.split(".")[0].split("[")[0] for fault in faults} == {*keys}
        error = fault_of(lambda carried=carried: ACME_RESOLVER.resolve(carried, as_of=date(2024, 5, 1)))
        assert error.faults == faults
    assert [fault.field for fault in lost(make("BG", restrictions=unknown["restrictions"]), ACME)] == [
        "restrictions[0].data",
        "restrictions[1].within",
    ]


def test_of_very_many_facts_that_are_lost_the_first_are_told() -> None:
    """As many as `resolve` tells."""
    assert len(lost(Tenant("BG", features=map(str, range(1000))), ACME)) == MOST_FAULTS


@pytest.mark.parametrize(("tenant", "register"), [("BG", ACME), (None, ACME), (Tenant("BG"), "acme"), (ACME, ACME)])
def test_what_is_lost_is_asked_of_a_tenant_and_a_register(tenant: Any, register: Any) -> None:
    """Anything else is no answer."""
    assert fault_of(lambda: lost(tenant, register)).message.startswith("expected a ")


@pytest.mark.parametrize(
    "ask",
    [
        lambda: Tenant("UK"),
        lambda: make("UK", features=5),
        lambda: demand(within={"EU"}, activities={"storing"}),
        lambda: check_tenant(Tenant("BG", "UE"), ACME),
        lambda: load_register("/no/such/file"),
    ],
)
def test_an_error_that_was_pickled_or_copied_is_the_same(ask: Any) -> None:
    """Its faults, its remedy, its notes."""
    with pytest.raises((BadInput, BadFile)) as caught:
        ask()
    error: Any = caught.value
    for other in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(error) is type(other)
        assert (str(error), error.remedy, error.faults) == (str(other), other.remedy, other.faults)
        assert getattr(error, "__notes__", None) == getattr(other, "__notes__", None)


def test_a_fault_of_a_file_has_a_field_too() -> None:
    """The same path, from the root of the file."""
    assert ["tenants[0].country", "[0].a", ""] == [
        Fault(path, "wrong").field for path in ("$.tenants[0].country", "$[0].a", "$")
    ]


# --- From plain JSON types ---


def test_from_dict_is_the_inverse_of_to_dict() -> None:
    """And what has a default may be left out."""
    tenant = Tenant(
        "BG",
        "EU",
        {"voip"},
        attributes={"plan": "paid"},
        restrictions={Restriction(within={"EEA"}, data={"logs"}), Restriction(never_in={"IN"})},
    )
    assert tenant == Tenant.from_dict(tenant.to_dict())
    assert Tenant("BG") == Tenant.from_dict({"country": "BG"})
    assert Restriction(within={"EEA"}) == Restriction.from_dict({"within": ["EEA"]})
    restriction = Restriction(never_in={"IN"}, activities={"support"})
    assert restriction == Restriction.from_dict(restriction.to_dict())


def test_every_fault_of_a_body_is_told_with_the_way_to_it() -> None:
    """Misspelt keys with the nearest, those of restrictions too."""
    body = {
        "countri": "BG",
        "agreed_region": "",
        "features": "voip",
        "restrictions": [{"within": ["EU"]}, 5, {"withn": ["EU"]}, {"within": ["everywhere"], "activities": ["x"]}],
    }
    error = fault_of(lambda: Tenant.from_dict(body))
    assert [
        ("countri", "unknown key 'countri' at $", "did you mean 'country'?"),
        ("country", "missing key 'country' at $", error.faults[1].remedy),
        ("features", "expected a list of texts, got 'voip' at $.features", error.faults[1].remedy),
        ("restrictions[1]", "expected an object, got 5 at $.restrictions[1]", error.faults[1].remedy),
        ("restrictions[2].withn", "unknown key 'withn' at $.restrictions[2]", "did you mean 'within'?"),
        (
            "restrictions[2]",
            "a restriction has exactly one of within, never_in, never_registered_in",
            "write one Restriction for each of them",
        ),
        (
            "restrictions[3].within",
            "expected a place in within, got 'everywhere'",
            "write 'worldwide': a restriction names places, and not how much of them",
        ),
        ("restrictions[3].activities", "unknown activity 'x'", error.faults[7].remedy),
        (
            "agreed_region",
            "agreed_region is an empty text",
            "leave it out, or pass None, where no region is agreed",
        ),
    ] == [(fault.field, fault.message, fault.remedy) for fault in error.faults]
    assert (error.faults[1].remedy or "").startswith("write it as Tenant.to_dict() does")


def test_a_key_that_is_unknown_is_all_that_is_told_where_the_rest_is_right() -> None:
    """What may be left out is not called missing, nor what was read."""
    assert ["x"] == fields_of(fault_of(lambda: Restriction.from_dict({"within": ["EU"], "x": 1})))
    assert ["x"] == fields_of(fault_of(lambda: Tenant.from_dict({"country": "BG", "x": 1})))


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        (5, "", "expected an object, got 5 at $"),
        ({1: 2}, "", "expected an object, got {1: 2} at $"),
        ({"country": None}, "country", "expected a text, got None at $.country"),
        ({"country": "BG", "restrictions": {}}, "restrictions", "expected a list of objects, got {} at $.restrictions"),
        ({"country": "BG", "attributes": {"a": 1}}, "attributes", "expected a text, got 1 at $.attributes.a"),
        (
            {"country": "BG", "features": ["a\u202e"]},
            "features",
            r"the control character '\u202e' in the text 'a\u202e' at $.features[0]",
        ),
    ],
)
def test_what_is_no_body_of_a_tenant_is_refused(body: Any, field: str, message: str) -> None:
    """With where it stands, and a remedy that speaks of tenants."""
    error = fault_of(lambda: Tenant.from_dict(body))
    assert [(field, message)] == [(fault.field, fault.message) for fault in error.faults]
    assert error.remedy is not None
    assert "Decision" not in error.remedy
    assert "stored" not in error.remedy
