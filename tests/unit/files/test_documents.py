"""Several documents and closed lists by day: what an answer about a day may rest on, and when a list is closed."""

from __future__ import annotations

import pickle
from datetime import date
from typing import Any

import pytest

from residency import BadInput, Decision, Register, Tenant, Verdict, decide
from residency.files import register_of
from residency.model.register import Published
from residency.result.reason import all_of, leaf
from support import SMALL_REGISTER

FIRST, SECOND = date(2021, 2, 5), date(2025, 9, 2)
BEFORE, AFTER = date(2022, 6, 1), date(2026, 6, 1)


def register(**more: Any) -> Register:
    """Two versions of a list that say the same, and a reading of the second."""
    clauses = {
        name: {"document": document, "at": f"line {name}", "quote": "q", "says": "s"}
        for document, names in (("v1", ("a1", "a2")), ("v2", ("b1", "b2")))
        for name in names
    }
    host = {"activity": "hosting", "purpose": "h", "regions": ["A"], "basis": ["a2", "b2", "R"]}
    content = {
        **SMALL_REGISTER,
        "published": SECOND,
        "speaks_from": FIRST,
        "basis": ["a1"],
        "documents": {
            "v1": {"name": "first", "published": FIRST},
            "v2": {"name": "second", "published": SECOND, "replaces": "v1"},
        },
        "clauses": clauses,
        "readings": {"R": {"of": ["b1"], "says": "x", "because": "y", "otherwise": "z"}},
        "regions": [{"id": "A", "name": "A", "places": ["DE"], "basis": ["a2", "b2"]}],
        "placement": {"rule": "fixed", "region": "A", "basis": ["a1", "b1"]},
        "features": {},
        "sub_processors": [{"id": "x", "name": "X", "engagements": [host]}],
        **more,
    }
    return register_of(content, "small")


def test_an_answer_shows_the_documents_in_which_its_clauses_stand() -> None:
    """Those published by that day: what each is called, where it was read, and its hash; also once it is stored."""
    documents = {
        "v1": {"name": "first", "published": FIRST, "at": "the archive", "url": "https://example.com/1"},
        "v2": {"name": "second", "published": SECOND, "replaces": "v1", "sha256": "0f" * 32},
    }
    lines = [
        "document: first of 5 February 2021; the archive https://example.com/1",
        f"document: second of 2 September 2025; SHA-256 of its text: {'0f' * 32}",
    ]
    for day, expected in ((BEFORE, lines[:1]), (AFTER, lines)):
        decision = decide(register(documents=documents), Tenant("DE"), as_of=day)
        for each in (decision, Decision.from_dict(decision.to_dict()), pickle.loads(pickle.dumps(decision))):
            assert [line for line in each.explain().splitlines() if line.startswith("document:")] == expected
            assert [line for line in each.explain("x").splitlines() if line.startswith("document:")] == expected
            assert [document.id for document in each.documents] == ["v1", "v2"][: len(expected)]


def test_clauses_of_the_only_document_stand_in_it() -> None:
    """Whether or not they name it; answers cite them by their places alone."""
    only = {"v1": {"name": "first", "published": FIRST}}
    for stands in ({}, {"document": "v1"}):
        clauses = {
            name: {"at": f"line {name}", "quote": "q", "says": "s", **stands} for name in ("a1", "a2", "b1", "b2")
        }
        made = register(documents=only, clauses=clauses)
        decision = decide(made, Tenant("DE"), as_of=AFTER)
        assert [document.name for document in decision.documents] == ["first"]
        assert {"a1", "a2", "b1", "b2"} == set(made.documents[0].clauses)
        assert made.source("a2").at == "line a2"


@pytest.mark.parametrize(("key", "value"), [("url", "javascript:alert()"), ("url", "https://a b"), ("sha256", "0f")])
def test_what_is_no_address_or_hash_is_not_read_back(key: str, value: str) -> None:
    """Whoever shows a stored decision may link to it."""
    stored = decide(register(), Tenant("DE"), as_of=AFTER).to_dict()
    stored["documents"]["v1"][key] = value
    with pytest.raises(BadInput, match=rf"expected an? .* at \$.documents.v1.{key}"):
        Decision.from_dict(stored)


def test_an_answer_rests_on_no_later_document_beside_one_that_stood() -> None:
    """Neither its reasons nor its notes, its notices nor its sources; a later day rests on both."""
    records = [{"topic": "legal effect", "says": "none", "basis": ["a1", "b1"]}]
    closed = [{"activity": "backup", "basis": ["a2", "b2"]}]
    made = register(records=records, closed=closed)
    for day, later in ((BEFORE, set[str]()), (AFTER, {"b1", "b2", "R"})):
        decision = decide(made, Tenant("DE"), as_of=day)
        used = {source.id for source in decision.sources}
        assert later == used & {"b1", "b2", "R"}
        for answer in (*decision.region_answers, *decision.sub_processor_answers):
            assert (later & {"b2"}) == set(answer.basis) & {"b2"}
        narrowed = decision.answer("x", activity="backup")
        assert (later & {"b2"}) == set(narrowed.basis) & {"b2"}


def test_what_only_a_later_document_says_is_cited_all_the_same() -> None:
    """A vendor may tell later what held before, and then there is nothing else to rest on."""
    host = {"activity": "hosting", "purpose": "h", "regions": ["A"], "since": FIRST, "basis": ["b2", "R"]}
    made = register(sub_processors=[{"id": "x", "name": "X", "engagements": [host]}])
    assert {"b2", "R"} <= set(decide(made, Tenant("DE"), as_of=BEFORE).answer("x").basis)


def test_the_age_of_a_list_cites_the_clause_that_says_its_day_and_no_other() -> None:
    """What says why it speaks from the first day does not say when it was last changed."""
    notes = {note.code: note for note in decide(register(), Tenant("DE"), as_of=AFTER).notes}
    assert ("the list is of 2 September 2025, 8 months before the day asked about", ()) == (
        notes["notice.age"].words,
        notes["notice.age"].basis,
    )
    alone = decide(register(speaks_from=SECOND, basis=["b1"]), Tenant("DE"), as_of=AFTER).notes
    assert ("b1",) == next(note for note in alone if note.code == "notice.age").basis


@pytest.mark.parametrize(
    ("day", "verdict"),
    [
        (date(2020, 1, 1), Verdict.UNDETERMINED),
        (FIRST, Verdict.PROHIBITED),
        (date(2023, 12, 31), Verdict.PROHIBITED),
        (date(2024, 1, 1), Verdict.UNDETERMINED),
    ],
)
def test_a_list_is_closed_on_its_days_and_not_before_the_register_speaks(day: date, verdict: Verdict) -> None:
    """A question about something else than what is listed shows it."""
    closed = [{"activity": "backup", "of": "everybody", "until": date(2024, 1, 1), "basis": ["a2", "b2"]}]
    assert verdict is decide(register(closed=closed), Tenant("DE"), as_of=day).verdict("x", activity="backup")


def test_the_vendor_s_own_work_is_noted_where_it_applies() -> None:
    """Neither before its days nor after them, nor for a feature that is off, nor before the register speaks."""
    row = {"activity": "support", "basis": ["a2", "b2"]}
    own = [
        {**row, "purpose": "now"},
        {**row, "purpose": "ended", "until": date(2022, 1, 1)},
        {**row, "purpose": "later", "since": date(2030, 1, 1)},
        {**row, "purpose": "feature", "when": {"feature": "f"}},
    ]
    made = register(own_infrastructure=own, features={"f": {"says": "f", "basis": ["a1"]}})

    def noted(day: date) -> list[str]:
        notes = decide(made, Tenant("DE"), as_of=day).answer("A").limits
        return [note.named("purpose") for note in notes if note.code == "limit.own"]

    assert (["now"], ["now", "ended"], []) == (noted(AFTER), noted(FIRST), noted(date(2020, 1, 1)))


def test_a_row_that_is_where_the_region_is_has_only_the_stays_of_its_own_days() -> None:
    """One that ended before the region moved was never at the place to which it moved."""
    sites = [{"places": ["IE"], "until": date(2023, 1, 1), "basis": ["a2", "b2"]}]
    row = {"activity": "hosting", "purpose": "h", "regions": ["A"], "places": "as the region", "basis": ["a2", "b2"]}
    made = register(
        regions=[{"id": "A", "name": "A", "places": ["DE"], "sites": sites, "basis": ["a2", "b2"]}],
        sub_processors=[{"id": "x", "name": "X", "engagements": [{**row, "until": date(2022, 1, 1)}]}],
    )
    (only,) = made.sub_processor("x").engagements
    assert (("IE",), date(2022, 1, 1)) == (tuple(place.text for place in only.places or ()), only.span.end)


def test_each_condition_of_an_answer_is_cited_by_itself() -> None:
    """What rests on a later clause alone goes on resting on it, beside another that rests on an earlier one."""
    old, new, both = (
        leaf(Verdict.PERMITTED, "feature.on", basis, name=name)
        for name, basis in (("a", ["old"]), ("b", ["new"]), ("c", ["old", "new"]))
    )
    cited = Published(frozenset({"old"}), frozenset({"new"})).cited
    assert all_of([old, new]) == all_of([old, new]).citing(cited)
    assert all_of([old, leaf(Verdict.PERMITTED, "feature.on", ["old"], name="c")]) == all_of([old, both]).citing(cited)
