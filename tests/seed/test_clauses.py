"""The published policy, clause by clause: one class for each, which quotes it, and its consequences as tests."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from residency import Decision, Tenant, Verdict
from residency.model.rows import Record
from support import AGREED, ISO_COUNTRIES, REGISTER, RESOLVER, TODAY

P, U, X = Verdict.PERMITTED, Verdict.UNDETERMINED, Verdict.PROHIBITED


def asked(country: str, agreed: str | None = None, **facts: Any) -> Decision:
    """The decision for a tenant today."""
    return RESOLVER.resolve(Tenant(country, agreed, **facts), as_of=TODAY)


def record(topic: str) -> Record:
    """What is recorded under a topic."""
    (found,) = (each for each in REGISTER.records if each.topic == topic)
    return found


class TestLine1:
    """'Последна актуализация: 28 октомври 2019 г.'."""

    def test_the_register_is_published_on_that_day_and_speaks_from_it(self) -> None:
        """By reading R7: no day of effect is stated."""
        assert date(2019, 10, 28) == REGISTER.published == REGISTER.speaks_from
        assert ("1", "R7") == REGISTER.basis

    def test_the_day_before_it_states_nothing(self) -> None:
        """Undetermined for everybody, and on line 1 by R7."""
        decision = RESOLVER.resolve(Tenant("BG"), as_of=REGISTER.speaks_from - timedelta(days=1))
        assert REGISTER.sub_processors == decision.undetermined
        assert ("1", "R7") == decision.answer("EU").reason.basis


class TestLine3:
    """'предоставя Услугата си (наричана тук “LiveAgent”)'."""

    def test_vendor_and_service(self) -> None:
        """As the document names them."""
        assert ("Quality Unit, s. r. o.", "LiveAgent") == (REGISTER.vendor, REGISTER.service)


class TestLine9:
    """'трета страна – администратор на данни, ангажирана от LiveAgent'."""

    def test_controller_or_processor_is_a_tension_that_no_answer_depends_on(self) -> None:
        """Recorded, not corrected in the quote, and not resolved."""
        (role,) = (each for each in REGISTER.tensions if each.id == "role")
        assert (None, [("9a", "17c"), ("17a", "19")]) == (role.resolution, [basis for _, basis in role.sides])

    def test_possible_access_counts_and_is_bound_to_a_purpose(self) -> None:
        """'има или може да има достъп'."""
        assert ("9b", "9c") == record("sub-processing").basis


class TestLine13:
    """'се оценяват техните практики за сигурност, поверителност и конфиденциалност'."""

    def test_due_diligence_is_recorded_and_decides_nothing(self) -> None:
        """Nobody is permitted or prohibited by it."""
        assert ("13",) == record("due diligence").basis
        assert not any("13" in answer.basis for answer in asked("BG").sub_processor_answers)


class TestLines17To27:
    """'изисква от подпроцесорите си да спазват същите задължения'."""

    def test_six_obligations_are_named_and_the_list_is_not_exhaustive(self) -> None:
        """'включително, но не само'."""
        obligations = record("obligations")
        assert ["19", "21", "23", "25", "27a", "27b"] == [basis[0] for _, basis in obligations.all_of]
        assert ("17a", "17b") == obligations.basis
        assert "not exhaustive" in obligations.says


class TestLine29:
    """'не трябва да се приема за обвързващо споразумение'."""

    def test_every_decision_says_that_the_policy_does_not_bind(self) -> None:
        """And that an entry is a permission, not a statement of use."""
        for country in ISO_COUNTRIES:
            assert any(notice.startswith("legal effect of the document:") for notice in asked(country).notices)
        limits = {limit.code for limit in asked("BG").answer("linode").limits}
        assert "limit.permission" in limits

    def test_a_later_day_is_extrapolation_and_carries_a_notice(self) -> None:
        """The list is 'към датата на тази политика'."""
        assert "the list is of 28 October 2019, 7 years before the day asked about" in asked("BG").notices


class TestLine31:
    """'бихте искали да сключим Споразумение за обработка на данни'."""

    def test_an_agreement_exists_only_when_concluded(self) -> None:
        """A tenant has it or not; no answer depends on it."""
        with_it = asked("BG", agreements={"data-processing-agreement"})
        assert asked("BG").sub_processor_answers == with_it.sub_processor_answers


class TestLine35:
    """'притежава или контролира достъпа до инфраструктурата … освен описаните по-долу'."""

    def test_the_vendors_own_infrastructure_is_noted_on_every_answer_about_a_region(self) -> None:
        """It may store data besides the listed entities."""
        for answer in asked("BG").region_answers:
            assert "limit.own-infrastructure" in {limit.code for limit in answer.limits}

    def test_the_vendor_is_no_sub_processor_and_never_a_host(self) -> None:
        """Whoever asks."""
        assert not any("quality" in host for country in ISO_COUNTRIES for host in asked(country).hosts)
        assert "Quality Unit, s. r. o." not in {each.name for each in REGISTER.sub_processor_rows}

    def test_where_regions_are_is_a_tension_that_reading_r1_resolves(self) -> None:
        """'САЩ и Европа' against the four of the table."""
        (regions,) = (each for each in REGISTER.tensions if each.id == "which-regions")
        assert ("the-table", ("R1",)) == (regions.resolution, regions.basis)


class TestLine37a:
    """'един от тези региони в зависимост от това къде се намира Клиентът'."""

    @pytest.mark.parametrize(
        ("country", "region"), [("BG", "EU"), ("GB", "UK"), ("US", "US"), ("SG", "SG"), ("RE", "EU")]
    )
    def test_a_customer_is_placed_by_country(self, country: str, region: str) -> None:
        """In the hosting region of the same name, by R2."""
        decision = asked(country)
        assert region == decision.region
        assert {"37a", "R2"} <= set(decision.answer(region).reason.basis)

    @pytest.mark.parametrize("country", ["BR", "CH", "NO", "JP", "XK", "AQ"])
    def test_for_other_countries_no_rule_is_given(self, country: str) -> None:
        """Undetermined in all four, and nowhere prohibited."""
        assert {U} == {answer.verdict for answer in asked(country).region_answers}


class TestLine37b:
    """'данните на Клиента остават в този регион, освен ако няма уговорка за друго'."""

    def test_an_agreed_region_replaces_the_home_region(self) -> None:
        """By R6, and for every country, one with no home among them."""
        for country in ISO_COUNTRIES:
            for agreed in AGREED[1:]:
                decision = asked(country, agreed)
                assert agreed == decision.region
                assert {"37b", "R6"} <= set(decision.answer(agreed or "").reason.basis)

    def test_without_an_agreement_the_other_regions_are_prohibited(self) -> None:
        """The data stays."""
        decision = asked("BG")
        assert [X, X, X] == [decision.region_verdict(name) for name in ("UK", "US", "SG")]


class TestLine37c:
    """'може да бъдат преместени в други центрове за данни в региона'."""

    def test_moves_within_the_region_are_recorded(self) -> None:
        """And decide nothing."""
        assert ("37b", "37c") == record("moves").basis


class TestLine37d:
    """'описва държавите и юридическите лица, ангажирани със съхранението'."""

    def test_the_list_is_closed_by_reading_r5(self) -> None:
        """Which reads this clause among others."""
        assert "37" in REGISTER.source("R5").at


class TestLines39To42:
    """'Linode, LLC (Намиращ се в ЕС)' and in the United Kingdom, the USA, Singapore."""

    @pytest.mark.parametrize(("agreed", "clause"), [("EU", "39"), ("UK", "40"), ("US", "41"), ("SG", "42")])
    def test_linode_hosts_in_each_region_by_its_own_line(self, agreed: str, clause: str) -> None:
        """And the answer rests on no other of the four."""
        answer = asked("BR", agreed).answer("linode")
        told = {name for leaf in answer.reason.leaves() if leaf.code == "row.listed" for name in leaf.basis}
        assert (P, {clause}) == (answer.verdict, told)

    def test_where_no_region_is_settled_it_is_not_known_whether_linode_stores_the_data(self) -> None:
        """Undetermined, not prohibited."""
        assert U is asked("BR").verdict("linode")


class TestLine43:
    """'Amazon Web Services, LLC', and nothing else."""

    def test_amazon_is_undetermined_for_everybody(self) -> None:
        """Neither its place nor its customers are stated, and no reading of ours adds any."""
        for country in ISO_COUNTRIES:
            answer = asked(country).answer("aws")
            assert (U, ("43",)) == (answer.verdict, answer.reason.basis)


class TestLine44:
    """'Websupport, s.r.o. (За клиенти в ЕС)'."""

    def test_it_stores_the_data_of_customers_in_the_european_union_in_region_eu(self) -> None:
        """By R4, the place itself not being stated."""
        answer = asked("BG").answer("websupport")
        assert P is answer.verdict
        assert {"44", "R4"} <= set(answer.reason.basis)
        assert "limit.region-only" in {limit.code for limit in answer.limits}

    def test_it_stores_nobody_elses(self) -> None:
        """A limit by R3 and R5: not customers of the United States or the United Kingdom who agreed on region EU."""
        for country in ("US", "GB", "BR", "NO", "SG"):
            answer = asked(country, "EU").answer("websupport")
            assert X is answer.verdict
            assert {"R3", "R5"} <= set(answer.reason.basis)

    def test_nor_elsewhere(self) -> None:
        """A Bulgarian customer with region US agreed has Linode only."""
        assert ("linode",) == asked("BG", "US").hosts


class TestLines39To44:
    """'Tier III+ или IV или PCI DSS, SSAE-16, или ISO 27001'."""

    def test_certificates_are_alternatives(self) -> None:
        """No single one can be relied on."""
        assert 3 == len(record("certificates").one_of)
        assert () == record("certificates").all_of


class TestLines50And51:
    """'Quality Unit, LLC е част от групата на Quality Unit'."""

    @pytest.mark.parametrize("name", ["quality-unit-llc", "quality-unit-ukraine"])
    def test_the_affiliates_serve_everybody_from_a_place_that_is_not_stated(self, name: str) -> None:
        """A name that suggests Ukraine is no statement."""
        for country in ISO_COUNTRIES:
            answer = asked(country).answer(name)
            assert P is answer.verdict
            assert "limit.place-not-stated" in {limit.code for limit in answer.limits}
        assert "affiliate" == REGISTER.sub_processor(name).kind


class TestLine52:
    """'LiveAgent използва Twillio като доставчик на VoIP услуга'."""

    def test_twilio_follows_the_feature(self) -> None:
        """Permitted by lines 48 and 52; prohibited, as a limit, by R5."""
        on, off = asked("BG", features={"voip"}).answer("twilio"), asked("BG").answer("twilio")
        assert (P, ("48", "52")) == (on.verdict, on.reason.basis)
        assert (X, ("R5",)) == (off.verdict, off.reason.basis)

    def test_its_other_spelling_is_known(self) -> None:
        """As an alias, not as a name to ask with."""
        assert ("Twillio",) == REGISTER.sub_processor("twilio").aliases


class TestLine56:
    """'да достъпват тези данни само с предварителното съгласие на Клиента'."""

    def test_the_subcontractors_follow_the_consent(self) -> None:
        """By the clause itself, and R8 on how long a consent holds."""
        given = asked("BG", consents={"subcontractor-access"}).answer("subcontractors")
        withheld = asked("BG").answer("subcontractors")
        assert (P, X) == (given.verdict, withheld.verdict)
        assert {"56b", "R8", "R9"} <= set(given.reason.basis)
        assert ("56b", "R9") == withheld.reason.basis

    def test_they_are_one_unnamed_class(self) -> None:
        """By R9."""
        assert "unnamed class" == REGISTER.sub_processor("subcontractors").kind
