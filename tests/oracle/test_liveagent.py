"""The library against the naive answers, for all 4,980 tenants on each of six days."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from oracle.liveagent import PUBLISHED, expected
from residency import Decision, Verdict
from support import BEFORE, DAYS, RESOLVER, SETTLED_DAYS, tenants

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_answer_is_the_naive_one(day: date) -> None:
    """Regions, sub-processors, hosts and what to disclose."""
    for tenant in tenants():
        decision = RESOLVER.resolve(tenant, as_of=day)
        naive = expected(tenant.country, tenant.agreed_region, bool(tenant.features), bool(tenant.consents), day)
        assert naive.region == decision.region
        assert naive.regions == {answer.id: answer.verdict.value for answer in decision.region_answers}
        assert naive.sub_processors == {answer.id: answer.verdict.value for answer in decision.sub_processor_answers}
        assert naive.hosts == decision.hosts
        assert naive.to_disclose == decision.to_disclose


def test_the_day_before_nothing_is_stated_and_every_answer_says_from_when_it_is() -> None:
    """Undetermined throughout; the register speaks from 28 October 2019."""
    words = "the register speaks from 2019-10-28 on; for earlier days it states nothing"
    for tenant in tenants():
        decision = RESOLVER.resolve(tenant, as_of=BEFORE)
        for answer in (*decision.region_answers, *decision.sub_processor_answers):
            assert (Verdict.UNDETERMINED, words) == (answer.verdict, answer.reason.words)
    assert BEFORE < PUBLISHED


def counted(day: date) -> tuple[Counter[str | None], Counter[str], Counter[str]]:
    """How many tenants are in which region, and for how many each sub-processor is permitted, or undetermined."""
    regions: Counter[str | None] = Counter()
    permitted: Counter[str] = Counter()
    undetermined: Counter[str] = Counter()
    for tenant in tenants():
        decision: Decision = RESOLVER.resolve(tenant, as_of=day)
        regions[decision.region] += 1
        permitted.update(decision.permitted)
        undetermined.update(decision.undetermined)
    return regions, permitted, undetermined


@pytest.mark.parametrize("day", DAYS[1:], ids=str)
def test_the_counts(day: date) -> None:
    """While Gibraltar was in the European Union four more tenants are at home there and eight more Websupport's."""
    more = 0 if day in SETTLED_DAYS else 4
    regions, permitted, undetermined = counted(day)
    assert {"EU": 1132 + more, "US": 1024, "UK": 1000, "SG": 1000, None: 824 - more} == regions
    affiliates = {"quality-unit-llc": 4980, "quality-unit-ukraine": 4980, "twilio": 2490, "subcontractors": 2490}
    assert {"linode": 4156 + more, "websupport": 272 + 2 * more, **affiliates} == permitted
    assert {"linode": 824 - more, "aws": 4980} == undetermined
