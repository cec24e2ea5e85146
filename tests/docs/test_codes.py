"""The reference of codes: every code, with its verdict, names and sentence, as the catalogue has them."""

from __future__ import annotations

import re
from pathlib import Path

from docs.codes import page
from residency.result.messages import CATALOGUE

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "codes.md"


def test_the_page_is_the_one_that_is_made_from_the_catalogue() -> None:
    """`python tests/docs/codes.py > docs/reference/codes.md`."""
    assert "".join(f"{line}\n" for line in page()) == PAGE.read_text("utf-8")


def test_the_page_has_each_code_once() -> None:
    """And says what renaming one is."""
    text = PAGE.read_text("utf-8")
    assert sorted(CATALOGUE) == sorted(re.findall(r"^\| `([\w.-]+)` \|", text, re.MULTILINE))
    assert "is an **Answer** entry of the" in text
