"""Every example of the README, of the documents and of the docstrings runs, and prints what it shows."""

from __future__ import annotations

import csv
import doctest
import importlib
import json
import os
import pkgutil
import re
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

import residency
from residency import Tenant, decide, load_cases, load_register, validate
from residency.cli import main

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
MODULES = sorted(
    module.name for module in pkgutil.walk_packages(residency.__path__, "residency.") if "__main__" not in module.name
)
SYBIL = Sybil(parsers=[PythonCodeBlockParser(doctest_optionflags=doctest.ELLIPSIS)], path=str(ROOT), pattern="*.md")


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(
            path, id=path.name, marks=[pytest.mark.slow] if path.stem == "property-test-account-creation" else []
        )
        for path in DOCUMENTS
    ],
)
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
    found = (doctest.DocTestFinder().find(importlib.import_module(name)) for name in ["residency", *MODULES])
    assert sum(len(test.examples) for tests in found for test in tests) > 10


def test_the_resolve_command_of_the_readme_prints_the_answer() -> None:
    """The part of the first command that asks, run with the package that is under test."""
    arguments = re.search(r"\.venv/bin/residency (resolve .*)$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert arguments is not None
    done = subprocess.run(
        [sys.executable, "-m", "residency", *arguments[1].split()],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "COLUMNS": "80"},
        check=False,
    )
    assert (0, "") == (done.returncode, done.stderr)
    (shown,) = re.findall(r"^```text\n(The data lives.*?)```$", (ROOT / "README.md").read_text("utf-8"), re.M | re.S)
    assert shown == done.stdout


def test_the_commands_about_receipts_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Those of the guide, one after the other, beside the two files that others have written."""
    guide = (ROOT / "docs" / "how-to" / "keep-and-recheck.md").read_text("utf-8")
    commands = re.findall(r"^residency (.*?)(?: > changed.csv)?(?:  #.*)?$", guide, re.MULTILINE)
    assert ["receipt", "replay", "replay", "recheck", "recheck"] == [command.split()[0] for command in commands]
    monkeypatch.chdir(tmp_path)
    register = load_register("example")
    decision = decide(register, Tenant("BG"), as_of=date(2026, 11, 23))
    Path("acme.json").write_text(json.dumps(decision.to_dict()), "utf-8")
    with Path("accounts.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "receipt"), ("acme", decision.receipt().bytes.decode())])
    assert [0] * 5 == [main(command.split()) for command in commands]
    out, err = capsys.readouterr()
    assert (2, "of 1 receipts: holds 1\n" * 2) == (out.count("HOLDS: "), err)


def registers_of_the_guide() -> dict[str, str]:
    """The files that the guide writes piece by piece: the first line of each piece names its file."""
    files: dict[str, str] = {}
    guide = (ROOT / "docs" / "how-to" / "write-a-register.md").read_text("utf-8")
    for piece in re.findall(r"```toml\n# (.*?)\n(.*?)```", guide, re.DOTALL):
        files[piece[0]] = files.get(piece[0], "") + piece[1]
    return files


@pytest.mark.parametrize(("name", "cases", "open_"), [("acme.toml", 4, 1), ("acme-versions.toml", 0, 0)])
def test_the_registers_that_the_guide_writes_are_sound(name: str, cases: int, open_: int, tmp_path: Path) -> None:
    """They load, their cases hold, and what is found in them is what the guide says: one contradiction."""
    path = tmp_path / name
    path.write_text(registers_of_the_guide()[name], "utf-8")
    register, found = load_register(path), load_cases(path)
    assert [] == [
        failure for case in found for failure in case.failures(decide(register, case.tenant, as_of=case.as_of))
    ]
    assert (cases, ["conflict"] * open_) == (len(found), [finding.grade for finding in validate(register)])


def test_the_guide_quotes_its_page_word_for_word() -> None:
    """Each clause's quote stands in the numbered page, at its line."""
    guide = (ROOT / "docs" / "how-to" / "write-a-register.md").read_text("utf-8")
    page = re.findall(
        r"^ ?(\d+)  (.*(?:\n    .*)*)", re.findall(r"```text\n(.*?)```", guide, re.DOTALL)[0], re.MULTILINE
    )
    lines = {f"line {number}": " ".join(text.split()) for number, text in page}
    clauses = tomllib.loads(registers_of_the_guide()["acme.toml"])["clauses"].values()
    assert [] == [clause["quote"] for clause in clauses if clause["quote"] not in lines[clause["at"]]]


def test_the_links_of_the_documents_lead_somewhere() -> None:
    """Every relative link names a file or folder that is there, or a file of the package as it is installed."""
    package = Path(residency.__file__).parent
    for path in [*DOCUMENTS, ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md"]:
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", path.read_text("utf-8")):
            inside = target.partition("src/residency/")[2]
            assert (package / inside if inside else path.parent / target).exists(), f"{path.name}: {target}"
