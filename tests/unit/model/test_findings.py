"""What `validate` finds in a register, word for word."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from residency import Finding, Register, load_register, validate
from residency.files import register_of
from support import REGISTER, SMALL_REGISTER

VERSIONS = load_register(Path(__file__).parents[2] / "cases" / "base" / "versions.toml")


def small(**more: Any) -> Register:
    """Regions A and B, A the fixed one, and one company that stores in both."""
    host = {"activity": "hosting", "purpose": "h", "regions": ["A", "B"], "basis": ["1"]}
    content = {
        **SMALL_REGISTER,
        "regions": [{"id": name, "name": name, "basis": ["2"]} for name in "AB"],
        "placement": {"rule": "fixed", "region": "A", "basis": ["1"]},
        "sub_processors": [{"id": "x", "name": "X", "engagements": [host]}],
    }
    return register_of({**content, **more}, "small")


def test_a_region_that_no_rule_reaches_is_a_fault() -> None:
    """It is nobody's home, and no region can be agreed."""
    words = "no rule reaches hosting region B: it is nobody's home, and no region can be agreed"
    assert (Finding("fault", words, ("1", "2")),) == validate(small())
    placement = {"rule": "by-customer", "basis": ["1"]}
    customers = [{"id": "c", "customers": ["DE"], "home": "A", "basis": ["1"]}]
    assert (Finding("fault", words, ("1", "2")),) == validate(small(placement=placement, customer_regions=customers))


@pytest.mark.parametrize("rule", ["free-choice", "vendor-choice", "not-promised", "unconfirmed"])
def test_regions_that_are_chosen_or_agreed_are_reached(rule: str) -> None:
    """By whoever chooses."""
    assert () == validate(small(placement={"rule": rule, "basis": ["1"]}))
    assert () == validate(small(placement={"rule": "fixed", "region": "A", "basis": ["1"], "agreed": ["1"]}))


def test_an_engagement_authorised_before_notice_is_a_fault() -> None:
    """Notice comes first; the day of its row is the day of its authorisation where it names none."""
    for days in ({"since": date(2024, 1, 1)}, {"authorised": date(2024, 1, 1)}):
        row = {"activity": "service", "purpose": "mail", "basis": ["1"], "notified": date(2024, 2, 1), **days}
        party = {"id": "y", "name": "Y", "engagements": [row]}
        words = "y is authorised for mail on 2024-01-01, before notice of it on 2024-02-01"
        found = validate(small(sub_processors=[party], placement={"rule": "free-choice", "basis": ["1"]}))
        assert (Finding("fault", words, ("1",)),) == found


def test_notice_before_an_unstated_or_later_authorisation_is_none() -> None:
    """Nothing is wrong with them."""
    for day in ("not stated", date(2024, 3, 1)):
        row = {"activity": "service", "purpose": "mail", "basis": ["1"], "notified": date(2024, 2, 1)}
        party = {"id": "y", "name": "Y", "engagements": [{**row, "authorised": day}]}
        assert () == validate(small(sub_processors=[party], placement={"rule": "free-choice", "basis": ["1"]}))


def test_an_engagement_that_is_authorised_after_its_region_moved_is_listed_then() -> None:
    """It stands once for each stay of the region, and is listed as long as the last."""
    sites = [
        {"places": ["IE"], "until": date(2023, 1, 1), "basis": ["1"]},
        {"places": ["FR"], "since": date(2023, 1, 1), "basis": ["1"]},
    ]
    row = {"activity": "hosting", "purpose": "p", "regions": ["A"], "places": "as the region", "basis": ["1"]}
    found = {}
    for until in ({}, {"until": date(2023, 6, 1)}):
        host = {"id": "h", "name": "H", "engagements": [{**row, **until, "authorised": date(2024, 1, 1)}]}
        content = {
            **SMALL_REGISTER,
            "regions": [{"id": "A", "name": "A", "basis": ["1"], "sites": sites}],
            "placement": {"rule": "fixed", "region": "A", "basis": ["1"]},
            "sub_processors": [host],
        }
        found[bool(until)] = {each.words for each in validate(register_of(content, "moved")) if each.grade == "fault"}
    assert {False: set(), True: {"h is authorised for p on 2024-01-01, when it is no longer listed"}} == found


def test_contradictions_are_told_with_both_sides_and_who_resolves_them() -> None:
    """Of the bundled register: one that a reading resolves, one on which no answer depends."""
    which, role = validate(REGISTER)
    assert "conflict" == which.grade == role.grade
    assert which.words.endswith(
        "us-and-europe [line 35 (35b); line 37 (37a)] against the-table [line 39; line 40; line 41; line 42];"
        " R1 takes the side the-table"
    )
    assert ("R1", "35b", "37a", "39", "40", "41", "42") == which.basis
    assert role.words.endswith("no reading takes a side, so every answer that depends on it is undetermined")


def test_a_document_that_prevails_is_named_and_a_reading_against_it_is_a_fault() -> None:
    """Precedence alone resolves nothing; it decides which readings are sound."""
    open_, prevails, moved_region, moved = validate(VERSIONS)
    assert "where is open, though the document of austria prevails: a reading may rest on that" == prevails.words
    assert ("b2", "d2") == prevails.basis == open_.basis
    assert ["conflict", "conflict", "change", "change"] == [
        each.grade for each in (open_, prevails, moved_region, moved)
    ]
    against = evolved("germany")
    assert ["where is resolved as germany, though the document of austria prevails"] == [
        each.words for each in validate(against) if each.grade == "fault"
    ]
    assert [] == [each for each in validate(evolved("austria")) if each.grade == "fault"]


def evolved(side: str) -> Register:
    """The register of versions, its contradiction resolved."""
    path = Path(__file__).parents[2] / "cases" / "base" / "versions.toml"
    text = path.read_text("utf-8")
    reading = 'otherwise = "it was there before"'
    read = text.replace('R1 = { of = ["a2", "b2"]', 'R1 = { of = ["a2", "b2", "d2"]')
    resolved = read.replace(reading, f'{reading}, resolves = {{ tension = "where", is = "{side}" }}')
    return register_of(tomllib.loads(resolved), "versions")


def test_a_place_that_changed_under_the_same_name_is_told() -> None:
    """Of a hosting region, and of whoever stores as the region does; with the day, and both clauses."""
    region, engagement = validate(VERSIONS)[2:]
    assert "hosting region zone moved on 2024-01-01, under the same name: from AT to DE" == region.words
    assert ("a2", "b2") == region.basis
    assert "store (storage) moved on 2024-01-01, under the same name: from AT to DE" == engagement.words


def test_an_engagement_whose_place_is_no_longer_stated_moved_too() -> None:
    """And one that ends before the next begins, or stays where it is, did not."""
    old = {"activity": "service", "purpose": "mail", "basis": ["1"], "places": ["DE"], "until": date(2024, 1, 1)}
    new = {"activity": "service", "purpose": "mail", "basis": ["2"], "since": date(2024, 1, 1)}

    def found(*rows: dict[str, Any]) -> list[str]:
        parties = [{"id": "y", "name": "Y", "engagements": list(rows)}]
        placement = {"rule": "free-choice", "basis": ["1"]}
        return [each.words for each in validate(small(sub_processors=parties, placement=placement))]

    assert ["y (mail) moved on 2024-01-01, under the same name: from DE to not stated"] == found(new, old)
    nowhere = {key: value for key, value in old.items() if key != "places"}
    assert [] == found(nowhere, {**new, "places": ["DE"]})
    assert [] == found(old, {**new, "since": date(2024, 1, 2)})
    assert [] == found(old, {**new, "places": ["DE"]})


def test_a_side_prevails_only_over_all_others() -> None:
    """Where a third side stands in a document of its own, nothing prevails."""
    path = Path(__file__).parents[2] / "cases" / "base" / "versions.toml"
    content = tomllib.loads(path.read_text("utf-8"))
    content["documents"]["letter"] = {"name": "letter"}
    content["clauses"]["l1"] = {"document": "letter", "at": "line 1", "quote": "in Italy", "says": "in Italy"}
    content["tensions"]["where"]["sides"].append({"is": "italy", "says": "Italy", "basis": ["l1"]})
    found = [each.words for each in validate(register_of(content, "versions")) if each.grade == "conflict"]
    assert [False] == ["prevails" in words for words in found]


@pytest.mark.parametrize("before", [{"places": ["DE"]}, {}])
def test_a_site_in_the_same_place_or_after_one_that_is_not_stated_is_no_move(before: dict[str, Any]) -> None:
    """Two stays, each with its clause: in one country, or the first of them nobody knows where."""
    sites = [
        {**before, "until": date(2024, 1, 1), "basis": ["1"]},
        {"places": ["DE"], "since": date(2024, 1, 1), "basis": ["2"]},
    ]
    regions = [{"id": "A", "name": "A", "places": ["DE"], "basis": ["1"], "sites": sites}]
    assert () == validate(small(regions=regions, sub_processors=[]))


def test_an_engagement_that_is_authorised_when_it_is_no_longer_listed_is_a_fault() -> None:
    """It would be announced, and never permitted."""
    row = {"activity": "service", "purpose": "mail", "basis": ["1"], "until": date(2024, 1, 1)}
    party: dict[str, Any] = {"id": "y", "name": "Y", "engagements": [{**row, "authorised": date(2024, 1, 1)}]}
    words = "y is authorised for mail on 2024-01-01, when it is no longer listed"
    free = {"rule": "free-choice", "basis": ["1"]}
    assert (Finding("fault", words, ("1",)),) == validate(small(sub_processors=[party], placement=free))
    party["engagements"][0]["authorised"] = date(2023, 12, 31)
    assert () == validate(small(sub_processors=[party], placement=free))
