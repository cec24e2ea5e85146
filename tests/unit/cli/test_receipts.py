"""Receipts on the command line: written, asked again, and very many of them; what it prints, and how it exits."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from residency import Receipt, Resolver, Tenant, countries, load_house_rules, load_register
from residency.cli import main
from residency.cli.output import Progress
from residency.receipts import recheck
from residency.report.layout import columns
from support import REGISTER, RESOLVER, TODAY
from unit.cli.test_output import Terminal

BASE = Path(__file__).parents[2] / "cases" / "base"
BULGARIA = RESOLVER.resolve(Tenant("BG", features={"voip"}), as_of=TODAY)
BRAZIL = RESOLVER.resolve(Tenant("BR"), as_of=TODAY)
RULES = ["--house-rules", "rest-of-world"]
Capture = pytest.CaptureFixture[str]


class Input(io.BytesIO):
    """Standard input that holds these bytes, and has no file behind it."""

    @property
    def buffer(self) -> Input:
        """Itself."""
        return self


def file(path: Path, content: bytes | str) -> str:
    """The path of a file with that content."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def rechecked(capsys: Capture, content: bytes | str, tmp_path: Path, *more: str) -> tuple[int, list[list[str]], str]:
    """The exit status, the rows of CSV, and what standard error says of accounts in a file."""
    status = main(["recheck", file(tmp_path / "accounts", content), *more])
    out, err = capsys.readouterr()
    return status, list(csv.reader(io.StringIO(out))), err


# --- One receipt ---


def test_a_receipt_is_printed_as_it_is_stored(capsys: Capture) -> None:
    """On one line; the exit status is that of the answer."""
    asked = ["receipt", "--country", "BG", "--feature", "voip", "--as-of", TODAY.isoformat()]
    assert 0 == main(asked)
    assert (BULGARIA.receipt().bytes.decode() + "\n", "") == capsys.readouterr()
    assert 1 == main(["receipt", "--country", "BR", "--as-of", TODAY.isoformat(), "--output", "-"])
    assert BRAZIL.receipt().bytes.decode() + "\n" == capsys.readouterr().out
    assert 2 == main(["receipt", "--country", "UK"])


def test_a_receipt_is_written_to_a_file(capsys: Capture, tmp_path: Path) -> None:
    """It can be replayed as it is; where it cannot be written, that is said."""
    for country, status in (("BG", 0), ("BR", 1)):
        path = tmp_path / country
        assert status == main(["receipt", "--country", country, "--output", str(path)])
        assert ("", "") == capsys.readouterr()
        assert Tenant(country) == Receipt.read(path.read_bytes().removesuffix(b"\n")).tenant
        assert 0 == main(["replay", str(path)])
        assert capsys.readouterr().out.startswith("HOLDS: the same answers")
    assert 2 == main(["receipt", "--country", "BG", "--output", str(tmp_path / "no" / "x")])
    assert capsys.readouterr().err.startswith("residency: the receipt cannot be written to")


def test_a_stored_decision_is_replayed_too(capsys: Capture, tmp_path: Path) -> None:
    """Format 1 as well; what it is, is seen by its content."""
    path = file(tmp_path / "x.json", json.dumps(BULGARIA.to_dict(), indent=2))
    assert 0 == main(["replay", path])
    assert "Stored decision of register liveagent" in capsys.readouterr().out
    assert 1 == main(["replay", file(tmp_path / "x.json", json.dumps(BRAZIL.to_dict())), *RULES])
    assert capsys.readouterr().out.startswith("DIFFERS: the answers are others.\nStored decision")


def test_what_is_replayed_may_come_by_standard_input(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a mark and spaces around it, as an editor leaves them; closed input is said to be so."""
    monkeypatch.setattr("sys.stdin", Input(b"\xef\xbb\xbf" + BULGARIA.receipt().bytes + b"\r\n"))
    assert 0 == main(["replay", "-"])
    assert capsys.readouterr().out.startswith("HOLDS")
    for command in ("replay", "recheck"):
        monkeypatch.setattr("sys.stdin", None)
        assert 2 == main([command, "-"])
        assert capsys.readouterr().err.startswith("residency: 1 fault in standard input\n  it is closed\n")


def test_a_receipt_is_asked_of_the_register_that_it_names(capsys: Capture, tmp_path: Path) -> None:
    """A bundled one; any other is to be named, and is never a path that the receipt names."""
    register = load_register(BASE / "register.toml")
    kept = Resolver(register).resolve(Tenant("DE"), as_of=TODAY)
    path = file(tmp_path / "acme.receipt", kept.receipt().bytes)
    assert 2 == main(["replay", path])
    assert (
        "",
        "residency: it is of register 'acme', which is not bundled\nnote: name it with --register\n",
    ) == capsys.readouterr()
    assert 0 == main(["replay", path, "--register", str(BASE / "register.toml")])
    assert 1 == main(["replay", path, "--register", "example"])
    assert "CANNOT BE ASKED" in capsys.readouterr().out


def test_a_replay_as_json(capsys: Capture, tmp_path: Path) -> None:
    """With the exit status of the screen."""
    path = file(tmp_path / "br.receipt", BRAZIL.receipt().bytes)
    assert 1 == main(["replay", path, "--json", *RULES])
    stored = json.loads(capsys.readouterr().out)
    assert ("differs", ["register", "facts"]) == (stored["outcome"], stored["because"])
    assert 0 == main(["replay", path, "--json"])


def test_other_words_hold_and_other_reasons_do_not(capsys: Capture, tmp_path: Path) -> None:
    """As the help says."""
    path = file(tmp_path / "bg.receipt", BULGARIA.receipt().bytes)
    assert 0 == main(["replay", path, *RULES])
    assert capsys.readouterr().out.startswith("HOLDS: the same answers, for the same reasons, in other words.\n")
    changed = BULGARIA.receipt().bytes.replace(b'"feature.on:voip"', b'"feature.off:voip"')
    assert 1 == main(["replay", file(tmp_path / "bg.receipt", changed)])
    assert capsys.readouterr().out.startswith("OTHER REASONS: ")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "  it is empty\n    note: residency receipt prints a receipt to keep\n"),
        (b" \n", "  it is empty\n"),
        (b"\xff\xfe", "  it is not UTF-8 at line 1\n"),
        (b"{", "  it is not JSON: "),
        (b"[1]", "  expected an object, got [1]\n"),
        (b'{"a": 1, "a": 2}', "  duplicate key 'a' in one object\n"),
        (b'{"a":' + b"[" * 5_000 + b"]" * 5_000 + b"}", "  it is nested too deeply to be read\n"),
        (b"\0", "  it is not JSON: "),
        (b"{" + b" " * 16 * 1024 * 1024 + b"}", "  it is larger than 16 MB\n"),
        (b"{}", "residency: unknown format None at $.format\n"),
        (b'{"kind":"residency.receipt"}', "residency: missing key 'answers' at $\n"),
        (b'{"kind": "residency.receipt"}', "residency: expected the canonical JSON of a receipt"),
        (b"\n".join([BULGARIA.receipt().bytes] * 2), "  it is not JSON: extra data: line 2"),
    ],
)
def test_what_is_no_receipt_exits_with_two(content: bytes, message: str, capsys: Capture, tmp_path: Path) -> None:
    """With what is wrong on standard error, and no traceback whatever the file holds."""
    assert 2 == main(["replay", file(tmp_path / "x", content)])
    out, err = capsys.readouterr()
    assert ("", True) == (out, message in err)


@pytest.mark.parametrize("command", ["replay", "recheck"])
def test_a_file_that_cannot_be_read_exits_with_two(command: str, capsys: Capture, tmp_path: Path) -> None:
    """A folder, one that is not there, a name that is none."""
    for path, message in (
        (str(tmp_path), "Is a directory"),
        (str(tmp_path / "no"), "No such file or directory"),
        ("a\0b", "embedded null byte"),
    ):
        assert 2 == main([command, path])
        assert f"  it cannot be read: {message}\n    note: check the path\n" in capsys.readouterr().err


def test_a_disk_that_fails_is_told(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also in the middle of a file."""

    class Failing(Input):
        def readline(self, size: int | None = -1, /) -> bytes:
            return super().readline(size) or self.read()

        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(5, "Input/output error")

    for command in ("replay", "recheck"):
        monkeypatch.setattr("sys.stdin", Failing(BULGARIA.receipt().bytes))
        assert 2 == main([command, "-"])
        assert "  it cannot be read: Input/output error\n" in capsys.readouterr().err


# --- Very many ---


def test_receipts_that_hold_are_counted(capsys: Capture, tmp_path: Path) -> None:
    """And print nothing; a line each, or a column of objects or of CSV."""
    texts = [each.receipt().bytes.decode() for each in (BULGARIA, BRAZIL)]
    objects = [json.dumps({"id": number, "receipt": text}) for number, text in enumerate(texts)]
    embedded = [json.dumps({"receipt": json.loads(text)}) for text in texts]
    table = io.StringIO()
    csv.writer(table).writerows([["id", "receipt"], *enumerate(texts)])
    for content in ("\n".join(texts), "\n".join(objects), "\n".join(embedded), table.getvalue()):
        assert (0, [], "of 2 receipts: holds 2\n") == rechecked(capsys, content, tmp_path)
    content = "\ufeff" + table.getvalue().replace("\n", "\r\n")
    assert (0, [], "of 2 receipts: holds 2\n") == rechecked(capsys, content, tmp_path)


def test_those_that_do_not_hold_have_a_line_each(capsys: Capture, tmp_path: Path) -> None:
    """With the line of the file, the id, the outcome, because of what, and the first change."""
    texts = [each.receipt().bytes.decode() for each in (BULGARIA, BRAZIL)]
    content = "\n".join(json.dumps({"id": f"acct-{text[-5:-3]}", "receipt": text}) for text in texts)
    assert (
        1,
        [
            ["line", "id", "outcome", "because", "detail"],
            ["2", "acct-BR", "differs", "register, facts", "region: none -> US (7 more)"],
        ],
        "of 2 receipts: words only 1, differs 1\n",
    ) == rechecked(capsys, content.replace("acct-p", "acct-BG"), tmp_path, *RULES)
    status, rows, _ = rechecked(capsys, content, tmp_path, "--as-of", "2018-01-01")
    assert (1, [["1", "day"], ["2", "day"]]) == (status, [row[::3] for row in rows[1:]])
    status, rows, _ = rechecked(capsys, content, tmp_path, "--register", "example")
    assert (1, {"cannot be asked"}) == (status, {row[2] for row in rows[1:]})


def test_those_that_do_not_hold_as_json_lines(capsys: Capture, tmp_path: Path) -> None:
    """In ASCII, so that nothing of an id acts on a terminal."""
    text = BRAZIL.receipt().bytes.decode()
    path = file(tmp_path / "x", json.dumps({"id": "\x9b\u202eé", "receipt": text}) + "\n{}\n")
    assert 1 == main(["recheck", path, "--json", *RULES])
    out = capsys.readouterr().out
    assert out.isascii()
    first, second = map(json.loads, out.splitlines())
    kinds = [change["kind"] for change in first.pop("changes")]
    assert (8, "region", "hosts") == (len(kinds), kinds[0], kinds[-1])
    assert {
        "line": 1,
        "id": "\x9b\u202eé",
        "outcome": "differs",
        "because": ["register", "facts"],
        "detail": "region: none -> US (7 more)",
    } == first
    assert (2, "cannot be asked", "no column 'receipt' at all", []) == tuple(
        second[key] for key in ("line", "outcome", "detail", "changes")
    )


def test_standard_input_is_streamed(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a pipe, of which nobody knows how much is left."""
    monkeypatch.setattr("sys.stdin", Input(BULGARIA.receipt().bytes + b"\n"))
    assert 0 == main(["recheck", "-"])
    assert ("", "of 1 receipts: holds 1\n") == capsys.readouterr()
    monkeypatch.setattr("sys.stdin", Input(b""))
    assert 2 == main(["recheck", "-"])
    assert capsys.readouterr().err.startswith("residency: 1 fault in standard input\n  it has no lines\n")


def test_rows_are_printed_before_the_file_ends() -> None:
    """A million accounts are never held at once: the first row is there while the pipe is open."""
    command = [sys.executable, "-u", "-m", "residency", "recheck", "-", "--register", "example"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(BULGARIA.receipt().bytes + b"\n")
        process.stdin.flush()
        assert b"line,id,outcome,because,detail\n" == process.stdout.readline()
        assert b"1,,cannot be asked,," == process.stdout.readline()[:20]
        process.stdin.close()
        assert 1 == process.wait()


def test_whoever_reads_only_the_first_rows_is_not_complained_to(tmp_path: Path) -> None:
    """The exit status says that some do not hold; there are no counts, which would not be of all."""
    path = file(tmp_path / "x", (BULGARIA.receipt().bytes + b"\n") * 2)
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-u", "-m", "residency", "recheck", path, "--register", "example"]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (1, b"") == (done.returncode, done.stderr)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_rows_that_cannot_be_written_are_no_answer(tmp_path: Path) -> None:
    """A full disk must not look as if all held."""
    path = file(tmp_path / "x", b"{}\n")
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "residency", "recheck", path]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert (2, b"residency: the answer cannot be written: No space left on device\n") == (done.returncode, done.stderr)


# --- On a terminal ---


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Standard output and error on one terminal of so many columns, and a clock that goes in steps of two seconds."""
    for name in ("COLUMNS", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("os.get_terminal_size", lambda number: os.terminal_size((number, 24)))
    seconds = iter(range(0, 10**6, 2))
    monkeypatch.setattr("residency.cli.output.time.monotonic", lambda: next(seconds))

    def show(arguments: list[str], number: int = 80) -> str:
        shown = Terminal(number)
        with monkeypatch.context() as patch:
            patch.setattr("sys.stdout", shown)
            patch.setattr("sys.stderr", shown)
            main(arguments)
        return shown.text

    return show


def test_a_terminal_shows_progress_and_short_lines(
    terminal: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bar is taken away before a row is printed, and when all is done."""
    monkeypatch.setattr("residency.cli.receipts.EVERY", 10)
    text = BRAZIL.receipt().bytes.decode()
    content = json.dumps({"id": "a" * 50, "receipt": text}) + "\n" + f"{text}\n" * 10
    shown = terminal(["recheck", file(tmp_path / "x", content), *RULES]).replace("\r", "").split("\n")
    assert "[....................] 0 of 1: MB, 0 receipts" == shown[0].split("\x1b[K")[1]
    assert f"{'a' * 50} (line 1): differs because …" == shown[0].split("\x1b[K")[2]
    assert "line 2: differs because of register, facts: region: none -> US (7 more)" == shown[1]
    assert "[....................] 0 of 1: MB, 10 receipts" == shown[10].split("\x1b[K")[1]
    assert "of 11 receipts: differs 11" == shown[-2].split("\x1b[K")[-1]


def test_of_a_pipe_progress_says_how_many(terminal: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no bar, since nobody knows of how many."""
    monkeypatch.setattr("sys.stdin", Input(BULGARIA.receipt().bytes))
    assert "\r\x1b[K0 receipts\r\x1b[Kof 1 receipts: holds 1\n" == terminal(["recheck", "-"])


def test_progress_that_was_not_shown_is_not_cleared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is it twice."""
    shown = Terminal()
    monkeypatch.setattr("sys.stderr", shown)
    with Progress() as progress:
        progress.clear()
    assert "" == shown.text


@pytest.mark.parametrize("number", [40, 60, 80, 200])
def test_no_line_is_wider_than_the_terminal(
    number: int, terminal: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a replay and of a recheck, whatever the ids are."""
    monkeypatch.setenv("NO_COLOR", "1")
    receipt = file(tmp_path / "br", BRAZIL.receipt().bytes)
    ids = ["東京" * 40, "\x1b[31m" * 20, "word " * 60, ""]
    rows = [json.dumps({"id": name, "receipt": BRAZIL.receipt().bytes.decode()}) for name in ids]
    accounts = file(tmp_path / "x", "\n".join([*rows, "x", ""]))
    for arguments in (["replay", receipt], ["replay", receipt, *RULES], ["recheck", accounts, *RULES]):
        text = terminal(arguments, number).replace("\r\x1b[K", "\n")
        assert "\x1b" not in text
        assert [line for line in text.split("\n") if columns(line) > number] == []


def test_the_outcome_of_a_replay_is_in_colour(terminal: Any, tmp_path: Path) -> None:
    """Green, yellow or red, as verdicts are."""
    path = file(tmp_path / "br", BRAZIL.receipt().bytes)
    assert terminal(["replay", path]).startswith("\x1b[1;32mHOLDS\x1b[0m: ")
    assert terminal(["replay", path, *RULES]).startswith("\x1b[1;31mDIFFERS\x1b[0m: ")
    assert terminal(["replay", path, "--register", "example"]).startswith("\x1b[1;31mCANNOT BE ASKED\x1b[0m: ")


# --- Against the library ---


def test_the_command_says_what_the_library_says(capsys: Capture, tmp_path: Path) -> None:
    """Of every tenth country, under house rules that some of them fall under."""
    rules = load_house_rules("rest-of-world", REGISTER)
    receipts = [RESOLVER.resolve(Tenant(code), as_of=TODAY).receipt() for code, _ in countries()[::10]]
    content = b"".join(receipt.bytes + b"\n" for receipt in receipts)
    found = list(recheck(receipts, REGISTER, house_rules=rules))
    status, rows, err = rechecked(capsys, content, tmp_path, *RULES)
    differing = [str(number) for number, each in enumerate(found, 1) if each.outcome not in ("holds", "words only")]
    assert (1, differing) == (status, [row[0] for row in rows[1:]])
    assert err.startswith(f"of {len(receipts)} receipts: ")
