"""Three verdicts and their algebra: Kleene's strong three-valued logic."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum, unique

from ..errors import NoTruthValue, quoted

__all__ = ["Verdict"]


@unique
class Verdict(StrEnum):
    """What an answer says, ordered `PROHIBITED < UNDETERMINED < PERMITTED`.

    `UNDETERMINED` means that the sources do not say; it is neither a yes nor a no, so a verdict has no truth value.
    It equals its own text, so that templates and databases may compare it, and is ordered among the three texts alone:
    another raises `TypeError`.

    >>> Verdict.UNDETERMINED & Verdict.PERMITTED
    <Verdict.UNDETERMINED: 'UNDETERMINED'>
    >>> ~Verdict.PROHIBITED
    <Verdict.PERMITTED: 'PERMITTED'>
    >>> Verdict.PERMITTED == "PERMITTED", "UNDETERMINED" < Verdict.PERMITTED
    (True, True)
    """

    PROHIBITED = "PROHIBITED"
    UNDETERMINED = "UNDETERMINED"
    PERMITTED = "PERMITTED"

    @staticmethod
    def all_of(verdicts: Iterable[Verdict]) -> Verdict:
        """The minimum (and); of no verdicts, PERMITTED."""
        return _dominant(verdicts, Verdict.PROHIBITED, Verdict.PERMITTED)

    @staticmethod
    def any_of(verdicts: Iterable[Verdict]) -> Verdict:
        """The maximum (or); of no verdicts, PROHIBITED."""
        return _dominant(verdicts, Verdict.PERMITTED, Verdict.PROHIBITED)

    def __and__(self, other: str) -> Verdict:
        return self if _rank(self) <= _rank(other) else Verdict(other)

    def __or__(self, other: str) -> Verdict:
        return self if _rank(self) >= _rank(other) else Verdict(other)

    __rand__, __ror__ = __and__, __or__

    def __invert__(self) -> Verdict:
        return _OPPOSITE[self]

    def __lt__(self, other: str) -> bool:
        return _rank(self) < _rank(other)

    def __le__(self, other: str) -> bool:
        return _rank(self) <= _rank(other)

    def __gt__(self, other: str) -> bool:
        return _rank(self) > _rank(other)

    def __ge__(self, other: str) -> bool:
        return _rank(self) >= _rank(other)

    def __bool__(self) -> bool:
        raise NoTruthValue(
            f"a Verdict is one of three and has no truth value, got {self.value}",
            "compare it: verdict is Verdict.PERMITTED",
        )


def _dominant(verdicts: Iterable[Verdict], deciding: Verdict, otherwise: Verdict) -> Verdict:
    """`deciding` where it is among the verdicts, else UNDETERMINED where that is, else `otherwise`."""
    collected = verdicts if isinstance(verdicts, list) else list(verdicts)
    if deciding in collected:
        return deciding
    return Verdict.UNDETERMINED if Verdict.UNDETERMINED in collected else otherwise


_RANK: dict[object, int] = {verdict: rank for rank, verdict in enumerate(Verdict)}


def _rank(verdict: object) -> int:
    """The place of a verdict, or of its text, in the order: texts themselves would go by the alphabet."""
    rank = _RANK.get(verdict) if isinstance(verdict, str) else None
    if rank is None:
        raise TypeError(f"expected a Verdict or one of its texts, got {quoted(verdict)}")
    return rank


_OPPOSITE = {
    Verdict.PROHIBITED: Verdict.PERMITTED,
    Verdict.UNDETERMINED: Verdict.UNDETERMINED,
    Verdict.PERMITTED: Verdict.PROHIBITED,
}
