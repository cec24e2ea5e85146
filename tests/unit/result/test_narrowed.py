"""Questions about an activity or a data category, engagement by engagement."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from residency import BadInput, Decision, EngagementAnswer, Restriction, Tenant, UnknownName, Verdict, decide
from residency.files import register_of
from residency.model.rows import ACTIVITIES
from support import RESOLVER, SMALL_REGISTER, TODAY

P, U, X = Verdict.PERMITTED, Verdict.UNDETERMINED, Verdict.PROHIBITED

ROWS: list[dict[str, Any]] = [
    {"activity": "service", "purpose": "mail", "data": ["mail"], "places": ["DE"]},
    {"activity": "service", "purpose": "logs", "data": ["logs"], "places": ["US"], "when": {"feature": "f"}},
    {"activity": "support", "purpose": "help", "places": ["DE"]},
]


def asked(*rows: dict[str, Any], **facts: Any) -> Decision:
    """A company `x` with these engagements, asked by a tenant with these facts."""
    content = {
        **SMALL_REGISTER,
        "data": {name: {"says": name, "basis": ["1"]} for name in ("logs", "mail", "tickets")},
        "regions": [{"id": "A", "name": "A", "basis": ["1"]}],
        "placement": {"rule": "free-choice", "basis": ["1"]},
        "sub_processors": [{"id": "x", "name": "X", "engagements": [{**row, "basis": ["2"]} for row in rows]}],
    }
    return decide(register_of(content, "small"), Tenant("DE", **facts), as_of=TODAY)


@pytest.mark.parametrize(
    ("activity", "data", "off", "on"),
    [
        (None, None, P, P),
        ("service", None, P, P),
        ("service", "mail", P, P),
        ("service", "logs", U, P),
        ("service", "tickets", U, U),
        ("support", None, P, P),
        ("support", "logs", U, U),
        (None, "logs", U, P),
        ("hosting", None, U, U),
        ("hosting", "logs", U, U),
    ],
)
def test_an_activity_and_a_data_category_narrow_the_question(
    activity: str | None, data: str | None, off: Verdict, on: Verdict
) -> None:
    """What is listed for neither is not stated, and may be done all the same; data that is not stated may be any."""
    for facts, verdict in (({}, off), ({"features": {"f"}}, on)):
        decision = asked(*ROWS, **facts)
        assert verdict is decision.verdict("x", activity=activity, data=data)
        assert (verdict is P) == decision.may_touch("x", activity=activity, data=data)
        assert verdict is decision.answer("x", activity=activity, data=data).verdict


def test_answers_list_the_engagements_that_are_concerned() -> None:
    """Those whose data is not stated among them; of one company or of all."""

    def purposes(answers: tuple[EngagementAnswer, ...]) -> list[str]:
        return [each.purpose for each in answers]

    decision = asked(*ROWS)
    assert ["mail", "logs", "help"] == purposes(decision.answers()) == purposes(decision.answers("x"))
    assert ["logs", "help"] == purposes(decision.answers(data="logs"))
    assert ["mail", "logs"] == purposes(decision.answers("x", activity="service"))
    assert [] == purposes(decision.answers("x", activity="keys"))
    (logs,) = decision.answers("x", activity="service", data="logs")
    assert ("x", "service", ("logs",), ("US",), X) == (
        *(logs.sub_processor, logs.activity, logs.data, logs.places),
        logs.verdict,
    )


def test_what_is_missing_is_named() -> None:
    """The company and what was asked; or whose data is not stated."""
    decision = asked(*ROWS)
    assert "X (x) is not listed for keys" == decision.answer("x", activity="keys").reason.words
    assert "X (x) is not listed for service of data tickets" == (
        decision.answer("x", activity="service", data="tickets").reason.words
    )
    assert "X (x) is not listed for data logs" == asked(ROWS[0]).answer("x", data="logs").reason.words
    unstated = decision.answer("x", activity="support", data="logs").reason
    assert (
        "the data that X (x) handles for support (help) is not stated; it may be logs; whether X (x) does support of"
        " data logs beside what is listed is not stated"
    ) == unstated.words
    assert ("2",) == unstated.basis


def test_an_explanation_can_be_of_the_narrowed_question() -> None:
    """And only of a sub-processor."""
    decision = asked(*ROWS)
    assert decision.explain("x", activity="service", data="logs").splitlines()[:2] == [
        "UNDETERMINED: whether X (x) may touch the tenant's data is not stated",
        "  missing: whether X (x) does service of data logs beside what is listed is not stated [line 2]",
    ]
    for ask, message in (
        (lambda: decision.explain(activity="service"), "an activity or data category is asked of one sub-processor"),
        (lambda: decision.explain("A", activity="service"), "'A' is a hosting region"),
        (lambda: decision.answer("A", data="logs"), "'A' is a hosting region"),
    ):
        with pytest.raises(BadInput) as caught:
            ask()
        assert message == caught.value.message


def test_an_activity_or_category_that_is_not_known_is_refused() -> None:
    """With the nearest match, as every name is."""
    decision = asked(*ROWS)
    with pytest.raises(UnknownName) as caught:
        decision.verdict("x", activity="suport")
    assert ("unknown activity 'suport'", "did you mean 'support'?") == (caught.value.message, caught.value.remedy)
    with pytest.raises(UnknownName) as caught:
        decision.answers(data="log")
    assert ("unknown data category 'log'", "did you mean 'logs'?") == (caught.value.message, caught.value.remedy)


def test_an_engagement_breaks_a_demand_for_all_of_its_data() -> None:
    """Whoever takes the logs to the US must not have the mail that goes with them."""
    both = {"activity": "service", "purpose": "both", "data": ["logs", "mail"], "places": ["US"]}
    decision = asked(both, restrictions={Restriction(within={"EU"}, data={"logs"})})
    assert [X, X, X] == [decision.verdict("x", data=name) for name in (None, "logs", "mail")]
    apart = asked(*ROWS, features={"f"}, restrictions={Restriction(within={"EU"}, data={"logs"})})
    assert [X, X, P] == [apart.verdict("x", data=name) for name in (None, "logs", "mail")]


def test_the_bundled_register_answers_by_activity() -> None:
    """It names no data category, so none can be asked about."""
    decision = RESOLVER.resolve(Tenant("BG"), as_of=TODAY)
    hosting = {name: decision.verdict(name, activity="hosting") for name in ("linode", "aws", "websupport")}
    assert {"linode": P, "aws": U, "websupport": P} == hosting
    assert U is decision.verdict("linode", activity="support")
    with pytest.raises(UnknownName) as caught:
        decision.verdict("linode", data="logs")
    assert "none is declared" == caught.value.remedy


def test_narrowed_questions_outlive_the_register() -> None:
    """A stored decision answers them too."""
    decision = asked(*ROWS)
    again = Decision.from_dict(decision.to_dict())
    for activity in (None, *ACTIVITIES):
        for data in (None, "logs", "mail", "tickets"):
            asked_again = again.answer("x", activity=activity, data=data)
            assert decision.answer("x", activity=activity, data=data) == asked_again


def test_documents_that_bind_nobody_are_noticed_where_answers_rest_on_them() -> None:
    """A translation, a draft or an illustration; not where no answer rests on it, and not a binding one."""
    path = Path(__file__).parents[2] / "cases" / "base" / "versions.toml"
    content = tomllib.loads(path.read_text("utf-8"))
    for effect, words in {
        "draft": "DPA, on which answers rest, is a draft",
        "translation": "DPA, on which answers rest, is a translation for reference",
        "illustrative": "DPA, on which answers rest, is illustrative only",
        "binding": None,
    }.items():
        content["documents"]["dpa"]["effect"] = effect
        for basis, used in ((["a2", "b2"], False), (["a2", "b2", "d2"], True)):
            content["placement"]["basis"] = basis
            notices = decide(register_of(content, "v"), Tenant("DE"), as_of=date(2024, 1, 1)).notices
            assert ([words] if used and words else []) == [notice for notice in notices if "rest, is" in notice]


def test_a_row_that_hangs_on_what_is_not_stated_is_undetermined_in_its_words() -> None:
    """For everybody, also under not; and another condition that fails still prohibits."""
    unstated = {"not_stated": "when that is necessary"}
    row = {"activity": "service", "purpose": "p"}
    decision = asked({**row, "when": unstated})
    assert (U, "it is not stated when that is necessary") == (
        decision.verdict("x"),
        decision.answer("x").reason.words,
    )
    assert ("2",) == decision.answer("x").reason.basis
    assert U is asked({**row, "when": {"not": unstated}}).verdict("x")
    assert X is asked({**row, "when": {"feature": "f", **unstated}}).verdict("x")
    assert U is asked({**row, "when": {"feature": "f", **unstated}}, features={"f"}).verdict("x")
    assert P is asked({**row, "when": {"any": [{"feature": "f"}, unstated]}}, features={"f"}).verdict("x")


def test_who_is_prohibited_as_a_whole_is_so_for_whatever_is_asked() -> None:
    """By what it is listed for, where that is asked; else as it is as a whole."""
    rows = [{"activity": "service", "purpose": "mail", "when": {"feature": "f"}}]
    decision = asked(*rows)
    assert X is decision.verdict("x")
    assert [X, X] == [decision.verdict("x", activity=activity) for activity in ("service", "keys")]
    assert "feature f is off" == decision.answer("x", activity="keys").reason.words
    assert () == decision.answer("x", activity="keys").engagements
    assert U is asked(*rows, features={"f"}).verdict("x", activity="keys")
