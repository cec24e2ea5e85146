"""FastAPI: a tenant as the body of a request, with each fault at its field, and in the document of the interface."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

import pytest

from residency import Tenant

fastapi = pytest.importorskip("fastapi", reason="FastAPI is not installed (the extra integration)")
testclient = pytest.importorskip("fastapi.testclient", reason="httpx is not installed (the extra integration)")
pytestmark = pytest.mark.integration

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "take-a-tenant-in.md"


def echo(tenant: Annotated[Tenant, fastapi.Body(embed=True)]) -> Tenant:
    """The tenant as it was read."""
    return tenant


@pytest.fixture(scope="module")
def client() -> Any:
    """A client of the application that the guide shows, and of one that gives back what it takes."""
    (code,) = re.findall(r"```py\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    names: dict[str, Any] = {"__name__": "guide"}
    exec(compile(code, "guide", "exec", dont_inherit=True), names)
    names["app"].post("/echo")(echo)
    return testclient.TestClient(names["app"])


def places(answer: Any) -> list[list[Any]]:
    """Where faults are told."""
    assert 422 == answer.status_code
    return [fault["loc"] for fault in answer.json()["detail"]]


def test_a_tenant_is_the_body_of_a_request(client: Any) -> None:
    """And decided about."""
    answer = client.post("/accounts", json={"country": "BG", "features": ["voip"]})
    assert (200, {"region": "EU"}) == (answer.status_code, answer.json())


def test_a_refusal_is_an_answer_with_its_codes(client: Any) -> None:
    """As the guide shows it."""
    answer = client.post("/accounts", json={"country": "BR"})
    assert (409, ["placement.not-stated"]) == (answer.status_code, answer.json()["detail"]["codes"])


def test_each_fault_is_told_at_its_field(client: Any) -> None:
    """All of them at once, beside what to write."""
    body = {"country": "UK", "features": "voip", "restrictions": [{"within": ["EEA"]}, {"within": []}]}
    answer = client.post("/accounts", json=body)
    assert [["body", "features"], ["body", "restrictions", 1, "within"], ["body", "country"]] == places(answer)
    country = answer.json()["detail"][2]
    assert ("bad_input", "UK") == (country["type"], country["input"])
    assert "unknown country code 'UK' (the ISO 3166-1 code of the United Kingdom is 'GB')" == country["msg"]
    assert [["body", "country"]] == places(client.post("/accounts", json={}))
    assert [["body"]] == places(client.post("/accounts", json=5))


def test_what_the_register_does_not_know_is_told_at_its_field_too(client: Any) -> None:
    """By the fields of the error's faults."""
    answer = client.post("/accounts", json={"country": "BG", "agreed_region": "EUU", "features": ["vopi"]})
    assert [["body", "agreed_region"], ["body", "features"]] == places(answer)


def test_a_tenant_within_a_body_comes_back_as_it_is_written(client: Any) -> None:
    """As `to_dict` writes it."""
    tenant = Tenant("BG", "EU", {"voip"})
    answer = client.post("/echo", json={"tenant": tenant.to_dict()})
    assert (200, tenant.to_dict()) == (answer.status_code, answer.json())
    assert [["body", "tenant", "country"]] == places(client.post("/echo", json={"tenant": {"country": "EU"}}))


def test_the_interface_is_documented_with_the_schema_of_a_tenant(client: Any) -> None:
    """For who calls it."""
    content = client.get("/openapi.json").json()["paths"]["/accounts"]["post"]["requestBody"]["content"]
    schema = content["application/json"]["schema"]
    assert (["country"], False) == (schema["required"], schema["additionalProperties"])
    assert "BG" in schema["properties"]["country"]["enum"]
