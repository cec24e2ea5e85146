"""Bodies of requests: what pydantic takes for a tenant, where it tells each fault, and the JSON Schema that says so."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator
from pydantic import BaseModel, TypeAdapter, ValidationError

from residency import BadInput, Restriction, Tenant, schemas
from residency.result.receipt import Receipt
from residency.strategies import restrictions, tenants
from support import BULGARIA_WITH_VOIP, REGISTER

TENANT: TypeAdapter[Tenant] = TypeAdapter(Tenant)
RESTRICTION: TypeAdapter[Restriction] = TypeAdapter(Restriction)
FULL = Tenant("BG", "EU", {"voip"}, attributes={"plan": "paid"}, restrictions={Restriction(within={"EEA", "CH"})})


class Account(BaseModel):
    """A model of a backend's own, with a tenant in it."""

    name: str
    tenant: Tenant


def faults(kind: TypeAdapter[Any], body: Any) -> list[tuple[Any, ...]]:
    """Where pydantic tells a fault, and what it was."""
    with pytest.raises(ValidationError) as caught:
        kind.validate_python(body)
    return [(error["loc"], error["input"]) for error in caught.value.errors()]


def test_pydantic_reads_what_from_dict_reads_and_writes_what_to_dict_writes() -> None:
    """From JSON and from Python; a tenant that is one already is taken as it is."""
    body = FULL.to_dict()
    assert FULL == TENANT.validate_python(body) == TENANT.validate_json(json.dumps(body))
    assert FULL is TENANT.validate_python(FULL)
    assert (body, body) == (TENANT.dump_python(FULL), json.loads(TENANT.dump_json(FULL)))
    (restriction,) = FULL.restrictions
    assert restriction == RESTRICTION.validate_python({"within": ["EEA", "CH"]})
    assert restriction.to_dict() == RESTRICTION.dump_python(restriction)
    account = Account.model_validate({"name": "x", "tenant": {"country": "BG"}})
    assert (Tenant("BG"), {"name": "x", "tenant": Tenant("BG").to_dict()}) == (account.tenant, account.model_dump())


def test_pydantic_reads_and_writes_receipts() -> None:
    """As `from_dict` and `to_dict` do, back to the same bytes; one that follows from nothing is refused."""
    kind = TypeAdapter(Receipt)
    receipt = BULGARIA_WITH_VOIP.receipt()
    written = receipt.to_dict()
    assert receipt == Receipt.from_dict(written) == kind.validate_python(written) == kind.validate_json(receipt.bytes)
    assert json.loads(receipt.bytes) == written == kind.dump_python(receipt)
    assert [((), {**written, "kind": "other"})] == faults(kind, {**written, "kind": "other"})


def test_pydantic_tells_every_fault_at_its_field_with_what_stands_there() -> None:
    """Never the whole body for each."""
    body = {
        "country": "UK",
        "agreed_region": "",
        "a.b[0]": 1,
        "restrictions": [{"within": ["EU"]}, {"within": ["everywhere"], "x[1].y": 2}, {}, 5],
    }
    assert [
        (("a.b[0]",), 1),
        (("restrictions", 1, "x[1].y"), 2),
        (("restrictions", 1, "within"), ["everywhere"]),
        (("restrictions", 2), {}),
        (("restrictions", 3), 5),
        (("country",), "UK"),
        (("agreed_region",), ""),
    ] == faults(TENANT, body)
    assert [(("country",), None)] == faults(TENANT, {})
    assert [((), 5)] == faults(TENANT, 5)
    assert [(("within",), "EEA")] == faults(RESTRICTION, {"within": "EEA"})


def test_pydantic_says_what_is_wrong_and_the_remedy() -> None:
    """In one text for people, and apart for programs; within a model, below its field."""
    with pytest.raises(ValidationError) as caught:
        Account.model_validate({"name": "x", "tenant": {"country": "UK"}})
    (error,) = caught.value.errors()
    assert ("bad_input", ("tenant", "country")) == (error["type"], error["loc"])
    message, remedy = "unknown country code 'UK'", "the ISO 3166-1 code of the United Kingdom is 'GB'"
    assert f"{message} ({remedy})" == error["msg"]
    assert {"message": message, "remedy": remedy} == error["ctx"]


# --- JSON Schemas ---


OF_TENANTS, OF_RESTRICTIONS = map(Draft202012Validator, (schemas.tenant(), schemas.restriction()))


def test_the_schemas_are_schemas() -> None:
    """Of draft 2020-12."""
    for schema in (schemas.tenant(), schemas.restriction()):
        Draft202012Validator.check_schema(schema)


@given(tenants(REGISTER, restricted=True))
def test_what_a_tenant_writes_is_what_its_schema_says(tenant: Tenant) -> None:
    """With restrictions and objections too."""
    assert OF_TENANTS.is_valid(tenant.to_dict())
    assert all(OF_RESTRICTIONS.is_valid(restriction.to_dict()) for restriction in tenant.restrictions)


@pytest.mark.parametrize(
    "body",
    [
        {"country": "BG"},
        {"country": "XK", "agreed_region": None, "restrictions": [{"never_in": ["IN"], "within": None}]},
        {"country": "BG", "features": ["a", "a"], "attributes": {"plan": "x"}, "restrictions": [{"within": ["CA|US"]}]},
        {"country": "BG", "restrictions": [{"never_registered_in": ["worldwide"], "activities": ["backup"]}]},
        {},
        5,
        {"country": "UK"},
        {"country": "bg"},
        {"country": None},
        {"country": "BG", "agreed_region": ""},
        {"country": "BG", "agreed_region": ["EU"]},
        {"country": "BG", "agreedregion": "EU"},
        {"country": "BG", "features": "voip"},
        {"country": "BG", "features": None},
        {"country": "BG", "features": {"voip": True}},
        {"country": "BG", "consents": [5]},
        {"country": "BG", "attributes": {"plan": 5}},
        {"country": "BG", "attributes": [["plan", "x"]]},
        {"country": "BG", "restrictions": {}},
        {"country": "BG", "restrictions": [5]},
        {"country": "BG", "restrictions": [{}]},
        {"country": "BG", "restrictions": [{"within": None}]},
        {"country": "BG", "restrictions": [{"within": []}]},
        {"country": "BG", "restrictions": [{"within": ["EEA"], "x": 1}]},
        {"country": "BG", "restrictions": [{"within": "EEA"}]},
        {"country": "BG", "restrictions": [{"within": ["EEA"], "never_in": ["IN"]}]},
        {"country": "BG", "restrictions": [{"within": ["everywhere in EEA"]}]},
        {"country": "BG", "restrictions": [{"within": ["everywhere"]}]},
        {"country": "BG", "restrictions": [{"within": ["EEA"], "activities": ["storing"]}]},
        {"country": "BG", "restrictions": [{"within": ["EEA"], "data": None}]},
    ],
)
def test_the_schema_takes_what_from_dict_takes_and_refuses_what_it_refuses(body: Any) -> None:
    """The same of each body, and of each restriction."""
    try:
        Tenant.from_dict(body)
        taken = True
    except BadInput:
        taken = False
    assert taken == OF_TENANTS.is_valid(body)
    assert taken or faults(TENANT, body)


@given(restrictions(REGISTER))
def test_a_restriction_is_read_back_from_what_it_writes(restriction: Restriction) -> None:
    """By pydantic as by `from_dict`."""
    assert restriction == Restriction.from_dict(restriction.to_dict())
    assert restriction == RESTRICTION.validate_json(RESTRICTION.dump_json(restriction))


@pytest.mark.parametrize("mode", ["validation", "serialization"])
def test_pydantic_shows_the_same_schema(mode: Any) -> None:
    """Which OpenAPI then has, for what goes in and what comes out."""
    assert schemas.tenant() == {"$schema": schemas.tenant()["$schema"], **TENANT.json_schema(mode=mode)}
    assert schemas.restriction() == {"$schema": schemas.tenant()["$schema"], **RESTRICTION.json_schema(mode=mode)}
