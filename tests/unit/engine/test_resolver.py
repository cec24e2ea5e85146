"""What a resolver remembers, for how long, and what it refuses to begin with; its answers are compared elsewhere."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar
from unittest.mock import Mock

import pytest

from residency import (
    Answer,
    BadInput,
    EngagementAnswer,
    HouseRules,
    Register,
    Resolver,
    Restriction,
    Tenant,
    Verdict,
    decide,
)
from residency.engine.cache import Parts
from residency.engine.evaluate import Evaluation
from residency.files import register_of
from residency.model.conditions import Has
from residency.model.rows import Engagement, HostingRegion, Prohibition, SubProcessor
from support import REGISTER, SMALL_REGISTER, TODAY

T = TypeVar("T")
BULGARIA, GERMANY, SINGAPORE = Tenant("BG"), Tenant("DE"), Tenant("SG")


def noting(patch: pytest.MonkeyPatch, kind: type, method: str, of: Callable[..., T]) -> list[T]:
    """What `of` says of the arguments of each call of that method, in order; the method does what it did."""
    noted: list[T] = []
    original = getattr(kind, method)

    def call(*arguments: Any) -> Any:
        noted.append(of(*arguments))
        return original(*arguments)

    patch.setattr(kind, method, call)
    return noted


@pytest.fixture
def worked_out(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The countries of the tenants whose answers were put together and not remembered, in order."""
    return noting(monkeypatch, Parts, "answers", lambda _, query, cache: str(query.tenant.country))


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sub-processors whose engagements were evaluated, one entry for each, in order."""
    return noting(monkeypatch, Evaluation, "engagement_answer", lambda _, who, each: str(who.id))


def test_what_no_condition_tells_apart_is_worked_out_once(worked_out: list[str]) -> None:
    """Countries of one customer region, on all days between two changes."""
    resolver = Resolver(REGISTER)
    for tenant in (BULGARIA, GERMANY, BULGARIA):
        for day in (date(2021, 1, 1), TODAY):
            assert decide(REGISTER, tenant, as_of=day) == resolver.resolve(tenant, as_of=day)
    assert ["BG"] == worked_out


def test_what_is_told_apart_is_worked_out_for_each(worked_out: list[str]) -> None:
    """Another customer region, another fact, another span of days; and each of them once."""
    resolver = Resolver(REGISTER)
    asked = (
        *((BULGARIA, TODAY), (SINGAPORE, TODAY), (Tenant("DE", features={"voip"}), TODAY)),
        (Tenant("FR"), date(2020, 1, 31)),
    )
    for tenant, day in (*asked, *asked):
        assert decide(REGISTER, tenant, as_of=day) == resolver.resolve(tenant, as_of=day)
    assert ["BG", "SG", "DE", "FR"] == worked_out


def test_a_new_combination_of_facts_evaluates_no_more_than_what_names_them(rows: list[str]) -> None:
    """A feature changes Twilio's engagement alone; another country those that look at where the tenant is."""
    resolver = Resolver(REGISTER)
    resolver.resolve(BULGARIA, as_of=TODAY)
    assert sum(len(who.engagements) for who in REGISTER.sub_processor_rows) == len(rows)
    rows.clear()
    resolver.resolve(Tenant("BG", features={"voip"}), as_of=TODAY)
    assert ["twilio"] == rows
    rows.clear()
    resolver.resolve(Tenant("SG", features={"voip"}), as_of=TODAY)
    assert {"linode", "websupport"} == set(rows)


def test_a_tenant_that_is_asked_about_again_gets_the_same_decision() -> None:
    """The very same on the same day; on another day of the span a new one; an equal tenant an equal one."""
    resolver = Resolver(REGISTER)
    first = resolver.resolve(BULGARIA, as_of=TODAY)
    assert resolver.resolve(BULGARIA, as_of=TODAY) is first
    later = resolver.resolve(BULGARIA, as_of=TODAY + timedelta(days=1))
    assert (TODAY + timedelta(days=1), first.region_answers) == (later.as_of, later.region_answers)
    assert first == resolver.resolve(copy.copy(BULGARIA), as_of=TODAY) == resolver.resolve(Tenant("BG"), as_of=TODAY)
    assert first == resolver.resolve(BULGARIA, as_of=TODAY)


@pytest.mark.parametrize("day", [datetime(2026, 11, 23), "2026-11-23", None, Mock(spec=date)])  # noqa: DTZ001
def test_what_is_no_day_is_refused_also_for_a_tenant_that_is_known(day: date) -> None:
    """As it is for any other."""
    resolver = Resolver(REGISTER)
    resolver.resolve(BULGARIA, as_of=TODAY)
    with pytest.raises(BadInput, match="must be a day"):
        resolver.resolve(BULGARIA, as_of=day)


def test_what_only_looks_like_a_known_tenant_is_refused() -> None:
    """Nothing but a tenant gets an answer, whatever attributes it has."""
    resolver = Resolver(REGISTER)
    resolver.resolve(BULGARIA, as_of=TODAY)
    likeness = type("Likeness", (), {"country": "BG", "__eq__": lambda _, other: True, "__hash__": lambda _: 0})()
    for wrong in (likeness, "BG", Mock(spec=Tenant), None):
        with pytest.raises(BadInput, match="expected a Tenant"):
            resolver.resolve(wrong, as_of=TODAY)  # type: ignore[arg-type]


def test_a_known_tenant_is_answered_by_the_days_on_which_the_places_of_its_demands_change() -> None:
    """The United Kingdom was within the European Union until the end of January 2020, and within the EEA as long."""
    tenant = Tenant("GB", restrictions={Restriction(within={"EEA"})})
    resolver = Resolver(REGISTER)
    days = [date(2020, 1, 30) + timedelta(days=number) for number in range(4)]
    for day in (*days, *reversed(days), *days):
        assert decide(REGISTER, tenant, as_of=day) == resolver.resolve(tenant, as_of=day)


def test_no_name_of_a_register_is_taken_for_something_else_that_is_remembered() -> None:
    """A hosting region may be called what a resolver calls its own things."""
    content = {
        **SMALL_REGISTER,
        "regions": [{"id": name, "name": name, "basis": ["1"]} for name in ("settled", "group", "row")],
        "placement": {"rule": "fixed", "region": "settled", "basis": ["1"]},
        "sub_processors": [
            {
                "id": "region",
                "name": "R",
                "engagements": [{"activity": "hosting", "purpose": "x", "regions": ["settled"], "basis": ["1"]}],
            }
        ],
    }
    register = register_of(content, "odd")
    resolver = Resolver(register)
    assert decide(register, BULGARIA, as_of=TODAY) == resolver.resolve(BULGARIA, as_of=TODAY)
    assert "settled" == resolver.resolve(BULGARIA, as_of=TODAY).region


BASIS = {"basis": ["1"]}
US_WITH_F = {"places": ["US"], "when": {"feature": "f"}, "basis": ["1"]}
HOSTING = {"activity": "hosting", "purpose": "h", "regions": ["A"], "places": "as the region", "basis": ["1"]}


def region_a(more: dict[str, Any]) -> Register:
    """Region A, its host and another company, with one row more."""
    content = {
        **SMALL_REGISTER,
        "data": {"mail": {"says": "mail", "basis": ["1"]}},
        "regions": [
            {"id": "A", "name": "A", "places": ["DE"], "basis": ["1"]},
            {"id": "B", "name": "B", "places": ["US"], "basis": ["1"]},
        ],
        "placement": {"rule": "fixed", "region": "A", "basis": ["1"]},
        "sub_processors": [
            {"id": name, "name": name, "engagements": [*own, *([more[name]] if name in more else [])]}
            for name, own in (("host", [HOSTING]), ("x", [{"activity": "service", "purpose": "x", "basis": ["1"]}]))
        ],
        **{key: rows for key, rows in more.items() if isinstance(rows, list)},
    }
    return register_of(content, "small")


def one_after_the_other(register: Register) -> Iterator[Verdict]:
    """On region A, of one resolver, for tenants who differ in a feature alone; each answer is that of `decide`."""
    for features in (("f",), ()), ((), ("f",)):
        resolver = Resolver(register)
        for names in features:
            tenant = Tenant("DE", features=names, restrictions={Restriction(never_in={"US"})})
            decision = resolver.resolve(tenant, as_of=TODAY)
            assert decide(register, tenant, as_of=TODAY) == decision
            yield decision.region_verdict("A")


@pytest.mark.parametrize(
    "more",
    [
        {"host": {"activity": "service", "purpose": "s", **US_WITH_F}},
        {"x": {"activity": "backup", "purpose": "b", **US_WITH_F}},
        {"x": {"activity": "keys", "purpose": "k", **US_WITH_F}},
        {"exceptions": [{"data": ["mail"], "regions": ["A"], **US_WITH_F}]},
        {"exceptions": [{"data": ["mail"], **US_WITH_F}]},
        {"own_infrastructure": [{"activity": "support", "purpose": "s", **US_WITH_F}]},
        {"own_infrastructure": [{"activity": "support", "purpose": "s", "regions": ["A"], **US_WITH_F}]},
    ],
    ids=str,
)
def test_what_may_break_a_demand_in_a_region_tells_its_tenants_apart(more: dict[str, Any]) -> None:
    """Wherever its condition stands; a resolver that was asked about the one answers the other for itself."""
    assert {Verdict.PROHIBITED, Verdict.PERMITTED} == set(one_after_the_other(region_a(more)))


def test_what_a_host_does_for_another_region_tells_reasons_apart() -> None:
    """And changes no verdict."""
    row = {"activity": "service", "purpose": "s", "regions": ["B"], **US_WITH_F}
    assert {Verdict.PERMITTED} == set(one_after_the_other(region_a({"host": row})))


@pytest.mark.parametrize("who", ["A", "host"])
def test_a_house_rule_about_a_region_or_its_host_tells_its_tenants_apart(who: str) -> None:
    """Where it has a condition."""
    content = {
        **SMALL_REGISTER,
        "regions": [{"id": "A", "name": "A", "places": ["DE"], "basis": ["1"]}],
        "placement": {"rule": "fixed", "region": "A", "basis": ["1"]},
        "sub_processors": [{"id": "host", "name": "H", "engagements": [HOSTING]}],
    }
    rule = Prohibition("no", who, Has("feature", "f"))
    resolver = Resolver(
        register_of(content, "small"), house_rules=HouseRules("small", "us", TODAY, prohibitions=(rule,))
    )
    for names, verdict in (((), Verdict.PERMITTED), (("f",), Verdict.PROHIBITED), ((), Verdict.PERMITTED)):
        assert verdict is resolver.resolve(Tenant("DE", features=names), as_of=TODAY).region_verdict("A")


SAYS = {"says": "s", "basis": ["1"]}
KINDS: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "feature": ({"f": SAYS}, {"feature": "f"}, {"features": {"f"}}),
    "feature that is on by default": ({"f": {**SAYS, "default": "on"}}, {"feature": "f"}, {"switched_off": {"f"}}),
    "consent": ({"f": SAYS}, {"consent": "f"}, {"consents": {"f"}}),
    "agreement": ({"f": SAYS}, {"agreement": "f"}, {"agreements": {"f"}}),
    "attribute": (
        {"f": {**SAYS, "values": ["a", "b"]}},
        {"attribute": "f", "is": "a"},
        {"attributes": {"f": "a"}},
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_fact_of_any_kind_tells_its_tenants_apart(kind: str) -> None:
    """Whichever of them is asked about first."""
    declared, when, facts = KINDS[kind]
    content = {
        **SMALL_REGISTER,
        f"{kind.partition(' ')[0]}s": declared,
        "regions": [{"id": "A", "name": "A", "places": ["DE"], **BASIS}],
        "placement": {"rule": "fixed", "region": "A", **BASIS},
        "sub_processors": [
            {"id": "x", "name": "X", "engagements": [{"activity": "service", "purpose": "x", "when": when, **BASIS}]}
        ],
    }
    register = register_of(content, "small")
    nothing: dict[str, Any] = {}
    for each in ((facts, nothing), (nothing, facts)):
        resolver = Resolver(register)
        decisions = [resolver.resolve(Tenant("DE", **given), as_of=TODAY) for given in each]
        assert [decide(register, decision.tenant, as_of=TODAY) for decision in decisions] == decisions
        assert decisions[0].verdict("x") is not decisions[1].verdict("x")


def test_a_tenant_of_a_kind_of_ones_own_is_copied_and_asked_about() -> None:
    """With what it works out beside its facts."""

    class Mine(Tenant):
        @cached_property
        def plan(self) -> str:
            return "gold"

    resolver, mine = Resolver(REGISTER), Mine("BG")
    assert ("gold", "gold") == (mine.plan, copy.copy(mine).plan)
    answers = resolver.resolve(mine, as_of=TODAY)._answers
    assert answers is resolver.resolve(copy.copy(mine), as_of=TODAY)._answers


def test_the_register_of_a_resolver_is_not_exchanged() -> None:
    """What is remembered is the answers of one."""
    resolver = Resolver(REGISTER)
    with pytest.raises(AttributeError):
        resolver.register = REGISTER  # type: ignore[misc]
    assert REGISTER is resolver.register


def size_kept(resolver: Resolver) -> int:
    """How many reasons and reads the resolver says that it keeps."""
    return resolver._cache.size


def test_with_more_reasons_than_it_may_keep_it_begins_anew(
    monkeypatch: pytest.MonkeyPatch, worked_out: list[str]
) -> None:
    """Two tenants are kept where there is room for just their reasons; with one less the older is forgotten."""
    resolver = Resolver(REGISTER)
    for tenant in (BULGARIA, SINGAPORE):
        resolver.resolve(tenant, as_of=TODAY)
    room = size_kept(resolver)
    for kept, again in ((room, []), (room - 1, ["BG"])):
        monkeypatch.setattr("residency.engine.resolver.SIZE_KEPT", kept)
        resolver = Resolver(REGISTER)
        for tenant in (BULGARIA, SINGAPORE):
            resolver.resolve(tenant, as_of=TODAY)
        worked_out.clear()
        for tenant in (SINGAPORE, BULGARIA):
            resolver.resolve(tenant, as_of=TODAY)
        assert again == worked_out


def test_it_counts_every_reason_that_it_keeps() -> None:
    """Those of engagements and those of answers, once each for each place in which they stand; and what each read."""
    resolver = Resolver(REGISTER)
    decision = resolver.resolve(BULGARIA, as_of=TODAY)
    answers = (*decision.region_answers, *decision.sub_processor_answers)
    in_answers = sum(count(answer.reason.to_dict()) for answer in answers)
    in_rows = sum(count(side.to_dict()) for each in decision.answers() for side in each.reasons)
    reads = sum(depth for trees in resolver._cache.parts.values() for tree in trees.values() for depth in depths(tree))
    assert reads > 0
    assert in_answers + in_rows + len(answers) + 1 + reads == size_kept(resolver)


def depths(tree: Any, above: int = 0) -> Iterator[int]:
    """How many facts are read on the way to each part that is kept."""
    children = getattr(tree, "children", None)
    if children is None:
        yield above
    for child in (children or {}).values():
        yield from depths(child, above + 1)


def test_what_two_make_at_once_is_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part that another thread has made meanwhile."""
    resolver, alone = Resolver(REGISTER), Resolver(REGISTER)
    expected = alone.resolve(BULGARIA, as_of=TODAY)
    original = Evaluation.region_answer

    def meanwhile(evaluation: Evaluation, region: HostingRegion) -> Answer:
        monkeypatch.setattr(Evaluation, "region_answer", original)
        resolver.resolve(Tenant("BG"), as_of=TODAY)
        return original(evaluation, region)

    monkeypatch.setattr(Evaluation, "region_answer", meanwhile)
    assert expected == resolver.resolve(BULGARIA, as_of=TODAY)
    whole = len(expected.region_answers) + len(expected.sub_processor_answers)
    assert size_kept(alone) + whole == size_kept(resolver)


VOIP, CONSENT = ("feature", "voip"), ("consent", "subcontractor-access")


@pytest.mark.parametrize(("first", "then"), [([VOIP], [CONSENT]), ([VOIP], []), ([CONSENT, VOIP], [CONSENT])])
def test_an_answer_that_depends_on_what_it_does_not_read_is_refused(
    monkeypatch: pytest.MonkeyPatch, first: list[tuple[str, str]], then: list[tuple[str, str]]
) -> None:
    """Another tenant would get it: what was read before must decide what is read next, and whether anything is."""
    original, reading = Evaluation.region_answer, [first, then]

    def planted(evaluation: Evaluation, region: HostingRegion) -> Answer:
        if region.id == "EU":
            for kind, name in reading.pop(0):
                assert name not in evaluation.facts.having[kind] or name == "voip"
        return original(evaluation, region)

    monkeypatch.setattr(Evaluation, "region_answer", planted)
    resolver = Resolver(REGISTER)
    resolver.resolve(BULGARIA, as_of=TODAY)
    with pytest.raises(RuntimeError, match=r"depends on what it does not read$"):
        resolver.resolve(Tenant("BG", features={"voip"}), as_of=TODAY)


def test_an_answer_that_once_read_a_fact_and_then_reads_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be everybody's."""
    original, reading = Evaluation.engagement_answer, [True, False]

    def planted(evaluation: Evaluation, who: SubProcessor, each: Engagement) -> EngagementAnswer:
        if who.id == "aws" and reading.pop(0):
            assert "voip" not in evaluation.facts.having["feature"]
        return original(evaluation, who, each)

    monkeypatch.setattr(Evaluation, "engagement_answer", planted)
    resolver = Resolver(REGISTER)
    resolver.resolve(BULGARIA, as_of=TODAY)
    with pytest.raises(RuntimeError, match=r"did not read .* as before: it depends on what it does not read$"):
        resolver.resolve(Tenant("BG", features={"voip"}), as_of=TODAY)


def count(tree: object) -> int:
    """The reasons of a tree, by its stored form."""
    return str(tree).count("'parts'")


def test_the_latest_decision_is_kept_however_large_it_is(
    monkeypatch: pytest.MonkeyPatch, worked_out: list[str]
) -> None:
    """Alone: whatever is older makes room."""
    monkeypatch.setattr("residency.engine.resolver.SIZE_KEPT", 0)
    resolver = Resolver(REGISTER)
    for tenant in (BULGARIA, SINGAPORE, GERMANY, Tenant("SG"), BULGARIA):
        assert decide(REGISTER, tenant, as_of=TODAY) == resolver.resolve(tenant, as_of=TODAY)
    assert ["BG", "SG", "DE", "SG", "BG"] == worked_out


def test_of_lately_it_keeps_as_many_as_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    """With one more it begins anew."""
    monkeypatch.setattr("residency.engine.resolver.TENANTS_KEPT", 2)
    resolver, several = Resolver(REGISTER), [Tenant("BG") for _ in range(5)]
    kept = []
    for tenant in several:
        resolver.resolve(tenant, as_of=TODAY)
        kept.append(len(resolver._lately))
    assert [1, 2, 1, 2, 1] == kept


@pytest.mark.parametrize(
    ("make", "message", "remedy"),
    [
        (
            lambda: Resolver("liveagent"),  # type: ignore[arg-type]
            "expected a Register, got 'liveagent'",
            'pass what load_register("liveagent") returned',
        ),
        (
            lambda: Resolver(REGISTER, house_rules="ours"),  # type: ignore[arg-type]
            "expected house rules, got 'ours'",
            "pass what load_house_rules returned",
        ),
    ],
)
def test_it_is_made_of_a_register_and_of_house_rules(make: Callable[[], object], message: str, remedy: str) -> None:
    """Not of their names, which may be what a beginner has at hand."""
    with pytest.raises(BadInput) as caught:
        make()
    assert (message, remedy) == (caught.value.message, caught.value.remedy)


def test_what_the_vendor_does_itself_is_remembered_by_what_it_hangs_on() -> None:
    """Tenants that differ in its condition alone have answers with other notes."""
    support = {"activity": "support", "purpose": "help", "when": {"feature": "f"}, "basis": ["1"]}
    content = {
        **SMALL_REGISTER,
        "features": {"f": {"says": "f", "basis": ["1"]}},
        "regions": [{"id": "A", "name": "A", "basis": ["1"]}],
        "placement": {"rule": "fixed", "region": "A", "basis": ["1"]},
        "own_infrastructure": [support, {"activity": "hosting", "purpose": "h", "regions": ["A"], "basis": ["1"]}],
        "sub_processors": [
            {"id": "x", "name": "X", "engagements": [{"activity": "service", "purpose": "y", "basis": ["1"]}]}
        ],
    }
    resolver = Resolver(register_of(content, "small"))
    noted = [
        "limit.own" in {note.code for note in resolver.resolve(tenant, as_of=TODAY).answer("A").limits}
        for tenant in (Tenant("DE"), Tenant("DE", features={"f"}), Tenant("DE"))
    ]
    assert [False, True, False] == noted


# --- What is asked again is not looked up again ---


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The days of the questions that were not answered by the tenant's last decision, in order."""
    return noting(monkeypatch, Resolver, "_resolve", lambda _, tenant, as_of: as_of)


def test_a_tenant_is_answered_by_its_last_decision_from_the_first_day_to_the_last(looked_up: list[Any]) -> None:
    """Both days included; on the days beside them it is looked up anew."""
    resolver, edges = Resolver(REGISTER), REGISTER.change_dates
    start, end = edges[-2], edges[-1] - timedelta(days=1)
    middle = start + (end - start) // 2
    for day in (middle, start, end, middle):
        assert decide(REGISTER, BULGARIA, as_of=day) == resolver.resolve(BULGARIA, as_of=day)
    assert [middle] == looked_up
    for day in (start - timedelta(days=1), end + timedelta(days=1)):
        assert decide(REGISTER, BULGARIA, as_of=day) == resolver.resolve(BULGARIA, as_of=day)
    assert [middle, start - timedelta(days=1), end + timedelta(days=1)] == looked_up


def test_the_same_question_is_the_same_decision() -> None:
    """Also where the day is another one than that of the decision before."""
    resolver = Resolver(REGISTER)
    for day in (TODAY, TODAY - timedelta(days=1)):
        assert resolver.resolve(BULGARIA, as_of=day) is resolver.resolve(BULGARIA, as_of=day)


def test_days_before_and_after_all_changes_are_answered() -> None:
    """There is no first day before the first change, and no last one after the last."""
    resolver = Resolver(REGISTER)
    for day in (date.min, date(1900, 1, 1), date.max - timedelta(days=1), date.max):
        assert decide(REGISTER, BULGARIA, as_of=day) == resolver.resolve(BULGARIA, as_of=day)
        resolved = resolver.resolve(BULGARIA, as_of=day)
        assert resolved._answers.first <= day <= resolved._answers.last


def test_the_home_of_a_country_is_found_once_for_each_span_of_days(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many tenants are there."""
    found = noting(monkeypatch, Parts, "home", lambda _, country, day: country)
    resolver = Resolver(REGISTER)
    for tenant in (BULGARIA, Tenant("BG", features={"voip"}), GERMANY):
        resolver.resolve(tenant, as_of=TODAY)
    assert ["BG", "DE"] == found
