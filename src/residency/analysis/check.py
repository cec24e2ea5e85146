"""Checking a register: every law and claim, for all tenants."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ..model.claims import Claim
from ..model.house_rules import HouseRules
from ..model.register import Register
from .laws import LAWS, Law, Pair
from .proof import Proof, joined
from .prover import MOST_CELLS, Given, Prover

__all__ = ["Progress", "check"]

Progress = Callable[[int, int, str], None]


def check(
    register: Register,
    laws: Iterable[Law | Pair] = LAWS,
    *,
    claims: Sequence[Claim] = (),
    house_rules: HouseRules | None = None,
    most_cells: int = MOST_CELLS,
    workers: int = 1,
    progress: Progress | None = None,
) -> tuple[Proof, ...]:
    """Each law, then each claim, for all tenants of the register's `Universe`: proved, broken, or not covered.

    With `house_rules` the laws are asked of the register under them; claims are about the register alone. Where more
    than `most_cells` kinds of tenants have to be looked at, for one law or in one span for all laws together, proofs
    say how many points were covered. With several `workers` the questions are shared among that many processes: then a
    law must be a function of a module. `progress` is called with the number of laws done, of all, and the next one.

    >>> from residency import load_claims, load_register
    >>> proofs = check(load_register("liveagent"), claims=load_claims("liveagent"))
    >>> {proof.outcome for proof in proofs} - {"about nothing"}
    {'proved'}
    """
    given = Given(register, tuple(laws), tuple(claims), house_rules, most_cells)
    if workers == 1:
        return _share(given, 0, 1, progress)
    from concurrent.futures import ProcessPoolExecutor  # only where the work is worth several processes
    from multiprocessing import get_context

    with ProcessPoolExecutor(workers - 1, get_context("spawn")) as pool:
        others = [pool.submit(_share, given, worker, workers) for worker in range(1, workers)]
        own = _share(given, 0, workers, progress)
        return tuple(map(joined, zip(own, *(other.result() for other in others), strict=True)))


def _share(given: Given, worker: int, workers: int, progress: Progress | None = None) -> tuple[Proof, ...]:
    """One worker's share of every law."""
    prover, proofs = Prover(given, worker, workers), []
    for number, law in enumerate(given.every):
        if progress is not None:
            progress(number, len(given.every), law.says)
        proofs.append(prover.proof(law))
    return tuple(proofs)
