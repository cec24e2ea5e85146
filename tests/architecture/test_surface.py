"""What the package promises of itself: its names, what importing it costs, and what its inner rooms never do."""

from __future__ import annotations

import ast
import inspect
import os
import subprocess
import sys
import typing
from datetime import date
from pathlib import Path

import pytest

import residency
import residency.files

PACKAGE = Path(residency.__file__).parent
OUTER = {"__main__.py", "_hypothesis_plugin.py"}
INNER = ("model", "result", "engine", "analysis", "report")

PUBLIC = {
    *(
        "Answer",
        "BadFile",
        "BadInput",
        "Case",
        "Claim",
        "Decision",
        "EngagementAnswer",
        "Fault",
        "Finding",
        "HouseRules",
    ),
    *("NoTruthValue", "Note", "Reason", "Refused", "Register", "ResidencyError", "Resolver", "Restriction", "Source"),
    *("Tenant", "UnknownName", "Verdict", "__version__", "decide", "load_cases", "load_house_rules", "load_register"),
    *("load_claims", "load_tenants", "validate", "bundled", "countries", "read_register"),
    *("Change", "Changes", "NextChange", "Receipt", "changes", "lost"),
}

IMPURE = {
    *("time", "random", "secrets", "uuid", "os", "sys", "io", "pathlib", "tempfile", "shutil", "glob", "locale"),
    *("socket", "ssl", "http", "urllib", "asyncio", "subprocess", "signal", "getpass", "platform", "importlib"),
}


def run(code: str) -> str:
    """What a fresh interpreter prints, one that does not measure its own coverage."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("COVERAGE")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", env=env, check=True)
    return done.stdout.strip()


def inner_modules() -> list[Path]:
    """Every module but the outermost and those that read files."""
    rooms = (path for room in INNER for path in (PACKAGE / room).glob("*.py"))
    return sorted((*rooms, *(path for path in PACKAGE.glob("*.py") if path.name not in OUTER)))


def test_the_public_names_are_those_that_were_promised() -> None:
    """A name is added or removed on purpose, and then here."""
    assert PUBLIC == set(residency.__all__)
    assert all(hasattr(residency, name) for name in PUBLIC)
    assert set(dir(residency)) >= PUBLIC


def test_a_name_that_was_not_promised_is_not_there() -> None:
    """As of any module."""
    with pytest.raises(AttributeError, match=r"^module 'residency' has no attribute 'resolve'$"):
        _ = residency.resolve  # type: ignore[attr-defined]


def test_a_name_of_a_package_is_never_that_of_one_of_its_modules() -> None:
    """Whichever was loaded last would take the place of the other."""
    for package in (residency, residency.files):
        modules = {path.stem for path in Path(str(package.__file__)).parent.iterdir()}
        assert modules.isdisjoint(package.__all__)


def test_annotations_are_found_by_whoever_evaluates_them() -> None:
    """As dependency injectors and frameworks do."""
    parameters = inspect.signature(residency.Resolver, eval_str=True).parameters
    assert (residency.Register, residency.HouseRules | None) == tuple(each.annotation for each in parameters.values())
    hints = typing.get_type_hints(residency.Resolver.resolve)
    assert {"tenant": residency.Tenant, "as_of": date, "return": residency.Decision} == hints
    written = [
        each
        for name in residency.__all__
        for each in (getattr(residency, name), *getattr(getattr(residency, name), "__dict__", {}).values())
        if inspect.isfunction(each)
        and str(each.__module__).startswith("residency")
        and "attrs" not in each.__code__.co_filename
    ]
    assert len(written) > 50
    for each in written:
        typing.get_type_hints(each)


def test_importing_the_package_loads_neither_cattrs_nor_pycountry_nor_hypothesis_nor_pydantic() -> None:
    """They come in when first needed."""
    late = {"cattrs", "pycountry", "hypothesis", "tomllib", "pydantic", "pydantic_core"}
    assert run(f"import sys, residency, residency.schemas; print(sorted({late} & set(sys.modules)))") == "[]"


def test_importing_hypothesis_loads_the_tenant_type_and_no_strategy() -> None:
    """Nor a register, nor what files are read with: all of that waits for the first draw, and then it is there."""
    code = (
        "import sys, hypothesis; from hypothesis import strategies as st\n"
        "late = {'residency.files', 'residency.strategies', 'cattrs', 'tomllib'}\n"
        "from residency import Tenant\n"
        "strategy = st.from_type(Tenant)\n"
        "print('residency._hypothesis_plugin' in sys.modules, sorted(late & set(sys.modules)))\n"
        "tenant = hypothesis.find(strategy, lambda tenant: 'voip' in tenant.features)\n"
        "print(tenant.features, late <= set(sys.modules))"
    )
    assert run(code) == "True []\nfrozenset({'voip'}) True"


def test_importing_the_package_reads_no_file_but_modules() -> None:
    """No register, no fact is read before one is asked for."""
    code = (
        "import sys\n"
        "opened = []\n"
        "sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == 'open' else None)\n"
        "import residency\n"
        "print([name for name in opened if not name.endswith(('.py', '.pyc')) and 'residency' in name])"
    )
    assert run(code) == "[]"


def test_no_inner_module_imports_a_clock_the_environment_the_network_or_randomness() -> None:
    """The inner rooms are pure: what they import could not tell them where or when they are."""
    found = {
        (path.name, name)
        for path in inner_modules()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in imported(node)
        if name.split(".")[0] in IMPURE
    }
    assert found == {("__init__.py", "os")}  # `os.PathLike` is a type; the package itself only passes paths on


def test_no_inner_module_asks_what_day_it_is_or_opens_a_file() -> None:
    """Not even by a method of a type that it may import."""
    calls = {
        (path.name, node.attr if isinstance(node, ast.Attribute) else node.id)
        for path in inner_modules()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute | ast.Name)
    }
    forbidden = {"today", "now", "utcnow", "open", "read_text", "read_bytes", "getenv", "environ", "print", "input"}
    assert {(module, name) for module, name in calls if name in forbidden} == set()


def test_no_module_grows_past_what_one_head_holds() -> None:
    """About 300 lines, up to 500 where it is one idea."""
    lines = {path.name: len(path.read_text("utf-8").splitlines()) for path in PACKAGE.rglob("*.py")}
    assert {name: count for name, count in lines.items() if count > 500} == {}


def imported(node: ast.AST) -> list[str]:
    """The modules that a statement imports, those of the package itself left out."""
    match node:
        case ast.Import(names=names):
            return [each.name for each in names]
        case ast.ImportFrom(module=str() as module, level=0):
            return [module]
        case _:
            return []


def test_the_package_lists_its_names_before_they_are_loaded() -> None:
    """Whoever looks around in a fresh interpreter sees them."""
    code = "import residency; print(sorted(set(residency.__all__) - set(dir(residency))))"
    assert "[]\n" == subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
