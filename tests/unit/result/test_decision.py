"""Decisions: what a backend asks them, how they refuse, and that a stored one cannot be changed unnoticed."""

from __future__ import annotations

import copy
import json
import pickle
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pytest
from attrs import evolve

from residency import (
    BadInput,
    Decision,
    NoTruthValue,
    ResidencyError,
    Resolver,
    Restriction,
    Tenant,
    UnknownName,
    Verdict,
    decide,
)
from residency.model.rows import Record
from stored import format_1
from support import HOUSE_RULES, REGISTER, RESOLVER, TODAY, with_a_planned_member

BULGARIA = RESOLVER.resolve(Tenant(country="BG", features={"voip"}), as_of=TODAY)
BRAZIL = RESOLVER.resolve(Tenant(country="BR"), as_of=TODAY)


def told(error: ResidencyError) -> tuple[str, str | None]:
    """The message and the remedy."""
    return error.message, error.remedy


def test_the_answer_for_bulgaria() -> None:
    """The example of the design, line by line."""
    assert "EU" == BULGARIA.region == BULGARIA.require()
    assert ("linode", "websupport") == BULGARIA.hosts
    assert [True, False, False, False] == [BULGARIA.may_live_in(name) for name in ("EU", "UK", "US", "SG")]
    assert Verdict.PROHIBITED is BULGARIA.region_verdict("UK")
    assert BULGARIA.may_touch("twilio")
    assert Verdict.UNDETERMINED is BULGARIA.verdict("aws")
    assert not BULGARIA.may_touch("aws")
    assert ("linode", "quality-unit-llc", "quality-unit-ukraine", "twilio", "websupport") == BULGARIA.permitted
    assert (("aws",), ("subcontractors",)) == (BULGARIA.undetermined, BULGARIA.prohibited)
    assert ("aws", *BULGARIA.permitted) == BULGARIA.to_disclose
    assert dict.fromkeys(BULGARIA.permitted, "PERMITTED") | {"aws": "UNDETERMINED", "subcontractors": "PROHIBITED"} == (
        BULGARIA.verdicts
    )
    with pytest.raises(AttributeError, match="a Decision has no 'sub_processors': ask permitted, or verdicts"):
        BULGARIA.sub_processors  # type: ignore[attr-defined]  # noqa: B018 (reading is what raises)


def test_the_notices_say_how_old_the_list_is_and_what_it_is_worth() -> None:
    """Its age on the day asked about, its legal effect; and later that the facts were last checked before."""
    age, effect = BULGARIA.notices
    assert "the list is of 28 October 2019, 7 years before the day asked about" == age
    assert effect.startswith("legal effect of the document: the policy is not a binding agreement")
    first = RESOLVER.resolve(Tenant("BG"), as_of=date(2019, 10, 28))
    assert [effect] == list(first.notices)
    next_day = RESOLVER.resolve(Tenant("BG"), as_of=date(2019, 10, 29))
    assert "the list is of 28 October 2019, 1 day before the day asked about" == next_day.notices[0]
    later = RESOLVER.resolve(Tenant("BG"), as_of=date(2026, 11, 25))
    assert (
        "the members of European Union were last checked on 23 November 2026, 2 days before the day asked about"
        in later.notices
    )


def test_an_age_of_less_than_a_year_is_a_notice_and_not_explained() -> None:
    """Neither of the list nor of facts: what is read on every answer is soon skipped, and with it the rest."""
    for day, age, explained in ((date(2020, 10, 27), "11 months", False), (date(2020, 10, 28), "1 year", True)):
        decision = RESOLVER.resolve(Tenant("BG"), as_of=day)
        words = f"the list is of 28 October 2019, {age} before the day asked about"
        assert (True, explained) == (words in decision.notices, words in decision.explain())
    for day, age, explained in ((date(2027, 11, 22), "11 months", False), (date(2027, 11, 23), "1 year", True)):
        decision = RESOLVER.resolve(Tenant("BG"), as_of=day)
        words = f"the members of European Union were last checked on 23 November 2026, {age} before the day asked about"
        assert (True, explained) == (words in decision.notices, words in decision.explain())
        assert decision.explain() == Decision.from_dict(decision.to_dict()).explain()


def test_facts_by_which_members_have_changed_since_are_always_noticed() -> None:
    """However recent: the day on which a member was to join has passed, and nobody has looked."""
    register = with_a_planned_member("RS", date(2027, 1, 1))
    words = "the members of European Union were last checked on 23 November 2026, before they were to change on"
    for day, noticed in ((date(2026, 12, 31), False), (date(2027, 1, 1), True), (date(2030, 1, 1), True)):
        decision = decide(register, Tenant("BG"), as_of=day)
        assert noticed is (f"{words} 1 January 2027" in decision.notices) is (words in decision.explain())
        assert decision == Decision.from_dict(decision.to_dict())


def test_house_rules_and_objections_are_noticed() -> None:
    """Who decided, and when; and that the register states no right to object."""
    tenant = Tenant("BR", objections={"twilio"})
    decision = Resolver(REGISTER, house_rules=HOUSE_RULES).resolve(tenant, as_of=TODAY)
    assert "house rules decided by the operator on 23 November 2026 apply" in decision.notices
    assert (
        "the register states no right to object; the objection to Twilio, Inc. (twilio) is honoured here all the same"
        in decision.notices
    )


def test_an_objection_that_the_register_grants_needs_no_notice() -> None:
    """Where it has a record of it."""
    granted = evolve(REGISTER, records=(Record("objection", "customers may object", ("29a",)),))
    decision = decide(granted, Tenant("BG", objections={"twilio"}), as_of=TODAY)
    assert not any("no right to object" in notice for notice in decision.notices)
    assert Verdict.PROHIBITED is decision.verdict("twilio")


def test_a_demand_can_take_the_settled_region_away() -> None:
    """The region is settled and prohibited, so there is none; no other one is settled by elimination."""
    tenant = Tenant("US", restrictions={Restriction(within={"EEA"})})
    decision = RESOLVER.resolve(tenant, as_of=TODAY)
    assert (None, "US", ()) == (decision.region, decision.settled, decision.hosts)
    assert {Verdict.PROHIBITED} == {answer.verdict for answer in decision.region_answers}
    because = "because: region United States (US): somewhere within US, which breaks the restriction 'only within EEA'"
    assert f"{because} [line 41;" in decision.explain("US")


def test_a_decision_and_an_answer_have_no_truth_value() -> None:
    """`if decision:` would permit everything."""
    for thing, name in ((BULGARIA, "a Decision"), (BULGARIA.answer("aws"), "an Answer")):
        with pytest.raises(NoTruthValue) as caught:
            bool(thing)
        message = f"{name} has three verdicts and no truth value; ask may_live_in(...) or may_touch(...)"
        assert (message, "or compare a verdict: answer.verdict is Verdict.PERMITTED") == told(caught.value)


@pytest.mark.parametrize(
    ("ask", "message", "remedy"),
    [
        (lambda: BULGARIA.may_touch("twillio"), "unknown sub-processor 'twillio'", "did you mean 'twilio'?"),
        (lambda: BULGARIA.may_live_in("EUU"), "unknown hosting region 'EUU'", "did you mean 'EU'?"),
        (
            lambda: BULGARIA.may_touch("EU"),
            "'EU' is a hosting region, not a sub-processor",
            "ask may_live_in or region_verdict",
        ),
        (
            lambda: BULGARIA.may_live_in("aws"),
            "'aws' is a sub-processor, not a hosting region",
            "ask may_touch or verdict",
        ),
        (lambda: BULGARIA.verdict(None), "expected the id of a sub-processor, got None", "ids are texts"),  # type: ignore[arg-type]
        (
            lambda: BULGARIA.explain("dropbox"),
            "unknown hosting region or sub-processor 'dropbox'",
            "expected one of 'EU', 'SG', 'UK', 'US', 'aws' (6 more)",
        ),
    ],
)
def test_a_name_that_is_not_known_is_an_error(ask: Callable[[], object], message: str, remedy: str) -> None:
    """Never False, for a misspelling must not pass; and a region is no sub-processor."""
    with pytest.raises(BadInput) as caught:
        ask()
    assert (message, remedy) == told(caught.value)


MOMENT = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: RESOLVER.resolve("BG", as_of=TODAY), "expected a Tenant, got 'BG'"),  # type: ignore[arg-type]
        (lambda: decide(REGISTER, None, as_of=TODAY), "expected a Tenant, got None"),  # type: ignore[arg-type]
        (
            lambda: RESOLVER.resolve(Tenant("BG"), as_of=MOMENT),
            f"as_of must be a day (datetime.date), got the moment {MOMENT!r}",
        ),
        (
            lambda: RESOLVER.resolve(Tenant("BG"), as_of="2026-11-23"),  # type: ignore[arg-type]
            "as_of must be a day (datetime.date), got '2026-11-23'",
        ),
        (lambda: Resolver("liveagent"), "expected a Register, got 'liveagent'"),  # type: ignore[arg-type]
        (lambda: Resolver(REGISTER, house_rules="x"), "expected house rules, got 'x'"),  # type: ignore[arg-type]
    ],
)
def test_what_is_no_question_is_refused(ask: Callable[[], object], message: str) -> None:
    """With the value, and a remedy."""
    with pytest.raises(BadInput) as caught:
        ask()
    assert message == caught.value.message
    assert caught.value.remedy


def test_every_unknown_name_of_a_tenant_is_named_at_once() -> None:
    """Each with its nearest match."""
    tenant = Tenant("BG", "EUU", {"vopi"}, {"x"}, objections={"twillio"}, attributes={"plan": "a"})
    with pytest.raises(BadInput) as caught:
        RESOLVER.resolve(tenant, as_of=TODAY)
    assert (
        "5 faults in the tenant\n"
        "  unknown hosting region 'EUU' (did you mean 'EU'?)\n"
        "  unknown feature 'vopi' (did you mean 'voip'?)\n"
        "  unknown consent 'x' (expected one of 'subcontractor-access')\n"
        "  unknown attribute 'plan' (none is declared)\n"
        "  unknown sub-processor 'twillio' (did you mean 'twilio'?)"
    ) == str(caught.value)
    with pytest.raises(UnknownName):
        RESOLVER.resolve(Tenant("BG", features={"vopi"}), as_of=TODAY)


def test_explain_names_every_region_and_sub_processor_in_order_and_then_its_sources() -> None:
    """Notices come first; a reading is shown with its why and what else the words could mean."""
    lines = BULGARIA.explain().splitlines()
    assert "LiveAgent (Quality Unit, s. r. o.), register liveagent of 28 October 2019." == lines[0]
    assert "Asked as of 23 November 2026, for a tenant whose country is Bulgaria (BG); features: voip." == lines[1]
    assert all(line.startswith("Notice: ") for line in lines[2:4])
    verdicts = [line.partition(":")[0] for line in lines if line.partition(":")[0] in Verdict.__members__]
    assert [answer.verdict.value for answer in (*BULGARIA.region_answers, *BULGARIA.sub_processor_answers)] == verdicts
    assert "our reading R4 of lines 44 and 37: Websupport stores in region EU" in lines
    assert "  it could also mean: its place is not stated" in lines


def test_explain_of_one_part_shows_only_what_that_part_rests_on() -> None:
    """The whole text, for a refusal."""
    part = BRAZIL.explain("twilio").splitlines()
    assert "PROHIBITED: Twilio, Inc. (twilio) must not touch the tenant's data" == part[0]
    because = '  because: feature "calls over the VoIP provider" (voip) is off'
    assert f"{because} [our reading R5 of lines 37, 39, 40, 41, 42, 43, 44 and 52]" == part[1]
    assert ["", "What this rests on", ""] == part[2:5]
    assert part[5].startswith("our reading R5 of lines 37, 39, 40, 41, 42, 43, 44 and 52: the list is closed")
    assert (9, "document: sub-processor policy; https://www.liveagent.bg/") == (len(part), part[8][:57])


def test_the_tenant_is_told_in_words() -> None:
    """Everything that it has and demands."""
    tenant = Tenant(
        "BG",
        "US",
        {"voip"},
        {"subcontractor-access"},
        agreements={"data-processing-agreement"},
        objections={"aws"},
        restrictions={Restriction(never_in={"IN"}), Restriction(within={"EEA", "US"}, activities={"hosting"})},
    )
    second = RESOLVER.resolve(tenant, as_of=TODAY).explain().splitlines()[1]
    assert (
        "Asked as of 23 November 2026, for a tenant whose country is Bulgaria (BG); region US agreed; features: voip;"
        " consents: subcontractor-access; agreements: data-processing-agreement; objections: aws;"
        " restriction: never in IN; restriction: only within EEA or US, for hosting."
    ) == second


# --- Stored decisions ---


def test_a_stored_decision_is_plain_json_with_a_format() -> None:
    """Nothing but objects, lists, texts and nulls."""
    stored = BULGARIA.to_dict()
    assert 2 == stored["format"]
    assert stored == json.loads(json.dumps(stored))
    assert ("EU", "EU", ["linode", "websupport"]) == (stored["region"], stored["settled"], stored["hosts"])
    assert ("PERMITTED", ["aws"]) == (stored["regions"]["EU"]["verdict"], stored["undetermined"])


def changed(path: str, value: Any) -> dict[str, Any]:
    """The stored decision for Bulgaria with one value changed."""
    stored = format_1(BULGARIA)
    here: Any = stored
    *steps, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    for step in steps:
        here = here[step]
    here[last] = value
    return stored


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("format", 3, "unknown format 3 at $.format"),
        ("region", "UK", "the stored region 'UK' at $.region is not the 'EU' that the answers give"),
        (
            "hosts",
            ["aws"],
            "the stored hosts ['aws'] at $.hosts is not the ['linode', 'websupport'] that the answers give",
        ),
        ("settled", "FR", "unknown hosting region 'FR' at $.settled"),
        (
            "sub_processors/aws/verdict",
            "PERMITTED",
            "the stored verdict 'PERMITTED' at $.sub_processors.aws is not the 'UNDETERMINED' that its reasons give",
        ),
        (
            "sub_processors/aws/reason/verdict",
            "PERMITTED",
            "the verdict 'PERMITTED' at $.sub_processors.aws.reason is not the 'UNDETERMINED' of"
            " 'hosting.region-not-stated'",
        ),
        (
            "sub_processors/twilio/reason",
            BULGARIA.answer("aws").reason.to_dict(),
            "the stored verdict 'UNDETERMINED' at $.sub_processors.twilio is not the 'PERMITTED' that its reasons give",
        ),
        ("format", True, "unknown format True at $.format"),
        ("format", 1.0, "unknown format 1.0 at $.format"),
        (
            "sub_processors/twilio/reason/verdict",
            "PROHIBITED",
            "the verdict 'PROHIBITED' at $.sub_processors.twilio.reason does not follow from its parts",
        ),
        (
            "regions/UK/verdict",
            "PERMITTED",
            "the stored verdict 'PERMITTED' at $.regions.UK is not the 'PROHIBITED' that its reasons give",
        ),
        (
            "sub_processors/aws/engagements/0/verdict",
            "PERMITTED",
            "the stored verdict 'PERMITTED' at $.sub_processors.aws.engagements[0] is not the 'UNDETERMINED' that its"
            " reasons give",
        ),
        ("sub_processors/aws/engagements", [], "no engagement at $.sub_processors.aws.engagements"),
        (
            "sub_processors/aws/reason/verdict",
            "MAYBE",
            "unknown verdict 'MAYBE' at $.sub_processors.aws.reason.verdict",
        ),
        ("tenant/country", "UK", "unknown country code 'UK'"),
        ("as_of", "23.11.2026", "expected a day as 'YYYY-MM-DD', got '23.11.2026' at $.as_of"),
        ("as_of", None, "expected a text, got None at $.as_of"),
        ("sources", [], "unknown source '1' at $.sources"),
        ("sources/0/author", "nobody", "unknown author 'nobody' at $.sources[0].author"),
        ("more", 1, "unknown key 'more' at $"),
        ("register", [], "expected an object, got [] at $.register"),
        ("hosts", None, "the stored hosts None at $.hosts is not the ['linode', 'websupport'] that the answers give"),
        ("notices", {}, "expected a list of objects, got {} at $.notices"),
        ("tenant/features", ["voip", 5], "expected a text, got 5 at $.tenant.features[1]"),
    ],
)
def test_a_stored_decision_that_was_changed_is_refused(path: str, value: Any, message: str) -> None:
    """A verdict that does not follow from its reasons is the worst thing that could be read back."""
    with pytest.raises(BadInput) as caught:
        Decision.from_dict(changed(path, value))
    assert message == caught.value.message
    follows_not = " is not the " in message or message.endswith("does not follow from its parts")
    assert follows_not == (caught.value.remedy == "the stored decision was changed after it was made")


def test_a_sub_processor_without_engagements_is_told_what_it_needs() -> None:
    """One is listed for something, whatever it is."""
    with pytest.raises(BadInput, match=r"no engagement at") as caught:
        Decision.from_dict(changed("sub_processors/aws/engagements", []))
    assert "a sub-processor has at least one" == caught.value.remedy


def test_a_stored_decision_without_a_key_is_refused() -> None:
    """Nothing is filled in."""
    stored = format_1(BULGARIA)
    del stored["notices"]
    with pytest.raises(BadInput) as caught:
        Decision.from_dict(stored)
    assert ("missing key 'notices' at $", "pass what Decision.to_dict() returned") == told(caught.value)
    things: list[Any] = [None, [], "x", {1: 2}]
    for thing in things:
        with pytest.raises(BadInput):
            Decision.from_dict(thing)


def test_a_stored_decision_whose_verdicts_were_all_changed_is_refused() -> None:
    """A consent that was not given permits nobody, however often it is written that it does."""
    text = json.dumps(format_1(BULGARIA)["sub_processors"]["subcontractors"]).replace("PROHIBITED", "PERMITTED")
    stored = changed("sub_processors/subcontractors", json.loads(text))
    stored["to_disclose"] = sorted([*stored["to_disclose"], "subcontractors"])
    with pytest.raises(BadInput, match=r"is not the 'PROHIBITED' of 'consent\.not-given'"):
        Decision.from_dict(stored)


def test_a_stored_decision_that_has_no_bottom_is_refused() -> None:
    """As any other that no decision was stored as."""
    hosts: list[Any] = []
    for _ in range(sys.getrecursionlimit()):
        hosts = [hosts]
    stored = changed("hosts", hosts)
    with pytest.raises(BadInput) as caught:
        Decision.from_dict(stored)
    assert "it is nested too deeply to be read" == caught.value.message


def test_house_rules_applied_to_an_earlier_day_are_noticed() -> None:
    """They were decided later."""
    decision = Resolver(REGISTER, house_rules=HOUSE_RULES).resolve(Tenant("BR"), as_of=date(2020, 1, 1))
    notice = "house rules decided by the operator on 23 November 2026, after the day asked about, are applied to it"
    assert ("US", True) == (decision.region, notice in decision.notices)


def test_a_stored_decision_without_the_source_of_an_answer_is_refused() -> None:
    """Every line can be traced, also when it is read back."""
    stored = format_1(BULGARIA)
    stored["sources"] = [source for source in stored["sources"] if source["id"] != "43"]
    with pytest.raises(UnknownName) as caught:
        Decision.from_dict(stored)
    assert "unknown source '43' at $.sources" == caught.value.message


def test_a_condition_of_a_stored_decision_must_name_sources_that_are_there() -> None:
    """Also one deep inside a tree whose root does not name it."""
    stored = changed("sub_processors/twilio/reason/parts/1/basis", ["99"])
    with pytest.raises(UnknownName) as caught:
        Decision.from_dict(stored)
    assert "unknown source '99' at $.sources" == caught.value.message


def test_the_resolver_knows_the_days_on_which_a_demanded_grouping_changes() -> None:
    """The register itself does not name the EEA, in which nothing is claimed of the United Kingdom until 2021."""
    tenant = Tenant("GB", restrictions={Restriction(within={"EEA"}, activities={"hosting"})})
    days = (date(2020, 12, 31), date(2021, 1, 1), date(2020, 12, 31))
    verdicts = [RESOLVER.resolve(tenant, as_of=day).region_verdict("UK") for day in days]
    assert [Verdict.UNDETERMINED, Verdict.PROHIBITED, Verdict.UNDETERMINED] == verdicts


def test_a_stored_decision_keeps_the_words_it_was_stored_with() -> None:
    """What a customer was told does not change when the library learns to say it better."""
    stored = BULGARIA.to_dict()
    stored["sentences"]["feature.on"][1] = "{name} is switched on"
    read = Decision.from_dict(stored)
    assert 'because: "calls over the VoIP provider" (voip) is switched on' in read.explain("twilio")
    assert stored == read.to_dict()
    assert read == BULGARIA
    was = r"feature \"calls over the VoIP provider\" (voip) is on"
    older = json.loads(json.dumps(format_1(BULGARIA)).replace(was, "VoIP is switched on"))
    for _ in range(2):
        read = Decision.from_dict(older)
        assert "because: VoIP is switched on" in read.explain("twilio")
        assert read.sub_processor_answers == BULGARIA.sub_processor_answers
        older = read.to_dict()


def test_a_decision_is_copied_and_pickled_without_its_register() -> None:
    """The copy is equal, and hashes alike; it reads as a stored one does."""
    for copied in (copy.copy(BULGARIA), copy.deepcopy(BULGARIA), pickle.loads(pickle.dumps(BULGARIA))):
        assert (BULGARIA, hash(BULGARIA), BULGARIA.explain()) == (copied, hash(copied), copied.explain())
    assert b"residency.model.register" not in pickle.dumps(BULGARIA)
    assert repr(BULGARIA).startswith("<Decision for Tenant(country='BG'")
    assert BULGARIA != "BG"


def test_what_is_no_register_and_no_name_is_refused() -> None:
    """By `decide`, and by questions about an activity."""
    with pytest.raises(BadInput, match="expected a Register, got 'liveagent'"):
        decide("liveagent", Tenant("BG"), as_of=TODAY)  # type: ignore[arg-type]
    with pytest.raises(UnknownName, match="unknown activity 5"):
        BULGARIA.may_touch("twilio", activity=5)  # type: ignore[arg-type]


def test_threads_share_a_resolver() -> None:
    """Each gets the answers that it would get alone."""
    resolver = Resolver(REGISTER)
    asked = [Tenant(country, agreed) for country in ("BG", "GB", "US", "BR") for agreed in (None, "EU", "SG")] * 4
    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(lambda tenant: resolver.resolve(tenant, as_of=TODAY), asked))
    assert [decide(REGISTER, tenant, as_of=TODAY) for tenant in asked] == given


def test_a_decision_says_whose_list_answered() -> None:
    """Without the register."""
    decision = RESOLVER.resolve(Tenant("BG"), as_of=TODAY)
    assert ("liveagent", "Quality Unit, s. r. o.", "LiveAgent") == (
        decision.register_id,
        decision.vendor,
        decision.service,
    )
