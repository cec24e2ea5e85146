"""Verdicts as texts: the guide shows what templates, databases and arrays make of them, the wrong and the right."""

from __future__ import annotations

from pathlib import Path

import pytest

import guides

pytestmark = pytest.mark.integration


@pytest.mark.parametrize(
    ("heading", "package"),
    [("Django's templates", "django"), ("Jinja", "jinja2"), ("DuckDB", "duckdb"), ("NumPy", "numpy")],
)
def test_the_traps_are_as_the_guide_shows_them(heading: str, package: str, tmp_path: Path) -> None:
    """Run with the package itself; what is said to be wrong is wrong, and what is said to be right is right."""
    pytest.importorskip(package, reason=f"{package} is not installed (the extra integration or engines)")
    guides.run("show-verdicts", tmp_path, heading)


def test_the_guide_has_no_example_that_no_test_runs() -> None:
    """Each heading with an example for a package is one of those above."""
    text = (guides.GUIDES / "show-verdicts.md").read_text("utf-8")
    headings = [part.partition("\n")[0] for part in text.split("\n## ")[1:] if "```py\n" in part]
    assert ["Django's templates", "Jinja", "DuckDB", "NumPy"] == headings
