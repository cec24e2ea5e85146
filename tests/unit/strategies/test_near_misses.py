"""A near miss is refused with a fault at its path; every kind of break is reached, and every key of a register file."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from residency import BadFile
from residency.files import register_of
from residency.files.format_docs import tables
from residency.files.register_schema import Case, Claim
from residency.files.schema import RestrictionShape, TenantShape
from residency.files.structure import key_of
from residency.strategies import NearMiss, near_misses
from residency.strategies.near_misses import BREAKS, spots
from residency.strategies.registers import register_content

pytestmark = pytest.mark.slow

drawn = settings(max_examples=250, database=None, deadline=None, suppress_health_check=list(HealthCheck))


def test_a_near_miss_is_refused_with_a_fault_at_its_path() -> None:
    """And nothing of it is loaded; its text holds the same content, and every kind of break is reached."""
    reached: set[str] = set()

    @settings(drawn, max_examples=300)
    @given(near_misses())
    def refused(near_miss: NearMiss) -> None:
        with pytest.raises(BadFile) as caught:
            register_of(near_miss.content, "broken")
        assert near_miss.path in {fault.path for fault in caught.value.faults}
        assert near_miss.content == tomllib.loads(near_miss.toml)
        reached.add(near_miss.kind)

    refused()
    assert set(BREAKS) == reached


def test_made_up_registers_have_every_key_that_a_register_file_may_have() -> None:
    """But for cases and claims, which are no part of a register."""
    wanted = {
        (table, key_of(each))
        for table in tables()
        if table not in (Case, Claim, TenantShape, RestrictionShape)
        for each in table.__annotations__
    }
    met: set[tuple[Any, str]] = set()

    @drawn
    @given(register_content())
    def draw(content: dict[str, Any]) -> None:
        for spot in spots(content):
            if spot.of is not None and isinstance(spot.path[-1], str):
                met.update((table, spot.key) for table in spot.of.__mro__)

    draw()
    assert {("RegisterFile", "cases"), ("RegisterFile", "claims")} == {
        (table.__name__, key) for table, key in wanted - met
    }
