"""Receipts and evidence asked again: what was kept holds, or what differs is told; what was changed never holds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice, product, repeat
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from digested import put as changed_at
from residency import (
    BadInput,
    Decision,
    Register,
    Resolver,
    Restriction,
    Tenant,
    Verdict,
    decide,
    load_house_rules,
    load_register,
    lost,
)
from residency.model.canonical import canonical
from residency.model.conditions import Has
from residency.model.rows import Engagement
from residency.receipts import Outcome, Receipt, Replay, _held, _rechecked, recheck, replay, verify
from snapshot.snapshot import SMALL, asked, resolvers
from support import HOUSE_RULES, REGISTER, RESOLVER, TODAY, tenants, with_a_planned_member
from tampered import mutations, parts, put

NAMES = ("liveagent", *SMALL, "sentry", "zendesk")
FORMAT_1 = Path(__file__).parents[1] / "cases" / "format-1"
BULGARIA = Tenant("BG", features={"voip"})
RESTRICTED = Tenant(
    "US",
    restrictions={Restriction(within={"EEA"}), Restriction(never_registered_in={"US"}, activities={"hosting"})},
    objections={"aws"},
)
DECISION = RESOLVER.resolve(BULGARIA, as_of=TODAY)
RECEIPT = DECISION.receipt()
RULED = Resolver(REGISTER, house_rules=HOUSE_RULES)
TWILIO = next(number for number, each in enumerate(REGISTER.sub_processor_rows) if each.id == "twilio")
HOLDS, WORDS_ONLY, OTHER_REASONS = Outcome.HOLDS, Outcome.WORDS_ONLY, Outcome.OTHER_REASONS
TOLD_OTHERWISE, DIFFERS, CANNOT_BE_ASKED = Outcome.TOLD_OTHERWISE, Outcome.DIFFERS, Outcome.CANNOT_BE_ASKED


def record(receipt: Receipt = RECEIPT) -> dict[str, Any]:
    """What the bytes of a receipt say."""
    read: dict[str, Any] = json.loads(receipt.bytes)
    return read


def evidence(decision: Decision = DECISION) -> dict[str, Any]:
    """A stored decision, as a file gives it back."""
    read: dict[str, Any] = json.loads(json.dumps(decision.to_dict()))
    return read


def again(kept: Receipt | bytes, resolver: Resolver, day: date | None = None) -> Replay:
    """The replay, which the quick way and the strict way agree on."""
    quick, strict = _held(kept, resolver, day), _rechecked(kept, resolver, day)
    if quick is not None:
        assert (quick.outcome, quick.because, quick.path, quick.problem) == (HOLDS, strict.because, "", "")
        assert (quick.receipt, quick.decision, quick.outcome) == (strict.receipt, strict.decision, strict.outcome)
        assert (quick.changes, not strict.changes) == (strict.changes, True)
    return strict


def summary(replayed: Replay) -> tuple[Outcome, tuple[str, ...], str]:
    """The outcome, because of what, and the path."""
    return replayed.outcome, replayed.because, replayed.path


# --- What holds ---


@pytest.mark.slow
@pytest.mark.parametrize("day", [date(2019, 10, 27), *REGISTER.change_dates], ids=str)
def test_every_plain_tenant_holds_on_the_first_day_of_each_span(day: date) -> None:
    """All 4,980 by the quick way; by the strict one, too, on the last day, and some of them on the others."""
    for number, tenant in enumerate(tenants()):
        kept = RESOLVER.resolve(tenant, as_of=day).receipt()
        quick = _held(kept.bytes, RESOLVER, None)
        assert quick is not None
        assert (quick.receipt, *summary(quick)) == (kept, HOLDS, (), "")
        if day == REGISTER.change_dates[-1] or number % 83 == 0:
            replayed = again(kept.bytes, RESOLVER)
            assert (replayed.receipt, *summary(replayed)) == (kept, HOLDS, (), "")


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_what_was_asked_holds(name: str) -> None:
    """Tenants with demands and objections, under house rules and without, in receipts and in stored decisions."""
    for resolver, tenant, day in asked(name, 24):
        decision = resolver.resolve(tenant, as_of=day)
        kept = decision.receipt()
        assert _held(kept.bytes, resolver, None) is not None
        assert Receipt.read(kept.bytes) == kept
        for replayed in (again(kept.bytes, resolver), again(kept, resolver)):
            assert (replayed.decision, *summary(replayed)) == (decision, HOLDS, (), "")
        verdicts = {each.id: each.verdict for each in decision.region_answers}
        assert verdicts == {region: why.verdict for region, why in kept.regions.items()}
        public = ("region", "settled", "hosts", "to_disclose", "announced", "verdicts", "tenant", "as_of", "library")
        for key in (*public, "digests", "register_id"):
            assert getattr(kept, key) == getattr(decision, key), key


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_what_was_asked_holds_as_evidence(name: str) -> None:
    """Read back and asked again, words too."""
    for resolver, tenant, day in asked(name, 24):
        decision = resolver.resolve(tenant, as_of=day)
        for stored in (decision, evidence(decision)):
            verified = verify(stored, resolver.register)
            assert (verified.decision, verified.receipt, *summary(verified)) == (decision, None, HOLDS, (), "")
            assert verified.changes is not None
            assert not verified.changes


def test_house_rules_are_asked_with_the_register() -> None:
    """As they are passed; without them it is another register."""
    rules = load_house_rules("rest-of-world", REGISTER)
    decision = RULED.resolve(Tenant("BR"), as_of=TODAY)
    kept = decision.receipt()
    for replayed in (
        replay(kept, REGISTER, house_rules=rules),
        replay(kept.bytes, REGISTER, house_rules=rules),
        next(recheck([kept], REGISTER, house_rules=rules)),
        verify(decision, REGISTER, house_rules=rules),
    ):
        assert replayed.outcome is HOLDS
    without = again(kept, RESOLVER)
    assert (without.outcome, without.because) == (DIFFERS, ("register", "facts"))
    assert without.decision is not None
    assert without.decision.region is None


@pytest.mark.parametrize("path", sorted(FORMAT_1.glob("*.json")), ids=lambda path: path.stem)
def test_a_decision_of_format_1_is_verified(path: Path) -> None:
    """Its answers and its words; which register gave it, it did not store."""
    stored = json.loads(path.read_text("utf-8"))
    register = load_register(SMALL.get(path.stem, "liveagent"))
    rules = HOUSE_RULES if path.stem.endswith("under-house-rules") else None
    verified = verify(stored, register, house_rules=rules)
    assert verified.outcome is HOLDS
    assert verified.because[:4] == ("register", "words", "facts", "countries")
    assert verified.decision is not None
    assert (verified.path, verified.decision.region) == ("", stored["region"])


def test_a_decision_of_format_1_whose_words_are_others_now_says_so() -> None:
    """At the path where it has them."""
    stored = json.loads((FORMAT_1 / "bulgaria.json").read_text("utf-8"))
    stored["sources"][0]["quote"] += "!"
    verified = verify(stored, REGISTER)
    assert (verified.outcome, verified.path) == (WORDS_ONLY, f"$.sources.{stored['sources'][0]['id']}.quote")


# --- What was changed ---


def tampered(path: tuple[str | int, ...], value: Any, kept: Receipt = RECEIPT) -> bytes:
    """The bytes of the receipt with that value at the path."""
    return canonical(put(record(kept), path, value))


def moved(record: dict[str, Any], kind: str, name: str, verdict: str, other: str) -> dict[str, Any]:
    """The record with an answer under the other verdict."""
    answers = record["answers"][kind]
    why = answers[verdict].pop(name)
    answers.setdefault(other, {})[name] = why[:2]
    if not answers[verdict]:
        del answers[verdict]
    return record


TOLD: dict[str, tuple[bytes, Outcome, str]] = {
    "a feature flipped": (
        tampered(("tenant",), {"country": "BG"}),
        DIFFERS,
        "$.answers.engagements",
    ),
    "the facts of another tenant": (
        tampered(("tenant",), {"country": "US", "features": ["voip"]}),
        DIFFERS,
        "$.answers.engagements",
    ),
    "another day": (tampered(("as_of",), "2019-10-27"), DIFFERS, "$.answers.engagements"),
    "a permission as a prohibition": (
        canonical(moved(record(), "sub_processors", "twilio", "permitted", "prohibited")),
        DIFFERS,
        "$.answers.sub_processors.permitted.twilio",
    ),
    "another region permitted": (
        canonical(moved(record(), "regions", "US", "prohibited", "permitted")),
        DIFFERS,
        "$.answers.regions.permitted.US",
    ),
    "no region": (tampered(("answers", "region"), ...), DIFFERS, "$.answers.region"),
    "announced": (tampered(("answers", "announced"), {"aws": "2027-01-01"}), DIFFERS, "$.answers.announced"),
    "another code": (
        tampered(("answers", "sub_processors", "permitted", "twilio", 0), ["feature.on:other"]),
        OTHER_REASONS,
        "$.answers.sub_processors.permitted.twilio[0][0]",
    ),
    "another basis": (
        tampered(("answers", "sub_processors", "permitted", "twilio", 1), ["48", "53"]),
        OTHER_REASONS,
        "$.answers.sub_processors.permitted.twilio[1][1]",
    ),
    "another hash of engagements": (
        tampered(("answers", "engagements"), "0" * 16),
        DIFFERS,
        "$.answers.engagements",
    ),
    "another hash of what is told": (tampered(("answers", "told"), "0" * 16), TOLD_OTHERWISE, "$.answers.told"),
}


@pytest.mark.parametrize("name", TOLD)
def test_a_receipt_that_was_changed_is_told_with_the_place(name: str) -> None:
    """By the unchanged register, which gives something else for what it names."""
    changed, outcome, path = TOLD[name]
    replayed = again(changed, RESOLVER)
    assert summary(replayed) == (outcome, ("receipt",), path)
    assert replayed == replay(changed, REGISTER) == next(recheck([changed], REGISTER))


REFUSED: dict[str, tuple[bytes, str]] = {
    "unknown region": (
        tampered(("answers", "region"), "XX"),
        "unknown permitted hosting region 'XX' at $.answers.region",
    ),
    "a region that is prohibited": (
        tampered(("answers", "region"), "US"),
        "unknown permitted hosting region 'US' at $.answers.region",
    ),
    "settled elsewhere": (
        tampered(("answers", "settled"), "XX"),
        "unknown hosting region that is not permitted 'XX' at $.answers.settled",
    ),
    "a host that is prohibited": (
        tampered(("answers", "hosts"), ["subcontractors"]),
        "the stored ['subcontractors'] at $.answers.hosts is not the ['linode', 'websupport'] that follows",
    ),
    "unknown party disclosed": (
        tampered(("answers", "to_disclose"), ["x"]),
        "unknown sub-processor 'x' at $.answers.to_disclose",
    ),
    "unknown party announced": (
        tampered(("answers", "announced"), {"x": ""}),
        "unknown sub-processor 'x' at $.answers.to_disclose",
    ),
    "announced on no day": (
        tampered(("answers", "announced"), {"aws": "soon"}),
        "expected a day as 'YYYY-MM-DD', got 'soon' at $.answers.announced.aws",
    ),
    "two verdicts": (
        tampered(("answers", "sub_processors", "prohibited", "twilio"), [[], []]),
        "an id has two verdicts at $.answers.sub_processors",
    ),
    "a verdict of another name": (
        tampered(("answers", "regions", "allowed"), {"UK": [[], []]}),
        "unknown verdict 'allowed' at $.answers.regions",
    ),
    "an answer of one part": (
        tampered(("answers", "regions", "permitted", "EU"), [[]]),
        "expected codes and basis, got [[]] at $.answers.regions.permitted.EU",
    ),
    "an answer that is a text": (
        tampered(("answers", "regions", "permitted", "EU"), "ok"),
        "expected a list, got 'ok' at $.answers.regions.permitted.EU",
    ),
    "unknown code": (
        tampered(("answers", "regions", "permitted", "EU", 0), ["feature.maybe"]),
        "unknown code 'feature.maybe' at $.answers.regions.permitted.EU",
    ),
    "unknown activity": (
        tampered(("answers", "sub_processors", "permitted", "twilio", 2), ["x"]),
        "unknown activity 'x' at $.answers.sub_processors.permitted.twilio",
    ),
    "a restriction that is not there": (
        tampered(("answers", "regions", "permitted", "EU", 1), [0]),
        "expected a number from 0 to -1, got 0 at $.answers.regions.permitted.EU.basis[0]",
    ),
    "a prohibition as a permission": (
        canonical(moved(record(), "sub_processors", "subcontractors", "prohibited", "permitted")),
        "expected codes and basis and activities, got",
    ),
    "one host left out": (
        tampered(("answers", "hosts"), ["linode"]),
        "the stored ['linode'] at $.answers.hosts is not the ['linode', 'websupport'] that follows",
    ),
    "another host": (tampered(("answers", "hosts"), ["linode", "twilio"]), "at $.answers.hosts[1] is not the"),
    "disclosed to nobody": (tampered(("answers", "to_disclose"), ...), "the stored None at $.answers.to_disclose"),
    "another activity": (
        tampered(("answers", "sub_processors", "permitted", "twilio", 2), ["hosting"]),
        "at $.answers.hosts is not the",
    ),
    "another kind": (
        tampered(("kind",), "residency.decision"),
        "expected a receipt, got 'residency.decision', format 1",
    ),
    "another format": (tampered(("format",), 2), "expected a receipt, got 'residency.receipt', format 2"),
    "true as format": (tampered(("format",), True), "expected a receipt, got 'residency.receipt', format True"),
    "unknown key": (tampered(("more",), 1), "unknown key 'more' at $"),
    "no day": (tampered(("as_of",), ...), "missing key 'as_of' at $"),
    "a day that is none": (
        tampered(("as_of",), "2026-11-31"),
        "expected a day as 'YYYY-MM-DD', got '2026-11-31' at $.as_of",
    ),
    "a fact twice": (
        tampered(("tenant", "features"), ["voip", "voip"]),
        "the stored ['voip', 'voip'] at $.tenant.features is not the ['voip'] that follows",
    ),
    "a fact that is empty": (
        tampered(("tenant", "consents"), []),
        "the stored [] at $.tenant.consents is not the None that follows",
    ),
    "no country": (tampered(("tenant", "country"), "UK"), "unknown country code 'UK'"),
    "a list": (b"[]", "expected an object, got [] at $"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_receipt_that_cannot_be_one_is_refused(name: str) -> None:
    """Without the register, with the path; among many it says so in its place."""
    changed, message = REFUSED[name]
    with pytest.raises(BadInput) as caught:
        Receipt.read(changed)
    assert message in caught.value.message
    with pytest.raises(BadInput):
        replay(changed, REGISTER)
    replayed = again(changed, RESOLVER)
    assert (replayed.outcome, replayed.problem) == (CANNOT_BE_ASKED, caught.value.message)
    assert (replayed.receipt, replayed.decision, replayed.changes) == (None, None, None)


@pytest.mark.parametrize(
    ("stored", "message"),
    [
        (b"", "expected the canonical JSON of a receipt, got b'': Expecting value"),
        (b"\xff\xfe\x00", "expected the canonical JSON of a receipt"),
        (RECEIPT.bytes + b"\n", "it is not in canonical form"),
        (json.dumps(record()).encode(), "it is not in canonical form"),
        (RECEIPT.bytes[:-1] + b',"tenant":{"country":"US"}}', "it is not in canonical form"),
        (RECEIPT.bytes.decode().encode("utf-16"), "it is not in canonical form"),
        (b"[" * 100_000, "it is nested too deeply"),
        (b'{"format":1.0}', "1.0 is no whole number"),
        (b" " * 1_000_001, "expected a receipt, got 1,000,001 bytes"),
        (RECEIPT.bytes.decode(), 'expected the bytes of a receipt, got \'{"answers"'),
        (bytearray(RECEIPT.bytes), "expected the bytes of a receipt, got bytearray(b'{"),
        (memoryview(RECEIPT.bytes), "expected the bytes of a receipt, got <memory at"),
        (None, "expected the bytes of a receipt, got None"),
        (5, "expected the bytes of a receipt, got 5"),
    ],
)
def test_what_is_not_the_bytes_of_a_receipt_is_refused(stored: Any, message: str) -> None:
    """Whatever it is, in both ways; never a traceback."""
    with pytest.raises(BadInput) as caught:
        Receipt.read(stored)
    assert message in caught.value.message
    assert _held(stored, RESOLVER, None) is None
    replayed = again(stored, RESOLVER)
    assert (replayed.outcome, replayed.problem) == (CANNOT_BE_ASKED, caught.value.message)


def test_what_is_longer_than_any_receipt_is_not_even_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it holds: a gigabyte of it would take a minute to refuse."""
    monkeypatch.setattr(json, "loads", lambda *_, **__: pytest.fail("it was parsed"))
    assert again(b"[" + b"0," * 500_000, RESOLVER).problem == "expected a receipt, got 1,000,001 bytes"


@pytest.mark.parametrize("stored", [b"{}", b"[]", b"x", tampered(("tenant",), {}), tampered(("register",), ...)])
def test_a_receipt_that_was_not_read_is_read_when_it_is_asked(stored: bytes) -> None:
    """Made by its constructor, it is refused all the same."""
    unread = Receipt(stored)
    with pytest.raises(BadInput):
        replay(unread, REGISTER)
    with pytest.raises(BadInput):
        _ = unread.verdicts
    assert again(unread, RESOLVER).outcome is CANNOT_BE_ASKED


KEPT = {
    "plain": (RECEIPT, RESOLVER),
    "restricted": (RESOLVER.resolve(RESTRICTED, as_of=TODAY).receipt(), RESOLVER),
    "ruled": (RULED.resolve(Tenant("BR", "SG"), as_of=TODAY).receipt(), RULED),
    "early": (RESOLVER.resolve(Tenant("GB", "US"), as_of=date(2019, 11, 1)).receipt(), RESOLVER),
}
CIRCUMSTANCES = {"library": ("library",), "register": ("register", "digest")}
CIRCUMSTANCES |= {key: ("register", key) for key in ("words", "facts", "countries")}


def refused(stored: bytes) -> str | None:
    """Why the bytes are no receipt, if they are none."""
    try:
        Receipt.read(stored)
    except BadInput as refusal:
        return refusal.message
    return None


def check_changed(changed: bytes, resolver: Resolver, name: str) -> bool:
    """Refused, told, or exactly what the changed facts give; false where it was refused."""
    replayed = again(changed, resolver)
    refusal = refused(changed)
    if refusal is not None:
        assert (replayed.outcome, replayed.problem) == (CANNOT_BE_ASKED, refusal), name
        return False
    kept = Receipt.read(changed)
    if replayed.outcome is CANNOT_BE_ASKED:
        assert replayed.problem, name
        return True
    fresh = decide(resolver.register, kept.tenant, as_of=kept.as_of).receipt()
    mine, yours = json.loads(changed), record(fresh)
    others = {
        because
        for because, path in ((key, CIRCUMSTANCES[key]) for key in CIRCUMSTANCES if key != "register")
        if at(mine, path) != at(yours, path)
    }
    others |= {"register"} if mine["register"]["digest"] != yours["register"]["digest"] else set()
    if mine["answers"] == yours["answers"]:
        assert replayed.outcome is (WORDS_ONLY if "words" in others else HOLDS), name
        assert (set(replayed.because), replayed.path) == (others, ""), name
        assert others or changed == fresh.bytes, name
    else:
        assert replayed.outcome in (OTHER_REASONS, TOLD_OTHERWISE, DIFFERS), name
        assert replayed.because, name
        assert others or replayed.because == ("receipt",), name
        assert replayed.path.startswith("$.answers."), name
    return True


def at(record: dict[str, Any], path: tuple[str, ...]) -> Any:
    """The value at the path."""
    value: Any = record
    for key in path:
        value = value[key]
    return value


def forged(kept: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Changes of one value, answers under another verdict, and facts and texts that a forger would choose."""
    yield from mutations(kept)
    yield from ((f"{answer} {other}", changed) for answer, other, changed in _moved(kept))
    facts = {"country": "US"}, {"country": "DE", "features": ["voip"]}, {"agreed_region": "SG", "country": "BG"}
    yield from ((f"{tenant}", {**kept, "tenant": tenant}) for tenant in facts)
    for day in ("2019-10-28", "2020-02-01", "1900-01-01", "9999-12-31"):
        yield day, {**kept, "as_of": day}
    names = "voip", "subcontractor-access", "data-processing-agreement", "twilio", "x"
    for key, name in product(("features", "consents", "agreements", "switched_off", "objections"), names):
        yield f"{key} {name}", put(kept, ("tenant", key), [name])
    texts = [path for path, value in parts(kept) if isinstance(value, str)]
    for path, text in product(texts, ("", "US", "2020-01-01", "permitted", "\x1b[31m")):
        yield f"{path} {text!r}", put(kept, path, text)


def _moved(kept: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for kind in ("regions", "sub_processors"):
        found = [(verdict, name) for verdict, answers in kept["answers"].get(kind, {}).items() for name in answers]
        for (verdict, name), other in product(found, ("permitted", "undetermined", "prohibited")):
            if other != verdict:
                yield name, other, moved(json.loads(canonical(kept)), kind, name, verdict, other)


@pytest.mark.slow
@pytest.mark.parametrize("name", KEPT)
def test_no_change_of_a_receipt_passes_for_another(name: str) -> None:
    """Of several thousand: refused, told, or exactly what the changed facts give afresh."""
    kept, resolver = KEPT[name]
    changes = [(what, canonical(changed)) for what, changed in forged(record(kept))]
    read = [check_changed(changed, resolver, what) for what, changed in changes]
    assert (len(changes) > 500, any(read), all(read)) == (True, True, False)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["plain", "restricted"])
def test_no_byte_of_a_receipt_may_be_another(name: str) -> None:
    """Each is replaced, left out and repeated; of the longer receipt one of the three."""
    kept, resolver = KEPT[name]
    for place, byte in enumerate(kept.bytes):
        before, after = kept.bytes[:place], kept.bytes[place + 1 :]
        others = (b"", bytes([byte, byte]), bytes([byte ^ 1]))
        for other in others if name == "plain" else others[place % 3 :][:1]:
            check_changed(before + other + after, resolver, f"{place} {other!r}")


STORED = {
    "plain": (DECISION, RESOLVER),
    "ruled": (RULED.resolve(Tenant("BR", "SG"), as_of=TODAY), RULED),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", STORED)
def test_no_change_of_a_stored_decision_passes_for_another(name: str) -> None:
    """Refused, told, or exactly what the changed facts give afresh, words and all."""
    decision, resolver = STORED[name]
    number = read_anyway = 0
    for what, changed in mutations(evidence(decision)):
        number += 1
        try:
            verified = verify(changed, resolver.register)
        except BadInput:
            continue
        read_anyway += 1
        read = Decision.from_dict(changed)
        if verified.outcome is CANNOT_BE_ASKED:
            assert verified.problem, what
            continue
        fresh = decide(resolver.register, read.tenant, as_of=read.as_of)
        mine, yours = evidence(read), evidence(fresh)
        same = mine == yours
        assert same is (verified.outcome is HOLDS and not verified.because), what
        if verified.outcome is HOLDS:
            for side in (mine, yours):
                del side["library"]
                for key in ("digest", "words", "facts", "countries"):
                    side["register"].pop(key, None)
            assert mine == yours, what
        else:
            assert verified.because, what
            assert verified.path, what
    assert number > 700
    assert read_anyway


# --- Another register ---


def source_of(name: str) -> int:
    """The place of a source in the bundled register."""
    return next(number for number, each in enumerate(REGISTER.sources) if each.id == name)


def engagement(**fields: Any) -> Register:
    """The bundled register with these fields of Twilio's engagement changed."""
    changed: Register = changed_at(REGISTER, ("sub_processor_rows", TWILIO, "engagements", 0), **fields)
    return changed


def party(**fields: Any) -> Register:
    """The same of Twilio itself."""
    changed: Register = changed_at(REGISTER, ("sub_processor_rows", TWILIO), **fields)
    return changed


def without(kind: str, name: str) -> Register:
    """The bundled register without a declared name or a region, and without what hangs on it."""
    declared = tuple(each for each in REGISTER.declared if (each.kind, each.id) != (kind, name))
    regions = tuple(each for each in REGISTER.hosting_regions if each.id != name)
    parties = tuple(
        evolve(each, engagements=rows)
        for each in REGISTER.sub_processor_rows
        if (rows := tuple(row for row in each.engagements if name not in (getattr(row.when, "name", None), row.region)))
    )
    customers = tuple(each for each in REGISTER.customer_regions if each.home != name)
    return evolve(
        REGISTER,
        declared=declared,
        hosting_regions=regions,
        customer_regions=customers,
        sub_processor_rows=parties,
    )


ROW: Engagement = REGISTER.sub_processor_rows[TWILIO].engagements[0]
CHANGED: dict[str, tuple[Register, Outcome, tuple[str, ...], str, str]] = {
    "a quote": (
        changed_at(REGISTER, ("sources", source_of("52")), quote="x"),
        *(WORDS_ONLY, ("words",), "", "$.sources"),
    ),
    "the name of the vendor": (evolve(REGISTER, vendor="V"), WORDS_ONLY, ("words",), "", "$.register.vendor"),
    "a purpose": (engagement(purpose="calls"), TOLD_OTHERWISE, ("words",), "$.answers.told", "$."),
    "the name of a sub-processor": (party(name="T"), TOLD_OTHERWISE, ("words",), "$.answers.told", "$."),
    "a basis": (
        engagement(basis=("52", "53")),
        *(OTHER_REASONS, ("words",), "$.answers.sub_processors.permitted.twilio[1]", "$."),
    ),
    "a condition of the same verdict": (
        engagement(when=None),
        *(OTHER_REASONS, ("register", "words"), "$.answers.sub_processors.permitted.twilio", "$."),
    ),
    "a condition": (
        engagement(when=Has("consent", "subcontractor-access")),
        *(DIFFERS, ("register",), "$.answers.engagements", "$."),
    ),
    "a second purpose": (
        party(engagements=(ROW, evolve(ROW, purpose="more"))),
        *(DIFFERS, ("register",), "$.answers.engagements", "$."),
    ),
    "a sub-processor that is new": (
        evolve(
            REGISTER,
            sub_processor_rows=(
                *REGISTER.sub_processor_rows,
                evolve(REGISTER.sub_processor_rows[TWILIO], id="new", name="New"),
            ),
        ),
        *(DIFFERS, ("register",), "$.answers.engagements", "$."),
    ),
    "a sub-processor that is gone": (
        evolve(REGISTER, sub_processor_rows=REGISTER.sub_processor_rows[:-1]),
        *(DIFFERS, ("register",), "$.answers.engagements", "$."),
    ),
    "a region that is gone": (
        without("region", "SG"),
        *(DIFFERS, ("register",), "$.answers.", "$."),
    ),
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_register_that_was_changed_is_told_with_what_differs(name: str) -> None:
    """Words only, told otherwise, other reasons or other answers, each because of the register or its words."""
    register, outcome, because, path, of_evidence = CHANGED[name]
    replayed = again(RECEIPT, Resolver(register))
    assert replayed.outcome is outcome
    assert {*replayed.because} - {"words"} == {*because} - {"words"}
    assert replayed.because
    assert replayed.path.startswith(path)
    assert bool(replayed.path) is bool(path)
    verified = verify(evidence(), register)
    assert (verified.outcome, verified.because) == (outcome, replayed.because)
    assert verified.path.startswith(of_evidence)
    for found in (replayed.changes, verified.changes):
        kinds = {change.kind for change in found or ()}
        assert bool(kinds) is (outcome in (TOLD_OTHERWISE, DIFFERS))
        assert (kinds == {"told otherwise"}) is (outcome is TOLD_OTHERWISE)


def test_a_change_elsewhere_in_the_register_holds_and_is_named() -> None:
    """Nothing of it concerns this tenant, or its day."""
    register = evolve(REGISTER, speaks_from=REGISTER.speaks_from + timedelta(days=1))
    for replayed in (again(RECEIPT, Resolver(register)), verify(evidence(), register)):
        assert summary(replayed)[0] in (HOLDS, WORDS_ONLY)
        assert "register" in replayed.because


def test_a_country_that_joins_the_union_is_told_as_facts() -> None:
    """From that day on; the register itself is as it was."""
    register = with_a_planned_member("BR", TODAY)
    decision = RESOLVER.resolve(Tenant("BR"), as_of=TODAY)
    for replayed in (again(decision.receipt(), Resolver(register)), verify(decision, register)):
        assert (replayed.outcome, replayed.because) == (DIFFERS, ("facts",))
        assert replayed.changes is not None
        assert ("region", None, "EU") in [(each.kind, each.before, each.after) for each in replayed.changes]


def test_another_version_of_the_library_is_told_where_answers_differ() -> None:
    """And of one that holds as well."""
    older = {**record(), "library": "0.1.0"}
    assert summary(again(canonical(older), RESOLVER)) == (HOLDS, ("library",), "")
    moved(older, "sub_processors", "twilio", "permitted", "prohibited")
    replayed = again(canonical(older), RESOLVER)
    assert (replayed.outcome, replayed.because) == (DIFFERS, ("library",))
    assert verify({**evidence(), "library": "0.1.0"}, REGISTER).because == ("library",)


def test_words_alone_explain_no_other_verdict() -> None:
    """So a verdict that was changed is the receipt's, though the register has other words."""
    register = evolve(REGISTER, vendor="V")
    changed = moved(record(), "sub_processors", "twilio", "permitted", "prohibited")
    assert again(canonical(changed), Resolver(register)).because == ("receipt",)


def test_evidence_whose_words_were_changed_is_told() -> None:
    """The register's words are as they were: so it is what was stored."""
    changed = evidence()
    changed["sources"][0]["quote"] += "!"
    assert summary(verify(changed, REGISTER)) == (WORDS_ONLY, ("receipt",), "$.sources[0].quote")


# --- What cannot be asked ---


@pytest.mark.parametrize(
    ("tenant", "register", "problem"),
    [
        (BULGARIA, without("feature", "voip"), "unknown feature 'voip'"),
        (Tenant("BR", "SG"), without("region", "SG"), "unknown hosting region 'SG'"),
        (BULGARIA, load_register("example"), "it is of register 'liveagent', and not of 'example'"),
        (RESTRICTED, evolve(REGISTER, groupings=()), "unknown place 'EEA'"),
    ],
    ids=["a feature", "a region", "another register", "a grouping"],
)
def test_what_the_register_does_not_know_cannot_be_asked(tenant: Tenant, register: Register, problem: str) -> None:
    """It is never prohibited, and never passed over."""
    decision = RESOLVER.resolve(tenant, as_of=TODAY)
    kept = decision.receipt()
    for replayed in (again(kept, Resolver(register)), verify(decision, register), replay(kept, register)):
        assert (replayed.outcome, replayed.decision, replayed.changes) == (CANNOT_BE_ASKED, None, None)
        assert problem in replayed.problem
    assert again(kept, Resolver(register)).receipt == kept


SMALL_REGISTERS = {name: resolvers(name)[0] for name in SMALL}


@pytest.mark.slow
@pytest.mark.parametrize("name", SMALL)
def test_a_tenant_carried_to_another_register_loses_nothing_in_silence(name: str) -> None:
    """Each restriction, objection and agreed region is known there, and counts; or it raises."""
    other, carried = Resolver(SMALL_REGISTERS[name]), 0
    for origin in SMALL:
        for _, tenant, day in asked(origin, 40):
            faults = lost(tenant, other.register)
            if faults:
                with pytest.raises(BadInput) as caught:
                    other.resolve(tenant, as_of=day)
                assert caught.value.faults == faults
                continue
            decision, carried = other.resolve(tenant, as_of=day), carried + 1
            kept = decision.receipt()
            assert decision.tenant == kept.tenant == Receipt.read(kept.bytes).tenant == tenant
            assert not {*tenant.objections, *()} & {*decision.permitted, *decision.hosts}
            if tenant.agreed_region is not None:
                assert decision.region in (None, tenant.agreed_region)
            freed = other.resolve(evolve(tenant, restrictions=(), objections=()), as_of=day)
            assert {*decision.permitted} <= {*freed.permitted}
    assert carried


# --- Many ---


def test_receipts_are_taken_one_by_one() -> None:
    """From an iterator without an end, and from one that nobody has asked nothing is taken."""
    taken: list[int] = []

    def endless() -> Iterator[bytes]:
        for number, kept in enumerate(repeat(RECEIPT.bytes)):
            taken.append(number)
            yield kept

    found = recheck(endless(), REGISTER)
    assert taken == []
    assert [each.outcome for each in islice(found, 3)] == [HOLDS] * 3
    assert taken == [0, 1, 2]


def test_each_of_many_is_answered_in_its_place() -> None:
    """Those that cannot be read among them."""
    many: list[Any] = [RECEIPT, b"x", None, RECEIPT.bytes, tampered(("register", "id"), "y")]
    outcomes = [each.outcome for each in recheck(many, REGISTER)]
    assert outcomes == [HOLDS, CANNOT_BE_ASKED, CANNOT_BE_ASKED, HOLDS, CANNOT_BE_ASKED]


@pytest.mark.parametrize("single", [RECEIPT, RECEIPT.bytes, "x", None, 5])
def test_a_single_receipt_is_not_many(single: Any) -> None:
    """Its bytes, one by one, would be numbers."""
    with pytest.raises(BadInput) as caught:
        recheck(single, REGISTER)
    assert caught.value.message == f"expected receipts, got a single {type(single).__name__}"


def test_a_day_that_is_none_is_refused_before_any_receipt_is_asked() -> None:
    """So is a register that is none."""
    wrong: Any = "2026-11-23"
    with pytest.raises(BadInput, match="as_of"):
        recheck([], REGISTER, as_of=wrong)
    with pytest.raises(BadInput, match="expected a Register"):
        recheck([], wrong)


def test_another_day_is_told_where_answers_differ_and_where_they_hold() -> None:
    """The United Kingdom was in the EU until 31 January 2020."""
    before, after = date(2020, 1, 31), date(2020, 2, 1)
    kept = RESOLVER.resolve(Tenant("GB"), as_of=before).receipt()
    differing = again(kept, RESOLVER, after)
    on_its_day = again(kept, RESOLVER, before)
    assert (differing.outcome, differing.because, on_its_day.because) == (HOLDS, ("day",), ())
    early = again(kept, RESOLVER, date(2019, 10, 27))
    assert (early.outcome, early.because) == (DIFFERS, ("day",))
    assert next(recheck([kept], REGISTER, as_of=date(2019, 10, 27))) == early
    assert early.decision is not None
    assert early.decision.as_of == date(2019, 10, 27)


# --- Receipts themselves ---


def test_a_receipt_says_what_it_holds() -> None:
    """Verdicts with codes, basis and activities; restrictions by their sources."""
    assert RECEIPT.sub_processors["twilio"].codes == ("feature.on:voip",)
    assert (RECEIPT.sub_processors["twilio"].activities, RECEIPT.regions["EU"].verdict) == (
        ("service",),
        Verdict.PERMITTED,
    )
    restricted = KEPT["restricted"][0]
    named = {name for why in (*restricted.regions.values(), *restricted.sub_processors.values()) for name in why.basis}
    assert "demand: only within EEA" in named
    assert repr(RECEIPT).startswith(f"<Receipt {RECEIPT.digest[:12]} for Tenant(country='BG'")


def test_a_receipt_of_what_is_announced_has_the_day_or_none() -> None:
    """Where it is not stated."""
    found = {
        day
        for resolver, tenant, day_asked in asked("authorised", 60)
        for day in resolver.resolve(tenant, as_of=day_asked).receipt().announced.values()
    }
    assert None in found
    assert any(found)


def test_a_decision_of_format_1_has_no_receipt() -> None:
    """It has no digests: ask the register again."""
    stored = Decision.from_dict(json.loads((FORMAT_1 / "bulgaria.json").read_text("utf-8")))
    with pytest.raises(BadInput, match="a decision that was stored in format 1 has no receipt"):
        stored.receipt()


REJECTED: tuple[Callable[[], object], ...] = (
    lambda: verify({}, REGISTER),
    lambda: verify(RECEIPT.bytes, REGISTER),  # type: ignore[arg-type]
    lambda: replay(DECISION, REGISTER),  # type: ignore[arg-type]
    lambda: replay(RECEIPT, None),  # type: ignore[arg-type]
)


@pytest.mark.parametrize("number", range(len(REJECTED)))
def test_what_is_no_receipt_or_no_decision_is_refused(number: int) -> None:
    """Never a traceback."""
    with pytest.raises(BadInput):
        REJECTED[number]()
