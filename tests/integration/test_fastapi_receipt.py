"""FastAPI: a receipt as the answer to a request."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import guides
from residency import Receipt, Tenant, Verdict
from residency.receipts import Outcome, replay

fastapi = pytest.importorskip("fastapi", reason="FastAPI is not installed (the extra integration)")
testclient = pytest.importorskip("fastapi.testclient", reason="httpx is not installed (the extra integration)")
pytestmark = pytest.mark.integration


@pytest.fixture
def names(tmp_path: Path) -> dict[str, Any]:
    """What the guide's example leaves."""
    return guides.run("fastapi", tmp_path)


@pytest.fixture
def client(names: dict[str, Any]) -> Any:
    """A client of the application that the guide shows; its errors are answers."""
    return testclient.TestClient(names["app"], raise_server_exceptions=False)


def test_the_answer_is_a_receipt_that_its_caller_can_read(client: Any, names: dict[str, Any]) -> None:
    """In the very bytes that are kept, and that the register gives again."""
    answer = client.put("/accounts/acme", json={"country": "BG", "features": ["calls"]})
    assert (201, "application/json") == (answer.status_code, answer.headers["content-type"])
    receipt = Receipt.read(answer.content)
    assert ("EU", Verdict.PERMITTED) == (receipt.region, receipt.verdicts["ringline"])
    assert Tenant("BG", features={"calls"}) == receipt.tenant
    assert f'"{receipt.digest}"' == answer.headers["etag"]
    assert names["receipts"]["acme"] == answer.content
    assert Outcome.HOLDS is replay(receipt, names["resolver"].register).outcome


def test_a_receipt_is_shown_again(client: Any) -> None:
    """The same bytes; and what nobody created is not there."""
    created = client.put("/accounts/acme", json={"country": "BG"})
    answer = client.get("/accounts/acme/receipt")
    assert (200, created.content) == (answer.status_code, answer.content)
    assert 404 == client.get("/accounts/nobody/receipt").status_code


@pytest.mark.parametrize(
    ("body", "status"),
    [({"country": "UK"}, 422), ({"country": "BG", "features": ["cals"]}, 422), ({"country": "BR"}, 409)],
)
def test_a_refusal_keeps_nothing(client: Any, names: dict[str, Any], body: dict[str, Any], status: int) -> None:
    """Whether the body is at fault or the register refuses."""
    answer = client.put("/accounts/acme", json=body)
    assert (status, {}) == (answer.status_code, names["receipts"])


def test_a_receipt_that_was_spoilt_here_is_no_fault_of_the_caller(client: Any, names: dict[str, Any]) -> None:
    """So it is no 422, though the error is a `BadInput`."""
    names["receipts"]["acme"] = b"{}"
    assert 500 == client.get("/accounts/acme/receipt").status_code
