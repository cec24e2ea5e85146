"""The screen of a decision, as people see it: whole texts, and that no line is wider than the terminal."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from residency import (
    Decision,
    Register,
    Resolver,
    Restriction,
    Tenant,
    UnknownName,
    Verdict,
    decide,
    load_house_rules,
    load_register,
)
from residency.files import register_of
from residency.model.conditions import Has
from residency.model.rows import Prohibition
from residency.report.layout import columns
from residency.report.resolve import as_arguments, lines, reason_lines, tenant_in_few_words
from residency.result.refusal import _REMEDIES
from residency.strategies import registers
from residency.strategies.values import tenants
from support import RESOLVER, SMALL_REGISTER, TODAY

REGISTERS = Path(__file__).parents[2] / "registers"
BASIS = {"basis": ["1"]}


@cache
def vendor(name: str) -> Resolver:
    """A resolver of a page written down."""
    return Resolver(load_register(REGISTERS / f"{name}.toml"))


def screen(decision: Decision, width: int = 80, **narrowed: str) -> str:
    """The screen as one text."""
    return "\n".join(lines(decision, width, **narrowed))


def small(*sub_processors: dict[str, object], **more: object) -> Register:
    """A fixed region, and these sub-processors beside the one that stores there."""
    host = {"activity": "hosting", "purpose": "p", "regions": ["A"], **BASIS}
    content = {
        **SMALL_REGISTER,
        "regions": [{"id": "A", "name": "A", **BASIS}],
        "placement": {"rule": "fixed", "region": "A", **BASIS},
        "sub_processors": [{"id": "host", "name": "Host", "engagements": [host]}, *sub_processors],
        **more,
    }
    return register_of(content, "small")


def party(name: str, *rows: dict[str, object]) -> dict[str, object]:
    """A sub-processor of that id with these rows of service."""
    kinds = [{"activity": "service", "purpose": f"p{number}", **BASIS, **row} for number, row in enumerate(rows)]
    return {"id": name, "name": name.upper(), "engagements": kinds}


def rows(decision: Decision, width: int = 80, **narrowed: str) -> list[str]:
    """The rows of sub-processors."""
    text = screen(decision, width, **narrowed).split("Who may touch it")[1].split("\n\n")[0]
    return text.split("\n")[1:]


BULGARIA = """\
The data lives in region EU (European Union).
LiveAgent of Quality Unit, s. r. o., as of 2026-11-23, for Bulgaria (BG); voip.

Where the data may be stored
  PERMITTED     EU: home of customers in EU
  PROHIBITED    SG, UK, US: home is EU
Who may touch it; * who may store it
  PERMITTED     linode*               Linode, LLC
  PERMITTED     quality-unit-llc      Quality Unit, LLC
  PERMITTED     quality-unit-ukraine  Quality Unit Ukraine
  PERMITTED     twilio                Twilio, Inc.: feature voip is on
  PERMITTED     websupport*           Websupport, s.r.o.
  UNDETERMINED  aws                   where it stores is not stated
  PROHIBITED    subcontractors        consent subcontractor-access not given

To disclose  all 7 but subcontractors
Notice: the list is of 28 October 2019, 7 years before the day asked about
Notice: legal effect: the policy is not a binding agreement and gives no …
Lawfulness is not assessed. Reasons: --why or --why ID; everything: --full"""

BRAZIL = """\
REFUSED: no hosting region is settled and permitted.
LiveAgent of Quality Unit, s. r. o., as of 2026-11-23, for Brazil (BR).
To do: agree on a region with the vendor and name it with --agreed-region, or
  let house rules place this customer

Where the data may be stored
  UNDETERMINED  EU, SG, UK, US: the region of such customers is not stated
Who may touch it
  PERMITTED     quality-unit-llc      Quality Unit, LLC
  PERMITTED     quality-unit-ukraine  Quality Unit Ukraine
  UNDETERMINED  aws                   where it stores is not stated
  UNDETERMINED  linode                the region of such customers is not stated
  PROHIBITED    subcontractors        consent subcontractor-access not given
  PROHIBITED    twilio                Twilio, Inc.: feature voip is off
  PROHIBITED    websupport            for customers in EU only

To disclose  all 7 but subcontractors, twilio, websupport
Notice: the list is of 28 October 2019, 7 years before the day asked about
Notice: legal effect: the policy is not a binding agreement and gives no …
Lawfulness is not assessed. Reasons: --why or --why ID; everything: --full"""

PRODUCT = """\
REFUSED: no hosting region is settled and permitted.
37signals, as of 2026-11-23, for Bulgaria (BG).
To do: …

Where the data may be stored
  UNDETERMINED  US: product is not known
Who may touch it (21 listed)
  UNDETERMINED  product is not known: appsignal, aws, braintree, clicky,
                cloudflare, convert, customer-io, datadog, gcp,
                google-analytics, hcaptcha, help-scout, heroku, … 8 more

To disclose  all 21
Notice: the list was last checked on 26 December 2023, 2 years before the day …
Lawfulness is not assessed. Reasons: --why or --why ID; everything: --full"""

NARROW = """\
The data lives in region EU (European Union).
LiveAgent of Quality Unit, s. r. o., as of 2026-11-23, for
  Bulgaria (BG); voip.

Where the data may be stored
  PERMITTED     EU: home of customers in EU
  PROHIBITED    SG, UK, US: home is EU
Who may touch it; * who may store it
  PERMITTED     linode*               Linode, LLC
  PERMITTED     quality-unit-llc      Quality Unit, LLC
  PERMITTED     quality-unit-ukraine  Quality Unit Ukraine
  PERMITTED     twilio                feature voip is on
  PERMITTED     websupport*           Websupport, s.r.o.
  UNDETERMINED  aws                   where it stores is not
                                      stated
  PROHIBITED    subcontractors        consent
                                      subcontractor-access …

To disclose  all 7 but subcontractors
Notice: the list is of 28 October 2019, 7 years before the …
Notice: legal effect: the policy is not a binding …
Lawfulness is not assessed. Reasons: --why or --why ID;
  everything: --full"""


def test_a_settled_region_on_one_screen() -> None:
    """The outcome first, then a row for each party: the reason beats the name where room is short."""
    assert BULGARIA == screen(RESOLVER.resolve(Tenant("BG", features={"voip"}), as_of=TODAY))


def test_an_age_of_less_than_a_year_is_not_shown() -> None:
    """Neither of facts nor of the list, which `notices` tell all the same."""
    decision = RESOLVER.resolve(Tenant("BG", features={"voip"}), as_of=date(2026, 11, 25))
    assert "the members of European Union were last checked" in " ".join(decision.notices)
    assert BULGARIA.replace("2026-11-23", "2026-11-25") == screen(decision)


def test_a_refusal_on_one_screen() -> None:
    """With what to do, under the outcome."""
    assert BRAZIL == screen(RESOLVER.resolve(Tenant("BR"), as_of=TODAY))


def test_a_large_register_on_one_screen() -> None:
    """More than eight parties with the same verdict and word share an entry: the word first, then the ids."""
    (
        first,
        asked,
        *_,
    ) = text = screen(vendor("37signals").resolve(Tenant("BG"), as_of=TODAY)).split("\n")
    start, blank = 2, text.index("")
    assert text[start].startswith("To do: ")
    assert PRODUCT == "\n".join([first, asked, "To do: …", *text[blank:]])


def test_a_narrow_terminal() -> None:
    """Everything is there, cut at words or wrapped."""
    assert NARROW == screen(RESOLVER.resolve(Tenant("BG", features={"voip"}), as_of=TODAY), 60)


def test_a_terminal_without_room_beside_the_ids() -> None:
    """They are not cut, as long as they fit by themselves: two of them could not be told apart."""
    assert [
        "  PERMITTED     linode*",
        "                  Linode, LLC",
        "  PERMITTED     quality-unit-llc",
        "                  Quality Unit, LLC",
        "  PERMITTED     quality-unit-ukraine",
        "                  Quality Unit Ukraine",
        "  PERMITTED     websupport*",
        "                  Websupport, s.r.o.",
        "  UNDETERMINED  aws",
        "                  where it stores is not",
        "                  stated",
        "  PROHIBITED    subcontractors",
        "                  consent",
        "                  subcontractor-access …",
        "  PROHIBITED    twilio",
        "                  feature voip is off",
    ] == rows(RESOLVER.resolve(Tenant("BG"), as_of=TODAY), 40)


def test_a_wide_terminal_shows_name_and_reason() -> None:
    """Nothing is cut where there is room."""
    text = screen(RESOLVER.resolve(Tenant("BG"), as_of=TODAY), 200)
    row = "  UNDETERMINED  aws                   Amazon Web Services, LLC: where it stores is not stated"
    assert row in text.split("\n")
    assert "the policy is not a binding agreement and gives no rights; it lists" in text


def test_the_remedy_of_a_refusal_is_what_is_to_do() -> None:
    """In the words of the exception, wrapped, with the arguments of the command."""
    strict = Tenant("BG", restrictions={Restriction(within={"US"})})
    for decision in (RESOLVER.resolve(strict, as_of=TODAY), vendor("37signals").resolve(Tenant("BG"), as_of=TODAY)):
        with pytest.raises(Exception, match=r"no hosting region of .* is settled") as caught:
            decision.require()
        shown = screen(decision).partition("To do: ")[2].partition("\n\n")[0]
        assert " ".join(as_arguments(caught.value.remedy).split()) == " ".join(shown.split())  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("remedy", "shown"),
    [
        ("agree on one and name it as agreed_region, or let", "agree on one and name it with --agreed-region, or let"),
        ("have feature x on, and name it in features", "have feature x on, and name it with --feature"),
        ("name it in consents; name it in agreements", "name it with --consent; name it with --agreement"),
        ("is 'b': attributes={'plan': …}", "is 'b': --attribute plan=…"),
        ("leave agreed_region out, or have", "leave --agreed-region out, or have"),
        ("change house rule features", "change house rule features"),
    ],
)
def test_a_remedy_names_arguments_where_a_caller_names_facts(remedy: str, shown: str) -> None:
    """Each fact that a remedy of `Refused` names."""
    assert shown == as_arguments(remedy)


def test_no_remedy_of_a_refusal_names_facts_on_the_screen() -> None:
    """Whatever is written there: a way to name a fact that is new would be shown as Python has it."""
    remedies = [text.format_map(defaultdict(lambda: "x")) for group in _REMEDIES for text in group.values()]
    facts = re.compile(r"\b(agreed_region|features|consents|agreements|attributes)\b")
    assert any(map(facts.search, remedies))
    assert [text for text in map(as_arguments, remedies) if facts.search(text)] == []


def test_reasons_end_with_the_documents_if_there_are_any() -> None:
    """And with no empty line where the register names none."""
    *_, empty, document = reason_lines(RESOLVER.resolve(Tenant("BG"), as_of=TODAY))
    assert ("", "document: sub-processor policy;") == (empty, document[:31])
    assert all(reason_lines(decide(small(), Tenant("BG"), as_of=TODAY)))


def test_three_with_the_same_verdict_and_word_share_an_entry() -> None:
    """Two do not; nor, up to eight parties, do those of whom there is no word."""
    demand = Restriction(never_registered_in={"US"})
    found = rows(RESOLVER.resolve(Tenant("BG", features={"voip"}, restrictions={demand}), as_of=TODAY))
    assert [
        "  UNDETERMINED  seat not stated: 'nobody registered in US': aws, linode,",
        "                quality-unit-llc, quality-unit-ukraine, twilio, websupport",
        "  PROHIBITED    subcontractors        consent subcontractor-access not given",
    ] == found
    parties = [party(f"p{number}", {"when": {"feature": "f"}}) for number in range(2)]
    decision = decide(small(*parties), Tenant("BG"), as_of=TODAY)
    assert [
        "  PERMITTED     host*  Host",
        "  PROHIBITED    p0     P0: feature f is off",
        "  PROHIBITED    p1     P1: feature f is off",
    ] == rows(decision)


def test_more_than_eight_always_share_entries() -> None:
    """Also one by itself, and those of whom there is no word."""
    many = small(*(party(f"p{number}", {}) for number in range(7)), party("q", {"when": {"feature": "f"}}))
    assert [
        "  PERMITTED     host*, p0, p1, p2, p3, p4, p5, p6",
        "  PROHIBITED    feature f is off: q",
    ] == rows(decide(many, Tenant("BG"), as_of=TODAY))
    assert "Who may touch it (9 listed); * who may store it" in screen(decide(many, Tenant("BG"), as_of=TODAY))


@pytest.mark.parametrize(
    ("given_rows", "row"),
    [
        ([{"until": date(2025, 1, 1)}], "PROHIBITED    x      X: ended 2025-01-01"),
        ([{"until": date(2025, 1, 1)}, {"when": {"feature": "f"}}], "PROHIBITED    x      X: feature f is off"),
        ([{"until": date(2025, 1, 1), "when": {"feature": "f"}}], "PROHIBITED    x      X: feature f is off"),
        ([{"since": date(2027, 1, 1)}], "PROHIBITED    x      X: begins on 2027-01-01"),
        ([{"until": date(2025, 1, 1)}, {"since": date(2027, 1, 1)}], "PROHIBITED    x      X: begins on 2027-01-01"),
        ([{"authorised": date(2027, 1, 1)}], "PROHIBITED    x      X: announced, authorised from 2027-01-01 on"),
        ([{"authorised": "not stated"}], "UNDETERMINED  x      X: announced, from which day on is not stated"),
        ([{"when": {"feature": "f"}}, {}], "PERMITTED     x      X"),
        ([{"when": {"not": {"feature": "f"}}}], "PERMITTED     x      X: feature f is off"),
    ],
)
def test_the_word_is_that_of_the_rows_in_force(given_rows: list[dict[str, object]], row: str) -> None:
    """Of a permission that of a permitted row, and that a row has ended only where none is in force."""
    assert f"  {row}" in rows(decide(small(party("x", *given_rows)), Tenant("BG"), as_of=TODAY))


def test_what_excludes_a_row_that_applies_comes_before_what_would_exclude_another() -> None:
    """Linode's rows elsewhere would break the restriction; its row in the EU is stopped by the objection alone."""
    tenant = Tenant("BG", restrictions={Restriction(within={"EEA"})}, objections={"linode"})
    assert "  PROHIBITED    linode                Linode, LLC: the tenant objects" in rows(
        RESOLVER.resolve(tenant, as_of=TODAY)
    )


def test_a_restriction_comes_before_a_feature() -> None:
    """The order of words, where several reasons stand."""
    demand = Restriction(never_in={"US"})
    given_rows: list[dict[str, object]] = [{"when": {"feature": "f"}, "places": ["US"]}]
    for features, row in (((), "breaks 'never in US'"), (("f",), "breaks 'never in US'")):
        tenant = Tenant("BG", features=features, restrictions={demand})
        decision = decide(small(party("x", *given_rows)), tenant, as_of=TODAY)
        assert f"  PROHIBITED    x     X: {row}" in rows(decision)


def test_who_is_announced_is_told_beside_whom_to_disclose() -> None:
    """With the day from which on, if it is stated."""
    soon, some_day = party("x", {"authorised": date(2027, 1, 1)}), party("y", {"authorised": "not stated"})
    text = screen(decide(small(soon, some_day), Tenant("BG"), as_of=TODAY))
    assert "\n\nTo disclose  all 3\nAnnounced    x (2027-01-01), y (day not stated)\n" in text


def test_whom_to_disclose_is_told_the_shorter_way() -> None:
    """All, all but some, some, or none."""
    gated = [party(f"p{number}", {"when": {"feature": "f"}}) for number in range(3)]
    register = small(*gated)
    assert "To disclose  host\n" in screen(decide(register, Tenant("BG"), as_of=TODAY))
    assert "To disclose  all 4\n" in screen(decide(register, Tenant("BG", features={"f"}), as_of=TODAY))
    alone = register_of(
        {
            **SMALL_REGISTER,
            "regions": [{"id": "A", "name": "A", **BASIS}],
            "placement": {"rule": "fixed", "region": "A", **BASIS},
            "sub_processors": gated,
        },
        "alone",
    )
    assert "To disclose  none of the 3\n" in screen(decide(alone, Tenant("BG"), as_of=TODAY))


def test_house_rules_are_the_word_where_they_forbid() -> None:
    """By their name, or by their condition."""
    base = Path(__file__).parents[2] / "cases" / "base"
    acme = load_register(base / "register.toml")
    rules = load_house_rules(base / "house-rules.toml", acme)
    here, elsewhere = (
        rows(Resolver(acme, house_rules=rules).resolve(Tenant(country, features={"mail"}), as_of=TODAY))
        for country in ("BR", "DE")
    )
    assert "  PROHIBITED    mail    Mail, Inc.: house rule: the customer is in south-america" in here
    assert "  PERMITTED     mail    Mail, Inc.: feature mail is on" in elsewhere
    sometimes = evolve(small(party("x", {})), prohibitions=(Prohibition("no-x", "x", Has("feature", "f")),))
    assert "  PERMITTED     x      X" in rows(decide(sometimes, Tenant("BG"), as_of=TODAY))
    forbidden = decide(sometimes, Tenant("BG", features={"f"}), as_of=TODAY)
    assert "  PROHIBITED    x      X: house rule: feature f is on" in rows(forbidden)
    forbidding = evolve(small(party("x", {})), prohibitions=(Prohibition("no-x", "x"),))
    assert "  PROHIBITED    x      X: house rule no-x" in rows(decide(forbidding, Tenant("BG"), as_of=TODAY))


def test_a_question_may_be_narrowed_to_an_activity_or_data() -> None:
    """Then the verdicts of sub-processors are for that, and the title says so."""
    decision = RESOLVER.resolve(Tenant("BG", agreed_region="US"), as_of=TODAY)
    text = screen(decision, activity="hosting")
    assert "Who may touch it for hosting; * who may store it\n" in text
    assert "  UNDETERMINED  not listed for hosting: quality-unit-llc," not in text  # two are shown in rows of their own
    assert "  UNDETERMINED  quality-unit-llc      Quality Unit, LLC: not listed for hosting" in text.split("\n")
    with pytest.raises(UnknownName, match="unknown activity 'x'"):
        screen(decision, activity="x")
    slack = vendor("slack").resolve(Tenant("BG"), as_of=TODAY)
    assert "Who may touch it for support of data content" in screen(slack, activity="support", data="content")


def test_the_tenant_in_few_words() -> None:
    """Everything that is known of it."""
    tenant = Tenant(
        "BG",
        agreed_region="US",
        features={"b", "a"},
        switched_off={"c"},
        consents={"d"},
        agreements={"e"},
        attributes={"plan": "paid"},
        restrictions={Restriction(within={"EEA"})},
        objections={"x"},
    )
    assert (
        "Bulgaria (BG); region US agreed; a; b; without c; consent d; agreement e; plan paid; only within EEA;"
        " objects to x"
    ) == tenant_in_few_words(tenant)


WIDTHS = st.sampled_from((40, 60, 80, 200))


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(registers(), st.data(), WIDTHS)
def test_no_line_is_wider_than_the_terminal(register: Register, data: st.DataObject, width: int) -> None:
    """For any register, any tenant, any day; and each verdict is that of the decision."""
    tenant = data.draw(tenants(register, restricted=True))
    day = data.draw(st.sampled_from((*sorted(register.change_dates), TODAY)))
    decision = decide(register, tenant, as_of=day)
    text = list(lines(decision, width))
    assert [line for line in text if columns(line) > width] == []
    assert ("REFUSED" in text[0]) is (decision.region is None)
    for verdict in Verdict:
        told = any(line.startswith(f"  {verdict.value} ") for line in rows(decision, width))
        assert told is (verdict in decision.verdicts.values())


LONG = st.text("東ab -_é", min_size=1, max_size=70).filter(lambda text: text.strip())


@pytest.mark.slow
@given(st.lists(LONG, min_size=1, max_size=12, unique=True), WIDTHS)
def test_names_of_any_length_and_width_are_cut(names: list[str], width: int) -> None:
    """Wide characters too; a row keeps its verdict and the start of its id."""
    parties = [{**party(f"p{number}", {}), "name": name} for number, name in enumerate(names)]
    text = list(lines(decide(small(*parties), Tenant("BG"), as_of=TODAY), width))
    assert [line for line in text if columns(line) > width] == []
