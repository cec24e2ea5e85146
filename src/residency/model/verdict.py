"""Three verdicts and their algebra: Kleene's strong three-valued logic."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, unique
from typing import NoReturn

from ..errors import NoTruthValue

__all__ = ["Verdict"]


@unique
class Verdict(Enum):
    """What an answer says, ordered `PROHIBITED < UNDETERMINED < PERMITTED`.

    `UNDETERMINED` means that the sources do not say; it is neither a yes nor a no, so a verdict has no truth value.

    >>> Verdict.UNDETERMINED & Verdict.PERMITTED
    <Verdict.UNDETERMINED: 'UNDETERMINED'>
    >>> ~Verdict.PROHIBITED
    <Verdict.PERMITTED: 'PERMITTED'>
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

    def __and__(self, other: Verdict) -> Verdict:
        return min(self, other)

    def __or__(self, other: Verdict) -> Verdict:
        return max(self, other)

    def __invert__(self) -> Verdict:
        return _OPPOSITE[self._value_]

    def __lt__(self, other: Verdict) -> bool:
        if not isinstance(other, Verdict):
            return NotImplemented
        return _rank(self) < _rank(other)

    def __le__(self, other: Verdict) -> bool:
        if not isinstance(other, Verdict):
            return NotImplemented
        return _rank(self) <= _rank(other)

    def __gt__(self, other: Verdict) -> bool:
        if not isinstance(other, Verdict):
            return NotImplemented
        return _rank(self) > _rank(other)

    def __ge__(self, other: Verdict) -> bool:
        if not isinstance(other, Verdict):
            return NotImplemented
        return _rank(self) >= _rank(other)

    def __bool__(self) -> NoReturn:
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


_RANK = {verdict.value: rank for rank, verdict in enumerate(Verdict)}


def _rank(verdict: Verdict) -> int:
    return _RANK[verdict._value_]  # `value`, without the cost of a property


_OPPOSITE = {
    "PROHIBITED": Verdict.PERMITTED,
    "UNDETERMINED": Verdict.UNDETERMINED,
    "PERMITTED": Verdict.PROHIBITED,
}
