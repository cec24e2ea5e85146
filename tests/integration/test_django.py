"""Django, with django-helpdesk: the project that the guide writes, migrated and used."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import guides
import residency
from residency import Receipt, Refused, Resolver, Tenant, load_register

django = pytest.importorskip("django", reason="Django is not installed (the extra integration)")
pytest.importorskip("helpdesk", reason="django-helpdesk is not installed (the extra integration)")
pytestmark = pytest.mark.integration

TODAY = date(2026, 11, 23)
RESOLVER = Resolver(load_register("example"))
WORDS = {"EU": "the printer in Plovdiv is on fire", "US": "the printer in Peoria is on fire"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the guide's project, its commands run."""
    folder = tmp_path_factory.mktemp("desk")
    guides.write("django", folder)
    sys.path.insert(0, str(folder))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_SETTINGS_MODULE", "desk.settings")
        patch.setenv("TZ", "UTC")
        django.setup()
        from django.core.management import call_command
        from django.db import connections

        for command in guides.commands("django"):
            call_command(*command[2:], verbosity=0)
        yield folder
        connections.close_all()
    sys.path.remove(str(folder))


@pytest.fixture
def placement(desk: Path) -> Iterator[Any]:
    """The guide's module that creates accounts; those that a test makes are removed."""
    from accounts import placement

    yield placement
    placement.Account.objects.all().delete()


def kept(tenant: Tenant) -> bytes:
    """The receipt of what the register answers."""
    return RESOLVER.resolve(tenant, as_of=TODAY).receipt().bytes


def test_every_block_of_the_guide_is_a_file_or_a_command_that_is_run_here() -> None:
    """None is only shown."""
    text = (guides.GUIDES / "django.md").read_text("utf-8")
    assert text.count("```") == 2 * (len(guides.files("django")) + 1)
    assert 1 == text.count("```sh\n")


@pytest.mark.parametrize(("country", "agreed", "region"), [("BG", "", "EU"), ("US", "", "US"), ("BG", "US", "US")])
def test_an_account_is_created_in_the_region_of_its_decision(
    placement: Any, country: str, agreed: str, region: str
) -> None:
    """And keeps the receipt, from which the decision can be told again."""
    placement.create_account("Acme", country, agreed, calls=True)
    account = placement.Account.objects.get(name="Acme")
    receipt = Receipt.read(bytes(account.receipt))
    assert (region, region, account.tenant) == (account.region, receipt.region, receipt.tenant)
    assert Tenant(country, agreed or None, {"calls"}) == receipt.tenant


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"country": "UK"}, "country"),
        ({"country": "BR"}, "country"),
        ({"country": "BG", "agreed_region": "EUU"}, "agreed_region"),
    ],
)
def test_a_refusal_is_a_validation_error_at_its_field(placement: Any, facts: dict[str, str], field: str) -> None:
    """And nothing is stored."""
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError) as refused:
        placement.create_account("Acme", **facts)
    assert [field] == [*refused.value.message_dict]
    assert not placement.Account.objects.exists()


def test_every_field_of_a_fault_has_a_field_of_the_form(placement: Any) -> None:
    """Both are told at once; what is about no field is told of all of it."""
    from django.core.exceptions import NON_FIELD_ERRORS

    from residency import BadInput, Fault

    with pytest.raises(BadInput) as error:
        RESOLVER.resolve(Tenant("BG", "EUU", features={"cals"}), as_of=TODAY)
    assert ["agreed_region", "calls"] == sorted(placement.by_field(error.value.faults))
    assert {NON_FIELD_ERRORS: ["odd"]} == placement.by_field([Fault("", "odd")])


def test_a_form_offers_what_the_register_has_and_shows_the_error_beside_its_field(placement: Any) -> None:
    """Over a view, as a browser would."""
    from accounts.forms import AccountForm
    from accounts.views import sign_up
    from django.test import RequestFactory

    fields = AccountForm().fields
    assert ["", "EU", "US"] == [value for value, _ in fields["agreed_region"].choices]
    assert ("BG", "Bulgaria") in fields["country"].choices
    answers = {
        country: sign_up(RequestFactory().post("/", {"name": country, "country": country}))
        for country in ("BG", "BR", "UK")
    }
    assert {"BG": 201, "BR": 422, "UK": 422} == {country: answer.status_code for country, answer in answers.items()}
    assert b'{"country": ["no hosting region of Example Desk' in answers["BR"].content
    assert b'"agreed_region"' not in answers["BR"].content


@pytest.mark.parametrize(
    ("country", "region", "tenant", "calls"),
    [
        pytest.param("BG", "US", Tenant("BG"), False, id="another region"),
        pytest.param("US", "EU", Tenant("BG"), False, id="another country"),
        pytest.param("BG", "EU", Tenant("BG"), True, id="a feature that was not asked about"),
        pytest.param("BG", "EU", Tenant("BG", features={"calls"}), False, id="a feature switched off"),
        pytest.param("BG", "US", Tenant("BG", "US"), False, id="an agreement that is not kept"),
        pytest.param("BR", "EU", Tenant("BR"), False, id="a refusal's receipt"),
        pytest.param("BR", "", Tenant("BR"), False, id="no region"),
    ],
)
def test_the_database_refuses_an_account_that_is_not_as_its_receipt(
    placement: Any, country: str, region: str, tenant: Tenant, calls: bool
) -> None:
    """Also in bulk, where no signal is sent and `save` is not called, and in an update."""
    from django.db import IntegrityError

    account = {"country": country, "region": region, "calls": calls, "receipt": kept(tenant)}
    with pytest.raises(IntegrityError, match="account_is_as_its_receipt"):
        placement.Account.objects.bulk_create([placement.Account(name="Acme", **account)])
    placement.create_account("Acme", "BG")
    with pytest.raises(IntegrityError, match="account_is_as_its_receipt"):
        placement.Account.objects.update(**account)


@pytest.mark.parametrize("stored", [b"", b"{", b"{}", b"null", b"\xff"])
def test_the_database_refuses_what_is_no_receipt(placement: Any, stored: bytes) -> None:
    """Whatever the bytes are."""
    from django.db import DatabaseError

    with pytest.raises(DatabaseError):
        placement.Account.objects.bulk_create([placement.Account(country="BG", region="EU", receipt=stored)])


def test_an_account_in_order_can_be_created_in_bulk(placement: Any) -> None:
    """So that the check refuses no more than it says."""
    placement.Account.objects.bulk_create(
        placement.Account(name=agreed, country="BG", agreed_region=agreed, region=agreed or "EU", receipt=receipt)
        for agreed, receipt in {"": kept(Tenant("BG")), "US": kept(Tenant("BG", "US"))}.items()
    )
    assert {"EU", "US"} == {account.region for account in placement.Account.objects.all()}


def test_a_change_is_asked_about_too_and_moves_nothing_by_itself(placement: Any) -> None:
    """The receipt is another one; another region is refused until the tickets are there."""
    from django.core.exceptions import ValidationError

    account = placement.create_account("Acme", "BG")
    placement.change_account(account, calls=True)
    stored = placement.Account.objects.get()
    assert Tenant("BG", features={"calls"}) == stored.tenant
    with pytest.raises(ValidationError, match="move them first"):
        placement.change_account(stored, agreed_region="US")
    assert ("EU", "") == placement.Account.objects.values_list("region", "agreed_region").get()
    placement.create_account("Uni", "US")
    with pytest.raises(ValidationError, match="already exists"):
        placement.create_account("Uni", "US")


def test_the_words_of_a_ticket_are_in_the_file_of_its_region_and_in_no_other(placement: Any, desk: Path) -> None:
    """Read as bytes, so that it does not matter in which table."""
    from accounts.tickets import open_ticket
    from helpdesk.models import FollowUp

    for country, region in {"BG": "EU", "US": "US"}.items():
        account = placement.create_account(country, country)
        ticket = open_ticket(account, "printer", WORDS[region])
        assert region == ticket._state.db
        followup = ticket.followup_set.create(title="reply", comment=f"reply: {WORDS[region]}", date=ticket.created)
        assert (region, 1) == (followup._state.db, FollowUp.objects.using(region).filter(ticket=ticket).count())
    found = {
        (path.stem, region)
        for path in desk.glob("*.sqlite3")
        for region, words in WORDS.items()
        if words.encode() in path.read_bytes()
    }
    assert {("eu", "EU"), ("us", "US")} == found


def test_nothing_is_read_or_written_where_no_silo_is_named(placement: Any) -> None:
    """Nor are two silos mixed: a row goes where its relations are."""
    from accounts.silos import silo
    from accounts.tickets import open_ticket
    from django.core.exceptions import ImproperlyConfigured
    from helpdesk.models import Queue, Ticket

    ticket, other = (open_ticket(placement.create_account(name, name), "printer", "") for name in ("BG", "US"))
    with pytest.raises(ImproperlyConfigured, match="Ticket is in a silo: name it"):
        Ticket.objects.exists()
    with silo("US"):
        assert [other] == [*Ticket.objects.filter(pk=other.pk)]
        assert "EU" == Ticket(queue=ticket.queue)._state.db
        with pytest.raises(ValueError, match="the current database router prevents this relation"):
            ticket.merged_to = other
    with pytest.raises(ImproperlyConfigured, match="Queue is in a silo: name it"):
        Queue.objects.create(title="Acme", slug="acme")


def test_only_a_transaction_of_the_silo_takes_a_ticket_back(placement: Any) -> None:
    """One that names no database is of the directory, and leaves the ticket there."""
    from accounts.tickets import open_ticket
    from django.db import transaction
    from helpdesk.models import Ticket

    account = placement.create_account("Acme", "BG")
    for number, names in enumerate([{"using": "EU"}, {}]):
        with suppress(ZeroDivisionError), transaction.atomic(**names):
            open_ticket(account, f"atomic {number}", "")
            1 / 0  # noqa: B018
    assert ["atomic 1"] == [
        *Ticket.objects.using("EU").filter(title__startswith="atomic").values_list("title", flat=True)
    ]


def test_a_region_without_a_silo_is_found_when_the_process_starts(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the missing database is named."""
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    monkeypatch.setattr(settings, "DATABASES", {"default": {}, "EU": {}})
    with pytest.raises(ImproperlyConfigured, match=r"add a database for each of these hosting regions: \['US'\]"):
        exec(guides.files("django")["accounts/register.py"], {})


def test_a_refusal_is_never_stored_as_an_account(placement: Any) -> None:
    """The first day of the register decides: before it nothing is said."""
    from django.core.exceptions import ValidationError

    account = placement.Account(name="Acme", country="BG")
    with pytest.raises(ValidationError) as refused:
        placement.placed(account, today=date(2019, 6, 2))
    assert isinstance(refused.value.__cause__, Refused)
    assert ("", b"") == (account.region, bytes(account.receipt or b""))


def test_a_new_register_is_asked_about_every_account_before_it_is_put_to_use(
    placement: Any, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Those whose answers differ are printed, with what differs; nothing is stored."""
    from django.core.management import CommandError, call_command

    for country in ("BG", "US"):
        placement.create_account(country, country)
    call_command("recheck")
    assert "" == capsys.readouterr().out
    text = (Path(residency.__file__).parent / "registers" / "example.toml").read_text("utf-8")
    new = desk / "new.toml"
    new.write_text(text.replace('home = "EU"', 'home = "US"'), "utf-8")
    before = [*placement.Account.objects.values_list()]
    with pytest.raises(CommandError, match="1 of 2 accounts are answered otherwise"):
        call_command("recheck", register=str(new))
    printed = capsys.readouterr().out.splitlines()
    assert ["BG: differs", "  region: EU -> US", "  settled: EU -> US"] == printed[:3]
    assert before == [*placement.Account.objects.values_list()]


def test_what_only_rewords_a_register_concerns_no_account(
    placement: Any, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And a register that an account cannot be asked about concerns it."""
    from django.core.management import CommandError, call_command

    placement.create_account("Acme", "BG", calls=True)
    text = (Path(residency.__file__).parent / "registers" / "example.toml").read_text("utf-8")
    new = desk / "new.toml"
    new.write_text(text.replace("last updated on", "as of"), "utf-8")
    call_command("recheck", register=str(new))
    assert "" == capsys.readouterr().out
    new.write_text(text.replace("calls = {", "phone = {").replace('feature = "calls"', 'feature = "phone"'), "utf-8")
    with pytest.raises(CommandError, match="1 of 1 accounts"):
        call_command("recheck", register=str(new))
    assert capsys.readouterr().out.startswith("Acme: cannot be asked: unknown feature 'calls'")
