"""Registers written by hand: the little that a value checks of itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis.vendor.pretty import pretty

from residency import BadFile, BadInput, Register, Tenant, UnknownName, Verdict, decide, load_register
from residency.files import register_of
from residency.model.rows import (
    CustomerRegion,
    Declared,
    Engagement,
    HostingRegion,
    Placement,
    ResidencyException,
    Site,
    SubProcessor,
)
from residency.model.timeline import Span
from support import HOUSE_RULES, REGISTER, SMALL_REGISTER


def test_an_id_names_one_region_or_one_sub_processor() -> None:
    """Or an answer could be about either; the message names the one that is not unambiguous."""
    named_uk = evolve(REGISTER.sub_processor("aws"), id="UK")
    with pytest.raises(BadInput) as caught:
        evolve(REGISTER, sub_processor_rows=(named_uk,))
    assert ("id 'UK' names two things", "an id names one region or one sub-processor") == (
        caught.value.message,
        caught.value.remedy,
    )


def test_an_id_names_one_customer_region_one_tension_and_one_name_of_a_kind() -> None:
    """Or the last row of an id would count in some places, and the first in others."""
    for field, kind in (("customer_regions", "customer region"), ("tensions", "tension"), ("declared", "feature")):
        row = next(each for each in getattr(REGISTER, field) if getattr(each, "kind", kind) == kind)
        twice: dict[str, Any] = {field: (row, row)}
        with pytest.raises(BadInput) as caught:
            evolve(REGISTER, **twice)
        message = f"duplicate {kind} {row.id!r}"
        assert (message, "give each an id of its own") == (caught.value.message, caught.value.remedy)


def least() -> Register:
    """A register by hand that says no more than it must: one region, and who stores data there."""
    stores = SubProcessor("x", "X", (Engagement("hosting", "h", ("1",), "A"),))
    region, day = HostingRegion("A", "A", None, ("1",)), date(2020, 1, 1)
    placement = Placement("fixed", ("1",), "A")
    return Register("r", "V", "S", None, day, day, ("1",), placement, (region,), (), (stores,))


def test_a_register_may_say_no_more_than_it_must() -> None:
    """What it leaves out is nothing, so it can be asked, and its answers change on the day from which it speaks."""
    register = least()
    decision = decide(register, Tenant("DE"), as_of=date(2020, 1, 1))
    assert ("A", ("x",)) == (decision.region, decision.permitted)
    assert (date(2020, 1, 1),) == register.change_dates
    empty = (register.own_infrastructure, register.exceptions, register.declared, register.tensions, register.records)
    assert ((), (), (), (), ()) == empty
    assert ((), (), (), ()) == (register.documents, register.sources, register.groupings, register.prohibitions)
    assert register.house_rules is None


def test_a_register_is_shown_on_one_line() -> None:
    """With all that it holds it would fill many pages; Hypothesis and IPython show the same."""
    line = "<Register 'liveagent' of Quality Unit, s. r. o., 2019-10-28: 4 regions, 7 sub-processors>"
    assert [line] * 2 == [repr(REGISTER), pretty(REGISTER)]
    undated = "<Register 'r' of V\\n, undated, from 2020-01-01: 1 region, 1 sub-processor>"
    assert undated == repr(evolve(least(), vendor="V\n"))
    ruled = HOUSE_RULES.over(REGISTER)
    assert line.replace(">", ", under house rules>") == repr(ruled)


FORMS = {
    "region": (("EU", "European Union"), ("SG", "Singapore"), ("UK", "United Kingdom"), ("US", "United States")),
    "feature": (("voip", "calls over the VoIP provider"),),
    "consent": (("subcontractor-access", "subcontractors may access the customer's data"),),
    "agreement": (("data-processing-agreement", REGISTER.agreement("data-processing-agreement").says),),
    "attribute": (),
    "data category": (),
}


@pytest.mark.parametrize("kind", FORMS)
def test_the_choices_of_a_form_are_ids_with_plain_names(kind: str) -> None:
    """Sorted by id; the name is without the id behind."""
    assert FORMS[kind] == REGISTER.choices(kind)


def test_the_choices_of_sub_processors_are_all_of_them() -> None:
    """The first by its name."""
    choices = REGISTER.choices("sub-processor")
    assert REGISTER.sub_processors == tuple(name for name, _ in choices)
    assert ("aws", "Amazon Web Services, LLC") == choices[0]


def test_an_attribute_has_its_values_as_choices() -> None:
    """In the order of the register, where it means something."""
    acme = load_register(Path(__file__).parents[2] / "cases" / "base" / "register.toml")
    assert acme.attributes == tuple(name for name, _ in acme.choices("attribute"))
    for name in acme.attributes:
        assert acme.attribute(name).values == tuple(value for value, _ in acme.choices("attribute", name))
    assert acme.data_categories == tuple(name for name, _ in acme.choices("data category"))


@pytest.mark.parametrize(
    ("ask", "message", "remedy"),
    [
        (lambda: REGISTER.choices("regions"), "unknown kind of choice 'regions'", "did you mean 'region'?"),
        (lambda: REGISTER.choices("attribute", "plan"), "unknown attribute 'plan'", "none is declared"),
        (
            lambda: REGISTER.choices("feature", "voip"),
            "a 'feature' has no values",
            "write choices(\"attribute\", 'voip')",
        ),
    ],
)
def test_a_kind_that_is_none_is_refused(ask: Callable[[], object], message: str, remedy: str) -> None:
    """With the kinds there are."""
    with pytest.raises(BadInput) as caught:
        ask()
    assert (message, remedy) == (caught.value.message, caught.value.remedy)


def test_a_region_that_a_row_names_must_be_there() -> None:
    """Home, placement, engagement and exception alike."""
    rows = (
        {"customer_regions": (CustomerRegion("x", None, "FR", ("R2",)),)},
        {"placement": Placement("fixed", ("37a",), "FR")},
        {"own_infrastructure": (Engagement("hosting", "h", ("35a",), "FR"),)},
        {"exceptions": (ResidencyException(("logs",), ("35a",), regions=("FR",)),)},
    )
    for row in rows:
        with pytest.raises(UnknownName) as caught:
            evolve(REGISTER, **row)
        assert "unknown hosting region 'FR'" == caught.value.message


def test_a_sub_processor_without_an_engagement_is_refused() -> None:
    """Of nothing, nothing could be answered."""
    with pytest.raises(BadInput) as caught:
        evolve(REGISTER, sub_processor_rows=(SubProcessor("x", "X", ()),))
    assert ("sub-processor 'x' has no engagement", "say what it is engaged for, or leave it out") == (
        caught.value.message,
        caught.value.remedy,
    )


def test_a_row_is_found_by_its_id() -> None:
    """Region, sub-processor, feature, consent, attribute and source."""
    plan = Declared("attribute", "plan", "which plan", ("35a",), values=("free", "paid"))
    register = evolve(REGISTER, declared=(*REGISTER.declared, plan))
    found = (
        *(register.region("UK"), register.sub_processor("aws"), register.feature("voip")),
        *(register.consent("subcontractor-access"), register.attribute("plan"), register.source("R2")),
    )
    assert ("UK", "aws", "voip", "subcontractor-access", "plan", "R2") == tuple(row.id for row in found)
    assert (("voip",), ("subcontractor-access",), ("plan",)) == (
        *(register.features, register.consents),
        register.attributes,
    )


@pytest.mark.parametrize(
    ("ask", "message", "remedy"),
    [
        (lambda: REGISTER.region("EUU"), "unknown hosting region 'EUU'", "did you mean 'EU'?"),
        (lambda: REGISTER.sub_processor("twillio"), "unknown sub-processor 'twillio'", "did you mean 'twilio'?"),
        (lambda: REGISTER.feature("vopi"), "unknown feature 'vopi'", "did you mean 'voip'?"),
        (lambda: REGISTER.consent("voip"), "unknown consent 'voip'", "expected one of 'subcontractor-access'"),
        (lambda: REGISTER.agreement("dpa"), "unknown agreement 'dpa'", "expected one of 'data-processing-agreement'"),
        (lambda: REGISTER.attribute("voip"), "unknown attribute 'voip'", "none is declared"),
        (lambda: REGISTER.source("R22"), "unknown clause or reading 'R22'", "did you mean 'R2'?"),
    ],
)
def test_a_row_that_is_not_there_is_refused(ask: Callable[[], object], message: str, remedy: str) -> None:
    """The message says what was looked for, and the remedy what there is of that kind."""
    with pytest.raises(UnknownName) as caught:
        ask()
    assert (message, remedy) == (caught.value.message, caught.value.remedy)


FROM, UNTIL = date(2021, 1, 1), date(2022, 1, 1)
DATED = Span(FROM, UNTIL)


@pytest.mark.parametrize(
    "rows",
    [
        {"hosting_regions": (HostingRegion("A", "A", None, ("1",), DATED),)},
        {"hosting_regions": (HostingRegion("A", "A", None, ("1",), sites=(Site(None, ("1",), DATED),)),)},
        {"customer_regions": (CustomerRegion("x", None, "A", ("1",), DATED),)},
        {"exceptions": (ResidencyException(None, ("1",), span=DATED),)},
        {"sub_processor_rows": (SubProcessor("x", "X", (Engagement("hosting", "h", ("1",), "A", span=DATED),)),)},
        {"own_infrastructure": (Engagement("hosting", "h", ("1",), "A", span=Span(FROM, None), authorised=UNTIL),)},
    ],
    ids=["region", "site", "customer region", "exception", "sub-processor", "own infrastructure"],
)
def test_answers_may_change_on_the_first_day_of_a_row_and_on_the_first_without_it(rows: dict[str, Any]) -> None:
    """Whatever the row is about; a resolver that did not know such a day would go on answering as on the day before."""
    assert (date(2020, 1, 1), FROM, UNTIL) == evolve(least(), **rows).change_dates


def test_the_change_dates_begin_with_what_the_groupings_know() -> None:
    """Those of the EU, of the rows, and the day from which it speaks, sorted."""
    dates = REGISTER.change_dates
    assert sorted(set(dates)) == list(dates)
    assert {"2019-10-28", "2020-02-01", "2013-07-01"} <= {day.isoformat() for day in dates}
    assert ["EU"] == [grouping.id for grouping in REGISTER.groupings_used]


def test_names_known_to_any_version_are_valid_on_every_day() -> None:
    """A removed company can be objected to, and one that is added later asked about."""
    register = load_register(Path(__file__).parents[2] / "cases" / "base" / "versions.toml")
    tenant = Tenant("DE", objections={"oldmail", "newmail"})
    for day in (date(2021, 1, 1), date(2022, 1, 1), date(2023, 12, 31), date(2024, 1, 1), date(2030, 1, 1)):
        decision = decide(register, tenant, as_of=day)
        verdict = Verdict.UNDETERMINED if day < register.speaks_from else Verdict.PROHIBITED
        assert [verdict, verdict] == [decision.verdict(name) for name in ("oldmail", "newmail")]
    early = decide(register, Tenant("DE"), as_of=date(2023, 12, 31))
    assert (True, False) == (early.may_touch("oldmail"), early.may_touch("newmail"))


def test_a_register_may_speak_before_its_newest_publication() -> None:
    """From the day that it says, on which its first version was in force."""
    register = load_register(Path(__file__).parents[2] / "cases" / "base" / "versions.toml")
    assert (date(2022, 1, 1), date(2024, 1, 1)) == (register.speaks_from, register.published)
    assert decide(register, Tenant("DE"), as_of=date(2022, 1, 1)).may_touch("oldmail")
    silent = decide(register, Tenant("DE"), as_of=date(2021, 12, 31)).answer("oldmail")
    assert Verdict.UNDETERMINED is silent.verdict
    assert "the register speaks from 2022-01-01 on; for earlier days it states nothing" == silent.reason.words


@pytest.mark.slow
def test_one_fault_in_a_large_register_is_one_line() -> None:
    """With its path; 1,000 sub-processors of five engagements each."""
    row = {"activity": "service", "basis": ["1"], "when": {"feature": "f"}}
    content = {
        **SMALL_REGISTER,
        "regions": [],
        "placement": {"rule": "not-promised", "basis": ["1"]},
        "sub_processors": [
            {"id": f"s{n}", "name": f"S{n}", "engagements": [{**row, "purpose": f"p{each}"} for each in range(5)]}
            for n in range(1_000)
        ],
    }
    assert 5_000 == sum(1 for _ in register_of(content, "large").engagements())
    content["sub_processors"][700]["engagements"][3]["when"] = {"feature": "g"}
    with pytest.raises(BadFile) as caught:
        register_of(content, "large")
    (fault,) = caught.value.faults
    assert "unknown feature 'g' at $.sub_processors[700].engagements[3].when.feature" == str(fault).splitlines()[0]
