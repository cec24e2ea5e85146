"""Files made to hurt: each is refused within bounds of memory, time and length of the message."""

from __future__ import annotations

import os
import pickle
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from residency import BadFile, BadInput, Fault, Tenant, UnknownName, load_register, load_tenants
from residency.errors import MOST_FAULTS, escaped, nearest, quoted

pytestmark = pytest.mark.slow

BASE = Path(__file__).parents[2] / "cases" / "base"
REGISTER = (BASE / "register.toml").read_text("utf-8")
ACME = load_register(BASE / "register.toml")
COMMAND = [sys.executable, "-m", "residency"]
MEMORY = 1_500_000_000
LONGEST = 20_000


def bounded() -> None:
    """Give the process no more memory than that."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def refused(*arguments: str) -> str:
    """The message of the command, which has so much memory, exits with 2, and says so much at most."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        preexec_fn=bounded,
        check=False,
    )
    message = done.stderr.decode("utf-8")
    assert (2, b"", True) == (done.returncode, done.stdout, len(message) < LONGEST), message[:2_000]
    assert "Traceback" not in message
    return message


def listing(entry: str, number: int) -> str:
    """A list of so many entries, each on a line; `{}` is its number."""
    return "[" + ",\n".join(entry.replace("{}", str(index)) for index in range(number)) + "]"


def with_regions(rest: str) -> str:
    """The base register with one more region, of that content."""
    return REGISTER.replace("[placement]", f'[[regions]]\nid = "X"\nname = "X"\nbasis = ["1"]\n{rest}\n[placement]', 1)


def with_rows(rows: str) -> str:
    """The base register with one more sub-processor, of these engagements."""
    return f'{REGISTER}\n[[sub_processors]]\nid = "x"\nname = "X"\nengagements = {rows}\n'


def basis(entries: str) -> str:
    """The base register with that basis."""
    return REGISTER.replace("\nbasis = [", f"\nbasis = {entries} #[", 1)


QUOTED = '"R{}"'
ROW = '{ activity = "service", purpose = "p", basis = ["1"]'
HOSTILE: dict[str, tuple[Callable[[], str], str]] = {
    "one dotted key of 60 kB": (lambda: "a." * 30_000 + "a = 1", "a dotted key of more than 10 names"),
    "one table's name of 60 kB": (lambda: f"[{'a.' * 30_000}a]", "a dotted key of more than 10 names"),
    "a long key hidden behind a text": (lambda: "b = '\"'\n" + "a." * 30_000 + "a = 1", "a dotted key of more than 10"),
    "a dotted key on every line": (
        lambda: "".join(f"k{index}.a.a.a.a.a.a.a.a.a = 1\n" for index in range(100_000)),
        "more than 500,000 lists and tables",
    ),
    "a million empty lists": (
        lambda: "".join(f"k{index}=[]\n" for index in range(1_000_000)),
        "more than 500,000 lists and tables",
    ),
    "a line of 15 MB": (lambda: f'a = "{"x" * 15_000_000}"', "a line of 15,000,006 characters"),
    "texts that never end": (lambda: '"""\\\n' * 3_000_000, "it is not TOML"),
    "a number of 5,000 digits": (lambda: f"format = {'1' * 5_000}", "a value cannot be read"),
    "a hexadecimal number of 90,000 digits": (lambda: f"format = 0x{'f' * 90_000}", "got a number of 360000 bits"),
    "20,000 unknown names in a basis": (lambda: basis(listing('"x{}"', 20_000)), "unknown clause or reading 'x0'"),
    "one name a hundred thousand times": (lambda: basis(listing('"1"', 100_000)), "duplicate entry '1'"),
    "a hundred thousand numbers for names": (lambda: basis(listing("1", 100_000)), "expected a text, got 1"),
    "20,000 overlapping sites": (
        lambda: with_regions("sites = " + listing('{ places = ["DE"], basis = ["1"] }', 20_000)),
        "overlapping spans at $.regions[2].sites[1]",
    ),
    "20,000 equal engagements": (lambda: with_rows(listing(ROW + " }", 20_000)), "duplicate entry at"),
    "100 rows that each name 3,000 regions": (
        lambda: (
            with_rows(listing(f"{ROW}, regions = {listing(QUOTED, 3_000)} }}", 100).replace("R", "r"))
            + "".join(f'[[regions]]\nid = "r{index}"\nname = "r"\nbasis = ["1"]\n' for index in range(3_000))
        ),
        "make more than 100,000 engagements",
    ),
    "a place of 90 kB": (lambda: with_regions(f'places = ["{"x" * 90_000}"]'), "… (90000 characters)"),
    "50,000 unknown keys": (
        lambda: "".join(f"x{index} = 1\n" for index in range(50_000)) + REGISTER,
        "unknown key 'x0' at $",
    ),
    "keys of 90 kB": (
        lambda: "".join(f"{'k' * 90_000}{index} = 1\n" for index in range(100)) + REGISTER,
        "unknown key 'kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk'… (900",
    ),
    "a chain of 20,000 documents": (
        lambda: (
            REGISTER
            + "".join(f'[documents.d{index}]\nname = "d"\nreplaces = "d{index + 1}"\n' for index in range(20_000))
        ),
        "unknown document 'd20000'",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_made_to_hurt_is_refused_in_few_words(name: str, tmp_path: Path) -> None:
    """Exit status 2, with the first of its faults, in the memory that any file may take."""
    content, message = HOSTILE[name]
    path = tmp_path / "hostile.toml"
    path.write_text(content(), "utf-8")
    assert message in refused("check", str(path))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("name", ["pipe", "pipe.json"])
def test_a_pipe_is_refused_without_waiting_for_a_writer(name: str, tmp_path: Path) -> None:
    """It says what it is, and what to do."""
    path = tmp_path / name
    os.mkfifo(path)
    remedy = "save what it gives to a file, and give the path of that"
    assert f"residency: 1 fault in {path}\n  this is a pipe\n    note: {remedy}\n" == refused("check", str(path))


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no such devices")
@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null", "/dev/stdin"])
def test_a_device_is_refused(path: str) -> None:
    """It may have no end, or no beginning; here standard input is a device too."""
    assert f"residency: 1 fault in {path}\n  this is a device\n    note: give the path of a file\n" == refused(
        "resolve", "--country", "BG", "--register", path
    )


def test_no_terminal_obeys_a_file_or_its_name(tmp_path: Path) -> None:
    """Escapes and reordering in a key, a file's name or an argument are shown as text, in paths and notes too."""
    path = tmp_path / "a\x1b[31m\u202e\n.toml"
    path.write_text(REGISTER.replace("[clauses]", '[clauses]\n"\\u001b]0;x\\u0007" = "\\u009b31m"', 1), "utf-8")
    message = refused("check", str(path))
    assert r"in /" in message
    assert r"a\x1b[31m\u202e\n.toml" in message
    assert r"expected a table, got the string '\x9b31m' at $.clauses.\x1b]0;x\x07" in message
    for arguments in (["check", "liveagent", "\x1b[31m"], ["resolve", "--country", "BG", "--as-of", "\x1b"]):
        assert r"\x1b" in refused(*arguments)
    path.write_text('"\x1b[31m" = 1', "utf-8")
    assert message.isprintable() or not set(message) & set("\x1b\u202e\x9b\x07")
    path.write_text(REGISTER.replace('aliases = ["Storage"]', 'aliases = "\\u001b[31m"'), "utf-8")
    assert r'note: write ["\x1b[31m"]' in refused("check", str(path))


def test_an_argument_of_a_hundred_kilobytes_is_not_printed_back() -> None:
    """Neither as a value nor as the name of a file or a command."""
    long = "x" * 100_000
    for arguments in ([long], ["check", long], ["resolve", "--country", long], ["resolve", "--country", "BG", long]):
        assert len(refused(*arguments)) < 2_000


def test_an_error_tells_a_hundred_faults_and_that_there_are_more() -> None:
    """`faults` holds those that are told, and a copy of the error is the same."""
    faults = [Fault(f"$.a[{number}]", "wrong") for number in range(MOST_FAULTS + 1)]
    error, all_told = BadFile("x", faults), BadFile("x", faults[1:])
    assert (tuple(faults[:MOST_FAULTS]), True) == (error.faults, error.more)
    first, *_, last = str(error).splitlines()
    assert ("more than 100 faults in x", "  and more: fix these first") == (first, last)
    assert ("100 faults in x", False) == (str(all_told).splitlines()[0], all_told.more)
    copy = pickle.loads(pickle.dumps(error))
    assert (str(error), error.faults, error.more) == (str(copy), copy.faults, copy.more)


def test_a_long_value_is_shown_by_its_start_and_its_length() -> None:
    """Whatever it is, and wherever a message shows it."""
    assert f"{'a' * 60!r}… (61 characters)" == quoted("a" * 61)
    assert ("'a'", "12", "[1]") == (quoted("a"), quoted(12), quoted([1]))
    assert ("a number of 40001 bits", f"[{'1, ' * 19}1,…") == (quoted(1 << 40_000), quoted([1] * 30))
    assert "unknown feature 'aaa" in str(UnknownName("feature", "a" * 10**6, ["b"]))
    assert len(str(UnknownName("feature", "a" * 10**6, ["b"]))) < 200
    for wrong in ({"country": "x" * 10**6}, {"country": "BG", "attributes": [("x" * 10**6, "a")] * 2}):
        with pytest.raises(BadInput) as caught:
            Tenant(**wrong)
        assert len(str(caught.value)) < 1_000
        assert str(caught.value) == str(pickle.loads(pickle.dumps(caught.value)))


def test_the_nearest_name_is_found_among_very_many() -> None:
    """Of twenty thousand names those about its place in the alphabet are compared; a name too long is near to none."""
    names = [f"name-{number}" for number in range(20_000)]
    assert "did you mean 'name-1999'?" == nearest("name-1999x", names)
    assert "expected one of 'b'" == nearest("b" * 100, ["b"])


def test_what_is_seen_is_not_escaped() -> None:
    """Letters of any script, their joiners, and emoji."""
    for text in ("Услуга", "می\u200cخواهم", "क्\u200dष", "👩\u200d💻", "a\xa0b"):
        assert text == escaped(text)
    assert r"\x00\t\n\u2028\ufeff\U000e0041" == escaped("\0\t\n\u2028\ufeff\U000e0041")


@pytest.mark.parametrize("quote", ["می\u200cخواهم", "क्\u200dष", "👩🏽\u200d💻", "ᠰᠠᠶᠢᠨ᠎ᠠ"])
def test_a_quote_keeps_the_joiners_of_its_script(quote: str, tmp_path: Path) -> None:
    """Persian, Hindi, an emoji, Mongolian."""
    path = tmp_path / "register.toml"
    path.write_text(REGISTER.replace('quote = "', f'quote = "{quote} ', 1), "utf-8")
    sources = load_register(path).sources
    assert quote in sources[0].quote


@pytest.mark.parametrize(
    "text", ["pro\u200d", "\u200c", "می\u200c\u200cخ", "a\u200eb", "a\u2066b", "a\u00adb", "a\u2028b"]
)
def test_a_format_character_that_spells_nothing_is_refused(text: str, tmp_path: Path) -> None:
    """A joiner after a Latin letter or a joiner, marks of direction, soft hyphens, line separators."""
    path = tmp_path / "register.toml"
    path.write_text(REGISTER.replace('quote = "', f'quote = "{text}', 1), "utf-8")
    with pytest.raises(BadFile, match="expected a text of one line"):
        load_register(path)


def test_an_id_has_no_joiner(tmp_path: Path) -> None:
    """It is made of letters that can be told apart."""
    path = tmp_path / "tenants.json"
    path.write_text('{"format": 1, "tenants": [{"country": "DE", "features": ["mail\\u200d"]}]}', "utf-8")
    with pytest.raises(BadFile, match="expected a text of one line"):
        load_tenants(path, ACME)
    path = tmp_path / "register.toml"
    path.write_text(REGISTER.replace("[features]", '[features]\n"می\u200cخ" = { says = "x", basis = ["1"] }'), "utf-8")
    with pytest.raises(BadFile, match=r"bad id 'می\\u200cخ' at \$.features.می\u200cخ"):
        load_register(path)


def test_too_many_lists_are_refused_in_json_too(tmp_path: Path) -> None:
    """Which has no lines or keys to bound."""
    path = tmp_path / "tenants.json"
    path.write_text('{"format": 1, "tenants": [' + "[]," * 600_000 + "[]]}", "utf-8")
    with pytest.raises(BadFile) as refused:
        load_tenants(path, load_register("liveagent"))
    assert "500,000 lists and tables" in str(refused.value)
