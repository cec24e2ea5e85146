"""What each rule of a register is worth: the points that it alone decides, and the laws that notice when it is gone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from functools import partial

from attrs import frozen

from ..model.claims import Claim
from ..model.register import Register
from .cells import Cell, Seen, cells_of
from .check import Progress
from .evaluator import Asked
from .laws import LAWS, Law
from .mutations import Flip, flips
from .prover import Given, Prover
from .ranges import Range, ranges
from .universe import Space, Universe

__all__ = ["Worth", "worth"]


@frozen
class Worth:
    """A rule, and what it rests on; of all `of` points those `points` at which an answer would be another without it.

    `ranges` are these points for people; `noticed_by` the laws and claims that only its absence breaks. One that no law
    notices could be dropped, or misread, without anybody seeing it.
    """

    rule: str
    basis: tuple[str, ...]
    points: int
    of: int
    ranges: tuple[Range, ...]
    noticed_by: tuple[str, ...]


def worth(register: Register, claims: Sequence[Claim] = (), progress: Progress | None = None) -> tuple[Worth, ...]:
    """What every rule of the register is worth, in the order of the file: mutation testing of the rules.

    The points are tenants that demand nothing, each in a span of days, but for rules that only a demand can tell.
    """
    every, broken = list(flips(register)), _broken(register, claims, demanded=True)
    found: list[Worth] = []
    for number, flip in enumerate(every):
        if progress is not None:
            progress(number, len(every), flip.rule)
        found.append(_worth(register, flip, claims, broken))
    return tuple(found)


def _worth(register: Register, flip: Flip, claims: Sequence[Claim], broken: Set[str]) -> Worth:
    days = {flip.register.speaks_from, register.speaks_from}
    universe = Universe(register, others=(flip.register,), days=days, demands=flip.demanded)
    differing: list[Cell] = []
    for space in universe.spaces:
        one, other = (Asked(each, space, space.day) for each in (register, flip.register))
        names = [name for name in (*one.regions, *one.sub_processors) if list(_apart(space, one, other, [name]))]
        differing += _apart(space, one, other, names)
    noticed = _broken(flip.register, claims, demanded=flip.demanded) - broken
    points = sum(cell.size for cell in differing)
    return Worth(flip.rule, flip.basis, points, universe.size, ranges(differing), tuple(sorted(noticed)))


def _broken(register: Register, claims: Sequence[Claim], *, demanded: bool) -> frozenset[str]:
    """The laws and claims that the register breaks."""
    laws = tuple(law for law in LAWS if isinstance(law, Law))
    given = Given(register, laws, tuple(claims), demands=demanded)
    prover = Prover(given)
    return frozenset(law.says for law in given.every if prover.proof(law).breaches)


def _apart(space: Space, one: Asked, other: Asked, names: Sequence[str]) -> Iterator[Cell]:
    """The tenants of the space to whom the registers give other answers about one of these."""
    cells = cells_of(Cell.whole(space), partial(_differs, one, other, names))
    return (cell for cell, differs in cells if differs)


def _differs(one: Asked, other: Asked, names: Sequence[str], cell: Cell) -> bool:
    seen = Seen(cell)
    return any(one.reason(name, seen).verdict is not other.reason(name, seen).verdict for name in names)
