"""SQLAlchemy: the guide's columns keep receipts and verdicts, and give back what was stored."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import guides
from residency import BadInput, Receipt, Refused, Tenant, Verdict

sqlalchemy = pytest.importorskip("sqlalchemy", reason="SQLAlchemy is not installed (the extra integration)")
pytestmark = pytest.mark.integration

TODAY = date(2026, 11, 23)


@pytest.fixture
def names(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """What the guide's examples leave."""
    names = guides.run("sqlalchemy", tmp_path)
    yield names
    names["session"].close()
    names["engine"].dispose()


def receipt_of(names: dict[str, Any], tenant: Tenant) -> Receipt:
    """The receipt of the decision on a tenant."""
    receipt: Receipt = names["resolver"].resolve(tenant, as_of=TODAY).receipt()
    return receipt


def test_a_receipt_comes_back_as_it_was_stored(names: dict[str, Any]) -> None:
    """By the very same bytes, in another session, and is found by them."""
    account, select = names["Account"], names["select"]
    with names["Session"](names["engine"]) as session:
        stored = session.get(account, "acme").receipt
        assert receipt_of(names, Tenant("BG")) == stored
        assert ["acme"] == session.scalars(select(account.name).where(account.receipt == stored)).all()
        ((raw, kind),) = session.execute(
            sqlalchemy.text("SELECT receipt, typeof(receipt) FROM accounts WHERE name = 'acme'")
        )
        assert (stored.bytes, "blob") == (raw, kind)


def test_a_receipt_may_be_missing(names: dict[str, Any]) -> None:
    """As NULL, where a column allows it."""
    column, dialect = names["StoredReceipt"](), names["engine"].dialect
    assert (None, None) == (column.process_bind_param(None, dialect), column.process_result_value(None, dialect))


def test_what_is_no_receipt_is_refused_when_it_is_read(names: dict[str, Any]) -> None:
    """With the library's own error."""
    with names["Session"](names["engine"]) as session:
        session.execute(
            sqlalchemy.text("UPDATE accounts SET receipt = CAST(receipt || ' ' AS BLOB) WHERE name = 'acme'")
        )
        session.commit()
        with pytest.raises(BadInput, match="expected the canonical JSON of a receipt"):
            session.get(names["Account"], "acme")


def test_every_verdict_is_stored_as_its_text_and_comes_back_as_a_verdict(names: dict[str, Any]) -> None:
    """So that comparing it by `is` is right."""
    account, session = names["Account"], names["session"]
    for verdict in Verdict:
        session.get(account, "acme").calls = verdict
        session.commit()
        session.expire_all()
        assert session.get(account, "acme").calls is verdict
        query = sqlalchemy.text("SELECT calls FROM accounts WHERE name = 'acme'")
        assert verdict.value == session.scalar(query)


def test_the_database_refuses_another_verdict_and_another_region(names: dict[str, Any]) -> None:
    """Also where they are written past the model, and for the receipt of a refusal, which has no region."""
    update, account, session = sqlalchemy.update, names["Account"], names["session"]
    refused = receipt_of(names, Tenant("BR"))
    for change in (
        sqlalchemy.text("UPDATE accounts SET calls = 'YES'"),
        sqlalchemy.text("UPDATE accounts SET calls = ''"),
        update(account).values(region="US").where(account.name == "acme"),
        update(account).values(receipt=refused),
    ):
        with pytest.raises(sqlalchemy.exc.IntegrityError, match="CHECK constraint failed"):
            session.execute(change)
        session.rollback()


def test_a_refusal_creates_no_account(names: dict[str, Any]) -> None:
    """It is raised before anything is added."""
    with pytest.raises(Refused):
        names["create_account"](names["session"], "desert", Tenant("BR"), TODAY)
    assert not names["session"].new
