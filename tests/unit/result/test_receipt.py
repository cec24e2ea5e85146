"""Receipts: small and canonical, they say what the decision says, and bytes that nobody wrote are refused."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable, Iterator
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from residency import BadInput, Decision, Resolver, Restriction, Tenant
from residency.model.canonical import canonical
from residency.model.tenant import by_text
from residency.result.answer import UNSAID
from residency.result.answers import Digests
from residency.result.receipt import Receipt
from snapshot.snapshot import SMALL, asked
from support import BULGARIA_WITH_VOIP, DAYS, HOUSE_RULES, REGISTER, RESOLVER, TODAY, tenants

OLD = Path(__file__).parents[2] / "cases" / "format-1" / "bulgaria.json"
DEMANDS = (
    Restriction(within={"EEA"}),
    Restriction(within={"EEA", "CH", "GB"}, activities={"hosting", "backup"}),
    Restriction(never_in={"IN", "CN", "RU"}, activities={"support"}),
    Restriction(never_registered_in={"US"}),
)
NEVER_US = Restriction(never_in={"US"}, activities={"hosting"})
RESTRICTED = RESOLVER.resolve(
    Tenant("US", "EU", {"voip"}, restrictions={DEMANDS[0], NEVER_US}, objections={"aws"}), as_of=TODAY
)
RULED = Resolver(REGISTER, house_rules=HOUSE_RULES).resolve(Tenant("BR"), as_of=TODAY)
EARLY = RESOLVER.resolve(Tenant("BG"), as_of=DAYS[0])
SOME = {"plain": BULGARIA_WITH_VOIP, "restricted": RESTRICTED, "ruled": RULED, "early": EARLY}
CHANGED = "the receipt was changed after it was written"
some = pytest.mark.parametrize("decision", SOME.values(), ids=SOME)


def record_of(decision: Decision) -> dict[str, Any]:
    """What the receipt of a decision holds."""
    record: dict[str, Any] = json.loads(decision.receipt().bytes)
    return record


def check(decision: Decision) -> None:
    """The receipt is canonical, is read back equal, and says what the decision says."""
    written = decision.receipt()
    assert written.bytes == rfc8785.dumps(json.loads(written.bytes))
    for receipt in (written, Receipt.read(written.bytes)):
        assert (receipt, receipt.bytes, receipt.digest) == (written, written.bytes, written.digest)
        assert (receipt.tenant, receipt.as_of, receipt.register_id) == (
            decision.tenant,
            decision.as_of,
            decision.register_id,
        )
        assert (receipt.region, receipt.settled) == (decision.region, decision.settled)
        assert (receipt.hosts, receipt.to_disclose) == (decision.hosts, decision.to_disclose)
        assert (receipt.announced, receipt.verdicts) == (decision.announced, decision.verdicts)
        whys = {**receipt.regions, **receipt.sub_processors}
        answers = (*decision.region_answers, *decision.sub_processor_answers)
        assert sorted(whys) == sorted(answer.id for answer in answers)
        places = {each.text: str(place) for place, each in enumerate(by_text(decision.tenant.restrictions))}
        for answer in answers:
            why, leaves = whys[answer.id], list(answer.reason.leaves())
            of = (place_or_name(leaf, places) for leaf in leaves if leaf.code not in UNSAID)
            assert (answer.verdict, tuple(sorted(set(of)))) == (why.verdict, why.codes)
            assert tuple(sorted({name for leaf in leaves for name in leaf.basis})) == why.basis
            permitted = {each.activity for each in answer.engagements if each.verdict == "PERMITTED"}
            assert (tuple(sorted(permitted)) if answer.verdict == "PERMITTED" else ()) == why.activities


def place_or_name(leaf: Any, places: dict[str, str]) -> str:
    """The code of a condition with what it is of."""
    about = dict(leaf.about)
    of = (
        [places[about["demand"]]]
        if "demand" in about
        else [about[key] for key in ("name", "rule", "day") if key in about]
    )
    return ":".join([leaf.code, *of[:1]])


# --- Small, canonical, complete ---


@pytest.mark.slow
def test_the_receipt_of_every_plain_tenant_of_the_bundled_register_has_1_536_bytes_at_most() -> None:
    """Every country, agreed region, feature and consent, on every day of change: and each says what was decided."""
    for day in DAYS:
        seen = set()
        for tenant in tenants():
            decision = RESOLVER.resolve(tenant, as_of=day)
            assert len(decision.receipt().bytes) <= 1_536
            if decision._answers not in seen:
                seen.add(decision._answers)
                check(decision)


@pytest.mark.slow
def test_three_restrictions_of_a_kind_that_customers_make_stay_within_two_kilobytes() -> None:
    """Up to three of four, for a customer of each home and of none, with each region agreed or none."""
    for count in (1, 2, 3):
        for demanded in combinations(DEMANDS, count):
            for country in ("BG", "GB", "US", "BR"):
                for agreed in (None, *REGISTER.regions):
                    tenant = Tenant(country, agreed, {"voip"}, {"subcontractor-access"}, restrictions=demanded)
                    decision = RESOLVER.resolve(tenant, as_of=TODAY)
                    assert len(decision.receipt().bytes) <= 2_048
                    check(decision)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "most"), [("37signals", 8_192), ("slack", 8_192), *((name, 4_096) for name in SMALL)])
def test_the_receipt_of_any_other_register_is_small_and_says_what_was_decided(name: str, most: int) -> None:
    """Real ones, and made-up ones that have everything: under demands, objections and house rules."""
    for resolver, tenant, day in asked(name, 40 if name not in SMALL else 200):
        decision = resolver.resolve(tenant, as_of=day)
        assert len(decision.receipt().bytes) <= most
        check(decision)


@some
def test_a_receipt_says_what_the_decision_says(decision: Decision) -> None:
    """Region, hosts, verdicts, codes, basis and activities, written and read back."""
    check(decision)


def test_a_receipt_names_what_a_code_is_of_and_the_activities_that_are_permitted() -> None:
    """A consent, a restriction by its place, a day; a region has no activities."""
    receipt = BULGARIA_WITH_VOIP.receipt()
    assert ("consent.not-given:subcontractor-access",) == receipt.sub_processors["subcontractors"].codes
    assert (("feature.on:voip",), ("48", "52"), ("service",)) == (
        receipt.sub_processors["twilio"].codes,
        receipt.sub_processors["twilio"].basis,
        receipt.sub_processors["twilio"].activities,
    )
    assert () == receipt.regions["EU"].activities
    assert "demand.kept:1" in RESTRICTED.receipt().regions["EU"].codes
    assert "demand: only within EEA" in RESTRICTED.receipt().regions["EU"].basis
    assert {("register.silent-before:2019-10-28",)} == {why.codes for why in EARLY.receipt().regions.values()}


def test_a_receipt_names_library_and_register() -> None:
    """The register by its digests, those of the groupings that restrictions name among them."""
    receipt = BULGARIA_WITH_VOIP.receipt()
    assert (record_of(BULGARIA_WITH_VOIP)["library"], "liveagent") == (receipt.library, receipt.register_id)
    assert (REGISTER.digest, REGISTER.words_digest) == (receipt.digests.digest, receipt.digests.words)
    assert REGISTER.facts_digest == receipt.digests.facts != RESTRICTED.receipt().digests.facts
    assert repr(receipt) == (f"<Receipt {receipt.digest[:12]} for {receipt.tenant!r} as of 2026-11-23: region 'EU'>")


# --- The same bytes, whatever becomes of the decision ---


@some
def test_what_was_stored_copied_or_pickled_has_the_receipt_that_it_had(decision: Decision) -> None:
    """Byte for byte; and a receipt can be copied and pickled itself, and stand in a set."""
    receipt = decision.receipt()
    read = Decision.from_dict(json.loads(json.dumps(decision.to_dict())))
    copies = (read, copy.copy(decision), copy.deepcopy(decision), pickle.loads(pickle.dumps(decision)), copy.copy(read))
    assert {receipt.bytes} == {each.receipt().bytes for each in copies}
    assert {receipt} == {receipt, copy.copy(receipt), copy.deepcopy(receipt), pickle.loads(pickle.dumps(receipt))}
    assert receipt.verdicts == pickle.loads(pickle.dumps(receipt)).verdicts


def test_a_decision_of_format_1_has_no_receipt() -> None:
    """It did not store by which register it was given; neither does what is written of it anew."""
    old = Decision.from_dict(json.loads(OLD.read_text("utf-8")))
    for decision in (old, Decision.from_dict(old.to_dict()), copy.copy(old)):
        with pytest.raises(BadInput) as caught:
            decision.receipt()
        assert ("a decision that was stored in format 1 has no receipt", "ask the register again") == (
            caught.value.message,
            caught.value.remedy,
        )


# --- Bytes that are no receipt ---


def refused(stored: Any) -> tuple[str, str | None]:
    """Message and remedy of reading it."""
    with pytest.raises(BadInput) as caught:
        Receipt.read(stored)
    assert caught.value.message.isprintable()
    return caught.value.message, caught.value.remedy


PLAIN = BULGARIA_WITH_VOIP.receipt().bytes


@pytest.mark.parametrize(
    ("stored", "message"),
    [
        (PLAIN + b"\n", "it is not in canonical form"),
        (json.dumps(json.loads(PLAIN)).encode(), "it is not in canonical form"),
        (PLAIN.replace(b'{"answers"', b'{"as_of":"2026-11-23","answers"', 1), "it is not in canonical form"),
        (PLAIN.replace(b'"EU"', b'"\\u0045U"', 1), "it is not in canonical form"),
        (PLAIN.decode().encode("utf-16"), "it is not in canonical form"),
        (b"\xef\xbb\xbf" + PLAIN, "it is not in canonical form"),
        (PLAIN.replace(b'"format":1', b'"format":1.0'), "1.0 is no whole number"),
        (PLAIN.replace(b'"format":1', b'"format":NaN'), "NaN is no whole number"),
        (PLAIN.replace(b'"format":1', b'"format":-Infinity'), "-Infinity is no whole number"),
        (PLAIN.replace(b'"format":1', b'"format":1' + b"0" * 20), "is no whole number up to"),
        (PLAIN.replace(b'"format":1', b'"format":1' + b"0" * 9_000), "is no whole number up to"),
        (PLAIN.replace(b'"EU"', b'"\\ud800"', 1), "half a surrogate pair"),
        (PLAIN.replace(b'"EU"', b'"\xff"', 1), "can't decode byte 0xff"),
        (PLAIN[:-1], "Expecting ',' delimiter"),
        (b"", "Expecting value"),
        (b"[" * 100_000, "it is nested too deeply"),
        (b'{"a":' * 100_000, "it is nested too deeply"),
    ],
)
def test_bytes_that_are_not_canonical_are_refused(stored: bytes, message: str) -> None:
    """Spaces, a key that stands twice, another encoding, escapes, floats, what is no number, half characters, depth."""
    found, remedy = refused(stored)
    assert found.startswith("expected the canonical JSON of a receipt, got ")
    assert message in found
    assert "pass the bytes as they were stored" == remedy


@pytest.mark.parametrize("stored", [PLAIN.decode(), bytearray(PLAIN), memoryview(PLAIN), json.loads(PLAIN), None])
def test_only_bytes_are_read(stored: Any) -> None:
    """A text may have been decoded and encoded otherwise on its way."""
    message, remedy = refused(stored)
    assert message.startswith("expected the bytes of a receipt, got ")
    assert "pass what receipt.bytes holds" == remedy


def test_bytes_that_are_too_many_are_refused_before_they_are_read() -> None:
    """The largest receipt of a real register has eight thousand."""
    assert ("expected a receipt, got 1,000,001 bytes", "a receipt has 1,000,000 at most") == refused(b" " * 1_000_001)


Change = Callable[[dict[str, Any]], object]


def put(path: str, value: Any) -> Change:
    """Write a value, or what it makes of what stands there, at a path."""

    def change(record: dict[str, Any]) -> None:
        here: Any = record
        *steps, last = [int(step) if step.isdigit() else step for step in path.split("/")]
        for step in steps:
            here = here[step]
        here[last] = value(here[last]) if callable(value) else value

    return change


def drop(path: str) -> Change:
    """Leave out a key."""
    *steps, last = path.split("/")
    return put("/".join(steps), lambda here: {key: value for key, value in here.items() if key != last})


TWILIO = "answers/sub_processors/permitted/twilio"
HANDMADE: dict[str, tuple[Change, str]] = {
    "an unknown key": (put("signed", "x"), "unknown key 'signed' at $"),
    "a missing key": (lambda record: record.pop("library"), "missing key 'library' at $"),
    "an unknown key of answers": (put("answers/x", "x"), "unknown key 'x' at $.answers"),
    "an unknown key of the register": (put("register/x", "x"), "unknown key 'x' at $.register"),
    "an unknown key of the tenant": (put("tenant/x", "x"), "unknown key 'x' at $.tenant"),
    "an unknown key of a restriction": (put("tenant/restrictions/0/x", "x"), "at $.tenant.restrictions[0]"),
    "another kind": (put("kind", "x"), "expected a receipt, got 'x', format 1"),
    "another format": (put("format", 2), "expected a receipt, got 'residency.receipt', format 2"),
    "a format that is true": (put("format", True), "expected a receipt, got 'residency.receipt', format True"),
    "no day": (put("as_of", "2026-02-30"), "expected a day as 'YYYY-MM-DD', got '2026-02-30' at $.as_of"),
    "a day of a week": (put("as_of", "2026-W01-1"), "expected a day as 'YYYY-MM-DD', got '2026-W01-1' at $.as_of"),
    "a library that is no text": (put("library", 3), "expected a text, got 3 at $.library"),
    "a digest that is no text": (put("register/words", None), "expected a text, got None at $.register.words"),
    "no register": (put("register", []), "expected an object, got [] at $.register"),
    "no answers": (put("answers", None), "expected an object, got None at $.answers"),
    "a hash that is empty": (
        put("answers/told", ""),
        "the stored '' at $.answers.told is not the None that follows",
    ),
    "an unknown country": (put("tenant/country", "UK"), "unknown country code 'UK'"),
    "a record that is not as it is written": (
        put("tenant/consents", []),
        "the stored [] at $.tenant.consents is not the None that follows",
    ),
    "restrictions in another order": (
        put("tenant/restrictions", lambda each: each[::-1]),
        "at $.tenant.restrictions[0].never_in is not the",
    ),
    "an unknown verdict": (put("answers/regions/allowed", {}), "unknown verdict 'allowed' at $.answers.regions"),
    "a verdict without answers": (
        put("answers/regions/undetermined", {}),
        "the stored {} at $.answers.regions.undetermined is not the None that follows",
    ),
    "answers that are a list": (
        put("answers/regions/prohibited", ["UK"]),
        "expected an object, got ['UK'] at $.answers.regions.prohibited",
    ),
    "an id with two verdicts": (
        put("answers/sub_processors/prohibited/aws", [["feature.off:x"], []]),
        "an id has two verdicts at $.answers.sub_processors",
    ),
    "an answer that is no list": (
        put(TWILIO, "x"),
        "expected a list, got 'x' at $.answers.sub_processors.permitted.twilio",
    ),
    "an answer of one part": (put(TWILIO, [[]]), "expected codes and basis and activities, got [[]] at"),
    "an answer on a region with activities": (
        put("answers/regions/permitted/EU", lambda parts: [*parts, ["hosting"]]),
        "expected codes and basis, got [[",
    ),
    "codes that are no texts": (put(f"{TWILIO}/0", [5]), "expected a text, got 5 at"),
    "codes that are no list": (put(f"{TWILIO}/0", "x"), "expected a list of texts, got 'x' at"),
    "an unknown code": (put(f"{TWILIO}/0", ["feature.of:voip"]), "unknown code 'feature.of:voip' at"),
    "a code that is not written": (put(f"{TWILIO}/0", ["row.listed"]), "unknown code 'row.listed' at"),
    "a code of a combination": (put(f"{TWILIO}/0", ["all"]), "unknown code 'all' at"),
    "a code twice": (put(f"{TWILIO}/0", lambda codes: codes * 2), "permitted.twilio[0] is not the ['"),
    "a basis that is no list": (put(f"{TWILIO}/1", {}), "expected a list, got {} at"),
    "a basis of nothing": (put(f"{TWILIO}/1", [None]), "expected a number from 0 to 1, got None at"),
    "a restriction that is not there": (put(f"{TWILIO}/1", [2]), "expected a number from 0 to 1, got 2 at"),
    "a restriction that is false": (put(f"{TWILIO}/1", [False]), "expected a number from 0 to 1, got False at"),
    "a basis in another order": (put(f"{TWILIO}/1", lambda basis: basis[::-1]), "permitted.twilio[1][0] is not the"),
    "an unknown activity": (put(f"{TWILIO}/2", ["hostin"]), "unknown activity 'hostin' at"),
    "a region that is not permitted": (
        put("answers/region", "UK"),
        "unknown permitted hosting region 'UK' at $.answers.region",
    ),
    "a region that is none": (put("answers/region", None), "expected a text, got None at $.answers.region"),
    "another settled region": (
        put("answers/settled", "UK"),
        "the stored 'UK' at $.answers.settled is not the None that follows",
    ),
    "a settled region that is permitted": (
        put("answers/settled", "EU"),
        "unknown hosting region that is not permitted 'EU' at $.answers.settled",
    ),
    "hosts that are not permitted": (
        put("answers/hosts", ["aws", "linode"]),
        "the stored ['aws', 'linode'] at $.answers.hosts is not the ['linode'] that follows",
    ),
    "hosts left out": (drop("answers/hosts"), "the stored None at $.answers.hosts is not the ['linode'] that follows"),
    "hosts that are no list": (put("answers/hosts", 5), "the stored 5 at $.answers.hosts is not the"),
    "somebody unknown disclosed": (
        put("answers/to_disclose", ["x"]),
        "unknown sub-processor 'x' at $.answers.to_disclose",
    ),
    "disclosure left out": (drop("answers/to_disclose"), "the stored None at $.answers.to_disclose is not the ['aws'"),
    "disclosure in another order": (
        put("answers/to_disclose", lambda names: names[::-1]),
        "at $.answers.to_disclose[0] is not the 'aws' that follows",
    ),
    "disclosure of what is no text": (
        put("answers/to_disclose", [[]]),
        "expected a text, got [] at $.answers.to_disclose[0]",
    ),
    "somebody unknown announced": (
        put("answers/announced", {"x": ""}),
        "unknown sub-processor 'x' at $.answers.to_disclose",
    ),
    "announced for no day": (put("answers/announced", {"aws": "soon"}), "expected a day as 'YYYY-MM-DD', got 'soon'"),
    "announced for nothing": (
        put("answers/announced", {"aws": None}),
        "expected a text, got None at $.answers.announced.aws",
    ),
    "a control character": (
        put("library", "\x1b[2J"),
        "the control character '\\x1b' in the text '\\x1b[2J' at $.library",
    ),
    "a control character in an id": (
        put("answers/sub_processors/prohibited/a\u202eb", [["feature.off:x"], []]),
        "the control character '\\u202e' in the text 'a\\u202eb' at $.answers.sub_processors.prohibited",
    ),
    "a control character in a code": (put(f"{TWILIO}/0", ["feature.on:\n"]), "the control character '\\n' in the text"),
    "nesting": (put(f"{TWILIO}/1", [[[[[]]]]]), "expected a number from 0 to 1, got [[[[]]]] at"),
}


@pytest.fixture
def voip() -> dict[str, Any]:
    """A record with two restrictions in which Twilio is permitted, and Linode the only host."""
    demands = {NEVER_US, Restriction(within={"EEA"}, activities={"hosting"})}
    return record_of(RESOLVER.resolve(Tenant("BG", features={"voip"}, restrictions=demands), as_of=TODAY))


@pytest.mark.parametrize(("change", "message"), HANDMADE.values(), ids=HANDMADE)
def test_what_nobody_writes_is_refused(voip: dict[str, Any], change: Change, message: str) -> None:
    """Canonical bytes of another record: each with its path."""
    assert voip == json.loads(Receipt.read(canonical(voip)).bytes)
    change(voip)
    found, remedy = refused(canonical(voip))
    assert message in found
    assert remedy is None or "Decision.to_dict" not in remedy


@pytest.mark.parametrize(
    "name", ["a control character", "a restriction that is not there", "a library that is no text"]
)
def test_the_remedy_is_of_a_receipt(voip: dict[str, Any], name: str) -> None:
    """And not of evidence, or of what a caller wrote."""
    HANDMADE[name][0](voip)
    assert CHANGED == refused(canonical(voip))[1]


def test_values_that_are_no_record_are_refused() -> None:
    """Canonical JSON of anything else."""
    values: tuple[Any, ...] = ([], "x", 5, None, True, {}, [{}])
    for value in values:
        refused(canonical(value))


@pytest.mark.slow
def test_a_receipt_as_long_as_can_be_is_read_like_any_other() -> None:
    """Of twelve thousand sub-processors, restrictions and days: nothing is compared with everything."""
    record = record_of(EARLY)
    names = [f"party-{number:05}" for number in range(12_000)]
    record["answers"] |= {"to_disclose": names, "announced": dict.fromkeys(names, "")}
    record["answers"]["sub_processors"] = {"undetermined": {name: [[], []] for name in names}}
    assert names == [*Receipt.read(canonical(record)).sub_processors]
    refused(canonical({**record, "answers": {**record["answers"], "to_disclose": names[1:] + names[:1]}}))


# --- Attacked ---


def parts_of(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every list and object within, each with one of its keys or places."""
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from parts_of(value[key])


VALUES: st.SearchStrategy[Any] = st.sampled_from(
    [
        "",
        "x",
        "EU",
        "aws",
        "linode",
        "PERMITTED",
        "permitted",
        "\x00",
        "é",
        0,
        1,
        -1,
        True,
        None,
        [],
        {},
        [[]],
        [0],
        ["x"],
    ]
)


def read_or_refused(stored: bytes) -> None:
    """It is refused with `BadInput`, or is a receipt of exactly these bytes whose accessors all answer."""
    try:
        receipt = Receipt.read(stored)
    except BadInput:
        return
    assert receipt.bytes == stored == canonical(json.loads(stored))
    assert receipt.region is None or receipt.regions[receipt.region].verdict == "PERMITTED"
    assert all(receipt.verdicts[name] == "PERMITTED" for name in receipt.hosts)
    assert {name for name, verdict in receipt.verdicts.items() if verdict != "PROHIBITED"} <= {*receipt.to_disclose}
    assert receipt.announced.keys() <= {*receipt.to_disclose} <= receipt.verdicts.keys()
    assert (receipt.settled, receipt.library) == (receipt.answers.get("settled", receipt.region), receipt.library)
    assert (date, Tenant, Digests) == tuple(map(type, (receipt.as_of, receipt.tenant, receipt.digests)))


@pytest.mark.slow
@settings(max_examples=1_000)
@given(data=st.data())
def test_bytes_that_were_changed_are_refused_or_are_a_receipt_of_those_bytes(data: st.DataObject) -> None:
    """One or more of them replaced, left out, put in or moved."""
    stored = bytearray(data.draw(st.sampled_from(list(SOME.values()))).receipt().bytes)
    for _ in range(data.draw(st.integers(1, 3))):
        start, length = data.draw(st.integers(0, len(stored) - 1)), data.draw(st.integers(0, 4))
        pieces = st.binary(max_size=4) | st.sampled_from(
            [b'"', b"{", b"}", b"[]", b",", b":", b"0", b"null", b"\\u0000"]
        )
        stored[start : start + length] = data.draw(pieces)
    read_or_refused(bytes(stored))


@pytest.mark.slow
@settings(max_examples=1_000)
@given(data=st.data())
def test_values_that_were_changed_are_refused_or_are_a_receipt_of_those_bytes(data: st.DataObject) -> None:
    """One or more of them replaced, left out, renamed, swapped or repeated, and all of it canonical again."""
    record = record_of(data.draw(st.sampled_from(list(SOME.values()))))
    for _ in range(data.draw(st.integers(1, 3))):
        places = list(parts_of(record))
        holder, key = data.draw(st.sampled_from(places))
        other, other_key = data.draw(st.sampled_from(places))
        match data.draw(st.sampled_from(["replace", "leave out", "rename", "copy", "repeat"])):
            case "replace":
                holder[key] = copy.deepcopy(data.draw(VALUES))
            case "leave out":
                del holder[key]
            case "rename" if isinstance(holder, dict):
                holder[data.draw(st.sampled_from(["x", "", "US", "aws", "\x1b", *map(str, holder)]))] = holder.pop(key)
            case "copy":
                holder[key] = copy.deepcopy(other[other_key])
            case _ if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[key]))
    read_or_refused(canonical(record))
