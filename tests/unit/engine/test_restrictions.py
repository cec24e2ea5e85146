"""What tenants demand, held against engagements, regions and exceptions of a small register."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from attrs import evolve

from residency import Decision, Restriction, Tenant, Verdict, decide
from residency.files import register_of
from support import SMALL_REGISTER, TODAY

P, U, X = Verdict.PERMITTED, Verdict.UNDETERMINED, Verdict.PROHIBITED
GERMANY, AMERICA = ["DE"], ["US"]


def register(*engagements: dict[str, Any], **more: Any) -> dict[str, Any]:
    """One region in Germany, and one company, `x`, with these engagements."""
    rows = [{"activity": "service", "purpose": f"{n}", "basis": ["1"], **row} for n, row in enumerate(engagements)]
    party = {"id": "x", "name": "X", "basis": ["2"], "engagements": rows, **more.pop("company", {})}
    host = {"activity": "hosting", "purpose": "h", "regions": ["A"], "places": "as the region", "basis": ["1"]}
    return {
        **SMALL_REGISTER,
        "data": {name: {"says": name, "basis": ["1"]} for name in ("logs", "mail")},
        "regions": [{"id": "A", "name": "A", "places": GERMANY, "basis": ["1"]}],
        "placement": {"rule": "fixed", "region": "A", "basis": ["1"]},
        "sub_processors": [party, {"id": "host", "name": "H", "engagements": [host]}],
        **more,
    }


def asked(content: dict[str, Any], restriction: Restriction, **facts: Any) -> Decision:
    """The decision for a tenant that demands it."""
    return decide(register_of(content, "small"), Tenant("DE", restrictions={restriction}, **facts), as_of=TODAY)


WITHIN_GERMANY = Restriction(within={"DE"})
WITHIN_EU = Restriction(within={"EU"})
NEVER_AMERICA = Restriction(never_in={"US"})


@pytest.mark.parametrize(
    ("places", "within_germany", "within_eu", "never_america"),
    [
        (["DE"], P, P, P),
        (["FR"], X, P, P),
        (["US"], X, X, X),
        (["DE", "US"], X, X, X),
        (["EU"], U, P, P),
        (["CA|US"], X, X, U),
        (["DE|US"], U, U, U),
        ("worldwide", U, U, U),
        (None, U, U, U),
    ],
    ids=str,
)
def test_a_place_is_held_against_a_demand(
    places: Any, within_germany: Verdict, within_eu: Verdict, never_america: Verdict
) -> None:
    """All of a list are used; "somewhere within the EU" cannot show "only in Germany"; unstated shows nothing."""
    content = register({} if places is None else {"places": places})
    demanded = [asked(content, each).verdict("x") for each in (WITHIN_GERMANY, WITHIN_EU, NEVER_AMERICA)]
    assert [within_germany, within_eu, never_america] == demanded


def test_what_a_demand_is_held_against_is_told_with_its_clause() -> None:
    """The place that is stated, or that none is; the engagement's own clause; the demand; the facts."""
    content = register({"places": ["EU"]})
    text = asked(content, WITHIN_GERMANY).explain("x")
    assert (
        "missing: X (x), service (0): somewhere within EU, which does not show whether the restriction"
        " 'only within DE' is kept [line 1;" in text
    )
    text = asked(register({}), WITHIN_GERMANY).explain("x")
    assert (
        "missing: X (x), service (0): the place is not stated, so it is not shown that the restriction 'only"
        " within DE' is kept [line 1;" in text
    )
    seats = register(
        {"places": ["DE"]}, company={"registered_in": "DE", "parent": {"name": "Y", "registered_in": "US"}}
    )
    text = asked(seats, Restriction(never_registered_in={"US"})).explain("x")
    assert (
        "because: X (x): its parent registered in US, which breaks the restriction 'nobody registered in US' [line 1;"
        in text
    )


def test_several_engagements_permit_only_together() -> None:
    """One that keeps the demand does not make up for one that breaks it; one that does not apply breaks nothing."""
    here, there = {"places": GERMANY}, {"places": AMERICA}
    assert X is asked(register(here, there), WITHIN_EU).verdict("x")
    gated = register(here, {**there, "when": {"feature": "f"}})
    assert P is asked(gated, WITHIN_EU).verdict("x")
    assert X is asked(gated, WITHIN_EU, features={"f"}).verdict("x")
    assert U is asked(register(here, {}), WITHIN_EU).verdict("x")


def test_a_demand_is_about_its_activities_and_its_data() -> None:
    """Others are not touched; data that is not stated may be concerned."""
    hosting = Restriction(within={"EU"}, activities={"hosting"})
    logs = Restriction(within={"EU"}, data={"logs"})
    there = {"places": AMERICA}
    assert P is asked(register(there), hosting).verdict("x")
    assert X is asked(register({**there, "data": ["logs", "mail"]}), logs).verdict("x")
    assert P is asked(register({**there, "data": ["mail"]}), logs).verdict("x")
    assert U is asked(register(there), logs).verdict("x")
    assert P is asked(register({"places": GERMANY}), logs).verdict("x")


@pytest.mark.parametrize(
    ("company", "verdict"),
    [
        ({}, U),
        ({"registered_in": "DE"}, P),
        ({"registered_in": "US"}, X),
        ({"registered_in": "CA|US"}, U),
        ({"registered_in": "DE", "parent": {"name": "Y"}}, U),
        ({"registered_in": "DE", "parent": {"name": "Y", "registered_in": "FR"}}, P),
        ({"registered_in": "DE", "parent": {"name": "Y", "registered_in": "US"}}, X),
        ({"parent": {"name": "Y", "registered_in": "US"}}, X),
        ({"parent": {"name": "Y", "registered_in": "FR"}}, U),
    ],
    ids=str,
)
def test_nobody_registered_there_looks_at_the_company_and_its_parent(company: dict[str, Any], verdict: Verdict) -> None:
    """The parent where it is known; where the company is not stated, nothing is shown."""
    content = register({"places": GERMANY}, company=company)
    assert verdict is asked(content, Restriction(never_registered_in={"US"})).verdict("x")


def test_a_demand_on_hosting_is_held_against_the_region() -> None:
    """Its places, whatever data the demand names; a demand on other activities asks only whether somebody is listed."""
    content = register({}, {"activity": "support", "purpose": "help"})
    for restriction, region in (
        (Restriction(within={"DE"}), "A"),
        (Restriction(within={"US"}), None),
        (Restriction(never_in={"EU"}, data={"logs"}), None),
        (Restriction(within={"US"}, activities={"support"}), "A"),
        (Restriction(within={"US"}, activities={"delivery"}), None),
    ):
        decision = asked(content, restriction)
        assert (region, "A") == (decision.region, decision.settled)


EXCEPTION = {"data": ["logs"], "places": AMERICA, "basis": ["1"]}


@pytest.mark.parametrize(
    ("exception", "data", "features", "verdict"),
    [
        ({}, set(), set(), X),
        ({}, {"logs"}, set(), X),
        ({}, {"mail"}, set(), P),
        ({"when": {"feature": "f"}}, set(), set(), P),
        ({"when": {"feature": "f"}}, set(), {"f"}, X),
        ({"until": date(2021, 1, 1)}, set(), set(), P),
        ({"places": ["EU"]}, set(), set(), P),
        ({"places": "worldwide"}, set(), set(), U),
        ({"regions": ["A"]}, set(), set(), X),
    ],
    ids=str,
)
def test_data_that_is_stored_elsewhere_counts(
    exception: dict[str, Any], data: set[str], features: set[str], verdict: Verdict
) -> None:
    """A residency exception whose data the demand covers, while it holds, is part of every region that it names."""
    content = register({"places": GERMANY}, exceptions=[{**EXCEPTION, **exception}])
    # A host whose data is not stated would leave a demand on data open by itself.
    content["sub_processors"][1]["engagements"][0]["data"] = ["logs", "mail"]
    restriction = Restriction(within={"EU"}, data=data)
    assert verdict is asked(content, restriction, features=features).region_verdict("A")


def test_data_that_is_stored_elsewhere_is_told_without_any_demand() -> None:
    """A permitted region says which data may be elsewhere, unless the exception does not hold for the tenant."""
    told = "residency exception: logs may be stored elsewhere, whatever the region: US [line 1]"
    gated = {**EXCEPTION, "when": {"feature": "f"}}
    none: set[str] = set()
    for exception, features, expected in ((EXCEPTION, none, True), (gated, {"f"}, True), (gated, none, False)):
        loaded = register_of(register({}, exceptions=[exception]), "small")
        decision = decide(loaded, Tenant("DE", features=features), as_of=TODAY)
        assert "A" == decision.region
        assert expected is (told in decision.explain("A"))
    unplaced = {"data": ["logs"], "basis": ["1"]}
    decision = decide(register_of(register({}, exceptions=[unplaced]), "small"), Tenant("DE"), as_of=TODAY)
    assert "whatever the region: where is not stated" in decision.explain("A")


def test_the_vendors_own_infrastructure_is_held_to_demands_too() -> None:
    """Where it could store the data, and breaks a demand, it does not make up for the listed host."""
    own = [{"activity": "hosting", "purpose": "own", "regions": ["A"], "places": GERMANY, "basis": ["1"]}]
    content = register({}, own_infrastructure=own)
    content["sub_processors"].pop()
    assert "A" == asked(content, WITHIN_EU).region
    assert () == asked(content, WITHIN_EU).hosts
    registered = asked(content, Restriction(never_registered_in={"US"}))
    assert (U, None) == (registered.region_verdict("A"), registered.region)


def test_an_objection_to_the_only_host_takes_the_region_away() -> None:
    """And is still to be disclosed."""
    loaded = register_of(register({}), "small")
    decision = decide(loaded, Tenant("DE", objections={"host"}), as_of=TODAY)
    assert (None, X, ("host", "x")) == (decision.region, decision.verdict("host"), decision.to_disclose)


def test_an_engagement_that_two_share_is_each_ones_own() -> None:
    """As the same object in a register that was built by hand."""
    loaded = register_of(register({}, company={"id": "a"}), "small")
    a, host = loaded.sub_processor_rows
    by_hand = evolve(loaded, sub_processor_rows=(evolve(a, engagements=host.engagements), host))
    decision = decide(by_hand, Tenant("DE", objections={"a"}), as_of=TODAY)
    assert (X, P, P) == (decision.verdict("a"), decision.verdict("host"), decision.region_verdict("A"))


def hosts(**rows: dict[str, Any]) -> dict[str, Any]:
    """Region A, in which these companies store data."""
    stores = {"activity": "hosting", "purpose": "h", "regions": ["A"], "places": "as the region", "basis": ["1"]}
    return register(
        sub_processors=[{"id": name, "name": name, "engagements": [{**stores, **row}]} for name, row in rows.items()]
    )


@pytest.mark.parametrize(
    ("rows", "objection", "verdict"),
    [
        ({"a": {}, "b": {}}, "a", P),
        ({"a": {}, "b": {"data": ["logs"]}}, "b", P),
        ({"a": {}, "b": {"data": ["logs"]}}, "a", X),
        ({"a": {"data": ["mail"]}, "b": {"data": ["logs"]}}, "a", X),
        ({"a": {"data": ["mail"]}, "b": {"data": ["logs", "mail"]}}, "a", P),
        ({"a": {"data": ["mail"]}, "b": {"data": ["logs", "mail"]}}, "b", X),
        ({"a": {"data": ["mail"], "when": {"feature": "f"}}, "b": {"data": ["logs"]}}, "a", P),
    ],
)
def test_a_host_of_some_data_does_not_open_the_region_for_all_of_it(
    rows: dict[str, Any], objection: str, verdict: Verdict
) -> None:
    """Of each share of the data that somebody would store there, somebody must be left who may."""
    restriction = Restriction(never_in={"CN"})
    assert verdict is asked(hosts(**rows), restriction, objections={objection}).region_verdict("A")
    assert P is asked(hosts(**rows), restriction).region_verdict("A")


def backup(**row: Any) -> dict[str, Any]:
    """Region A in Germany, whose data `x` copies elsewhere."""
    return register({"activity": "backup", "purpose": "copies", "regions": ["A"], **row})


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        ({"places": ["DE"]}, P),
        ({"places": ["FR"]}, X),
        ({"places": ["EU"]}, U),
        ({}, U),
        ({"places": ["FR"], "when": {"feature": "f"}}, P),
        ({"places": ["FR"], "until": date(2024, 1, 1)}, P),
        ({"places": ["FR"], "authorised": date(2030, 1, 1)}, P),
        ({"places": ["FR"], "authorised": "not stated"}, U),
    ],
)
def test_a_demand_on_storing_is_held_against_the_copies_of_a_region(row: dict[str, Any], verdict: Verdict) -> None:
    """Where they are made at all; a backup is hosting too. A demand on copies alone asks that somebody is listed."""
    for activities in ((), {"hosting"}, {"backup"}):
        demand = Restriction(within={"DE"}, activities=activities)
        shown = U if activities == {"backup"} and row.keys() & {"when", "until", "authorised"} else verdict
        assert shown is asked(backup(**row), demand).region_verdict("A")
    serving = backup(**row)
    serving["sub_processors"][0]["engagements"].append({"activity": "service", "purpose": "mail", "basis": ["2"]})
    assert P is asked(serving, Restriction(within={"DE"}, activities={"service"})).region_verdict("A")


def test_a_permitted_region_tells_of_the_copies_that_are_kept_elsewhere() -> None:
    """Without a demand they do not decide."""
    content = backup(places=["FR"])
    answer = decide(register_of(content, "small"), Tenant("DE"), as_of=TODAY).answer("A")
    assert P is answer.verdict
    assert "copies are kept by X (x) for copies: FR" in [note.words for note in answer.limits]
    gone = backup(places=["FR"], when={"feature": "f"})
    answer = decide(register_of(gone, "small"), Tenant("DE"), as_of=TODAY).answer("A")
    assert "limit.backup" not in [note.code for note in answer.limits]


def test_safeguards_are_told_in_their_order_and_not_assessed() -> None:
    """They decide nothing."""
    dpf, scc = {"mechanism": "DPF", "basis": ["1"]}, {"mechanism": "SCC", "says": "as fallback", "basis": ["2"]}
    content = register({"places": AMERICA, "safeguards": [dpf, scc]})
    answer = decide(register_of(content, "small"), Tenant("DE"), as_of=TODAY).answer("x")
    (told,) = [note for note in answer.limits if note.code == "limit.safeguards"]
    assert "stated safeguards of service (0), in order: DPF, then SCC (as fallback); not assessed" == told.words
    assert ("1", "2") == told.basis
    assert P is answer.verdict
    assert X is asked(content, NEVER_AMERICA).verdict("x")


@pytest.mark.parametrize(
    ("authorised", "before", "after"),
    [("not stated", U, U), (date(2024, 9, 1), X, P)],
)
def test_listed_is_not_yet_authorised(authorised: Any, before: Verdict, after: Verdict) -> None:
    """A row in its notice period, and one of which it is not stated when it starts."""
    loaded = register_of(register({"authorised": authorised, "since": date(2024, 6, 1)}), "small")
    for day, verdict in ((date(2024, 5, 31), X), (date(2024, 8, 31), before), (date(2024, 9, 1), after)):
        expected = X if day < date(2024, 6, 1) else verdict
        assert expected is decide(loaded, Tenant("DE"), as_of=day).verdict("x")
    told = decide(loaded, Tenant("DE"), as_of=date(2024, 8, 31)).answer("x").reason.words
    assert "X (x) is listed for service (0)" in told
    assert (date(2024, 9, 1) in loaded.change_dates) == (authorised != "not stated")


def test_whoever_keeps_the_copies_must_be_one_that_the_tenant_accepts() -> None:
    """An objection to it, or a demand on its seat, is broken by the copies of the region too."""
    content = backup(places=["DE"])
    nothing = Restriction(never_in={"CN"})
    assert P is asked(content, nothing).region_verdict("A")
    assert X is asked(content, nothing, objections={"x"}).region_verdict("A")
    american = {**content, "sub_processors": [{**content["sub_processors"][0], "registered_in": "US"}]}
    american["sub_processors"].append(content["sub_processors"][1])
    seat = Restriction(never_registered_in={"US"}, activities={"backup"})
    assert X is asked(american, seat).region_verdict("A")
    assert U is asked(content, seat).region_verdict("A")


def test_what_the_vendor_itself_stores_in_a_region_must_keep_the_demands_on_it() -> None:
    """Whoever else hosts there: nobody is asked about the vendor. What names neither a region nor a place is a note."""
    row = {"activity": "hosting", "purpose": "error reports", "places": ["EU"], "basis": ["2"]}
    nowhere = {key: value for key, value in row.items() if key != "places"}
    for own, verdict in (({**row, "regions": ["A"]}, U), (row, U), (nowhere, P), ({**nowhere, "regions": ["A"]}, U)):
        content = {**hosts(a={}), "own_infrastructure": [own]}
        assert verdict is asked(content, WITHIN_GERMANY).region_verdict("A")
        assert (U if own == {**nowhere, "regions": ["A"]} else P) is asked(content, WITHIN_EU).region_verdict("A")
    american = {**hosts(a={}), "own_infrastructure": [{**row, "regions": ["A"], "places": ["US"]}]}
    assert X is asked(american, WITHIN_EU).region_verdict("A")
    off = {**american["own_infrastructure"][0], "when": {"feature": "f"}}
    assert P is asked({**american, "own_infrastructure": [off]}, WITHIN_EU).region_verdict("A")
    assert X is asked({**american, "own_infrastructure": [off]}, WITHIN_EU, features={"f"}).region_verdict("A")


def test_a_demand_that_is_about_something_else_is_told_as_that_alone() -> None:
    """Not as kept besides, which would read as if the place mattered."""
    answer = asked(register({"places": GERMANY}), Restriction(within={"DE"}, activities={"backup"})).answer("x")
    told = [leaf.words for leaf in answer.reason.leaves()]
    assert "X (x), service (0): the restriction 'only within DE, for backup' is not about service" in told
    assert [] == [words for words in told if "keeps the demand" in words]


def test_a_permission_tells_which_engagements_are_left_open() -> None:
    """One is permitted, of another it is not stated."""
    rows = ({"places": GERMANY}, {"activity": "hosting", "purpose": "copies of files"})
    answer = decide(register_of(register(*rows), "small"), Tenant("DE"), as_of=TODAY).answer("x")
    assert P is answer.verdict
    (told,) = [note for note in answer.limits if note.code == "limit.not-all"]
    assert "whether it may be engaged for hosting (copies of files) too is not stated" == told.words


@pytest.mark.parametrize(
    ("places", "words"),
    [
        ({}, "where it stores data is not stated, so neither is the hosting region"),
        ({"places": ["DE"]}, "the hosting region in which it stores data is not stated"),
    ],
)
def test_storage_that_names_no_region_is_undetermined_with_what_is_missing(places: dict[str, Any], words: str) -> None:
    """Its place, or only its region."""
    content = register({"activity": "hosting", **places})
    assert words == decide(register_of(content, "small"), Tenant("DE"), as_of=TODAY).answer("x").reason.words


def test_a_place_that_is_the_region_s_rests_on_the_region_s_clause() -> None:
    """Both where it keeps a demand and where it is told with a permission."""
    content = hosts(a={})
    content["regions"][0]["basis"] = ["2"]
    answer = asked(content, WITHIN_GERMANY).answer("a")
    (kept,) = [leaf for leaf in answer.reason.leaves() if leaf.code == "demand.kept"]
    assert {"1", "2"} <= set(kept.basis)
    (told,) = [note for note in answer.limits if note.code == "limit.place"]
    assert ("1", "2") == told.basis
    listed = [leaf for leaf in answer.reason.leaves() if leaf.code == "row.listed"]
    assert [("1",)] == [leaf.basis for leaf in listed]


def test_who_may_not_touch_the_data_does_not_store_it_either() -> None:
    """A company with a second row that takes the data out of the region leaves the region without a host."""
    rows = [
        {"activity": "hosting", "purpose": "h", "regions": ["A"], "places": "as the region", "basis": ["1"]},
        {"activity": "hosting", "purpose": "elsewhere", "regions": ["A"], "places": AMERICA, "basis": ["1"]},
    ]
    for second in (rows[1], {**rows[1], "activity": "delivery", "regions": ["A"]}):
        alone = register(sub_processors=[{"id": "a", "name": "a", "engagements": [rows[0], second]}])
        decision = asked(alone, WITHIN_EU)
        assert (X, X, ()) == (decision.region_verdict("A"), decision.verdict("a"), decision.hosts)
        other = {"id": "b", "name": "b", "engagements": [rows[0]]}
        decision = asked({**alone, "sub_processors": [*alone["sub_processors"], other]}, WITHIN_EU)
        assert (P, X, ("b",)) == (decision.region_verdict("A"), decision.verdict("a"), decision.hosts)
    hosting_alone = Restriction(within={"EU"}, activities={"hosting"})
    edge = {**rows[1], "activity": "delivery"}
    decision = asked(register(sub_processors=[{"id": "a", "name": "a", "engagements": [rows[0], edge]}]), hosting_alone)
    assert (P, P, ("a",)) == (decision.region_verdict("A"), decision.verdict("a"), decision.hosts)


def test_a_parent_whose_seat_is_not_stated_leaves_a_demand_on_seats_open() -> None:
    """It is named, so it counts; where it is registered is missing."""
    content = register({}, company={"registered_in": "DE", "parent": {"name": "Big"}})
    answer = asked(content, Restriction(never_registered_in={"US"})).answer("x")
    assert U is answer.verdict
    assert (
        "X (x): it is not stated where its parent is registered, so it is not shown that the restriction"
        " 'nobody registered in US' is kept"
    ) == answer.reason.words
    assert "2" in answer.reason.basis


def test_an_exception_that_names_no_data_may_concern_any() -> None:
    """It is certain for a demand about all data, and possible for one about some."""
    content = register({}, exceptions=[{"places": AMERICA, "basis": ["2"]}])
    assert X is asked(content, WITHIN_EU).region_verdict("A")
    assert U is asked(content, Restriction(within={"EU"}, data={"logs"})).region_verdict("A")
    answer = decide(register_of(content, "small"), Tenant("DE"), as_of=TODAY).answer("A")
    (told,) = [note.words for note in answer.limits if note.code == "limit.exception"]
    assert "residency exception: data that is not named may be stored elsewhere, whatever the region: US" == told


@pytest.mark.parametrize(("places", "verdict"), [(["US"], X), (["IN"], X), (["DE"], P), (["CA|US"], U), (["IN|US"], X)])
def test_each_of_several_places_that_are_demanded_counts(places: list[str], verdict: Verdict) -> None:
    """The second as the first: what is in one of the two is in one of the two, of places and of seats."""
    content = register({"places": places})
    assert verdict is asked(content, Restriction(never_in={"IN", "US"})).verdict("x")
    seated = register({}, company={"registered_in": places[0]})
    assert verdict is asked(seated, Restriction(never_registered_in={"IN", "US"})).verdict("x")
    kept = {P: X, X: P, U: U}[verdict]
    assert kept is asked(content, Restriction(within={"IN", "US"})).verdict("x")


@pytest.mark.parametrize(("data", "verdict"), [({"logs"}, X), ({"mail"}, X), ({"logs", "mail"}, X), ({"tickets"}, P)])
def test_a_row_about_two_categories_is_about_each_of_them(data: set[str], verdict: Verdict) -> None:
    """A demand about one of the two covers it, though not about all that it is about."""
    content = register({"places": AMERICA, "data": ["logs", "mail"]})
    content["data"]["tickets"] = {"says": "tickets", "basis": ["1"]}
    assert verdict is asked(content, Restriction(within={"DE"}, data=data)).verdict("x")


def test_where_a_state_and_a_territory_of_it_meet_the_answer_says_that_they_are_two_places() -> None:
    """Whatever the verdict, of places and of seats; not where the territory itself is demanded."""
    content = register({"places": ["RE"]}, company={"registered_in": "RE"})
    apart = "RE has a code of its own, and is another place than FR"
    for restriction, verdict in (
        (Restriction(never_in={"FR"}), P),
        (Restriction(within={"FR"}), X),
        (Restriction(never_registered_in={"FR"}), P),
    ):
        answer = asked(content, restriction).answer("x")
        assert verdict is answer.verdict
        assert apart in answer.reason.words
        assert "fact:territories" in answer.basis
    assert apart not in asked(content, Restriction(within={"FR", "RE"})).explain("x")
    assert "is another place than RE" in asked(register({"places": ["FR"]}), Restriction(within={"RE"})).explain("x")


@pytest.mark.parametrize(
    ("seat", "verdict"),
    [
        ({"registered_in": "US"}, X),
        ({"registered_in": "DE", "parent": {"name": "Y", "registered_in": "US"}}, X),
        ({"registered_in": "DE", "parent": {"name": "Y"}}, U),
        ({"registered_in": "DE"}, P),
        ({"parent": {"name": "Y", "registered_in": "DE"}}, U),
        (None, U),
    ],
)
def test_the_vendor_s_seat_is_held_against_a_demand_whatever_it_does_itself(seat: Any, verdict: Verdict) -> None:
    """It is party to whatever is done, with no row of its own; a demand on one activity asks who does that."""
    stated = {} if seat is None else {"seat": {**seat, "basis": ["2"]}}
    content = {**hosts(a={}), **stated}
    for party in content["sub_processors"]:
        party |= {"registered_in": "DE", "basis": ["2"]}
    answer = asked(content, Restriction(never_registered_in={"US"})).answer("A")
    assert verdict is answer.verdict
    hosting = Restriction(never_registered_in={"US"}, activities={"hosting"})
    assert P is asked(content, hosting).region_verdict("A")
