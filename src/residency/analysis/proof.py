"""What became of a law: proved for every tenant there is, broken by one, or not covered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from attrs import frozen

from .counterexample import Counterexample

__all__ = ["Proof", "joined"]


@frozen
class Proof:
    """What became of one law: of `of` points (tenants in a span of days) `covered` were looked at.

    `breaches` are the answers that break it, of all points; `cells` the kinds of tenants that were looked at, each of
    which stands for many points. A law that is about nothing in this register has no points.
    """

    says: str
    of: int
    covered: int
    breaches: int
    cells: int
    basis: tuple[str, ...] = ()
    counterexample: Counterexample | None = None
    concerned: bool = True

    @property
    def outcome(self) -> Literal["proved", "broken", "not covered", "about nothing", "about nobody"]:
        """What became of it; a law that is broken is, however many points were not looked at.

        A law may be about nothing that the register has; a claim that is about nobody does not say what it seems to.
        """
        if self.breaches:
            return "broken"
        if self.covered < self.of:
            return "not covered"
        if not self.concerned:
            return "about nobody"
        return "proved" if self.of else "about nothing"


def joined(parts: Iterable[Proof]) -> Proof:
    """One proof of the parts of a law; a part without points is about none of it."""
    every = list(parts)
    found = [each.counterexample for each in every if each.counterexample is not None]
    return Proof(
        says=every[0].says,
        of=max(each.of for each in every),
        covered=min((each.covered for each in every if each.of), default=0),
        breaches=sum(each.breaches for each in every),
        cells=sum(each.cells for each in every),
        basis=every[0].basis,
        counterexample=min(found, key=lambda each: each.size, default=None),
        concerned=any(each.concerned for each in every),
    )
