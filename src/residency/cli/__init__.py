"""The command line: one question, one screen. Only here is a clock read: for today, and for progress."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import ResidencyError
from .arguments import parser
from .output import BAD_INPUT, closed, complain, use_utf_8

__all__ = ["main"]

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status is 0 for yes (settled, sound), 1 for no, 2 for bad input."""
    use_utf_8()
    if closed():
        return BAD_INPUT
    try:
        options = parser().parse_args(arguments)
        status: int = options.run(options)
        return status
    except ResidencyError as error:
        complain("\n".join([f"residency: {error}", *getattr(error, "__notes__", ())]))
        return BAD_INPUT
    except KeyboardInterrupt:
        return INTERRUPTED
