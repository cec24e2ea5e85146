"""Every example of the README, of the documents and of the docstrings runs, and prints what it shows."""

from __future__ import annotations

import doctest
import importlib
import os
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

import residency

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
MODULES = sorted(
    module.name for module in pkgutil.walk_packages(residency.__path__, "residency.") if "__main__" not in module.name
)
SYBIL = Sybil(parsers=[PythonCodeBlockParser(doctest_optionflags=doctest.ELLIPSIS)], path=str(ROOT), pattern="*.md")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_the_examples_of_a_document_run(path: Path) -> None:
    """From its first to its last, in one namespace, each printing what it shows."""
    document = SYBIL.parse(path)
    examples = list(document.examples())
    assert bool(examples) == ("```python" in path.read_text("utf-8"))
    for example in examples:
        example.evaluate()


@pytest.mark.parametrize("name", ["residency", *MODULES])
def test_the_examples_of_a_docstring_run(name: str) -> None:
    """In the module where they stand."""
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_the_modules_teach_by_example() -> None:
    """The examples of the docstrings are found at all."""
    examples = sum(doctest.testmod(importlib.import_module(name)).attempted for name in ["residency", *MODULES])
    assert examples > 10


def test_the_resolve_command_of_the_readme_prints_the_answer() -> None:
    """The part of the first command that asks, run with the package that is under test."""
    arguments = re.search(r"\.venv/bin/residency (resolve .*)$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert arguments is not None
    done = subprocess.run(
        [sys.executable, "-m", "residency", *arguments[1].split()],
        capture_output=True,
        encoding="utf-8",
        env=os.environ,
        check=False,
    )
    assert (0, "") == (done.returncode, done.stderr)
    assert "The data lives in region EU (European Union)." in done.stdout


def test_the_links_of_the_documents_lead_somewhere() -> None:
    """Every relative link names a file or folder that is there, or a file of the package as it is installed."""
    package = Path(residency.__file__).parent
    for path in [*DOCUMENTS, ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md"]:
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", path.read_text("utf-8")):
            inside = target.partition("src/residency/")[2]
            assert (package / inside if inside else path.parent / target).exists(), f"{path.name}: {target}"
