"""What `check` does with laws and claims of one's own, and how it reports."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from residency import BadInput, Refused, Register, Resolver, UnknownName, Verdict, decide, load_claims, load_register
from residency.analysis import LAWS, Law, Pair, Proof, Universe, Worth, check
from residency.analysis.summary import Report
from residency.analysis.views import DecisionView, TenantView
from residency.analysis.words import days_in_words
from residency.analysis.worth import Range
from residency.cli import main
from residency.engine.conditions import Lazy
from residency.files import register_of
from residency.model.claims import Claim, Gate, Home, Located
from residency.model.conditions import Has
from residency.model.places import Place
from residency.model.timeline import Span
from support import REGISTER, SMALL_REGISTER

pytestmark = pytest.mark.slow

ACME = load_register(Path(__file__).parents[2] / "cases" / "base" / "register.toml")
View = Callable[[TenantView, DecisionView], bool]


def one(law: Law | Pair, register: Register = REGISTER, **options: Any) -> Proof:
    """What becomes of one law."""
    (proof,) = check(register, [law], **options)
    return proof


LAWS_OF_ONE_S_OWN: dict[str, tuple[View, bool]] = {
    "Twilio only with VoIP": (lambda t, d: not d.may_touch("twilio") or "voip" in t.features, True),
    "VoIP for nobody": (lambda t, d: "voip" not in t.features, False),
    "nobody but these has features": (lambda t, d: t.features <= {"voip"} and not t.features & {"x"}, True),
    "all consents are given": (lambda t, d: len(t.consents) == 1, False),
    "nobody has an agreement": (lambda t, d: not t.agreements, False),
    "nothing is on by default": (lambda t, d: list(t.switched_off) == [], True),
    "no attribute is known": (lambda t, d: t.attributes == (), True),
    "Bulgaria is at home in the EU": (lambda t, d: t.country != "BG" or d.home in ("EU", None), True),
    "a region is permitted or none is": (lambda t, d: d.region is None or d.may_live_in(d.region), True),
    "answers have limits": (lambda t, d: all(each.limits for each in d.region_answers), True),
    "supporting is support": (
        lambda t, d: d.answer("twilio", activity="service").verdict is d.verdict("twilio"),
        True,
    ),
    "the register is the bundled one": (lambda t, d: (d.register_id, d.data_categories) == ("liveagent", ()), True),
    "sources are there": (lambda t, d: bool(d.sources), True),
}


@pytest.mark.parametrize("says", LAWS_OF_ONE_S_OWN)
def test_a_law_is_any_function_of_tenant_and_decision(says: str) -> None:
    """Whatever it looks at, it is proved for every point or broken by one."""
    holds, expected = LAWS_OF_ONE_S_OWN[says]
    proof = one(Law(says, holds))
    assert ("proved" if expected else "broken", True) == (proof.outcome, proof.covered == proof.of > 0)
    if proof.counterexample is not None:
        assert "law(decision.tenant, decision)" in proof.counterexample.code()


def test_a_law_about_demands_is_asked_of_each_place() -> None:
    """An objection, or a restriction with its very place, is seen as it is."""
    small = register_of(
        {**SMALL_REGISTER, "regions": [], "placement": {"rule": "free-choice", "basis": ["1"]}, "sub_processors": []},
        "s",
    )
    nobody = Law(
        "nobody demands Bulgaria",
        lambda t, d: not t.objections and all("BG" not in each.text for each in t.restrictions),
    )
    proof = one(nobody, small)
    assert proof.counterexample is not None
    assert ["only within BG"] == [each.text for each in proof.counterexample.tenant.restrictions]
    assert "Tenant('AD', restrictions=[Restriction(within=['BG'])])" in proof.counterexample.code()


def test_a_law_may_look_at_all_answers_at_once() -> None:
    """Of a register that is small enough."""
    whole = Law("hosts may touch", lambda t, d: set(d.hosts) <= set(d.permitted) and d.sub_processor_answers != ())
    assert "proved" == one(whole, evolve(REGISTER, sub_processor_rows=REGISTER.sub_processor_rows[1:3])).outcome


def test_a_law_that_asserts_is_broken_where_it_fails_and_one_that_says_nothing_is_refused() -> None:
    """A forgotten return must not pass; an error in a law is the law's own."""

    def asserts(tenant: TenantView, decision: DecisionView) -> bool:
        assert not decision.may_touch("aws")
        assert decision.may_touch("linode")
        return True

    assert "broken" == one(Law("x", asserts)).outcome
    with pytest.raises(BadInput, match="the law 'x' must say True or False, got None"):
        one(Law("x", lambda t, d: None))
    for wrong in (lambda t, d: d.tenant, lambda t, d: d.notices):
        with pytest.raises(BadInput, match="a law "):
            one(Law("x", wrong))


@pytest.mark.parametrize(
    "needing",
    [
        lambda t: Resolver(REGISTER).resolve(t, as_of=date(2026, 11, 23)),
        lambda t: decide(REGISTER, t, as_of=date(2026, 11, 23)),
        lambda t: t.to_dict(),
    ],
    ids=["resolve", "decide", "to_dict"],
)
def test_a_law_that_calls_code_of_one_s_own_is_told_how_to_test_that(needing: Callable[[Any], object]) -> None:
    """Code that needs a tenant is given a stand-in for many; the remedy names what makes real ones."""
    with pytest.raises(BadInput) as caught:
        one(Law("accounts are right", lambda t, d: bool(needing(t))))
    message = "the law 'accounts are right' passes its tenant on to code that needs a Tenant, and it is "
    remedy = "loop over residency.analysis.every_tenant: it makes real tenants"
    assert (f"{message}<stand-in for many tenants>", remedy) == (caught.value.message, caught.value.remedy)


def test_any_other_error_in_a_law_is_the_law_s_own() -> None:
    """A misspelt attribute, a name that the register does not know."""
    with pytest.raises(AttributeError, match="contry"):
        one(Law("x", lambda t, d: t.contry))
    with pytest.raises(AttributeError, match="verdit"):
        one(Law("x", lambda t, d: d.verdit))
    with pytest.raises(UnknownName, match="twillio"):
        one(Law("x", lambda t, d: d.may_touch("twillio")))


def test_a_law_of_each_answer_names_the_one_that_breaks_it() -> None:
    """With what was found of it, in a test to paste."""
    proof = one(Law("nobody is prohibited", lambda t, d, name: name != "twilio" or d.may_touch(name), "sub-processor"))
    assert proof.counterexample is not None
    assert "decision.answer('twilio').verdict is not Verdict.UNDETERMINED" in proof.counterexample.code()
    pair = Pair("nothing is on", "days pass", lambda before, after, name: False)
    found = one(pair).counterexample
    assert found is not None
    assert found.other == date.min
    assert "assert law(before, after, 'EU')" in found.code("liveagent", "rest-of-world")


def test_what_is_not_covered_is_told_and_is_no_proof() -> None:
    """Neither where there are too many kinds, nor where one question has too many."""
    for most in (1, 30):
        proofs = check(REGISTER, LAWS, most_cells=most)
        assert {"not covered"} <= {proof.outcome for proof in proofs} <= {"not covered", "proved", "about nothing"}
        assert all((proof.covered == proof.of) == (proof.outcome != "not covered") for proof in proofs)


def test_the_work_can_be_shared() -> None:
    """With the same proofs."""
    claims = load_claims("liveagent")
    assert check(REGISTER, claims=claims) == tuple(
        evolve(shared, cells=alone.cells)
        for shared, alone in zip(check(REGISTER, claims=claims, workers=2), check(REGISTER, claims=claims), strict=True)
    )


def test_a_claim_about_nobody_is_no_proof() -> None:
    """It does not say what it seems to."""
    nobody = Claim("n", "x", Home((Place("EU"),), None), ("1",), Span(date(2020, 3, 1), date(2020, 4, 1)))
    first = evolve(nobody, id="f", what=Home((Place("Europe"), Place("EU")), "EU"))
    proofs = check(REGISTER, (), claims=(first, nobody))
    assert ["broken", "about nobody"] == [proof.outcome for proof in proofs]
    empty = Claim("e", "y", Located("linode", None, "support"), ("1",))
    gate = Claim("g", "y", Gate("linode", Has("feature", "voip"), "support"), ("1",))
    report = Report(REGISTER, (), 0, (), check(REGISTER, (), claims=(empty, gate)), "liveagent")
    assert not report.sound
    assert 2 == sum(line.startswith("about nobody: ") for line in report.lines())


def test_claims_can_be_about_days_before_the_register_speaks() -> None:
    """And about those on which a grouping that they name changes."""
    claim = Claim("early", "x", Home((Place("EU"),), None), ("1",), Span(date(2018, 1, 1), date(2019, 1, 1)))
    assert ["proved"] == [proof.outcome for proof in check(REGISTER, (), claims=(claim,))]


def test_every_kind_of_claim_is_checked_with_a_test_of_its_own() -> None:
    """By activity too, and of regions."""
    false = (
        Claim("a", "x", Located("twilio", (Place("US"),), "service"), ("1",)),
        Claim("b", "x", Located("EU", None), ("1",)),
        Claim("c", "x", Gate("twilio", Has("consent", "subcontractor-access"), "service"), ("1",)),
    )
    codes = [proof.counterexample.code() for proof in check(REGISTER, (), claims=false) if proof.counterexample]
    assert "each.activity == 'service'" in codes[0]
    assert "register.region('EU').on(decision.as_of).places is None" in codes[1]
    assert "decision.answer('twilio', activity='service').verdict is not Verdict.PERMITTED" in codes[2]


def test_laws_hold_of_a_register_with_every_kind_of_row() -> None:
    """Features on by default, attributes, an agreement that hangs on a plan, exceptions, spans."""
    proofs = check(ACME, [law for law in LAWS if "demand never" not in law.says])
    assert {"proved", "about nothing"} == {proof.outcome for proof in proofs}
    assert "broken" == one(Law("chat is never off", lambda t, d: "chat" not in t.switched_off), ACME).outcome
    assert "broken" == one(Law("nobody pays", lambda t, d: dict(t.attributes).get("plan") != "paid"), ACME).outcome


@pytest.mark.parametrize("rule", ["fixed", "free-choice", "vendor-choice", "not-promised"])
def test_laws_hold_under_every_rule_of_placement(rule: str) -> None:
    """With conditions of every kind, which other ids do not change."""
    basis = {"basis": ["1"]}
    conditions: list[dict[str, Any]] = [
        {"all": [{"feature": "f"}, {"not": {"region_in": "A"}}]},
        {"any": [{"customer_in": "c"}, {"not_stated": "why"}]},
    ]
    hosting = {"activity": "hosting", "purpose": "x", "regions": ["A", "B"], **basis}
    rows: list[dict[str, Any]] = [
        {"activity": "service", "purpose": f"{n}", "when": when, **basis} for n, when in enumerate(conditions)
    ]
    content = {
        **SMALL_REGISTER,
        "regions": [{"id": name, "name": name, **basis} for name in ("A", "B")],
        "placement": {"rule": rule, **({"region": "A"} if rule == "fixed" else {}), **basis},
        "customer_regions": [{"id": "c", "customers": ["DE"], **basis}],
        "sub_processors": [{"id": "p", "name": "P", "engagements": [*rows, hosting]}],
    }
    proofs = check(register_of(content, "small"))
    assert {"proved", "about nothing"} == {proof.outcome for proof in proofs}


def test_a_law_can_require_a_region() -> None:
    """Which is refused where there is none."""

    def requires(tenant: TenantView, decision: DecisionView) -> bool:
        try:
            return decision.require() == decision.region
        except Refused:
            return decision.region is None and len(decision.register.regions) == 4

    assert "proved" == one(Law("x", requires)).outcome

    def requires_a_young_list(tenant: TenantView, decision: DecisionView) -> bool:
        return decision.region is None or decision.require(listed_within=timedelta(days=365)) == decision.region

    with pytest.raises(BadInput, match="a law sees no notices"):
        one(Law("x", requires_a_young_list))
    assert (0, []) == (len(Lazy((), str)), list(Lazy((), str)))


def test_what_is_told_of_a_rule_is_not_too_long() -> None:
    """The first ranges, and how many more there are."""
    many = tuple(Range(f"range {number}", 1) for number in range(7))
    report = Report(REGISTER, (), 0, (), (), "x", worth=(Worth("r", ("1",), 7, 9, many, ("law",)),))
    assert "    (2 more)" in list(report.lines())
    assert "  without it is broken: law" in list(report.lines())
    assert "on all days" == days_in_words([Span()])
    assert "on all days, on all days" == days_in_words([Span(), Span()])


# --- On the command line ---


def test_check_as_json_says_what_the_text_says(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Plain types, with the counterexample as values and as a test."""
    text = (Path(__file__).parents[2] / "cases" / "base" / "versions.toml").read_text("utf-8")
    path = tmp_path / "v.toml"
    claim = '\n[[claims]]\nid = "c"\nsays = "x"\nwho = "newmail"\nonly_if = { not_stated = "why" }\nbasis = ["b2"]\n'
    path.write_text(text + claim, "utf-8")
    assert 1 == main(["check", str(path), "--json", "--worth"])
    report = json.loads(capsys.readouterr().out)
    assert (1, "versions", False) == (report["format"], report["register"], report["sound"])
    (broken,) = (law for law in report["laws"] if law["outcome"] == "broken")
    assert "c: x" == broken["says"]
    assert broken["counterexample"]["about"] == "newmail"
    assert "def test_c_x()" in broken["counterexample"]["test"]
    assert report["rules"]
    assert 1 == main(["check", str(path), "--worth", "-v"])
    said = capsys.readouterr().out
    assert "rule: newmail, service (mail): is listed" in said
    assert "no law notices where it is gone" in said
    assert "could be gone without any of them being broken" in said


def test_the_number_of_workers_is_a_small_number(capsys: pytest.CaptureFixture[str]) -> None:
    """Anything else is refused."""
    with pytest.raises(SystemExit):
        main(["check", "liveagent", "--workers", "0"])
    assert "expected a number from 1 to 64, got '0'" in capsys.readouterr().err
    assert 0 == main(["check", "liveagent", "--workers", "1"])
    assert 10_000 * 3 == len(Universe(REGISTER, demands=False))


def test_a_law_may_ask_about_activities_and_what_is_announced() -> None:
    """What a decision tells, its view tells."""

    def holds(tenant: TenantView, decision: DecisionView) -> bool:
        return not decision.announced and decision.verdict("linode", activity="backup") is not Verdict.PERMITTED

    (found,) = check(REGISTER, [Law("nobody is announced, and nobody keeps copies", holds)])
    assert "proved" == found.outcome


def test_a_law_may_ask_what_a_closed_list_says() -> None:
    """Its view knows the lists that are closed that day."""
    basis = {"basis": ["1"]}
    content = {
        **SMALL_REGISTER,
        "regions": [{"id": "A", "name": "A", **basis}],
        "placement": {"rule": "fixed", "region": "A", **basis},
        "sub_processors": [{"id": "x", "name": "X", "engagements": [{"activity": "service", "purpose": "y", **basis}]}],
        "closed": [{"activity": "backup", **basis}],
    }
    register = register_of(content, "small")

    def holds(tenant: TenantView, decision: DecisionView) -> bool:
        silent = decision.as_of < register.speaks_from
        return silent or decision.verdict("x", activity="backup") is Verdict.PROHIBITED

    (found,) = check(register, [Law("nobody keeps copies", holds)])
    assert "proved" == found.outcome
