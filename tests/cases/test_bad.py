"""Broken files, each with the full text of the error: `bad/*.toml` differ from `base/` in what `replace` says."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from residency import BadFile, load_house_rules, load_register, load_tenants

HERE = Path(__file__).parent
BASE = HERE / "base"
SUFFIX = {
    "register": ".toml",
    "versions": ".toml",
    "house-rules": ".toml",
    "tenants": ".toml",
    "tenants as JSON": ".json",
}
LARGE: dict[str, Callable[[], str]] = {
    "10,000 nested arrays": lambda: "format = " + "[" * 10_000 + "]" * 10_000,
    "60 nested arrays": lambda: "format = " + "[" * 60 + "]" * 60,
    "a line of 100,001 characters": lambda: "# x\n#" + "x" * 100_000,
    "500,001 lists": lambda: "format = [\n" + "[],\n" * 500_000 + "]",
    "1,000,001 values": lambda: "a = [\n" + "1,\n" * 1_000_000 + "]",
}
"""Files that are too large to be shown."""


def broken() -> Iterator[Any]:
    """Every case of every file under `bad/`."""
    for path in sorted((HERE / "bad").glob("*.toml")):
        for case in tomllib.loads(path.read_text("utf-8"))["cases"]:
            yield pytest.param(case, id=f"{path.stem}: {case['fault']}")


def made(case: dict[str, Any], folder: Path) -> Path:
    """The broken file of the case, in `folder`."""
    kind = case["kind"]
    path = folder / f"broken{SUFFIX[kind]}"
    match case.get("file"):
        case "missing":
            pass
        case "directory":
            path.mkdir()
        case "not UTF-8":
            path.write_bytes(b"format = 1\nid = '\xff'\n")
        case "17 MB":
            path.write_bytes(b"#" * 17 * 1024 * 1024)
        case str() as name if name in LARGE:
            path.write_text(LARGE[name](), "utf-8")
        case str() as text:
            path.write_text(text, "utf-8")
        case None:
            path.write_text(edited(case), "utf-8")
    return path


def edited(case: dict[str, Any]) -> str:
    """The base file with the replacements of the case, each of which must be found, once."""
    text = (BASE / f"{case['kind']}.toml").read_text("utf-8")
    for old, new in case["replace"]:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the base file"
        text = text.replace(old, new)
    return text


def load(kind: str, path: Path) -> object:
    """What the library makes of the file."""
    match kind:
        case "register" | "versions":
            return load_register(path)
        case "house-rules":
            return load_house_rules(path, load_register(BASE / "register.toml"))
        case _:
            return load_tenants(path, load_register(BASE / "register.toml"))


@pytest.mark.parametrize("kind", ["register", "versions", "house-rules", "tenants"])
def test_the_base_file_is_sound(kind: str) -> None:
    """What every broken file differs from has no fault of its own."""
    assert load(kind, BASE / f"{kind}.toml") is not None


@pytest.mark.parametrize("case", list(broken()))
def test_a_broken_file_is_refused_with_every_fault_in_its_order(case: dict[str, Any], tmp_path: Path) -> None:
    """The whole text of the error is the one that the case shows, and nothing is loaded."""
    path = made(case, tmp_path)
    with pytest.raises(BadFile) as caught:
        load(case["kind"], path)
    assert case["error"].rstrip("\n") == str(caught.value).replace(str(path), path.name)


FAULTS = {
    *("unknown key", "misspelt enum value", "string for a list", "wrong type", "missing key", "duplicate id"),
    *("duplicate entry", "an id used twice for different kinds", "dangling region", "condition on an unknown feature"),
    *("overlapping spans", "bad date", "bad country", "clause that does not exist", "reading that does not exist"),
    *("empty file", "broken TOML syntax", "a directory", "a missing file", "not UTF-8", "over 16 MB"),
    *("10,000 nested arrays", "a removed row without a day", "an added row without a day"),
    *("a version dated before the one it replaces", "a clause that says not in which document it stands"),
    *("precedence without a basis", "a registration without a basis", "a name that two sub-processors share"),
}


def test_every_fault_that_was_promised_has_a_case() -> None:
    """The list of faults that files are checked for, and the cases, agree."""
    shown = {param.values[0]["fault"] for param in broken()}
    assert set() == FAULTS - shown
