"""Listed and not yet authorised: nobody may touch the data yet, and the customer, who may still object, is told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from residency import BadInput, Decision, Restriction, Tenant, decide, load_house_rules
from residency.files import register_of
from stored import format_1
from support import SMALL_REGISTER

LISTED, AUTHORISED = date(2024, 6, 1), date(2024, 9, 1)
WITHIN = date(2024, 7, 1)


def register(*rows: dict[str, Any]) -> Any:
    """A company `x` with these engagements."""
    made = [{"activity": "service", "purpose": str(number), "basis": ["2"], **row} for number, row in enumerate(rows)]
    content = {
        **SMALL_REGISTER,
        "features": {"f": {"says": "f", "basis": ["1"]}},
        "regions": [{"id": "A", "name": "A", "places": ["DE"], "basis": ["1"]}],
        "placement": {"rule": "free-choice", "basis": ["1"]},
        "sub_processors": [{"id": "x", "name": "X", "engagements": made}],
    }
    return register_of(content, "small")


NEW: dict[str, Any] = {"since": LISTED, "authorised": AUTHORISED}
OPEN: dict[str, Any] = {"since": LISTED, "authorised": "not stated"}


@pytest.mark.parametrize(
    ("rows", "day", "announced"),
    [
        ([NEW], date(2024, 5, 31), {}),
        ([NEW], WITHIN, {"x": AUTHORISED}),
        ([NEW], AUTHORISED, {}),
        ([OPEN], WITHIN, {"x": None}),
        ([OPEN, NEW], WITHIN, {"x": AUTHORISED}),
        ([NEW, {**NEW, "authorised": date(2024, 8, 1)}], WITHIN, {"x": date(2024, 8, 1)}),
        ([{}, NEW], WITHIN, {"x": AUTHORISED}),
        ([{**NEW, "when": {"feature": "f"}}], WITHIN, {}),
        ([{**OPEN, "when": {"feature": "f"}}], WITHIN, {}),
        ([{**NEW, "when": {"not_stated": "whether it is"}}], WITHIN, {"x": AUTHORISED}),
    ],
)
def test_announced_is_what_its_authorisation_alone_prohibits(
    rows: list[dict[str, Any]], day: date, announced: dict[str, date | None]
) -> None:
    """With the earliest day, where one is stated; it is disclosed, and permitted not a day earlier for that."""
    decision = decide(register(*rows), Tenant("DE"), as_of=day)
    assert announced == decision.announced
    assert set(announced) <= set(decision.to_disclose)
    assert announced == Decision.from_dict(decision.to_dict()).announced
    assert ("announced" in decision.to_dict()) == bool(announced)
    if rows == [NEW] and announced:
        assert not decision.may_touch("x")


def test_demands_never_shorten_what_is_announced() -> None:
    """An objection is what the announcement is for."""
    objecting = Tenant("DE", objections={"x"}, restrictions={Restriction(within={"DE"})})
    decision = decide(register(NEW), objecting, as_of=WITHIN)
    assert {"x": AUTHORISED} == decision.announced
    assert ("x",) == decision.to_disclose


def test_whom_house_rules_forbid_is_not_announced(tmp_path: Any) -> None:
    """The operator will not engage it."""
    rules = tmp_path / "rules.toml"
    head = 'format = 1\nregister = "small"\ndecided_by = "us"\ndecided_on = 2024-01-01\n'
    rules.write_text(f'{head}[[forbid]]\nid = "h"\nwho = "x"\nbecause = "b"\n', "utf-8")
    made = register(NEW)
    decision = decide(load_house_rules(rules, made).over(made), Tenant("DE"), as_of=WITHIN)
    assert ({}, ()) == (decision.announced, decision.to_disclose)


def test_a_decision_stored_before_anything_was_announced_has_none() -> None:
    """What is announced follows from its answers."""
    stored = format_1(decide(register(NEW), Tenant("DE"), as_of=WITHIN))
    before = {**stored, "to_disclose": []}
    del before["announced"]
    read = Decision.from_dict(before)
    assert ({"x": AUTHORISED}, ("x",)) == (read.announced, read.to_disclose)
    with pytest.raises(BadInput) as caught:
        Decision.from_dict({**stored, "announced": {"x": "2024-08-01"}})
    assert (
        "the stored announced {'x': '2024-08-01'} at $.announced is not the {'x': '2024-09-01'} that the answers give"
    ) == caught.value.message


@pytest.mark.parametrize(
    ("day", "message"),
    [
        ("soon", "expected a day as 'YYYY-MM-DD', got 'soon' at {0}.about.day"),
        ("20300101", "expected a day as 'YYYY-MM-DD', got '20300101' at {0}.about.day"),
        (
            "2001-01-01",
            "'row.not-authorised' at {0} is not so on 2024-07-01: X (x) is listed for service (0), but authorised only"
            " from 2024-09-01 on",
        ),
    ],
)
def test_the_day_of_what_is_announced_is_one_that_is_yet_to_come(day: str, message: str) -> None:
    """In the reasons, from which it is read."""
    stored = format_1(decide(register(NEW), Tenant("DE"), as_of=WITHIN))
    party = stored["sub_processors"]["x"]
    for reason in (party["reason"], party["engagements"][0]["applies"]):
        reason["about"]["day"] = day
    stored["announced"] = {"x": day}
    with pytest.raises(BadInput) as caught:
        Decision.from_dict(stored)
    told = "$.sub_processors.x.reason" if day == "2001-01-01" else "$.sub_processors.x.engagements[0].applies"
    assert message.format(told) == caught.value.message


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("data", [], "expected what is stated, or null, got an empty list at {0}.data"),
        ("places", [], "expected what is stated, or null, got an empty list at {0}.places"),
        ("data", ["mail"], "unknown data category 'mail' at {0}.data"),
        ("activity", "bogus", "unknown activity 'bogus' at {0}.activity"),
    ],
)
def test_what_no_engagement_can_be_about_is_refused(key: str, value: object, message: str) -> None:
    """An empty list would be about any data."""
    stored = format_1(decide(register({}), Tenant("DE"), as_of=WITHIN))
    stored["sub_processors"]["x"]["engagements"][0][key] = value
    with pytest.raises(BadInput) as caught:
        Decision.from_dict(stored)
    assert message.format("$.sub_processors.x.engagements[0]") == caught.value.message
    assert value or caught.value.remedy == "the stored decision was changed after it was made"
