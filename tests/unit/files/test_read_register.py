"""Registers from a text, a mapping, or a resource of a package: each as from a file."""

from __future__ import annotations

import json
import tomllib
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from residency import (
    BadFile,
    BadInput,
    load_cases,
    load_claims,
    load_house_rules,
    load_register,
    load_tenants,
    read_register,
)

BASE = Path(__file__).parents[2] / "cases" / "base"
TEXT = (BASE / "register.toml").read_text("utf-8")
CONTENT = tomllib.loads(TEXT)
ACME = load_register(BASE / "register.toml")
REGISTERS = [BASE / "register.toml", *sorted((BASE.parents[1] / "registers").glob("*.toml"))]


class Text(str):
    """A text as a parser returns it that keeps how the file was written."""


class Number(int):
    """A number of such a parser."""


class Day(date):
    """A day of such a parser."""


def as_json(content: dict[str, Any]) -> str:
    """The content as JSON; a day is a text there."""
    return json.dumps(content, default=date.isoformat)


def kept(value: Any) -> Any:
    """The value as such a parser returns it: mappings that are no dicts, and values of its own."""
    match value:
        case dict():
            return MappingProxyType({Text(key): kept(inner) for key, inner in value.items()})
        case list():
            return tuple(map(kept, value))
        case str():
            return Text(value)
        case bool():
            return value
        case int():
            return Number(value)
        case date():
            return Day(value.year, value.month, value.day)
    raise AssertionError(value)


@pytest.mark.parametrize("path", REGISTERS, ids=lambda path: path.stem)
def test_a_text_and_a_mapping_are_read_as_the_file_is(path: Path) -> None:
    """Whether a parser of TOML returned the mapping, one of JSON, or one that keeps how the file was written."""
    register, text = load_register(path), path.read_text("utf-8")
    content = tomllib.loads(text)
    assert register == read_register(text) == read_register("\ufeff" + text) == read_register(content)
    assert register == read_register(json.loads(as_json(content))) == read_register(kept(content))


def test_what_is_read_keeps_no_value_of_a_parser() -> None:
    """Its texts and days are plain, and later changes of the mapping do not reach it."""
    content = kept(CONTENT)
    register = read_register(content)
    assert (str, date) == (type(register.vendor), type(register.published))
    assert repr(register) == repr(ACME)
    changed = json.loads(as_json(CONTENT))
    register = read_register(changed)
    changed["vendor"], changed["regions"][0]["places"] = "other", []
    assert register == ACME


def test_a_json_file_is_a_register_too(tmp_path: Path) -> None:
    """With its days as texts."""
    path = tmp_path / "register.json"
    path.write_text(as_json(CONTENT), "utf-8")
    assert ACME == load_register(path)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2024-3-1", "expected a day, got the string '2024-3-1'"),
        ("20240301", "expected a day, got the string '20240301'"),
        ("2024-02-30", "expected a day, got the string '2024-02-30'"),
        (datetime(2024, 3, 1, tzinfo=UTC), "expected a day, got the moment 2024-03-01 00:00:00+00:00"),
        (20240301, "expected a day, got 20240301"),
    ],
)
def test_a_day_of_a_mapping_is_a_day_or_the_text_of_one(day: object, expected: str) -> None:
    """Written in full; a moment is none."""
    with pytest.raises(BadFile) as caught:
        read_register({**CONTENT, "published": day})
    assert [(expected, "$.published")] == [(fault.message, fault.path) for fault in caught.value.faults]


def test_a_day_of_toml_text_is_no_text() -> None:
    """As in a file."""
    with pytest.raises(BadFile, match="expected a day, got the string '2024-01-01'"):
        read_register(TEXT.replace("published = 2024-01-01", 'published = "2024-01-01"', 1))


@pytest.mark.parametrize("not_stated", ["not stated", "2024-09-01", "later"])
def test_a_day_that_may_be_not_stated_is_either_in_a_mapping(not_stated: str) -> None:
    """And nothing else."""
    content = json.loads(as_json(CONTENT))
    content["sub_processors"][0]["engagements"][0]["authorised"] = not_stated
    if not_stated == "later":
        with pytest.raises(BadFile, match="expected a day or 'not stated', got the string 'later'"):
            read_register(content)
    else:
        authorised = read_register(content).sub_processor_rows[0].engagements[0].authorised
        assert not_stated == str(authorised)


def same(content: dict[str, Any]) -> dict[str, Any]:
    """A list within itself."""
    loop: list[Any] = []
    loop.append(loop)
    return {**content, "basis": loop}


def laughing(content: dict[str, Any]) -> dict[str, Any]:
    """A list of a list of a list … each many times, as YAML may name them: few values, and very many once copied."""
    inner: list[Any] = ["1"] * 1_000
    for _ in range(40):
        inner = [inner] * 2
    return {**content, "basis": inner}


def nested(levels: int) -> dict[str, Any]:
    """A mapping of so many levels."""
    content: dict[str, Any] = {}
    for _ in range(levels - 1):
        content = {"a": content}
    return content


REFUSED: dict[str, tuple[Callable[[], Any], str, str]] = {
    "an empty text": (lambda: " \n", "the text", "it is empty"),
    "no TOML": (lambda: "a = = 1", "the text", "it is not TOML"),
    "a table in a text": (lambda: "a = 1\na = 2", "the text", "it is not TOML"),
    "a long text": (lambda: "#\n" + "# x\n" * 5_000_000, "the text", "it is larger than 16 MB"),
    "a line of a text": (lambda: f'a = "{"x" * 200_000}"', "the text", "a line of 200,006 characters"),
    "a dotted key": (lambda: "a." * 30_000 + "a = 1", "the text", "a dotted key of more than 10 names"),
    "many lists": (
        lambda: "a = [\n" + "[],\n" * 600_000 + "]",
        "the text",
        "it holds more than 500,000 lists and tables",
    ),
    "deep lists": (lambda: f"a = {'[' * 60}{']' * 60}", "the text", "it is nested too deeply to be read"),
    "half a surrogate pair": (
        lambda: TEXT.replace('vendor = "', 'vendor = "\ud800', 1),
        "the text",
        "a text of one line",
    ),
    "another text": (lambda: "a = 1", "the text", "unknown key 'a' at $"),
    "a list in itself": (lambda: same(CONTENT), "the mapping", "it is nested too deeply to be read"),
    "one list many times": (lambda: laughing(CONTENT), "the mapping", "it holds more than 1,000,000 values"),
    "51 levels": (lambda: nested(51), "the mapping", "it is nested too deeply to be read"),
    "50 levels": (lambda: nested(50), "the mapping", "unknown key 'a' at $"),
    "many texts": (lambda: {"a": ["x" * 1_000_000] * 17}, "the mapping", "it is larger than 16 MB"),
    "a key that is no text": (lambda: {1: 2}, "the mapping", "expected texts as keys, got 1"),
    "null": (lambda: {**CONTENT, "vendor": None}, "the mapping", "expected a text, got null at $.vendor"),
    "nothing": (dict, "the mapping", "missing key 'format' at $"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_register_is_refused_under_the_name_of_what_it_was(name: str) -> None:
    """With the same faults as a file, and within the same bounds."""
    source, named, message = REFUSED[name]
    with pytest.raises(BadFile) as caught:
        read_register(source())
    assert named == caught.value.name
    assert message in str(caught.value)
    assert len(str(caught.value)) < 20_000


@pytest.mark.parametrize("key", ["when", "since", "places"])
def test_a_key_that_may_be_left_out_is_not_null(key: str) -> None:
    """A condition that is null would be none, and permit everybody."""
    content = json.loads(json.dumps(CONTENT, default=str))
    content["sub_processors"][0]["engagements"][0][key] = None
    with pytest.raises(BadFile, match=rf"expected .*, got null at \$.sub_processors\[0\].engagements\[0\].{key}"):
        read_register(content)


def test_every_fault_of_a_text_is_told_where_it_stands() -> None:
    """All at once."""
    with pytest.raises(BadFile) as caught:
        read_register(TEXT.replace('places = ["', 'places = ["XX', 1).replace("[placement]", "[placement]\nrul = 1", 1))
    assert "1 fault in the text" == str(caught.value).splitlines()[0]
    with pytest.raises(BadFile) as caught:
        read_register({**CONTENT, "vendor": 1, "service": 2})
    assert "2 faults in the mapping" == str(caught.value).splitlines()[0]


@pytest.mark.parametrize("source", [b"format = 1", None, 5, ["a"], BASE / "register.toml"], ids=repr)
def test_what_is_neither_text_nor_mapping_is_refused(source: Any) -> None:
    """A file is what `load_register` is for."""
    with pytest.raises(BadInput) as caught:
        read_register(source)
    assert caught.value.message.startswith("expected a TOML text or a mapping, got ")
    assert "decode bytes as UTF-8; residency.load_register reads a file" == caught.value.remedy


def test_a_name_is_no_text_and_a_text_no_name() -> None:
    """Each error names the other function."""
    with pytest.raises(BadInput) as caught:
        read_register("liveagent")
    assert (
        "expected a TOML text, got 'liveagent'",
        "residency.load_register takes the name or the path of a file",
    ) == (
        caught.value.message,
        caught.value.remedy,
    )
    for text in ("a = 1\n", TEXT):
        with pytest.raises(BadFile) as refused:
            load_register(text)
        assert "give the path of a file; residency.read_register reads a text" == refused.value.faults[0].remedy


# --- Resources of packages ---


def archive(**contents: bytes) -> zipfile.Path:
    """An archive with these files in it, as a package in one has its resources."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name, content in contents.items():
            made.writestr(f"app/{name}", content)
    return zipfile.Path(zipfile.ZipFile(stream)) / "app"


def resource(name: str, content: bytes) -> zipfile.Path:
    """A resource of that name and content, which has no path."""
    return archive(**{name: content}) / name


def test_a_resource_of_a_package_is_read_as_the_file_is() -> None:
    """Whether the package is a folder or an archive."""
    assert load_register("liveagent") == load_register(files("residency") / "registers" / "liveagent.toml")
    packed = resource("register.toml", TEXT.encode("utf-8"))
    assert ACME == load_register(packed)
    assert load_cases(BASE / "register.toml") == load_cases(packed)
    assert load_claims(BASE / "register.toml") == load_claims(packed)
    assert ACME == load_register(resource("register.json", as_json(CONTENT).encode("utf-8")))
    tenants, rules = (resource(name, (BASE / name).read_bytes()) for name in ("tenants.toml", "house-rules.toml"))
    assert load_tenants(BASE / "tenants.toml", ACME) == load_tenants(tenants, ACME)
    assert load_house_rules(BASE / "house-rules.toml", ACME) == load_house_rules(rules, ACME)


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (lambda: archive(x=b"") / "register.toml", "1 fault in register.toml\n  no such file\n"),
        (lambda: archive(x=b""), "1 fault in app\n  this is a directory\n"),
        (lambda: resource("register.toml", b""), "1 fault in register.toml\n  it is empty\n"),
        (lambda: resource("register.toml", b"a = 1\n\xff"), "  it is not UTF-8 at line 2\n"),
        (lambda: resource("register.toml", b"a = 1"), "9 faults in register.toml\n"),
        (lambda: resource("register.toml", b"#\n" * 9_000_000), "  it is larger than 16 MB\n"),
    ],
    ids=["not there", "a folder", "empty", "no UTF-8", "no register", "too large"],
)
def test_a_resource_that_is_none_is_refused(found: Callable[[], zipfile.Path], message: str) -> None:
    """As a file is, by its name."""
    with pytest.raises(BadFile) as caught:
        load_register(found())
    assert message.rstrip() in str(caught.value)


def test_a_resource_that_cannot_be_read_is_refused() -> None:
    """In the words of the system, or of whoever refused."""

    class Locked:
        name = "register.toml"

        def is_dir(self) -> bool:
            return False

        def is_file(self) -> bool:
            return True

        def open(self, mode: str) -> BytesIO:
            raise OSError("locked")

    with pytest.raises(BadFile, match=r"1 fault in register\.toml\n  it cannot be read: locked\n"):
        load_register(Locked())


def test_a_register_that_means_something_else_than_was_reviewed_is_refused() -> None:
    """By the digest that was written down when it was."""
    path = BASE / "register.toml"
    assert ACME == load_register(path, digest=ACME.digest)
    for other in (load_register("liveagent").digest, "n2:" + ACME.digest[3:], "", "x" * 1_000):
        with pytest.raises(BadInput) as caught:
            load_register(path, digest=other)
        assert caught.value.message.startswith(f"the register 'acme' has the digest '{ACME.digest}', not '")
        assert "review what it means now, and pass the digest that it has" == caught.value.remedy
