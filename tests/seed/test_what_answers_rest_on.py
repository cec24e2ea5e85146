"""How many answers of the 4,980 tenants rest on clauses alone, and which readings the others need.

An answer that rests on readings is no worse, but a reader must know which of ours it needs. The numbers change only
with the register, and then here, on purpose.
"""

from __future__ import annotations

from collections import Counter

from residency import Answer
from support import REGISTER, RESOLVER, TODAY, tenants

READINGS = {source.id for source in REGISTER.sources if source.author == "reading"}


# Every region is one by R1. Without an agreement it is by R2 where a customer is at home, with one by R6. Customers at
# home in the EU (34 countries) may also be stored there by Websupport, by R4.
REGIONS = {
    "R1 R2": 3848,
    "R1 R2 R4": 136,
    "R1 R6": 15800,
    "R1 R2 R4 R6": 136,
}

# For each sub-processor, by verdict. Amazon's answer, the affiliates', and VoIP's permission rest on clauses alone.
SUB_PROCESSORS = {
    "aws UNDETERMINED: clauses alone": 4980,
    "linode PERMITTED: R1 R2": 172,
    "linode PERMITTED: R1 R6": 3984,
    "linode UNDETERMINED: R1 R2": 824,
    "quality-unit-llc PERMITTED: clauses alone": 4980,
    "quality-unit-ukraine PERMITTED: clauses alone": 4980,
    "subcontractors PERMITTED: R8 R9": 2490,
    "subcontractors PROHIBITED: R9": 2490,
    "twilio PERMITTED: clauses alone": 2490,
    "twilio PROHIBITED: R5": 2490,
    "websupport PERMITTED: R1 R2 R4": 136,
    "websupport PERMITTED: R1 R2 R4 R6": 136,
    "websupport PROHIBITED: R1 R2 R3 R4 R5": 36,
    "websupport PROHIBITED: R1 R2 R3 R4 R5 R6": 2580,
    "websupport PROHIBITED: R1 R4 R6": 408,
    "websupport PROHIBITED: R2 R3 R5": 1684,
}
ON_CLAUSES_ALONE = 17_430


def readings(answer: Answer) -> str:
    """The readings that the answer rests on."""
    return " ".join(sorted(READINGS & set(answer.reason.basis))) or "clauses alone"


def test_what_the_answers_of_the_bundled_register_rest_on() -> None:
    """19,920 answers on regions and 34,860 on sub-processors, each counted by the readings that it needs."""
    regions: Counter[str] = Counter()
    sub_processors: Counter[str] = Counter()
    for tenant in tenants():
        decision = RESOLVER.resolve(tenant, as_of=TODAY)
        regions.update(readings(answer) for answer in decision.region_answers)
        sub_processors.update(
            f"{answer.id} {answer.verdict.value}: {readings(answer)}" for answer in decision.sub_processor_answers
        )
    assert (4980 * 4, 4980 * 7) == (regions.total(), sub_processors.total())
    assert REGIONS == dict(regions)
    assert SUB_PROCESSORS == dict(sub_processors)
    alone = sum(count for told, count in sub_processors.items() if told.endswith("clauses alone"))
    assert ON_CLAUSES_ALONE == alone + regions["clauses alone"]
