"""What the command does on a terminal and elsewhere: its width, colours, long lines, progress."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from residency.cli import main
from residency.cli.output import NARROWEST, Progress, width

BULGARIA = ["resolve", "--country", "BG", "--feature", "voip", "--as-of", "2026-11-23"]


class Terminal:
    """A stream that is a terminal of so many columns."""

    def __init__(self, number: int = 80) -> None:
        self.text, self.number = "", number

    def isatty(self) -> bool:
        """It is."""
        return True

    def fileno(self) -> int:
        """A number by which its size is asked."""
        return self.number

    def write(self, text: str) -> int:
        """Keep it."""
        self.text += text
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""


Screen = Callable[..., str]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal with colours, whose size the stream's number is."""
    for name in ("COLUMNS", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("os.get_terminal_size", lambda number: os.terminal_size((number, 24)))


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Screen:
    """What a command shows on a terminal of so many columns."""

    def show(arguments: list[str], columns: int = 80) -> str:
        terminal = Terminal(columns)
        with monkeypatch.context() as patch:
            patch.setattr("sys.stdout", terminal)
            main(arguments)
        return terminal.text

    return show


def test_verdicts_are_in_colour_on_a_terminal(shown: Screen) -> None:
    """The word that a line begins with, and nothing else; without colour the text is the same."""
    text = shown(BULGARIA)
    assert "  \x1b[1;32mPERMITTED\x1b[0m     linode*" in text
    assert "  \x1b[1;31mPROHIBITED\x1b[0m    subcontractors" in text
    assert "  \x1b[1;33mUNDETERMINED\x1b[0m  aws" in text
    assert shown(["resolve", "--country", "BR"]).startswith("\x1b[1;31mREFUSED\x1b[0m: no hosting region")
    assert "\x1b[1;31mPROHIBITED\x1b[0m: Twilio" in shown(["resolve", "--country", "BG", "--why", "twilio"])
    plain = "".join(part.partition("m")[2] if number else part for number, part in enumerate(text.split("\x1b[")))
    assert plain.startswith("The data lives in region EU (European Union).\nLiveAgent")


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb"), ("TERM", None)])
def test_colour_is_left_out_where_it_is_not_wanted(
    name: str, value: str | None, shown: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or where the terminal has none."""
    with monkeypatch.context() as patch:
        patch.delenv(name, raising=False) if value is None else patch.setenv(name, value)
        assert "\x1b" not in shown(BULGARIA)


def test_colour_is_never_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever the terminal beside it can show."""
    main(BULGARIA)
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize("columns", [40, 60, 80, 200])
@pytest.mark.parametrize(
    "arguments",
    [
        BULGARIA,
        ["resolve", "--country", "BR"],
        [*BULGARIA, "--why"],
        [*BULGARIA, "--why", "twilio"],
        [*BULGARIA, "--full"],
        ["list"],
        [],
    ],
    ids=" ".join,
)
def test_no_line_is_wider_than_the_terminal(
    arguments: list[str], columns: int, shown: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Long explanations are wrapped there."""
    with monkeypatch.context() as patch:
        patch.setenv("NO_COLOR", "1")
        text = shown(arguments, columns)
    assert [line for line in text.split("\n") if len(line) > columns] == []


def test_the_width_is_that_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or what COLUMNS says; 80 where there is none, and never less than a row needs."""
    assert (123, NARROWEST) == (width(Terminal(123)), width(Terminal(5)))  # type: ignore[arg-type]
    monkeypatch.setenv("COLUMNS", "70")
    assert 70 == width(Terminal(123))  # type: ignore[arg-type]
    for wrong in ("0", "wide", "-3"):
        monkeypatch.setenv("COLUMNS", wrong)
        assert 123 == width(Terminal(123))  # type: ignore[arg-type]

    def none(number: int) -> os.terminal_size:
        raise OSError

    monkeypatch.setattr("os.get_terminal_size", none)
    assert 80 == width(Terminal(123))  # type: ignore[arg-type]
    monkeypatch.setattr("sys.stdout", None)
    assert 80 == width()


def test_a_bar_shows_progress_on_a_terminal_once_it_takes_longer_than_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """It keeps to one line, and goes away; before that, and elsewhere, nothing is shown."""
    terminal, clock = Terminal(60), iter([0.0, 0.5, 2.0, 3.0])
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr("residency.cli.output.time.monotonic", lambda: next(clock))
    with Progress() as progress:
        progress(0, 4, "quick")
        assert "" == terminal.text
        progress(1, 4, "slow")
        assert "\r\x1b[K[#####...............] 1 of 4: slow" == terminal.text
        progress(2, 4, "a law of very many words that would not fit on the line")
        assert terminal.text.endswith("\r\x1b[K[##########..........] 2 of 4: a law of very many words …")
    assert terminal.text.endswith("\r\x1b[K")


def interrupted() -> None:
    """Work that takes long and is interrupted."""
    with Progress() as progress:
        progress(1, 2, "slow")
        raise KeyboardInterrupt


def test_a_bar_goes_away_when_the_work_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """And is not there at all where nothing was shown, or on a terminal that cannot take it back."""
    for term, left in (("xterm", "\r\x1b[K"), ("dumb", "")):
        terminal, clock = Terminal(60), iter([0.0, 2.0])
        monkeypatch.setenv("TERM", term)
        monkeypatch.setattr("sys.stderr", terminal)
        monkeypatch.setattr("residency.cli.output.time.monotonic", lambda clock=clock: next(clock))
        with pytest.raises(KeyboardInterrupt):
            interrupted()
        assert terminal.text.endswith(left)
        assert bool(terminal.text) is bool(left)


def test_a_table_does_not_fill_a_terminal(
    shown: Screen, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It asks for a file; it goes to the terminal where that is said."""
    assert "" == shown(["table", "liveagent"])
    assert (
        "residency: standard output is a terminal, and a table has many thousand rows\n"
        "note: residency table liveagent --output FILE; or, to print it here, --output -\n"
    ) == capsys.readouterr().err
    monkeypatch.setattr("sys.stdout", Terminal())
    assert 2 == main(["table", "liveagent", "--sql", "x"])
    monkeypatch.undo()
    path = tmp_path / "table.csv"
    assert 0 == main(["table", "liveagent", "--output", str(path)])
    assert 0 == main(["table", "liveagent", "--output", "-"])
    assert path.read_text("utf-8") == capsys.readouterr().out
    if sys.platform != "win32":
        assert b"\r" not in path.read_bytes()


def test_a_table_that_cannot_be_written_says_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Exit status 2; and a register that is refused leaves the file as it is."""
    assert 2 == main(["table", "liveagent", "--output", str(tmp_path / "no" / "table.csv")])
    out, err = capsys.readouterr()
    assert ("", True) == (out, err.endswith("table.csv': No such file or directory\n"))
    path = tmp_path / "table.csv"
    path.write_text("kept", "utf-8")
    assert 2 == main(["table", "nowhere.toml", "--output", str(path)])
    assert "kept" == path.read_text("utf-8")
