"""Contenders measured side by side: one after the other in each round, so that a slow moment is everybody's."""

from __future__ import annotations

import gc
import statistics
from collections.abc import Callable, Mapping
from math import log
from time import perf_counter

__all__ = ["medians", "slope", "told"]

ROUNDS = 41


def medians(contenders: Mapping[str, Callable[[], object]], calls: int, rounds: int = ROUNDS) -> dict[str, float]:
    """For each contender the median, over all rounds, of the seconds that one of its `calls` takes.

    The garbage collector waits, as it does in `timeit`: when it comes by is not the contender's doing.
    """
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, run in contenders.items():
            gc.collect()
            gc.disable()
            start = perf_counter()
            run()
            taken[name].append((perf_counter() - start) / calls)
            gc.enable()
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


def told(found: Mapping[str, float], floor: str) -> None:
    """Print what each takes, also as a multiple of the floor."""
    for name, seconds in found.items():
        print(f"{name:<60} {seconds * 1e9:12,.0f} ns {seconds / found[floor]:10.2f} x")


def slope(sizes: Mapping[int, float]) -> float:
    """How steeply it grows: the exponent of the size that fits best, by least squares over the logarithms."""
    return statistics.linear_regression([log(size) for size in sizes], [log(each) for each in sizes.values()]).slope
