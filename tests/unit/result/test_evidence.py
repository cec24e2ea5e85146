"""Evidence: what `Decision.to_dict` writes is small, says everything once, and is refused where it was changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from residency import BadInput, Decision, Resolver, Restriction, Tenant
from residency.model.stored import first_difference
from residency.result.explain import document_lines
from support import BULGARIA_WITH_VOIP, HOUSE_RULES, REGISTER, RESOLVER, TODAY
from tampered import mutations, parts

OLD = sorted((Path(__file__).parents[2] / "cases" / "format-1").glob("*.json"))
RESTRICTED = RESOLVER.resolve(
    Tenant(
        "US",
        restrictions={Restriction(within={"EEA"}), Restriction(never_registered_in={"US"}, activities={"hosting"})},
        objections={"aws"},
    ),
    as_of=TODAY,
)
RULED = Resolver(REGISTER, house_rules=HOUSE_RULES).resolve(Tenant("BR", "SG"), as_of=TODAY)
CHANGED = "the stored decision was changed after it was made"


def stored(decision: Decision) -> dict[str, Any]:
    """The evidence as a file gives it back."""
    read: dict[str, Any] = json.loads(json.dumps(decision.to_dict()))
    return read


def refused(evidence: dict[str, Any]) -> str:
    """The message of reading it."""
    with pytest.raises(BadInput) as caught:
        Decision.from_dict(evidence)
    return caught.value.message


def test_the_evidence_of_the_bundled_register_is_small() -> None:
    """A third of what format 1 took; most of it are the clauses in their own words."""
    evidence = BULGARIA_WITH_VOIP.to_dict()
    assert 17_000 > len(json.dumps(evidence))
    assert 13_000 > len(json.dumps(evidence, ensure_ascii=False, separators=(",", ":")).encode())


@pytest.mark.parametrize("decision", [BULGARIA_WITH_VOIP, RESTRICTED, RULED], ids=["plain", "restricted", "ruled"])
def test_what_is_written_is_read_back_with_its_words(decision: Decision) -> None:
    """Without the register; whatever order the keys are kept in."""
    read = Decision.from_dict(stored(decision))
    assert (read, read.explain(), read.to_dict()) == (decision, decision.explain(), decision.to_dict())
    shuffled = json.loads(json.dumps(decision.to_dict(), sort_keys=True))
    assert decision.explain() == Decision.from_dict(shuffled).explain()


def test_nothing_empty_is_written_and_nothing_twice() -> None:
    """A reason that several answers share, a note, and the sentence of a code."""
    evidence = stored(RESTRICTED)
    values = list(parts(evidence))
    assert not [path for path, value in values if value in (None, "", [], {})]
    for key in ("reasons", "notes", "sources"):
        texts = [json.dumps(each) for each in evidence[key]]
        assert len(texts) == len(set(texts))


@pytest.mark.slow
def test_each_change_of_one_value_is_refused_or_changes_no_verdict() -> None:
    """What is read nevertheless is what would be written: a name, a quote, a sentence, a fact that decides nothing."""
    decision, evidence, read_anyway = RESTRICTED, stored(RESTRICTED), 0
    for name, changed in mutations(evidence):
        try:
            read = Decision.from_dict(changed)
        except BadInput:
            continue
        read_anyway += 1
        assert first_difference(changed, stored(read)) is None, name
        assert (read.region, read.settled, read.hosts) == (decision.region, decision.settled, decision.hosts), name
        assert read.verdicts == decision.verdicts, name
    assert read_anyway


def test_what_follows_is_not_believed() -> None:
    """Each key that is worked out of the rest, and what no reason refers to."""
    evidence = stored(BULGARIA_WITH_VOIP)
    for key, value in (("region", "UK"), ("hosts", "aws"), ("permitted", "aws"), ("to_disclose", "aws")):
        stored_value = value if key == "region" else [value]
        assert f"the stored {stored_value!r} at $.{key} is not the" in refused({**evidence, key: stored_value})
    unused = [*evidence["reasons"], {"code": "feature.on", "about": {"name": "voip"}}]
    assert "at $.reasons is not the" in refused({**evidence, "reasons": unused})


def test_a_condition_is_as_the_tenant_and_the_day_are() -> None:
    """A consent that was given, an attribute, a day: not by another record than the one beside it."""
    evidence = stored(BULGARIA_WITH_VOIP)
    consenting = {**evidence["tenant"], "consents": ["subcontractor-access"]}
    consent = 'consent "subcontractors may access the customer\'s data" (subcontractor-access) was not given'
    assert f"is not so of the tenant: {consent}" in refused({**evidence, "tenant": consenting})
    off = {"country": "BG", "switched_off": ["voip"]}
    assert "'feature.on' at $.sub_processors.twilio.reason is not so of the tenant" in refused(
        {**evidence, "tenant": off}
    )
    agreed = {**evidence["tenant"], "agreed_region": "US"}
    assert "'placement.home' at $.regions.EU.reason is not so of the tenant" in refused({**evidence, "tenant": agreed})
    early = stored(RESOLVER.resolve(Tenant("BG"), as_of=TODAY.replace(2019, 10, 27)))
    assert "'register.silent-before' at $.regions.EU.reason is not so on 2019-10-28" in refused(
        {**early, "as_of": "2019-10-28"}
    )


def test_the_parts_of_a_combination_have_its_verdict() -> None:
    """Of parts with several verdicts only the worst, or the best, are told: the others decide nothing."""
    evidence = stored(BULGARIA_WITH_VOIP)
    permitted, prohibited = (
        next(place for place, reason in enumerate(evidence["reasons"]) if reason.get("code") == code)
        for code in ("row.listed", "placement.not-home")
    )
    mixed = {**evidence, "reasons": [*evidence["reasons"], {"all": [permitted, prohibited]}]}
    assert "has parts of other verdicts than its own" in refused(mixed)


def test_a_name_that_no_code_has_is_not_passed_over() -> None:
    """Of a condition as of a note: it could be a restriction on what is said."""
    evidence = stored(BULGARIA_WITH_VOIP)
    for key in ("reasons", "notes"):
        first, *others = evidence[key]
        unless = {**first, "about": {**first.get("about", {}), "unless": "x"}}
        assert f"unknown key 'unless' at $.{key}[0].about" == refused({**evidence, key: [unless, *others]})


def test_a_sub_processor_has_an_engagement() -> None:
    """Without one nothing would say whether it may touch the data."""
    evidence = stored(BULGARIA_WITH_VOIP)
    evidence["sub_processors"]["aws"]["engagements"] = []
    assert "no engagement at $.sub_processors.aws.engagements" == refused(evidence)


# --- However it is made ---


def test_reasons_that_name_one_another_twice_are_counted() -> None:
    """Thirty lines would make a tree of a thousand million conditions."""
    evidence = stored(BULGARIA_WITH_VOIP)
    twice: list[dict[str, Any]] = [{"code": "feature.on", "about": {"name": name}} for name in ("voip", "x")]
    twice += [{"all": [place, place + 1]} for place in range(29)]
    message = refused({**evidence, "reasons": twice})
    assert message.startswith("more than 1,000,000 conditions stand within $.reasons[")
    many = [{"code": "feature.on", "about": {"name": str(number)}} for number in range(1_000)]
    wide = [*many, {"all": [*range(1_000)]}]
    rows = [{"activity": "service", "purpose": str(number), "applies": 1_000} for number in range(1_001)]
    party = {"x": {"name": "X", "engagements": rows}}
    assert "more than 1,000,000 conditions stand in its answers" == refused(
        {**evidence, "reasons": wide, "sub_processors": party}
    )


def test_reasons_stand_within_one_another_no_deeper_than_they_can_be_copied() -> None:
    """As in format 1."""
    evidence = stored(BULGARIA_WITH_VOIP)
    deep: list[dict[str, Any]] = [{"code": "feature.on", "about": {"name": name}} for name in ("voip", "x")]
    deep += [{"all": [0, place]} for place in range(1, 40)]
    assert "more than 32 reasons stand within one another at $.reasons[33]" == refused({**evidence, "reasons": deep})


@pytest.mark.parametrize(
    ("sentence", "message"),
    [
        ("x" * 1_001, "a sentence of 1,001 characters at $.sentences.feature.on"),
        ("{name}{name}", "'feature.on' at $.reasons[16] cannot be said by '{name}{name}'"),
        ("{who}", "'feature.on' at $.reasons[16] cannot be said by '{who}'"),
        ("{name.__class__}", "'feature.on' at $.reasons[16] cannot be said by '{name.__class__}'"),
        ("\x1b", "the control character '\\x1b' in the text '\\x1b' at $.sentences.feature.on[1]"),
    ],
)
def test_a_stored_sentence_names_what_it_is_about_and_no_more(sentence: str, message: str) -> None:
    """It is data, and fills in nothing but names, each once."""
    evidence = stored(BULGARIA_WITH_VOIP)
    evidence["sentences"]["feature.on"][1] = sentence
    assert message == refused(evidence)


def test_a_sentence_stands_beside_the_verdict_of_its_code() -> None:
    """For readers without this library; a code without a sentence cannot be said."""
    evidence = stored(BULGARIA_WITH_VOIP)
    sentences = evidence["sentences"]
    for pair in (["PROHIBITED", "x"], ["PERMITTED"], "x", ["PERMITTED", 5]):
        changed = {**evidence, "sentences": {**sentences, "feature.on": pair}}
        assert "at $.sentences.feature.on" in refused(changed)
    without = {code: pair for code, pair in sentences.items() if code != "feature.on"}
    assert "no sentence for 'feature.on' at $.sentences" == refused({**evidence, "sentences": without})


@pytest.mark.parametrize("code", ["unconditional", "all"])
def test_what_has_no_condition_is_none(code: str) -> None:
    """It is left out, and a combination names its parts."""
    evidence = stored(BULGARIA_WITH_VOIP)
    evidence["reasons"][0] = {"code": code}
    assert f"{code!r} at $.reasons[0] is no condition of its own" == refused(evidence)


# --- Format 1 ---


@pytest.mark.parametrize("path", OLD, ids=[path.stem for path in OLD])
def test_what_version_0_2_stored_is_read_and_says_what_it_said(path: Path) -> None:
    """And what is written of it anew says so too."""
    old = json.loads(path.read_text("utf-8"))
    read = Decision.from_dict(old)
    assert (old["region"], old["hosts"], old["to_disclose"]) == (read.region, [*read.hosts], [*read.to_disclose])
    for kind in ("regions", "sub_processors"):
        for name, answer in old[kind].items():
            mine = read.answer(name)
            assert (answer["verdict"], answer["reason"]["words"]) == (mine.verdict, mine.reason.words)
            assert [note["words"] for note in answer["limits"]] == [note.words for note in mine.limits]
    assert [note["words"] for note in old["notices"]] == [*read.notices]
    anew = Decision.from_dict(stored(read))
    assert (read, read.explain()) == (anew, anew.explain())


def test_the_answers_of_format_1_are_those_of_today() -> None:
    """Word for word, but for what it did not store."""
    old = Decision.from_dict(json.loads((OLD[0].parent / "bulgaria.json").read_text("utf-8")))
    explained, (document,) = BULGARIA_WITH_VOIP.explain().splitlines(), document_lines(BULGARIA_WITH_VOIP.documents)
    assert ([*old.explain().splitlines(), document], old.notes, old.sources) == (
        explained,
        BULGARIA_WITH_VOIP.notes,
        BULGARIA_WITH_VOIP.sources,
    )
    assert old.region_answers == BULGARIA_WITH_VOIP.region_answers
    assert old.verdicts == BULGARIA_WITH_VOIP.verdicts
