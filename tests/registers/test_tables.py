"""The decision tables of published pages of real vendors say what the resolver says."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from residency import Resolver, load_register
from residency.tables import Table
from tabled import compare

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
COUNTRIES = ("BG", "GB", "NA", "US")
LARGE = {"37signals", "slack", "zendesk"}
"""They have the largest tables, which take as long to make as all others together, and no kind of row of their own."""


@pytest.mark.parametrize("name", sorted({path.stem for path in HERE.glob("*.toml")} - LARGE))
def test_the_registers_of_real_pages_are_answered_as_the_resolver_answers(name: str) -> None:
    """In some countries, with every agreed region, on the first and last day of every span, for drawn facts."""
    register = load_register(HERE / f"{name}.toml")
    assert compare(Table(register), Resolver(register), COUNTRIES, Random(1), 3) > 0
