"""Layout of text in columns of a terminal: measured, cut at words, wrapped, listed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from unicodedata import category, east_asian_width

from ..errors import escaped

__all__ = ["CUT", "MOST_LINES", "columns", "cut", "entry", "listing", "padded", "wrapped"]

CUT = "…"
"""The sign that something was left out."""
MOST_LINES = 3
"""How many lines a list takes; a longer one is cut there and counted."""


def columns(text: str) -> int:
    """How many columns the text takes in a terminal: two for each wide character, none for marks on another.

    >>> columns("café"), columns("東京")
    (4, 4)
    """
    return len(text) if text.isascii() else sum(map(_columns_of, text))


def _columns_of(char: str) -> int:
    if char == "\ufe0f":  # it makes an emoji, which is wide, of the character before it
        return 1
    if category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(char) in "WF" else 1


def cut(text: str, width: int) -> str:
    """The text on one line of at most `width` columns, cut after a word; a first word that is longer is cut itself.

    >>> cut("the policy gives no rights", 20)
    'the policy gives …'
    >>> cut("Rindfleischetikettierung", 10)
    'Rindfleis…'
    """
    text = escaped(text)
    if columns(text) <= width:
        return text
    start = _start(text, width - 1)
    words = start.rpartition(" ")[0].rstrip(" ,;:")
    return f"{words} {CUT}" if words else start + CUT


def _start(text: str, width: int) -> str:
    """The longest start of the text that takes at most `width` columns."""
    return text[: bisect_right(list(accumulate(map(_columns_of, text))), width)]


def padded(text: str, width: int) -> str:
    """The text, cut or filled up with spaces to exactly `width` columns."""
    short = cut(text, width)
    return short + " " * (width - columns(short))


def wrapped(text: str, width: int, indent: int = 2, start: str = "") -> Iterator[str]:
    """The text after `start` in lines of at most `width` columns, all but the first indented; long words are cut."""
    line, empty = start, True
    for word in escaped(text).split():
        before = line if empty else f"{line} "
        if not empty and columns(before + word) > width:
            yield line
            before = " " * min(indent, width // 2)
        line, empty = before + cut(word, width - columns(before)), False
    yield line.rstrip()


def entry(title: str, text: str, width: int, column: int) -> Iterator[str]:
    """A title, and the text in the column behind it, wrapped within that column."""
    column = min(column, width // 2)
    return wrapped(text, width, column, f"{padded(title, column - 1)} ")


def listing(
    title: str, items: Sequence[str], width: int, column: int, *, before: str = "", after: str = "", comma: str = ", "
) -> Iterator[str]:
    """A title, and in the column behind it the items between two texts: a few lines, then how many more there are."""
    lines: list[str] = []
    for shown in range(min(len(items), MOST_LINES * width // len(f"x{comma}")), -1, -1):
        more = len(items) - shown
        parts = [*items[:shown], *([f"{CUT} {more} more"] if more else [])]
        lines = list(entry(title, f"{before}{comma.join(parts)}{after}", width, column))
        if len(lines) <= MOST_LINES:
            break
    yield from lines
