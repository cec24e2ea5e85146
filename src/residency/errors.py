"""Every exception of this library, under one `ResidencyError`.

A message starts in lower case, shows the value that was given, says where and what would have been accepted;
the remedy is a note (PEP 678), so a traceback prints both. Exceptions can be pickled and copied.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .value import value

__all__ = [
    "BadFile",
    "BadInput",
    "Fault",
    "NoTruthValue",
    "Refused",
    "ResidencyError",
    "UnknownName",
    "listed",
    "nearest",
    "raise_together",
]

SHOWN = 5
"""How many choices a message lists before it says how many more there are."""


class ResidencyError(ValueError):
    """Whatever this library raises on purpose; `message` and `remedy` are its parts."""

    def __init__(self, message: str, remedy: str | None = None) -> None:
        super().__init__(message, remedy)
        self.message: str = message
        self.remedy: str | None = remedy
        if remedy is not None:
            self.add_note(f"note: {remedy}")

    def __str__(self) -> str:
        return self.message


class BadInput(ResidencyError):
    """A value that no question can be asked with: a wrong type, an unknown country, a moment for a day."""


class UnknownName(BadInput):
    """A name that the register does not know; never ignored, for a misspelling must not pass."""

    def __init__(self, kind: str, name: str, choices: Iterable[str], where: str = "") -> None:
        self.kind: str = kind
        self.name: str = name
        self.where: str = where
        self.choices: tuple[str, ...] = tuple(sorted(choices))
        super().__init__(f"unknown {kind} {name!r}{where}", nearest(name, self.choices))
        self.args: tuple[object, ...] = (kind, name, self.choices, where)


class NoTruthValue(ResidencyError, TypeError):
    """Three verdicts have no truth value: say which question is meant."""


class Refused(ResidencyError):
    """`Decision.require` found no region that is settled and permitted; the message says why."""


@value
class Fault:
    """One thing wrong in a file: `message` names the value and what was expected, `path` where it stands."""

    path: str
    message: str
    remedy: str | None = None

    def __str__(self) -> str:
        where = f" at {self.path}" if self.path else ""
        note = f"\n    note: {self.remedy}" if self.remedy else ""
        return f"{self.message}{where}{note}"


class BadFile(ResidencyError):
    """A file that cannot be used: `faults` holds everything wrong with it, in the order of the file."""

    def __init__(self, name: str, faults: Sequence[Fault]) -> None:
        self.name: str = name
        self.faults: tuple[Fault, ...] = tuple(faults)
        count = "1 fault" if len(self.faults) == 1 else f"{len(self.faults)} faults"
        super().__init__("\n".join([f"{count} in {name}", *(f"  {fault}" for fault in self.faults)]))
        self.args: tuple[object, ...] = (name, self.faults)


def raise_together(faults: Iterable[BadInput], what: str) -> None:
    """Raise what is wrong with `what`, if anything: one fault as it is, several as one error that lists them."""
    found = list(faults)
    if len(found) == 1:
        raise found[0]
    if found:
        lines = (f"{fault} ({fault.remedy})" if fault.remedy else str(fault) for fault in found)
        raise BadInput("\n".join([f"{len(found)} faults in {what}", *(f"  {line}" for line in lines)]))


def listed(choices: Sequence[str]) -> str:
    """The first five choices, quoted, and how many more there are."""
    shown = ", ".join(repr(choice) for choice in choices[:SHOWN])
    more = len(choices) - SHOWN
    return f"{shown} ({more} more)" if more > 0 else shown


def nearest(name: str, choices: Sequence[str]) -> str:
    """The remedy for an unknown name: the nearest known one, else the choices there are."""
    from difflib import get_close_matches  # only when something is already wrong

    wanted = str(name).casefold()  # what is no text is near to nothing, and is told so
    close = get_close_matches(wanted, [choice.casefold() for choice in choices], n=1, cutoff=0.7)
    if close:
        match = next(choice for choice in choices if choice.casefold() == close[0])
        return f"did you mean {match!r}?"
    if not choices:
        return "there is none to name"
    return f"expected one of {listed(choices)}"
