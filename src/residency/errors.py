"""Every exception of this library, under one `ResidencyError`.

A message starts in lower case, shows the value that was given, says where and what would have been accepted;
the remedy is a note (PEP 678), so a traceback prints both. Exceptions can be pickled and copied.

Values and names from callers and files are shown within bounds: so many characters of a value, so many faults, and
control characters as escapes, so that a terminal shows them and does not act on them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, Self

from attrs import evolve, frozen
from attrs import field as attribute

__all__ = [
    "JOINERS",
    "MOST_FAULTS",
    "BadFile",
    "BadInput",
    "Fault",
    "NoTruthValue",
    "Refused",
    "ResidencyError",
    "UnknownName",
    "escaped",
    "is_hidden",
    "listed",
    "nearest",
    "quoted",
    "raise_together",
    "shortened",
    "together",
]

CHOICES_SHOWN = 5
"""How many choices a message lists before it says how many more there are."""
MOST_FAULTS = 100
"""How many faults of a file, or of what a caller passed, are reported at once."""
LONGEST_VALUE = 60
"""How many characters of a value a message shows."""
LONGEST_PATH, LONGEST_SENTENCE = 200, 600
"""How many characters a path, and a message or a remedy, has at most."""
CHOICES_COMPARED = 500
"""With how many choices an unknown name is compared, to find the nearest."""
JOINERS = "\u200c\u200d\u180e"
"""The format characters that spelling needs: Persian and Indic scripts and emoji part and join letters with the first
two, Mongolian parts vowels with the third. All others hide, reorder or annotate text."""


class ResidencyError(ValueError):
    """Base of every exception that this library raises on purpose; `message` and `remedy` are its parts."""

    def __init__(self, message: str, remedy: str | None = None) -> None:
        super().__init__(message, remedy)
        self.message: str = _lines(message)
        self.remedy: str | None = remedy if remedy is None else _lines(remedy)
        if remedy is not None:
            self.add_note(f"note: {self.remedy}")

    def __str__(self) -> str:
        return self.message


class BadInput(ResidencyError):
    """A value from the caller that is not accepted: a wrong type, an unknown country, a moment instead of a day.

    `faults` is everything that is wrong, each with the `field` that it is about: one, or several found together.
    """

    def __init__(self, message: str, remedy: str | None = None, faults: Sequence[Fault] = ()) -> None:
        super().__init__(_bounded(message), None if remedy is None else _bounded(remedy))
        self.faults: tuple[Fault, ...] = tuple(faults) or (Fault("", self.message, self.remedy),)

    def at(self, path: str) -> Self:
        """The same error, its faults at `path`: `"country"`, or `"restrictions"` for those at `"[0].within"`."""
        self.faults = tuple(evolve(fault, path=_joined(path, fault.path)) for fault in self.faults)
        return self


class UnknownName(BadInput):
    """A name that the register does not declare; never ignored, so that no misspelling goes unnoticed."""

    def __init__(self, kind: str, name: str, choices: Iterable[str], where: str = "") -> None:
        self.kind: str = kind
        self.name: str = name
        self.where: str = where
        self.choices: tuple[str, ...] = tuple(sorted(choices))
        super().__init__(f"unknown {kind} {quoted(name)}{where}", nearest(name, self.choices))
        self.args: tuple[object, ...] = (kind, name, self.choices, where)


class NoTruthValue(ResidencyError, TypeError):
    """An answer or verdict used as true or false: there are three verdicts, so ask about the one that is meant."""


class Refused(ResidencyError):
    """`Decision.require` refused: no region is settled and permitted, or the list is older than was asked for.

    The message has two lines: what is refused to whom, and the reason; `remedy` is what would help. `codes` are the
    codes of the conditions that refuse, sorted, and `decision` is the `Decision`.
    """

    def __init__(
        self, message: str, remedy: str | None = None, decision: Any = None, codes: Sequence[str] = ()
    ) -> None:
        super().__init__(message, remedy)
        self.decision: Any = decision
        self.codes: tuple[str, ...] = tuple(codes)


def _joined(path: str, rest: str) -> str:
    return f"{path}.{rest}" if rest and not rest.startswith("[") else path + rest


def _path(text: str) -> str:
    return shortened(escaped(shortened(text, LONGEST_PATH)), LONGEST_PATH)  # escapes may be long


def _sentence(text: str) -> str:
    return shortened(escaped(shortened(text, LONGEST_SENTENCE)), LONGEST_SENTENCE)


def _sentence_or_none(text: str | None) -> str | None:
    return None if text is None else _sentence(text)


@frozen
class Fault:
    """One fault of a file or of a caller's value: `message` names the value and what was expected, `path` its place.

    In a file `"$.regions[0].basis"`, of a tenant `"country"` or `"restrictions[0].within"`; `""` where it is about all.
    """

    path: str = attribute(converter=_path)
    message: str = attribute(converter=_sentence)
    remedy: str | None = attribute(default=None, converter=_sentence_or_none)

    @property
    def field(self) -> str:
        """The field of a form that it is about: `path`, from the root of the file or value."""
        return self.path.removeprefix("$").removeprefix(".")

    def __str__(self) -> str:
        where = f" at {self.path}" if self.path else ""
        note = f"\n    note: {self.remedy}" if self.remedy else ""
        return f"{self.message}{where}{note}"


class BadFile(ResidencyError):
    """A file that cannot be used: `faults` holds what is wrong with it, in the order of the file.

    Those are all of them, or, where `more` is true, the first 100.
    """

    def __init__(self, name: str, faults: Sequence[Fault], more: bool = False) -> None:
        self.name: str = name
        self.faults: tuple[Fault, ...] = tuple(faults[:MOST_FAULTS])
        self.more: bool = more or len(faults) > MOST_FAULTS
        number = len(self.faults)
        count = f"more than {number} faults" if self.more else "1 fault" if number == 1 else f"{number} faults"
        rest = ["  and more: fix these first"] if self.more else []
        lines = (f"  {fault}" for fault in self.faults)
        super().__init__("\n".join([f"{count} in {_path(str(name))}", *lines, *rest]))
        self.args: tuple[object, ...] = (name, self.faults, self.more)


def quoted(value: object) -> str:
    """The value as Python writes it: at most 60 characters of it, and then how many it has."""
    if isinstance(value, int) and value.bit_length() > 4 * LONGEST_VALUE:  # Python is slow to write it, or refuses
        return f"a number of {value.bit_length()} bits"
    text = value if isinstance(value, str) else repr(value)
    if len(text) <= LONGEST_VALUE:
        return repr(value)
    start = text[:LONGEST_VALUE]
    return f"{start!r}… ({len(text)} characters)" if isinstance(value, str) else f"{start}…"


def shortened(text: str, longest: int = LONGEST_VALUE) -> str:
    """The text; where it is longer than `longest`, its start and its end."""
    half = (longest - 1) // 2
    return text if len(text) <= longest else f"{text[:half]}…{text[-half:]}"


def escaped(text: str) -> str:
    """The text on one line, each hidden character (`is_hidden`) as its Python escape."""
    return text if text.isprintable() else "".join(repr(char)[1:-1] if is_hidden(char) else char for char in text)


def is_hidden(char: str) -> bool:
    """Whether it is a control or format character, half a surrogate pair, or a line separator; `JOINERS` are not."""
    from unicodedata import category  # imported only where something is not printable

    return category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and char not in JOINERS


def _bounded(text: str) -> str:
    """A message or remedy of several lines, none of them too long."""
    short = len(text) <= LONGEST_SENTENCE
    return text if short else "\n".join(shortened(line, LONGEST_SENTENCE) for line in text.split("\n"))


def _lines(text: str) -> str:
    """A message or remedy of several lines, each escaped."""
    return text if text.isprintable() else "\n".join(map(escaped, text.split("\n")))


def raise_together(faults: Iterable[BadInput], subject: str) -> None:
    """Raise the faults of `subject`, if any, `together`."""
    found = together(faults, subject)
    if found is not None:
        raise found


def together(faults: Iterable[BadInput], subject: str) -> BadInput | None:
    """The faults of `subject`: one as it is, several as one `BadInput` that lists the first 100; None without any."""
    found = list(islice(faults, MOST_FAULTS + 1))
    if len(found) < 2:
        return found[0] if found else None
    parts = [part for fault in found for part in fault.faults]
    more = len(parts) > MOST_FAULTS
    count = f"more than {MOST_FAULTS}" if more else len(parts)
    shown = parts[:MOST_FAULTS]
    lines = (f"  {part.message} ({part.remedy})" if part.remedy else f"  {part.message}" for part in shown)
    rest = ["  and more: fix these first"] if more else []
    return BadInput("\n".join([f"{count} faults in {subject}", *lines, *rest]), faults=shown)


def listed(choices: Sequence[str]) -> str:
    """The first five choices, quoted, and how many more there are."""
    shown = ", ".join(quoted(choice) for choice in choices[:CHOICES_SHOWN])
    more = len(choices) - CHOICES_SHOWN
    return f"{shown} ({more} more)" if more > 0 else shown


def nearest(name: str, choices: Sequence[str]) -> str:
    """The remedy for an unknown name: the nearest known one, else the choices there are."""
    match = _nearest(str(name).casefold(), choices)  # a value that is no text is near to no choice
    if match is not None:
        return f"did you mean {match!r}?"
    if not choices:
        return "none is declared"
    return f"expected one of {listed(choices)}"


def _nearest(wanted: str, choices: Sequence[str]) -> str | None:
    """The nearest choice; of many, only those about its place in the alphabet are compared."""
    from difflib import get_close_matches  # imported only when something is already wrong

    if len(wanted) > LONGEST_VALUE:
        return None
    by_folded = {choice.casefold(): choice for choice in reversed(choices) if len(choice) <= LONGEST_VALUE}
    folded: Sequence[str] = list(reversed(by_folded))
    if len(folded) > CHOICES_COMPARED:
        folded = sorted(folded)
        place = bisect_left(folded, wanted)
        folded = folded[max(0, place - CHOICES_COMPARED // 2) : place + CHOICES_COMPARED // 2]
    close = get_close_matches(wanted, folded, n=1, cutoff=0.7)
    return by_folded[close[0]] if close else None
