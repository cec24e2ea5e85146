"""Reading files: what the cases of `tests/cases/bad` do not show."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

import residency
from residency import BadFile, BadInput, load_house_rules, load_register, load_tenants
from residency.files import groupings

BASE = Path(__file__).parents[2] / "cases" / "base"
ACME = load_register(BASE / "register.toml")


def test_a_bundled_register_is_named_or_given_as_a_path() -> None:
    """Either way it is the same."""
    path = Path(residency.__file__).parent / "registers" / "liveagent.toml"
    register = load_register("liveagent")
    assert register == load_register(path) == load_register(str(path))
    assert hash(register) == hash(load_register(path))


def test_a_plain_name_that_is_not_bundled_says_which_are() -> None:
    """The remedy names the bundled registers, or the bundled house rules."""
    with pytest.raises(BadFile) as caught:
        load_register("liveagnet")
    (fault,) = caught.value.faults
    remedy = "give the path of a file, or the name of a bundled one: example, liveagent"
    assert ("", "no such file", remedy) == (fault.path, fault.message, fault.remedy)
    assert f"1 fault in liveagnet\n  no such file\n    note: {remedy}" == str(caught.value)
    with pytest.raises(BadFile) as caught:
        load_house_rules("world", ACME)
    assert str(caught.value).endswith("or the name of a bundled one: rest-of-world")


def test_a_file_is_never_taken_for_a_bundled_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bundled name wins, as it is documented; `./liveagent` is the file."""
    (tmp_path / "liveagent").write_text("format = 2", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert load_register("liveagent").vendor == "Quality Unit, s. r. o."
    with pytest.raises(BadFile):
        load_register("./liveagent")
    with pytest.raises(BadFile):
        load_register(Path("liveagent"))


@pytest.mark.parametrize("source", [5, None, b"liveagent", ["liveagent"]], ids=repr)
def test_what_is_no_path_is_refused(source: object) -> None:
    """With the value and what would have been accepted."""
    with pytest.raises(BadInput) as caught:
        load_register(source)  # type: ignore[arg-type]
    remedy = "pass a text, a pathlib.Path, or a resource of a package; residency.read_register reads a mapping"
    assert (f"expected a path, got {source!r}", remedy) == (caught.value.message, caught.value.remedy)


def test_a_path_that_cannot_be_is_refused() -> None:
    """By the system, in its words: a name too long; or as one that is not there: a NUL byte in it."""
    with pytest.raises(BadFile) as caught:
        load_register("a" * 5000)
    remedy = "give the path of a file, or the name of a bundled one: example, liveagent"
    assert ("it cannot be read: File name too long", remedy) == (
        caught.value.faults[0].message,
        caught.value.faults[0].remedy,
    )
    with pytest.raises(BadFile, match="no such file"):
        load_register("a\0b")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    """And says so."""
    path = tmp_path / "register.toml"
    path.write_text("format = 1", "utf-8")
    path.chmod(0)
    with pytest.raises(BadFile, match="it cannot be read: Permission denied"):
        load_register(path)


def test_a_byte_order_mark_is_ignored(tmp_path: Path) -> None:
    """As some editors leave it."""
    path = tmp_path / "register.toml"
    path.write_text("\ufeff" + (BASE / "register.toml").read_text("utf-8"), "utf-8")
    assert ACME == load_register(path)


def test_a_number_too_long_to_be_read_is_a_fault(tmp_path: Path) -> None:
    """And no traceback."""
    path = tmp_path / "register.toml"
    path.write_text("format = " + "1" * 5000, "utf-8")
    with pytest.raises(BadFile, match="a value cannot be read"):
        load_register(path)


def test_tenants_are_read_from_toml_and_from_json(tmp_path: Path) -> None:
    """In the order of the file, and as `Tenant` itself would make them."""
    path = tmp_path / "tenants.json"
    path.write_text(
        '{"format": 1, "tenants": [{"country": "DE", "agreed_region": null, "features": ["mail"]}]}', "utf-8"
    )
    assert (residency.Tenant("DE", features={"mail"}),) == load_tenants(path, ACME)
    first, second = load_tenants(BASE / "tenants.toml", ACME)
    assert ("DE", "BR") == (first.country, second.country)
    assert residency.Tenant("DE", features={"mail"}, switched_off={"chat"}) == first
    assert {"only within EEA, for hosting", "never in IN, for data logs"} == {each.text for each in second.restrictions}


def test_house_rules_and_tenants_need_a_register() -> None:
    """And nothing else will do."""
    for load in (load_house_rules, load_tenants):
        with pytest.raises(BadInput) as caught:
            load("rest-of-world", "liveagent")  # type: ignore[arg-type]
        assert ("expected a Register, got 'liveagent'", "pass what load_register returned") == (
            caught.value.message,
            caught.value.remedy,
        )


def test_house_rules_over_house_rules_are_refused() -> None:
    """One file holds all of them."""
    rules = load_house_rules(BASE / "house-rules.toml", ACME)
    with pytest.raises(BadFile, match="register 'acme' has house rules already"):
        load_house_rules(BASE / "house-rules.toml", rules.over(ACME))


def test_the_base_register_has_what_its_file_says() -> None:
    """Every kind of row, defaults where the file is silent, one engagement for each region."""
    assert ("Acme, Ltd.", date(2024, 1, 1), date(2024, 6, 1)) == (ACME.service, ACME.speaks_from, ACME.checked)
    store = ACME.sub_processor("store")
    assert ["EU", "US", "EU", "US"] == [each.region for each in store.engagements]
    assert [("DE", "FR"), ("US",)] == [
        tuple(place.text for place in each.places or ()) for each in store.engagements[:2]
    ]
    assert ("Big, Inc.", "US") == (store.parent, store.parent_registered_in and store.parent_registered_in.text)
    assert "two" == ACME.tensions[0].resolution
    assert "our reading R1 of lines 2 and 3" == ACME.source("R1").reference
    assert [("a seal", ("3",)), ("an audit", ("3",))] == list(ACME.records[0].one_of)


def test_the_groupings_are_read_once() -> None:
    """They are facts, and do not change while the program runs."""
    assert groupings() is groupings()
