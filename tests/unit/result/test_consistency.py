"""A stored decision whose answers do not agree is refused, and every genuine one is read."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from residency import BadFile, BadInput, Decision, Reason, Register, Resolver, Restriction, Tenant, Verdict, decide
from residency.files import register_of
from residency.model.stored import Reader
from residency.result.consistency import ELSEWHERE, IN_ENGAGEMENT, IN_REGION
from residency.result.format_1 import _reason as format_1_reason
from residency.result.messages import CATALOGUE, VERDICT_OF
from residency.strategies import days, house_rules, registers, tenants
from stored import format_1
from support import DAYS, HOUSE_RULES, REGISTER, RESOLVER, SMALL_REGISTER, TODAY
from support import tenants as every_tenant

CHANGED = "the stored decision was changed after it was made"
BULGARIA = RESOLVER.resolve(Tenant("BG", features={"voip"}), as_of=TODAY)
AGREED = RESOLVER.resolve(Tenant("BG", "US"), as_of=TODAY)
EARLY = RESOLVER.resolve(Tenant("BG"), as_of=DAYS[0])
COUNTRIES = ("BG", "BR", "GB", "JP", "NO", "US")
calm = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=40)

Change = Callable[[dict[str, Any]], object]


def refused(decision: Decision, change: Change) -> tuple[str, str | None]:
    """Message and remedy of reading the decision after that change."""
    stored = format_1(decision)
    change(stored)
    with pytest.raises(BadInput) as caught:
        Decision.from_dict(stored)
    return caught.value.message, caught.value.remedy


def put(path: str, value: Any) -> Change:
    """Write a value, or what it makes of what stands there."""

    def change(stored: dict[str, Any]) -> None:
        here: Any = stored
        *steps, last = [int(step) if step.isdigit() else step for step in path.split("/")]
        for step in steps:
            here = here[step]
        here[last] = value(here[last]) if callable(value) else value

    return change


def several(*changes: Change) -> Change:
    """One after the other."""
    return lambda stored: [change(stored) for change in changes]


def condition(code: str, **about: str) -> dict[str, Any]:
    """A stored single condition without a basis."""
    verdict = VERDICT_OF.get(code, Verdict.PERMITTED).value
    about = {"day": "2030-01-01", **about} if code in CATALOGUE and "day" in CATALOGUE[code].names else about
    return {"verdict": verdict, "code": code, "words": code, "about": about, "basis": [], "parts": []}


def combined(code: str, verdict: str, *parts: dict[str, Any]) -> dict[str, Any]:
    """A stored combination."""
    return {**condition(code), "verdict": verdict, "parts": list(parts)}


# --- What is genuine is read ---


@pytest.mark.slow
@pytest.mark.parametrize("rules", [None, HOUSE_RULES], ids=["alone", "under house rules"])
def test_every_decision_of_the_bundled_register_is_read_back(rules: Any) -> None:
    """A country of each customer region and of none, every agreed region, feature and consent, every day of change."""
    resolver = Resolver(REGISTER, house_rules=rules)
    for day in DAYS:
        for tenant in every_tenant():
            if tenant.country in COUNTRIES:
                decision = resolver.resolve(tenant, as_of=day)
                assert Decision.from_dict(decision.to_dict()) == decision


@pytest.mark.slow
@calm
@given(data=st.data())
def test_every_decision_of_a_made_up_register_is_read_back_and_can_be_copied(data: st.DataObject) -> None:
    """Under house rules, with demands and objections, whatever its conditions are."""
    register = data.draw(registers())
    resolver = Resolver(register, house_rules=data.draw(st.none() | house_rules(register)))
    for _ in range(3):
        decision = resolver.resolve(data.draw(tenants(register, restricted=True)), as_of=data.draw(days(register)))
        read = Decision.from_dict(json.loads(json.dumps(decision.to_dict())))
        assert decision == read == copy.deepcopy(read) == pickle.loads(pickle.dumps(read))


def levels_deep(count: int, least: dict[str, Any]) -> dict[str, Any]:
    """A condition of so many levels, `least` the deepest, in each of which all parts decide: all and not by turns."""
    when = least
    for level in range(2, count + 1):
        when = {"not": when} if level % 2 else {"all": [{"not_stated": f"what {level}"}, when]}
    return when


def deep(count: int) -> Register:
    """A register in which a region is agreed under such a condition, and parties are engaged under others on that."""
    agreed_when = levels_deep(count, {"not_stated": "whether"})
    host = {"activity": "hosting", "purpose": "all", "regions": ["A"], "basis": ["1"]}
    limited = {**host, "activity": "service", "when": levels_deep(count, {"region_in": "A"})}
    content = {
        **SMALL_REGISTER,
        "regions": [{"id": "A", "name": "A", "basis": ["1"]}],
        "placement": {"rule": "not-promised", "basis": ["1"], "agreed": ["1"], "agreed_when": agreed_when},
        "sub_processors": [{"id": "x", "name": "X", "engagements": [{**host, "when": agreed_when}, limited]}],
    }
    return register_of(content, "deep")


def depth(reason: Reason) -> int:
    """How many reasons stand within one another."""
    return 1 + max(map(depth, reason.parts), default=0)


def test_a_decision_of_an_undated_list_is_read_back_and_holds_on_its_own_day() -> None:
    """And claims no other."""
    undated = register_of(
        {
            **{key: value for key, value in SMALL_REGISTER.items() if key != "published"},
            "speaks_from": date(2020, 1, 1),
            "checked": date(2020, 1, 1),
            "regions": [{"id": "A", "name": "A", "basis": ["1"]}],
            "placement": {"rule": "fixed", "region": "A", "basis": ["1"]},
            "sub_processors": [],
        },
        "undated",
    )
    decision = decide(undated, Tenant("DE"), as_of=TODAY)
    stored = Decision.from_dict(json.loads(json.dumps(decision.to_dict())))
    assert (decision, None) == (stored, stored.published)
    assert (TODAY, TODAY) == (stored._answers.first, stored._answers.last)


def test_the_deepest_condition_of_a_file_makes_reasons_that_can_be_stored_copied_and_shown() -> None:
    """The bound on files keeps trees within the bound on stored ones, which have room for little more."""
    tenant = Tenant("DE", "A", restrictions={Restriction(within={"EEA"})})
    read = Decision.from_dict(decide(deep(12), tenant, as_of=TODAY).to_dict())
    assert (read, hash(read)) == (copy.deepcopy(read), hash(pickle.loads(pickle.dumps(read))))
    assert read.explain()
    assert repr(read.answer("x"))
    assert 25 == max(depth(answer.reason) for answer in (*read.region_answers, *read.sub_processor_answers))


def test_a_condition_that_is_deeper_is_refused_where_it_stands() -> None:
    """Every row that has one, with the levels that are read."""
    with pytest.raises(BadFile) as caught:
        deep(13)
    remedy = "say it with fewer of all, any and not: 12 levels are read"
    rows = ("placement.agreed_when", *(f"sub_processors[0].engagements[{number}].when" for number in (0, 1)))
    assert [(f"$.{row}", "the condition is nested 13 levels deep", remedy) for row in rows] == [
        (fault.path, fault.message, fault.remedy) for fault in caught.value.faults
    ]


def tree(levels: int) -> dict[str, Any]:
    """A stored tree of so many levels."""
    reason = condition("feature.on", name="f")
    for _ in range(levels - 1):
        reason = combined("all", "PERMITTED", reason, condition("feature.on", name="g"))
    return reason


def test_the_deepest_reason_that_is_read_can_be_copied_pickled_hashed_and_shown() -> None:
    """And one that is deeper is refused, by the path of the whole."""
    read = format_1_reason(Reader.of(tree(32)))
    assert (read, hash(read), repr(read)) == (copy.deepcopy(read), hash(pickle.loads(pickle.dumps(read))), repr(read))
    message = "more than 32 reasons stand within one another at $.sub_processors.aws.reason"
    assert (message, CHANGED) == refused(BULGARIA, put("sub_processors/aws/reason", tree(33)))


# --- Trees ---

AWS = "sub_processors/aws/reason"
AT_AWS = "$.sub_processors.aws.reason"
ON, OFF = condition("feature.on", name="voip"), condition("feature.off", name="voip")


@pytest.mark.parametrize(
    ("reason", "message"),
    [
        (combined("all", "PERMITTED"), f"'all' at {AT_AWS} has 0 parts, expected 2 at least"),
        (combined("any", "PERMITTED", ON), f"'any' at {AT_AWS} has 1 parts, expected 2 at least"),
        (combined("not", "PERMITTED"), f"'not' at {AT_AWS} has 0 parts, expected 1"),
        (combined("not", "PERMITTED", OFF, ON), f"'not' at {AT_AWS} has 2 parts, expected 1"),
        (
            combined("not", "PERMITTED", combined("all", "PROHIBITED")),
            f"'all' at {AT_AWS}.parts[0] has 0 parts, expected 2 at least",
        ),
        ({**ON, "parts": [ON]}, f"'feature.on' at {AT_AWS} has 1 parts, expected none"),
    ],
)
def test_a_combination_has_parts_and_a_single_condition_has_none(reason: dict[str, Any], message: str) -> None:
    """Without them, any verdict could be written beside it."""
    assert (message, CHANGED) == refused(BULGARIA, put(AWS, reason))


@pytest.mark.parametrize("code", ["feature.onn", "limit.storage"])
def test_a_code_that_is_none_of_a_condition_is_refused(code: str) -> None:
    """What is not understood could be a refusal."""
    message, _ = refused(BULGARIA, put(AWS, {**ON, "code": code}))
    assert f"unknown code {code!r} at {AT_AWS}.code" == message
    assert "did you mean 'feature.on'?" == refused(BULGARIA, put(AWS, {**ON, "code": "feature.onn"}))[1]


@pytest.mark.parametrize("code", ["limit.storag", "feature.on", "all"])
def test_a_code_that_is_none_of_a_note_is_refused(code: str) -> None:
    """A condition is no note."""
    message, remedy = refused(BULGARIA, put("notices/0/code", code))
    assert f"unknown code {code!r} at $.notices[0].code" == message
    assert remedy


# --- Under what they name ---


def test_the_answer_on_a_region_is_none_on_another() -> None:
    """A permission cannot be copied."""
    change = several(
        lambda stored: stored["regions"].update(US=stored["regions"]["EU"]), put("settled", "US"), put("region", "US")
    )
    assert (
        "the region 'EU' of 'placement.home' at $.regions.US.reason is not the 'US' under which it stands",
        CHANGED,
    ) == refused(BULGARIA, change)


@pytest.mark.parametrize(
    ("code", "about", "told"),
    [
        ("placement.agreed", {"region": "EU"}, "the region 'EU'"),
        ("placement.fixed", {"region": "EU"}, "the region 'EU'"),
        ("placement.only", {"region": "EU"}, "the region 'EU'"),
        ("placement.free", {"region": "EU"}, "the region 'EU'"),
        ("region.supposed", {"region": "EU"}, "the region 'EU'"),
        ("placement.home", {}, "the region None"),
    ],
)
def test_what_is_said_of_a_region_stands_in_its_answer(code: str, about: dict[str, str], told: str) -> None:
    """Each code that says something of the region in whose answer it stands."""
    message = f"{told} of {code!r} at $.regions.US.reason is not the 'US' under which it stands"
    assert (message, CHANGED) == refused(AGREED, put("regions/US/reason/parts/1", condition(code, **about)))


RESTRICTED = RESOLVER.resolve(Tenant("US", restrictions={Restriction(within={"EEA"})}), as_of=TODAY)


@pytest.mark.parametrize(
    ("path", "change", "message"),
    [
        (
            "regions/US/reason",
            {"region": "EU"},
            "the region 'EU' of 'demand.broken' at $.regions.US.reason is not the 'US' under which it stands",
        ),
        (
            "regions/US/reason",
            {"region": None, "who": "linode", "activity": "hosting", "purpose": "anything"},
            "'demand.broken' at $.regions.US.reason is about no engagement of the decision",
        ),
        (
            "regions/US/reason",
            {"region": None, "who": "nobody-known"},
            "'demand.broken' at $.regions.US.reason is about no engagement of the decision",
        ),
        (
            "regions/US/reason",
            {"exception": "logs"},
            "'demand.broken' at $.regions.US.reason is of nothing that it can be of: exception, region",
        ),
        (
            "regions/US/reason",
            {"demand": "only within DE"},
            "'demand.broken' at $.regions.US.reason rests on another restriction than it names",
        ),
        (
            "sub_processors/linode/engagements/0/keeps",
            {"exception": "logs"},
            "'demand.kept' at $.sub_processors.linode.engagements[0].keeps is of nothing that it can be of: activity,"
            " exception, purpose, who",
        ),
        *(
            (
                "sub_processors/linode/engagements/0/keeps",
                {key: "x"},
                f"the {key} 'x' of 'demand.kept' at $.sub_processors.linode.engagements[0].keeps is not the {is_!r}"
                " under which it stands",
            )
            for key, is_ in {"who": "linode", "activity": "hosting", "purpose": "servers"}.items()
        ),
    ],
)
def test_what_is_said_of_a_restriction_is_said_of_where_it_stands(
    path: str, change: dict[str, str | None], message: str
) -> None:
    """A condition that was stored before it said of whom it is, is read as well."""
    stored = format_1(RESTRICTED)
    *steps, last = path.split("/")
    around: Any = stored
    for step in steps:
        around = around[int(step) if isinstance(around, list) else step]
    leaf = around[last]
    while leaf["parts"]:
        leaf = leaf["parts"][0]
    before = leaf["about"]
    leaf["about"] = {key: name for key, name in {**before, **change}.items() if name is not None}
    with pytest.raises(BadInput) as caught:
        Decision.from_dict(stored)
    assert message == caught.value.message
    leaf["about"] = {key: before[key] for key in ("demand", "places", "stated")}
    if leaf["code"] == "demand.broken":
        assert "region" not in dict(next(iter(Decision.from_dict(stored).answer("US").reason.leaves())).about)


US = "$.regions.US.reason"
TWILIO = "$.sub_processors.twilio.engagements[0]"


@pytest.mark.parametrize(
    ("path", "reason", "message"),
    [
        (
            "regions/US/reason",
            condition("region.not-supposed", region="US"),
            f"'region.not-supposed' at {US} is about the region in whose answer it stands",
        ),
        (
            "regions/US/reason",
            condition("row.ended", who="nobody", activity="hosting", purpose="x", day="2020-01-01"),
            f"'row.ended' at {US} is about no engagement of the decision",
        ),
        (
            "regions/US/reason",
            condition("region.ended", region="FR", day="2020-01-01"),
            f"unknown hosting region 'FR' at {US}.about.region",
        ),
        (
            "regions/US/reason",
            combined("not", "PROHIBITED", condition("placement.home", region="US", customers="US", home="FR")),
            f"unknown hosting region 'FR' at {US}.about.home",
        ),
    ],
)
def test_a_region_is_answered_by_what_there_is(path: str, reason: dict[str, Any], message: str) -> None:
    """Its conditions name engagements and regions of the decision."""
    assert message == refused(BULGARIA, put(path, reason))[0]


@pytest.mark.parametrize("code", sorted(ELSEWHERE["hosting region"] | ELSEWHERE["question"]))
def test_what_is_said_of_sub_processors_stands_in_no_answer_on_a_region(code: str) -> None:
    """In one on a region the data is supposed to be there."""
    verdict = VERDICT_OF[code].value
    change = several(
        put("regions/US/reason", condition(code, region="US")),
        put("regions/US/verdict", verdict),
    )
    message = f"{code!r} at {US} cannot stand in an answer on a hosting region"
    assert (message, CHANGED) == refused(BULGARIA, change)


@pytest.mark.parametrize("code", sorted(ELSEWHERE["sub-processor"] | ELSEWHERE["question"]))
def test_what_is_said_of_regions_stands_in_no_engagement(code: str) -> None:
    """Nothing is supposed of where the data is; here on a side that leaves the verdict as it is."""
    party = "aws" if VERDICT_OF[code] is Verdict.UNDETERMINED else "twilio"
    other = condition(code, region="EU")
    reason = combined("not", "PERMITTED", other) if VERDICT_OF[code] is Verdict.PROHIBITED else other
    message, _ = refused(BULGARIA, put(f"sub_processors/{party}/engagements/0/allowed", reason))
    at = f"$.sub_processors.{party}.engagements[0].allowed"
    assert f"{code!r} at {at} cannot stand in an answer on a sub-processor" == message


@pytest.mark.parametrize("key", ["who", "activity", "purpose"])
def test_a_row_stands_in_the_engagement_that_it_is(key: str) -> None:
    """By party, activity and purpose."""
    is_ = format_1(BULGARIA)["sub_processors"]["twilio"]["engagements"][0]["applies"]["parts"][0]["about"][key]
    message = f"the {key} 'x' of 'row.listed' at {TWILIO}.applies is not the {is_!r} under which it stands"
    path = f"sub_processors/twilio/engagements/0/applies/parts/0/about/{key}"
    assert (message, CHANGED) == refused(BULGARIA, put(path, "x"))


@pytest.mark.parametrize(
    ("side", "code", "key", "told", "stated"),
    [
        ("applies", "region.ended", "region", "EU", "US"),
        ("applies", "region.not-yet", "region", "EU", "US"),
        ("keeps", "objection.raised", "name", "aws", "linode"),
        ("keeps", "demand.not-for-activity", "activity", "support", "hosting"),
    ],
)
def test_what_is_said_of_an_engagement_stands_in_it(side: str, code: str, key: str, told: str, stated: str) -> None:
    """Its region, its sub-processor, its activity; here of one that is prohibited anyway."""
    where = [each.region for each in BULGARIA.answers("linode")].index("US")
    message = (
        f"the {key} {told!r} of {code!r} at $.sub_processors.linode.engagements[{where}].{side} is not the {stated!r}"
        " under which it stands"
    )
    change = put(f"sub_processors/linode/engagements/{where}/{side}", condition(code, **{key: told}))
    assert (message, CHANGED) == refused(BULGARIA, change)


def test_the_reasons_of_a_sub_processor_are_those_of_its_engagements() -> None:
    """Another's permission, or another day's, cannot be put in their place."""
    change = put("sub_processors/twilio/reason", format_1(BULGARIA)["sub_processors"]["websupport"]["reason"])
    message = "'row.listed' at $.sub_processors.twilio.reason is said of none of its engagements"
    assert (message, CHANGED) == refused(BULGARIA, change)


def test_a_permission_rests_on_a_placement_and_on_a_row() -> None:
    """A region without the one, an engagement without the other, is permitted by nothing."""
    on = {**ON, "basis": ["52"]}
    assert ("the permission at $.regions.EU rests on no placement", CHANGED) == refused(
        BULGARIA, put("regions/EU/reason", on)
    )
    assert (f"the permission at {TWILIO}.applies rests on no row", CHANGED) == refused(
        BULGARIA, put("sub_processors/twilio/engagements/0/applies", on)
    )


def test_a_permitted_engagement_is_for_the_region_that_is_settled() -> None:
    """Hosting for one, everything else for that one or for none."""
    at = "$.sub_processors.linode.engagements[0].applies"
    for region in ("US", None):
        change = put("sub_processors/linode/engagements/0/region", region)
        message = f"the permission at {at} is for region {region!r}, and the data is settled in 'EU'"
        assert (message, CHANGED) == refused(BULGARIA, change)
    message = f"the permission at {TWILIO}.applies is for region 'US', and the data is settled in 'EU'"
    assert (message, CHANGED) == refused(BULGARIA, put("sub_processors/twilio/engagements/0/region", "US"))


def test_before_the_register_speaks_it_says_nothing_else() -> None:
    """Of no region and no engagement; nor does it say so afterwards."""
    silence = "'register.silent-before' at $.regions.EU.reason"
    change = several(put("regions/UK/reason", OFF), put("regions/UK/verdict", "PROHIBITED"))
    assert (f"'feature.off' at $.regions.UK.reason is said beside the {silence}", CHANGED) == refused(EARLY, change)
    spoken = "the register speaks from 2019-10-28 on; for earlier days it states nothing"
    assert (f"'register.silent-before' at $.regions.EU.reason is not so on 2019-10-28: {spoken}", CHANGED) == refused(
        EARLY, put("as_of", "2019-10-28")
    )
    assert ("the stored settled 'EU' at $.settled is not the None that the answers give", CHANGED) == refused(
        EARLY, put("settled", "EU")
    )


# --- Settled ---

ALONE = {
    **SMALL_REGISTER,
    "regions": [{"id": "A", "name": "A", "basis": ["1"]}],
    "sub_processors": [
        {"id": "x", "name": "X", "engagements": [{"activity": "service", "purpose": "p", "basis": ["1"]}]}
    ],
}


def alone(rule: str, agreed: str | None = None, /, *, day: date = TODAY, **more: Any) -> Decision:
    """The decision of a register with one hosting region, in which nobody is said to store."""
    content = {**ALONE, "placement": {"rule": rule, "basis": ["1"], **more}}
    return decide(register_of(content, "alone"), Tenant("DE", agreed), as_of=day)


@pytest.mark.parametrize(
    ("decision", "settled", "told"),
    [
        (BULGARIA, None, "'EU'"),
        (RESOLVER.resolve(Tenant("BR"), as_of=TODAY), "EU", "None"),
        (RESOLVER.resolve(Tenant("US", restrictions={Restriction(within={"EEA"})}), as_of=TODAY), "EU", "None or 'US'"),
        (alone("fixed", region="A"), None, "'A'"),
        (alone("free-choice"), None, "'A'"),
        (alone("not-promised"), "A", "None"),
        (alone("free-choice", day=date(2019, 12, 31)), "A", "None"),
        (alone("fixed", "A", region="A"), "A", "None"),
    ],
)
def test_what_is_settled_follows_from_what_placement_says(decision: Decision, settled: str | None, told: str) -> None:
    """Of a region that is permitted, prohibited, or left open by another reason than its placement."""
    change = several(put("settled", settled), put("region", None))
    message = f"the stored settled {settled!r} at $.settled is not the {told} that the answers give"
    assert (message, CHANGED) == refused(decision, change)


def test_what_placement_does_not_say_may_be_settled_or_not() -> None:
    """Where the agreed region is left open, the condition of the agreement and a missing host look alike."""
    agreed = alone("free-choice", "A", agreed=["1"])
    unsure = alone("free-choice", "A", agreed=["1"], agreed_when={"not_stated": "whether"})
    for decision, settled in ((agreed, "A"), (unsure, None)):
        assert settled == decision.settled
        for each in ("A", None):
            assert each == Decision.from_dict({**format_1(decision), "settled": each}).settled


# --- What people read in a terminal ---


LETTERS = ["\x1b", "\n", "\t", "\x7f", "\x85", "\u200e", "\u202e", "\u2066", "\u2028", "\ud800"]


@pytest.mark.parametrize("letter", LETTERS)
def test_a_character_that_would_do_something_in_a_terminal_is_refused(letter: str) -> None:
    """In a sentence, a name, an id, a list, what a condition names and the names of it."""
    words = f"feature{letter}voip"
    told = f"the control character {letter!r} in the text {words!r}"
    for path, at in (
        ("sub_processors/twilio/reason/words", "$.sub_processors.twilio.reason.words"),
        ("sub_processors/twilio/name", "$.sub_processors.twilio.name"),
        ("sources/0/says", "$.sources[0].says"),
        ("tenant/features/0", "$.tenant.features[0]"),
        ("regions/EU/reason/parts/0/about/region", "$.regions.EU.reason.parts[0].about.region"),
    ):
        stored = format_1(BULGARIA)
        put(path, words)(stored)
        with pytest.raises(BadInput) as caught:
            Decision.from_dict(stored)
        assert (f"{told} at {at}", CHANGED) == (caught.value.message, caught.value.remedy)
    reason = "$.regions.EU.reason.parts[0].about"
    for path, at in (("regions", "$.regions"), ("regions/EU/reason/parts/0/about", reason)):
        add = put(path, lambda names: {**names, words: next(iter(names.values()))})
        assert (f"{told} at {at}", CHANGED) == refused(BULGARIA, add)


def test_the_joiners_that_some_scripts_need_are_read() -> None:
    """Persian and the scripts of India are not written without them, and letters of any script are letters."""
    stored = format_1(BULGARIA)
    stored["sub_processors"]["twilio"]["name"] = name = "می\u200cخواهم क्\u200dष\xa0é"
    assert name == Decision.from_dict(stored).answer("twilio").name


# --- The tables ---

PARTIES_AND_REGIONS = {"region", "who", "activity"}
ANYWHERE = {
    **dict.fromkeys(("region.not-yet", "region.ended"), "of any region that a host is engaged in"),
    **dict.fromkeys(IN_ENGAGEMENT, "of any engagement of a host"),
    "region.not-supposed": "of any region but the one",
}
"""What an answer on a region may say of others, and why."""


def test_every_condition_that_names_a_region_or_an_engagement_is_held_to_where_it_stands() -> None:
    """In answers on regions and on sub-processors each; a new code has to say where it stands."""
    naming = {code for code in VERDICT_OF if PARTIES_AND_REGIONS & CATALOGUE[code].names.keys()}
    nowhere = ELSEWHERE["question"]
    assert set() == naming - set(IN_REGION) - set(ANYWHERE) - ELSEWHERE["hosting region"] - nowhere
    placed = {code for code in naming if code.startswith("placement.")} | {"region.not-settled", "region.unsettled"}
    assert set() == naming - set(IN_ENGAGEMENT) - placed - ELSEWHERE["sub-processor"] - nowhere
    assert {*IN_REGION, *IN_ENGAGEMENT, *frozenset[str]().union(*ELSEWHERE.values())} <= set(VERDICT_OF)
