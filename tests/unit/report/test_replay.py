"""The screen of a replay, as people see it: whole texts, and that no line is wider than the terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from attrs import evolve

from residency import Decision, Receipt, Register, Resolver, Restriction, Tenant, load_house_rules, load_register
from residency.receipts import Outcome, Replay, recheck, replay, verify
from residency.report.layout import columns
from residency.report.replay import HELD, detail, lines, plain, row
from support import REGISTER, RESOLVER, TODAY

REGISTERS = Path(__file__).parents[2] / "registers"
RULES = load_house_rules("rest-of-world", REGISTER)
BRAZIL = RESOLVER.resolve(Tenant("BR"), as_of=TODAY)
BULGARIA = RESOLVER.resolve(Tenant("BG", features={"voip"}), as_of=TODAY)


def screen(found: Replay, kept: Receipt | Decision, width: int = 80) -> list[str]:
    """The lines of the screen."""
    return list(lines(found, kept, width))


def renamed(**names: str) -> Register:
    """The bundled register, some sub-processors of which have another name."""
    rows = tuple(evolve(each, name=names.get(each.id, each.name)) for each in REGISTER.sub_processor_rows)
    return evolve(REGISTER, sub_processor_rows=rows)


def changed(receipt: Receipt, old: str, new: str) -> Receipt:
    """The receipt with another text in it."""
    text = receipt.bytes.decode()
    assert old in text
    return Receipt.read(text.replace(old, new).encode())


def test_what_holds_is_said_in_two_lines() -> None:
    """What it is, and of whom."""
    receipt = BULGARIA.receipt()
    assert [
        "HOLDS: the same answers, for the same reasons.",
        f"Receipt of register liveagent, as of {TODAY}, for Bulgaria (BG); voip.",
    ] == screen(replay(receipt, REGISTER), receipt)
    first, second = screen(verify(BULGARIA, REGISTER), BULGARIA, 100)
    assert ("HOLDS", "Stored decision of register") == (first[:5], second[:27])


BRAZIL_PLACED = f"""\
DIFFERS: the answers are others.
Receipt of register liveagent, as of {TODAY}, for Brazil (BR).

What differs: then -> now
  region          none -> US
  settled         none -> US
  region verdict  EU, SG, UK: UNDETERMINED -> PROHIBITED, home is US
  region verdict  US: UNDETERMINED -> PERMITTED, home of customers in
                  rest-of-americas
  verdict         linode: UNDETERMINED -> PERMITTED
  hosts           linode: no -> yes
Because of
  register        it does not say what it did, or is under other house rules
  facts           other countries are in the groupings that it names
First difference  $.answers.engagements
Every change with its codes: --json"""


def test_what_differs_is_told_with_why() -> None:
    """Those that are alike together, with the word of today's answer."""
    receipt = BRAZIL.receipt()
    assert BRAZIL_PLACED == "\n".join(screen(replay(receipt, REGISTER, house_rules=RULES), receipt))


def test_engagements_of_a_stored_decision_are_told_in_words() -> None:
    """Where only the verdict is another, once; where the row is another, whole."""
    text = "\n".join(screen(verify(BRAZIL, REGISTER, house_rules=RULES), BRAZIL, 120))
    assert "  engagement      linode: hosting (servers) in EU at EU: UNDETERMINED -> PROHIBITED\n" in text
    rows = []
    for each in REGISTER.sub_processor_rows:
        engagements = tuple(evolve(row, purpose=f"{row.purpose} by {each.id}") for row in each.engagements)
        rows.append(evolve(each, engagements=engagements[1:] if each.id == "linode" else engagements))
    found = verify(BULGARIA, evolve(REGISTER, sub_processor_rows=tuple(rows)))
    text = "\n".join(screen(found, BULGARIA, 120))
    assert "  engagement      linode: hosting (servers) in EU at EU: PERMITTED -> not listed\n" in text
    assert "  told otherwise  linode: servers -> servers by linode\n" in text
    assert "  told otherwise  … 3 more\n" in text


def test_a_receipt_holds_no_more_than_a_hash_of_some_things() -> None:
    """So its screen says of what, and not the hashes."""
    receipt = BULGARIA.receipt()
    found = replay(receipt, renamed(twilio="Another, Inc."))
    assert (
        [
            "TOLD OTHERWISE: the same verdicts, but a name or a purpose is another.",
            f"Receipt of register liveagent, as of {TODAY}, for Bulgaria (BG); voip.",
            "",
            "What differs: then -> now",
            "  told otherwise  a name or a purpose (a receipt does not say what it was)",
            "First difference  $.answers.told",
            "Every change with its codes: --json",
        ]
    ) == [line for line in screen(found, receipt) if not line.startswith(("Because", "  words"))]
    assert ("told otherwise", "told otherwise: a name or a purpose (a receipt does not say what it was)") == row(found)[
        ::2
    ]


def test_a_receipt_that_was_changed_is_said_to_be() -> None:
    """Where neither the register nor the library is another; of a stored decision too."""
    receipt = changed(BULGARIA.receipt(), '"country":"BG","features":["voip"]', '"country":"BR"')
    found = replay(receipt, REGISTER)
    text = screen(found, receipt)
    assert "  receipt         neither register nor library changed, so the receipt was" in text
    assert (("differs", "receipt"), True) == (row(found)[:2], row(found)[2].endswith(" more)"))


def test_the_other_circumstances_are_named() -> None:
    """The day, the version, the list of country codes."""
    receipt = changed(BULGARIA.receipt(), f'"library":"{BULGARIA.library}"', '"library":"0.0.1"')
    countries = receipt.digests.countries
    receipt = changed(receipt, f'"countries":"{countries}"', f'"countries":"{countries[::-1]}"')
    (found,) = recheck([receipt], REGISTER, as_of=date(2018, 1, 1))
    text = screen(found, receipt)
    assert f"  day             asked as of 2018-01-01, and not {TODAY}" in text
    assert "  countries       other country codes are known" in text
    assert f"  library         version 0.0.1, now {BULGARIA.library}" in text
    assert "  hosts           linode, websupport: yes -> no" in text


def test_other_reasons_show_where() -> None:
    """There is no change to list; the place says which reason."""
    receipt = changed(BULGARIA.receipt(), '"feature.on:voip"', '"feature.off:voip"')
    found = replay(receipt, REGISTER)
    path = "$.answers.sub_processors.permitted.twilio[0][0]"
    assert (Outcome.OTHER_REASONS, path) == (found.outcome, detail(found))
    assert f"First difference  {path}" == screen(found, receipt)[-1]


def test_what_cannot_be_asked_says_why() -> None:
    """By the problem; what cannot be read at all cannot be asked."""
    receipt = BULGARIA.receipt()
    found = replay(receipt, load_register("example"))
    text = screen(found, receipt)
    assert "CANNOT BE ASKED: the register does not know what was asked." == text[0]
    assert ["Problem: it is of register 'liveagent', and not of 'example'"] == text[2:]
    assert ("cannot be asked", "", "it is of register 'liveagent', and not of 'example'") == row(found)
    (unread,) = recheck([b"x"], REGISTER)
    assert "cannot be asked" == row(unread)[0]


def test_an_announcement_that_comes_or_goes_is_told_by_its_day() -> None:
    """One whose day is not stated too."""
    receipt = BULGARIA.receipt()
    text = receipt.bytes.decode().replace('"engagements"', '"announced":{"aws":"","twilio":"2027-01-01"},"engagements"')
    kept = Receipt.read(text.encode())
    shown = screen(replay(kept, REGISTER), kept)
    assert "  announced       aws: day not stated -> not announced" in shown
    assert "  announced       twilio: 2027-01-01 -> not announced" in shown


def test_a_party_that_is_not_listed_any_more_is_told() -> None:
    """It has no word, since there is no answer; nor was one that is new PROHIBITED before."""
    receipt = BULGARIA.receipt()
    fewer = tuple(each for each in REGISTER.sub_processor_rows if each.id != "twilio")
    found = replay(receipt, evolve(REGISTER, sub_processor_rows=fewer))
    assert "  verdict         twilio: PERMITTED -> not listed" in screen(found, receipt)
    then = Resolver(evolve(REGISTER, sub_processor_rows=fewer)).resolve(BULGARIA.tenant, as_of=TODAY)
    found = replay(then.receipt(), REGISTER)
    assert "  verdict         twilio: not listed -> PERMITTED, feature voip is on" in screen(found, then.receipt())


def test_a_replay_as_plain_json() -> None:
    """All that the screen shows, nothing cut, with the codes of both sides."""
    receipt = BRAZIL.receipt()
    found = replay(receipt, REGISTER, house_rules=RULES)
    stored = json.loads(json.dumps(plain(found, receipt)))
    assert [1, "receipt", "liveagent", TODAY.isoformat(), "differs", False] == [
        stored[key] for key in ("format", "kept", "register", "as_of", "outcome", "holds")
    ]
    assert (["register", "facts"], "$.answers.engagements", "") == (
        stored["because"],
        stored["path"],
        stored["problem"],
    )
    assert Tenant("BR") == Tenant.from_dict(stored["tenant"])
    assert len(found.changes or ()) == len(stored["changes"])
    (linode,) = (each for each in stored["changes"] if (each["kind"], each["id"]) == ("verdict", "linode"))
    assert ("UNDETERMINED", "PERMITTED") == (linode["before"], linode["after"])
    assert "placement.not-stated" in linode["why_before"]
    held = plain(verify(BRAZIL, REGISTER), BRAZIL)
    assert ("decision", True, []) == (held["kept"], held["holds"], held["changes"])


def test_what_holds_is_the_same_for_the_same_reasons() -> None:
    """In other words too; whatever else does not hold."""
    assert {Outcome.HOLDS, Outcome.WORDS_ONLY} == HELD


@cache
def vendor(name: str) -> Register:
    """A page written down."""
    return load_register(REGISTERS / f"{name}.toml")


def replays() -> Iterator[tuple[Replay, Receipt | Decision]]:
    """Of every outcome, with many changes."""
    tenants = (Tenant("BG"), Tenant("BR"), Tenant("FR", restrictions={Restriction(within={"DE", "FR", "EEA"})}))
    for name, tenant in product(("37signals", "slack", "zendesk"), tenants):
        register = vendor(name)
        rows = tuple(evolve(each, name=f"{each.name} 東京") for each in register.sub_processor_rows[::2])
        for other in (evolve(register, sub_processor_rows=rows), evolve(register, id="another"), register):
            kept = Resolver(register).resolve(tenant, as_of=TODAY)
            yield replay(kept.receipt(), other), kept.receipt()
            yield verify(kept, other), kept
            for found in recheck([kept.receipt()], other, as_of=date(1999, 1, 1)):
                yield found, kept.receipt()


@pytest.mark.slow
def test_no_line_is_wider_than_the_terminal() -> None:
    """Of any outcome; it is one screen however much differs."""
    for (found, kept), width in product(list(replays()), (40, 60, 80, 200)):
        text = screen(found, kept, width)
        assert [line for line in text if columns(line) > width] == []
        assert len(text) <= 100
        assert text[0].split(":")[0] in ("HOLDS", "OTHER REASONS", "TOLD OTHERWISE", "DIFFERS", "CANNOT BE ASKED")
