"""Refusals of `require`: two lines, the codes that decide, and a remedy that helps."""

from __future__ import annotations

import copy
import pickle
from datetime import date, timedelta
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from attrs import evolve

from residency import BadInput, Decision, Refused, Register, Resolver, Restriction, Tenant, decide, load_register
from residency.files import register_of
from residency.model.rows import Placement
from residency.model.timeline import day_in_words, day_of_words
from residency.result.messages import CATALOGUE, ONE_OF
from residency.result.refusal import _REMEDIES
from snapshot.snapshot import NAMES, SMALL, asked
from stored import format_1
from support import HOUSE_RULES, REGISTER, RESOLVER, SMALL_REGISTER, TODAY

PAGES = Path(__file__).parents[2] / "registers"
YEAR = timedelta(days=365)
AGREE = "agree on a region with the vendor and name it as agreed_region"
NONE = "no hosting region of LiveAgent (Quality Unit, s. r. o.) is settled and permitted as of 23 November 2026, for "


def refused(decision: Decision, **how: Any) -> Refused:
    """What `require` raises."""
    with pytest.raises(Refused) as caught:
        decision.require(**how)
    return caught.value


def small(*, engagement: dict[str, Any] | None = None, **more: Any) -> Register:
    """A register of one fixed region, stored by one sub-processor."""
    hosting = {"activity": "hosting", "purpose": "servers", "regions": ["A"], "basis": ["1"], **(engagement or {})}
    names = {"c": {"says": "c", "basis": ["1"]}}
    content = {
        **SMALL_REGISTER,
        "consents": names,
        "agreements": names,
        "attributes": {"plan": {"says": "plan", "values": ["free", "paid"], "basis": ["1"]}},
        "regions": [{"id": name, "name": name, "places": ["FR"], "basis": ["1"]} for name in "AB"],
        "placement": {"rule": "fixed", "region": "A", "basis": ["1"], "agreed": ["1"]},
        "sub_processors": [{"id": "h", "name": "Host", "engagements": [hosting]}],
        **more,
    }
    return register_of(content, "small")


def test_a_refusal_says_who_is_refused_by_whom_and_why() -> None:
    """In two lines; the decision and the codes are at hand."""
    decision = RESOLVER.resolve(Tenant("BR"), as_of=TODAY)
    error = refused(decision)
    assert (
        f"{NONE}a tenant whose country is Brazil (BR)\n"
        "EU, SG, UK, US: no customer region holds the tenant's country, and it is not stated where such a customer is"
        " placed"
    ) == str(error)
    assert f"{AGREE}, or let house rules place this customer" == error.remedy
    assert (decision, ("placement.not-stated",)) == (error.decision, error.codes)


def test_a_refusal_is_pickled_and_copied_with_its_decision() -> None:
    """As other errors are."""
    error = refused(RESOLVER.resolve(Tenant("BR"), as_of=TODAY))
    for other in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert (str(error), error.remedy, error.codes, error.decision, error.__notes__) == (
            str(other),
            other.remedy,
            other.codes,
            other.decision,
            other.__notes__,
        )


@pytest.mark.parametrize(
    ("register", "tenant", "codes", "reason", "remedy"),
    [
        (
            load_register(PAGES / "37signals.toml"),
            Tenant("BG"),
            ("attribute.unknown", "condition.not-stated", "hosting.region-not-stated"),
            "US: the tenant's product is not known; it matters whether it is basecamp or hey or highrise or campfire or"
            " backpack",
            "say the tenant's product; it matters whether it is basecamp or hey or highrise or campfire or backpack:"
            " attributes={'product': …}",
        ),
        (
            REGISTER,
            Tenant("US", restrictions={Restriction(within={"EEA"})}),
            ("demand.broken",),
            "US: region United States (US): somewhere within US, which breaks the restriction 'only within EEA'",
            "withdraw the restriction 'only within EEA', which excludes region US, or agree on another region",
        ),
        (
            REGISTER,
            Tenant("BG", restrictions={Restriction(within={"EEA"}, activities={"backup"})}),
            ("demand.not-answered",),
            "EU: it is not stated who does backup in region European Union (EU)",
            "have the vendor state who does backup, or withdraw the restriction that asks for it, or agree on another"
            " region",
        ),
        (
            evolve(REGISTER, placement=Placement("free-choice", ("37a",))),
            Tenant("BG"),
            ("region.not-settled",),
            "the tenant's data may be placed in region European Union (EU) or Singapore (SG) or United Kingdom (UK) or"
            " United States (US), but its region is not settled: it must be agreed",
            "agree on a permitted region, EU or SG or UK or US, and name it as agreed_region",
        ),
        (
            load_register(PAGES / "zendesk.toml"),
            Tenant("BG"),
            ("attribute.unknown", "placement.not-promised"),
            "AU, EEA, JP, US: no hosting region is promised",
            f"{AGREE}, which counts where the register says that regions are agreed",
        ),
        (
            small(engagement={"when": {"feature": "f"}}),
            Tenant("BG"),
            ("feature.off",),
            "A: feature f is off",
            "have feature f on, and name it in features, or agree on another region",
        ),
        (
            small(engagement={"when": {"all": [{"consent": "c"}, {"agreement": "c"}]}}),
            Tenant("BG"),
            ("agreement.none", "consent.not-given"),
            "A: consent c was not given; agreement c does not exist",
            "have consent c given, and name it in consents; conclude agreement c, and name it in agreements, or agree"
            " on another region",
        ),
        (
            small(engagement={"when": {"not": {"feature": "f"}}}),
            Tenant("BG", features={"f"}),
            ("feature.on",),
            "A: feature f is on",
            "have feature f off, or agree on another region",
        ),
        (
            small(engagement={"when": {"attribute": "plan", "is": "paid"}}),
            Tenant("BG", attributes={"plan": "free"}),
            ("attribute.is-not",),
            "A: the tenant's plan is not paid",
            "it takes a tenant whose plan is paid, or agree on another region",
        ),
        (
            small(
                placement={
                    "rule": "fixed",
                    "region": "A",
                    "basis": ["1"],
                    "agreed": ["1"],
                    "agreed_when": {"attribute": "plan", "is": "paid"},
                }
            ),
            Tenant("BG", "B", attributes={"plan": "free"}),
            ("attribute.is-not",),
            "B: the tenant's plan is not paid",
            "it takes a tenant whose plan is paid, or agree on another region",
        ),
        (
            small(sub_processors=[]),
            Tenant("BG"),
            ("hosting.nobody",),
            "A: it is not stated who stores data in region A",
            "have the vendor state what is missing and write it into the register, or agree on another region",
        ),
        (
            small(regions=[{"id": "A", "name": "A", "places": ["FR"], "basis": ["1"]}]),
            Tenant("BG", objections={"h"}),
            ("objection.raised",),
            "A: the tenant objects to Host (h)",
            "withdraw the objection to h",
        ),
        (
            small(),
            Tenant("BG", objections={"h"}),
            ("objection.raised",),
            "A: the tenant objects to Host (h)",
            "withdraw the objection to h, or agree on another region",
        ),
    ],
)
def test_the_remedy_of_a_refusal_fits_what_is_missing(
    register: Register, tenant: Tenant, codes: tuple[str, ...], reason: str, remedy: str
) -> None:
    """A fact, a choice, a restriction, a feature, a consent, a plan: each needs something else."""
    error = refused(decide(register, tenant, as_of=TODAY))
    assert [reason, remedy] == [str(error).splitlines()[1], error.remedy]
    assert codes == error.codes


def test_a_day_on_which_the_register_is_silent_is_told_the_first_on_which_it_speaks() -> None:
    """So that a backend may ask again."""
    error = refused(RESOLVER.resolve(Tenant("BG"), as_of=date(2019, 10, 27)))
    assert ("ask about a day on which the register speaks, from 2019-10-28 on", ("register.silent-before",)) == (
        error.remedy,
        error.codes,
    )


def test_who_does_what_the_remedy_says_is_refused_no_more() -> None:
    """An agreed region, house rules, an attribute, a restriction withdrawn."""
    product = load_register(PAGES / "37signals.toml")
    assert "SG" == RESOLVER.resolve(Tenant("BR", "SG"), as_of=TODAY).require()
    assert "US" == Resolver(REGISTER, house_rules=HOUSE_RULES).resolve(Tenant("BR"), as_of=TODAY).require()
    assert "US" == decide(product, Tenant("BG", attributes={"product": "basecamp"}), as_of=TODAY).require()
    assert "US" == RESOLVER.resolve(Tenant("US"), as_of=TODAY).require()


def check_refusals(most: int, names: tuple[str, ...]) -> set[str]:
    """Ask so many questions of each register; the codes with which they were refused."""
    codes: set[str] = set()
    for name in names:
        for resolver, tenant, day in asked(name, most):
            decision = resolver.resolve(tenant, as_of=day)
            if decision.region is None:
                error = refused(decision)
                assert 2 == len(str(error).splitlines()), error
                assert error.remedy
                assert "…" not in error.remedy.replace("': …}", "")
                assert set(error.codes) <= CATALOGUE.keys()
                assert sorted(error.codes) == list(error.codes) != []
                stored = refused(Decision.from_dict(decision.to_dict()))
                assert (str(error), error.remedy, error.codes) == (str(stored), stored.remedy, stored.codes)
                codes |= set(error.codes)
    return codes


def test_every_refusal_has_two_lines_a_remedy_and_codes_stored_or_not() -> None:
    """A few questions of each small register."""
    assert check_refusals(2, tuple(SMALL))


@pytest.mark.slow
def test_every_refusal_of_every_register_has_them() -> None:
    """And among them are refusals for most of the reasons for which there is a remedy."""
    codes = check_refusals(10, NAMES)
    helped = {code for group in _REMEDIES for code in group}
    assert len(helped & codes) > len(helped) / 3


def test_every_remedy_is_of_a_code_and_names_what_the_code_names() -> None:
    """Or the region."""
    for group in _REMEDIES:
        for code, remedy in group.items():
            names = {name for _, name, _, _ in Formatter().parse(remedy) if name}
            assert names <= CATALOGUE[code].names.keys() | {"of"} | ONE_OF["subject"]


def test_a_stored_decision_that_lacks_names_or_regions_is_refused_all_the_same() -> None:
    """Never with a traceback."""
    stored = format_1(decide(load_register(PAGES / "37signals.toml"), Tenant("BG"), as_of=TODAY))
    for reason in _leaves(stored["regions"]["US"]["reason"]):
        reason["about"] = {}
    error = refused(Decision.from_dict(stored))
    assert "say the tenant's …; it matters whether it is …: attributes={'…': …}" == error.remedy
    stored = format_1(RESOLVER.resolve(Tenant("BR"), as_of=TODAY)) | {"regions": {}}
    error = refused(Decision.from_dict(stored))
    assert "the register names no hosting region" == str(error).splitlines()[1]
    assert ("have the vendor state what is missing and write it into the register", ()) == (error.remedy, error.codes)


def _leaves(reason: dict[str, Any]) -> list[dict[str, Any]]:
    return [leaf for part in reason["parts"] for leaf in _leaves(part)] if reason["parts"] else [reason]


# --- The age of the list ---


def test_a_list_that_is_older_than_is_accepted_is_refused() -> None:
    """In its own words; the same of a decision that was stored."""
    decision = RESOLVER.resolve(Tenant("BG"), as_of=TODAY)
    for asked_of in (decision, Decision.from_dict(decision.to_dict())):
        assert "EU" == asked_of.require()
        error = refused(asked_of, listed_within=YEAR)
        assert (
            "the list of LiveAgent (Quality Unit, s. r. o.) is older than the 365 days that are accepted as of"
            " 23 November 2026, for a tenant whose country is Bulgaria (BG)\n"
            "the list is of 28 October 2019, 7 years before the day asked about"
        ) == str(error)
        assert error.remedy is not None
        assert error.remedy.startswith("compare the register with what the vendor publishes")
        assert (("notice.age",), asked_of) == (error.codes, error.decision)


@pytest.mark.parametrize("days", [0, 1, 2, 365, 366])
def test_a_list_is_accepted_up_to_the_very_day(days: int) -> None:
    """Whether or not the day on which it was checked is that of its document, live and stored."""
    checked = date(2020, 6, 1)
    for register in (REGISTER, evolve(REGISTER, checked=checked)):
        for since in (0, 1, days, days + 1):
            decision = decide(register, Tenant("BG"), as_of=register.checked + timedelta(since))
            for asked_of in (decision, Decision.from_dict(decision.to_dict())):
                if since <= days:
                    assert "EU" == asked_of.require(listed_within=timedelta(days))
                else:
                    refused(asked_of, listed_within=timedelta(days))


def test_a_list_that_was_checked_after_the_day_asked_about_is_not_old() -> None:
    """No decision about an earlier day bears a notice of age."""
    decision = decide(evolve(REGISTER, checked=TODAY), Tenant("BG"), as_of=date(2024, 1, 1))
    assert "EU" == decision.require(listed_within=timedelta(0))


def test_a_stored_notice_that_names_no_day_is_refused() -> None:
    """Nothing is guessed."""
    for about in ({}, {"day": "yesterday"}, {"checked": "31 June 2026"}, {"day": "1  June 2026"}):
        stored = format_1(RESOLVER.resolve(Tenant("BG"), as_of=TODAY))
        stored["notices"][0]["about"] = about
        with pytest.raises(BadInput, match=r"at \$\.notices\[0\]"):
            Decision.from_dict(stored)


def test_what_is_refused_anyhow_is_not_refused_for_its_age() -> None:
    """What settles the region comes first."""
    error = refused(RESOLVER.resolve(Tenant("BR"), as_of=TODAY), listed_within=YEAR)
    assert ("placement.not-stated",) == error.codes


@pytest.mark.parametrize(
    ("span", "message"),
    [
        (365, "listed_within must be a span of days (datetime.timedelta), got 365"),
        ("1 year", "listed_within must be a span of days (datetime.timedelta), got '1 year'"),
        (timedelta(days=-1), "listed_within must not be negative, got datetime.timedelta(days=-1)"),
    ],
)
def test_what_is_no_span_is_bad_input(span: Any, message: str) -> None:
    """Also where the answer refuses anyhow."""
    for country in ("BG", "BR"):
        with pytest.raises(BadInput) as caught:
            RESOLVER.resolve(Tenant(country), as_of=TODAY).require(listed_within=span)
        assert (message, "write timedelta(days=365)") == (caught.value.message, caught.value.remedy)


def test_a_day_is_read_back_from_its_words() -> None:
    """Every day of some years."""
    for number in range(date(2019, 1, 1).toordinal(), date(2025, 1, 1).toordinal()):
        day = date.fromordinal(number)
        assert day == day_of_words(day_in_words(day))
