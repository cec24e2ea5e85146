"""What the command prints: texts to standard output, complaints and progress to standard error, in colour or plain."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from io import TextIOWrapper
from types import TracebackType
from typing import TextIO

from ..report.layout import cut, wrapped

__all__ = [
    "BAD_INPUT",
    "Progress",
    "closed",
    "complain",
    "explained",
    "say",
    "say_all",
    "terminal",
    "use_utf_8",
    "width",
]

BAD_INPUT = 2
NARROWEST, WITHOUT_TERMINAL = 40, 80
"""The columns that a screen has at least, and those that it has where nobody says how many there are."""
_COLOURS = {
    **dict.fromkeys(("PERMITTED", "Sound", "HOLDS"), 32),
    **dict.fromkeys(("UNDETERMINED", "OTHER REASONS", "TOLD OTHERWISE"), 33),
    **dict.fromkeys(("PROHIBITED", "REFUSED", "Not sound", "DIFFERS", "CANNOT BE ASKED"), 31),
}
_COLOURED = re.compile(rf"^((?:  )?)({'|'.join(_COLOURS)})(?=[: ])", re.MULTILINE)
"""The word that a line begins with: the same is said by the word itself."""


def use_utf_8() -> None:
    """Write UTF-8, whatever the locale."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def closed() -> bool:
    """Whether there is no standard output, which is said on standard error."""
    if sys.stdout is None:
        complain(
            "residency: the answer cannot be written: standard output is closed\nnote: send it to a file or a pipe"
        )
    return sys.stdout is None


def terminal(stream: TextIO | None) -> bool:
    """Whether somebody looks at the stream."""
    return stream is not None and stream.isatty()


def width(stream: TextIO | None = None) -> int:
    """The columns of the terminal behind a stream, by default standard output; 80 where there is none, at least 40."""
    with suppress(ValueError):
        if (asked := int(os.environ.get("COLUMNS", ""))) > 0:
            return max(asked, NARROWEST)
    with suppress(AttributeError, ValueError, OSError):  # closed, replaced, or no terminal
        return max(os.get_terminal_size((stream or sys.stdout).fileno()).columns, NARROWEST)
    return WITHOUT_TERMINAL


def explained(lines: Iterable[str], stream: TextIO | None = None) -> Iterator[str]:
    """Lines of any length for a stream, by default standard output: wrapped on a terminal, elsewhere as they are."""
    if not terminal(stream or sys.stdout):  # where a line stays one, to be searched
        yield from lines
        return
    for line in lines:
        start = line[: len(line) - len(line.lstrip())]
        yield from wrapped(line, width(stream), len(start) + 4, start)


def say(text: str, status: int) -> int:
    """Print the answer; the exit status is the same where whoever reads it closes the pipe early."""
    return say_all([f"{text}\n"], status)


def say_all(texts: Iterable[str], status: int) -> int:
    """Print the texts as they come, verdicts in colour where a terminal has any."""
    coloured = terminal(sys.stdout) and _has_colours()
    try:
        for text in texts:
            print(_COLOURED.sub(_in_colour, text) if coloured else text, end="")
        print(end="", flush=True)
    except BrokenPipeError:
        _forget_output()
    except OSError as error:
        _forget_output()
        complain(f"residency: the answer cannot be written: {error.strerror}")
        return BAD_INPUT
    return status


def _has_colours() -> bool:
    """Whether colour is wanted: not under NO_COLOR, nor on a terminal that has none or does not say what it is."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"


def _in_colour(match: re.Match[str]) -> str:
    return f"{match[1]}\x1b[1;{_COLOURS[match[2]]}m{match[2]}\x1b[0m"


def _forget_output() -> None:
    """Send further output nowhere, so that closing the stream at exit does not fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def complain(text: str) -> None:
    """Print what is wrong on standard error, if there is one."""
    if sys.stderr is not None:
        with suppress(OSError):
            print(text, file=sys.stderr, flush=True)


class Progress:
    """A bar on standard error while its block runs, where that is a terminal and the work takes longer than a second.

    It keeps to one line of the terminal, and is gone when the block ends, whichever way.
    """

    LENGTH = 20

    def __init__(self) -> None:
        self._start, self._shown = time.monotonic(), False

    def __enter__(self) -> Progress:
        return self

    def __call__(self, done: int, of: int | None, says: str) -> None:
        """Show that so many of so many are done; only what it says where nobody knows of how many."""
        if terminal(sys.stderr) and os.environ.get("TERM") != "dumb" and time.monotonic() - self._start > 1:
            bar = "" if of is None else f"[{'#' * (self.LENGTH * done // of):.<{self.LENGTH}}] {done} of {of}: "
            self._write(f"\r\x1b[K{cut(bar + says, width(sys.stderr) - 1)}")
            self._shown = True

    def clear(self) -> None:
        """Take the bar away, as before a line that is printed to the same terminal."""
        if self._shown:
            self._write("\r\x1b[K")
            self._shown = False

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.clear()

    @staticmethod
    def _write(text: str) -> None:
        with suppress(OSError):
            sys.stderr.write(text)
            sys.stderr.flush()
