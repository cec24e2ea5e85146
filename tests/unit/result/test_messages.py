"""The message catalogue: each code is used, has what its sentence needs, and calls what it is about by its name."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from string import Formatter
from typing import Any

import pytest

from residency import Decision, Resolver, Restriction, Tenant, Verdict, decide
from residency.files import register_of
from residency.model.register import Labels
from residency.model.timeline import time_between
from residency.result.messages import CATALOGUE, LISTS, ONE_OF, VERDICT_OF, say
from residency.result.messages_en import SENTENCES, SHORT
from residency.result.reason import all_of, any_of, leaf, negated
from snapshot.snapshot import SMALL, asked, narrowed
from support import BULGARIA_WITH_VOIP, REGISTER, SMALL_REGISTER, TODAY, with_a_planned_member

ROW = {"purpose": "p", "basis": ["1"]}
SIDES = [{"is": side, "says": side, "basis": ["1"]} for side in ("left", "right")]
RARE: dict[str, Any] = {
    **SMALL_REGISTER,
    "seat": {"parent": {"name": "Parent"}, "basis": ["1"]},
    "records": [{"topic": "legal effect", "says": "none", "basis": ["1"]}],
    "tensions": {
        "open": {"says": "two sentences conflict", "sides": SIDES},
        "resolved": {"says": "two others conflict", "sides": SIDES},
    },
    "readings": {
        "R": {
            "of": ["1"],
            "says": "s",
            "because": "b",
            "otherwise": "o",
            "resolves": {"tension": "resolved", "is": "left"},
        }
    },
    "regions": [{"id": name, "name": name, "places": ["FR"], "basis": ["1"]} for name in "AB"],
    "customer_regions": [{"id": "german", "customers": ["DE"], "basis": ["1"]}],
    "sub_processors": [
        {
            "id": name,
            "name": name,
            "engagements": [
                {
                    "activity": "service",
                    "places": ["FR|RE"],
                    "safeguards": [{"mechanism": "SCC", "basis": ["1"]}],
                    "when": {"tension": tension, "is": side},
                    **ROW,
                }
            ],
        }
        for name, tension, side in (("x", "open", "left"), ("y", "resolved", "left"), ("z", "resolved", "right"))
    ]
    + [{"id": "h", "name": "h", "engagements": [{"activity": "hosting", "regions": ["A", "B"], **ROW}]}],
}
RULES: tuple[dict[str, Any], ...] = (
    {"rule": "by-customer"},
    {"rule": "fixed", "region": "A"},
    {"rule": "vendor-choice", "agreed": ["1"]},
    {"rule": "not-promised"},
)
DERIVED = {
    "notice.age": {"ago"},
    "notice.facts-age": {"date", "ago"},
    "notice.facts-passed": {"date", "change"},
    "notice.house-rules": {"date"},
    "notice.house-rules-later": {"date"},
}
"""What sentences name that is worked out of the days that they are about."""
DEMANDS = (Restriction(within={"RE"}), Restriction(never_registered_in={"US"}))


def answered() -> Iterator[tuple[Labels, Any]]:
    """Decisions and narrowed answers as they are stored, with what messages of their registers call rows.

    Of all small registers of the snapshot, of one that has what they have not, under each rule of placement, and of one
    by whose facts a country has joined the EU since they were checked.
    """
    for rule in RULES:
        content = {**deepcopy(RARE), "placement": {"basis": ["1"], **rule}}
        if rule["rule"] != "by-customer":
            del content["customer_regions"]
        resolver = Resolver(register_of(content, "rare"))
        for demands in ((), DEMANDS[:1], DEMANDS[1:]):
            decision = resolver.resolve(Tenant(country="DE", restrictions=demands), as_of=TODAY)
            yield resolver.register.labels, nested(decision)
    decision = decide(with_a_planned_member("RS", date(2027, 1, 1)), Tenant("BG"), as_of=date(2027, 6, 1))
    yield REGISTER.labels, nested(decision)
    for name in SMALL:
        for number, (resolver, tenant, day) in enumerate(asked(name, 60)):
            decision = resolver.resolve(tenant, as_of=day)
            yield resolver.register.labels, nested(decision)
            for party, activity, data in narrowed(resolver.register) if number < 10 else ():
                yield resolver.register.labels, decision.answer(party, activity=activity, data=data).to_dict()


def nested(decision: Decision) -> list[Any]:
    """All of its answers and notices."""
    answers = [answer.to_dict() for answer in (*decision.region_answers, *decision.sub_processor_answers)]
    return [*answers, *(note.to_dict() for note in decision.notes)]


def conditions_in(value: Any) -> Iterator[dict[str, Any]]:
    """Each single condition and each note of a stored decision."""
    if isinstance(value, list):
        for part in value:
            yield from conditions_in(part)
    elif isinstance(value, dict):
        if isinstance(value.get("code"), str) and not value.get("parts"):
            yield value
        yield from conditions_in(list(value.values()))


@pytest.mark.slow
def test_each_code_is_used_with_the_names_that_it_needs_and_says_them() -> None:
    """Whatever has a name is called by it."""
    used = {
        "all",
        "any",
        "not",
        "region.supposed",
    }  # the last under a house rule on the region asked about
    for labels, stored in answered():
        for condition in conditions_in(stored):
            code, about = condition["code"], condition["about"]
            used.add(code)
            names = ((key, tuple(name) if isinstance(name, list) else name) for key, name in about.items())
            assert say(code, tuple(names), labels) == condition["words"]
            assert {key for key, name in about.items() if isinstance(name, list)} == about.keys() & LISTS
            needed = set(CATALOGUE[code].names)
            one_of = frozenset[str]().union(*(ONE_OF[name] for name in needed & ONE_OF.keys()))
            assert needed - ONE_OF.keys() - one_of <= about.keys() <= needed | one_of, code
    assert CATALOGUE.keys() == used


def test_each_code_has_a_sentence_that_takes_its_names() -> None:
    """And there is no other sentence."""
    assert CATALOGUE.keys() == SENTENCES.keys()
    for code, sentence in SENTENCES.items():
        named = [name for _, name, _, _ in Formatter().parse(sentence) if name]
        assert {*CATALOGUE[code].names, *DERIVED.get(code, ())} >= set(named), code
        assert len(named) == len(set(named)), "what is stored may not name one twice"


def test_each_short_word_takes_names_that_its_code_has() -> None:
    """Of restrictions those that all of them have; it needs none that stands for others."""
    assert SHORT.keys() <= CATALOGUE.keys()
    for code, words in SHORT.items():
        assert set(CATALOGUE[code].names) - ONE_OF.keys() >= {
            name for _, name, _, _ in Formatter().parse(words) if name
        }
    telling_nothing = {"unconditional", "row.listed", "list.closed", "exception.data"}
    telling_nothing |= {"region.supposed", "region.not-supposed"}
    assert telling_nothing == VERDICT_OF.keys() - SHORT.keys()


def test_what_a_reason_is_about_is_called_by_its_name_with_the_id_behind() -> None:
    """Sub-processors, hosting regions, features and consents; `about` keeps the ids."""
    twilio, subcontractors = (BULGARIA_WITH_VOIP.answer(name).reason for name in ("twilio", "subcontractors"))
    listed, voip = twilio.leaves()
    assert ("Twilio, Inc. (twilio) is listed for service: VoIP", "twilio") == (listed.words, dict(listed.about)["who"])
    assert 'feature "calls over the VoIP provider" (voip) is on' == voip.words
    assert (
        'consent "subcontractors may access the customer\'s data" (subcontractor-access) was not given'
        == subcontractors.words
    )
    assert (
        "customers in customer region EU are placed in region European Union (EU), not in United States (US)"
        == BULGARIA_WITH_VOIP.answer("US").reason.words
    )


def test_the_vendor_is_never_called_by_the_name_of_a_sub_processor() -> None:
    """Both are told by what could be an id."""
    content = {**RARE, "vendor": "x", "placement": {"rule": "by-customer", "basis": ["1"]}}
    labels = register_of(content, "rare").labels["sub-processor"]
    assert labels.keys() == {"y", "z", "h"}


def test_several_regions_are_each_called_by_their_names() -> None:
    """One that has no other name, or is none of the register's, is called by its id."""
    labels = {"hosting region": {"EU": "European Union"}}
    about = (("customers", ("c",)), ("home", ("EU", "UK")), ("region", "SG"))
    assert "customers in customer region c are placed in region European Union (EU) or UK, not in SG" == say(
        "placement.not-home", about, labels
    )


@pytest.mark.parametrize(
    ("about", "subject"),
    [
        ({"exception": "logs", "activity": "hosting"}, "residency exception (logs): "),
        ({"who": "x", "activity": "support", "purpose": "p"}, "X (x), support (p): "),
        ({"who": "x"}, "X (x): "),
        ({"region": "EU"}, "region European Union (EU): "),
        ({"stated": "V, the vendor, is registered in"}, ""),
    ],
)
def test_a_condition_on_a_restriction_says_of_whom_it_is(about: dict[str, str], subject: str) -> None:
    """An exception, an engagement, a party, a region; what is said of the vendor's seat names it already."""
    labels = {"hosting region": {"EU": "European Union"}, "sub-processor": {"x": "X"}}
    words = say(
        "demand.broken", (*{"stated": "somewhere within", "places": "US", "demand": "d", **about}.items(),), labels
    )
    stated = about.get("stated", "somewhere within")
    assert f"{subject}{stated} US, which breaks the restriction 'd'" == words


def test_which_region_is_asked_about_is_no_reason_beside_others() -> None:
    """Where it decides alone it stays, also below a negation or with others of its kind."""
    asked_of = leaf(Verdict.PERMITTED, "region.supposed", region="A")
    not_of = leaf(Verdict.PROHIBITED, "region.not-supposed", region="B")
    on, off = leaf(Verdict.PERMITTED, "feature.on", name="f"), leaf(Verdict.PROHIBITED, "feature.off", name="g")
    assert "asked of region A" == asked_of.words == all_of([asked_of]).words
    assert asked_of == any_of([asked_of, off])
    assert on == all_of([asked_of, on]) == all_of([on, all_of([asked_of, negated(not_of)])])
    assert off == any_of([off, not_of]) == all_of([off, on, negated(asked_of)])
    assert "asked of region A; not asked of region B" == all_of([asked_of, negated(not_of)]).words


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (date(2020, 1, 31), date(2020, 2, 1), "1 day"),
        (date(2020, 1, 31), date(2020, 2, 29), "29 days"),
        (date(2020, 1, 31), date(2020, 3, 1), "1 month"),
        (date(2020, 1, 15), date(2021, 1, 14), "11 months"),
        (date(2020, 2, 29), date(2021, 2, 28), "11 months"),
        (date(2019, 10, 28), date(2020, 10, 28), "1 year"),
        (date(2019, 10, 28), date(2026, 10, 27), "6 years"),
    ],
)
def test_time_is_told_in_the_largest_whole_unit(start: date, end: date, words: str) -> None:
    """A month is over on the same day of the next, or where that has no such day on the first after it."""
    assert words == time_between(start, end)
