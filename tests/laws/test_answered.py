"""No demand is passed over: a region is permitted only where something listed answers what the demands name."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oracle import made_up
from residency import Register, Restriction, Tenant, Verdict, decide
from residency.files import register_of, tenants_of
from residency.model.places import countries
from support import REGISTER, RESOLVER, TODAY

pytestmark = pytest.mark.slow

PERMITTED = Verdict.PERMITTED


def listed(register: Register, activity: str | None, data: str | None, region: str, day: date) -> bool:
    """Whether some row or closed list speaks of that on that day; whom it is about is another question."""
    rows: list[Any] = [
        *(row for row in register.engagements() if row.region in (None, region) and day in row.span),
        *(row for row in register.exceptions if region in (row.regions or (region,)) and day in row.span),
    ]
    stated = [row for row in rows if getattr(row, "activity", "exception") != "not stated"]
    of_it = [row for row in stated if activity in (None, getattr(row, "activity", "exception"))]
    closed = any(each.of == "everybody" and each.closes(activity, data, region, day) for each in register.closed)
    return closed or any(row.data is None or data in row.data for row in of_it)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(made_up.registers(), made_up.restricted, st.sampled_from(made_up.DAYS))
def test_a_region_is_permitted_only_where_something_listed_answers_the_demands(
    content: dict[str, Any], tenant: dict[str, Any], day: date
) -> None:
    """Each activity but hosting, which the region itself answers, and each data category that a demand names."""
    register = register_of(content, "made up")
    (asked,) = tenants_of({"format": 1, "tenants": [tenant]}, "made up", register)
    decision = decide(register, asked, as_of=day)
    for answer in decision.region_answers:
        for demand in asked.restrictions if answer.verdict is PERMITTED else ():
            activities = [*(demand.activities - {"hosting"})] if demand.activities else [None] if demand.data else []
            for activity in activities:
                for data in demand.data or {None}:
                    assert listed(register, activity, data, answer.id, day), (answer.id, demand)


@pytest.mark.parametrize("activity", ["backup", "delivery", "keys"])
def test_of_copies_delivery_and_keys_the_bundled_register_says_nothing(activity: str) -> None:
    """So that no demand about them is shown to be kept: for every country and agreed region none is permitted."""
    demand = Restriction(within={"worldwide"}, activities={activity})
    for country in sorted(countries()):
        for agreed in (None, *REGISTER.regions):
            decision = RESOLVER.resolve(Tenant(country, agreed, restrictions={demand}), as_of=TODAY)
            assert PERMITTED not in {answer.verdict for answer in decision.region_answers}
            plain = RESOLVER.resolve(Tenant(country, agreed), as_of=TODAY)
            assert plain.prohibited == decision.prohibited
            for name in REGISTER.regions:
                before, after = plain.region_verdict(name), decision.region_verdict(name)
                assert (Verdict.UNDETERMINED if before is PERMITTED else before) is after


def test_what_is_not_answered_is_said_and_what_is_demanded_of_everything_is_noted() -> None:
    """The activity, the region and the demand; under a general demand the activities of which nothing is said."""
    copies = Restriction(within={"EEA"}, activities={"backup"})
    decision = RESOLVER.resolve(Tenant("DE", restrictions={copies}), as_of=TODAY)
    missing = "it is not stated who does backup in region European Union (EU)"
    assert missing == decision.answer("EU").reason.words
    assert {"demand: only within EEA, for backup", "39"} <= set(decision.answer("EU").basis)
    everything = Restriction(within={"EEA"})
    answer = RESOLVER.resolve(Tenant("DE", restrictions={everything}), as_of=TODAY).answer("EU")
    (note,) = [note for note in answer.limits if note.code == "limit.silent"]
    assert PERMITTED is answer.verdict
    assert note.words == (
        "it is not stated who does backup, delivery, keys, support in region European Union (EU); the restriction"
        " 'only within EEA' is held against what is listed"
    )
    plain = RESOLVER.resolve(Tenant("DE"), as_of=TODAY).answer("EU")
    assert "limit.silent" not in {note.code for note in plain.limits}


def test_hosting_within_the_eea_stays_in_the_eu_for_a_german() -> None:
    """The region's own storage answers it."""
    hosting = Restriction(within={"EEA"}, activities={"hosting"})
    assert "EU" == RESOLVER.resolve(Tenant("DE", restrictions={hosting}), as_of=TODAY).region
