"""Draws what `bench_decision.py` prints, from standard input, as bars: docs/explanation/performance.svg is made so."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams.update({"svg.hashsalt": "residency", "svg.fonttype": "none", "font.family": "sans-serif"})

from matplotlib import pyplot as plt  # noqa: E402 (it looks at what was set above)

LINE = re.compile(r"^\.*(?P<name>\S.*?) +[\d,]+ ns +(?P<ratio>[\d.,]+) x$")


def main(lines: list[str], to: Path) -> None:
    """One bar for each contender, shortest first; the second figure of a contender is beside another floor."""
    ratios: dict[str, float] = {}
    for line in lines:
        if found := LINE.match(line.rstrip()):
            ratios.setdefault(found["name"], float(found["ratio"].replace(",", "")))
    names = sorted(ratios, key=ratios.__getitem__, reverse=True)
    figure, axes = plt.subplots(figsize=(9, 0.42 * len(names) + 0.8), layout="constrained")
    colours = ["#1f6f8b" if "residency" in name else "#b0b7bf" for name in names]
    bars = axes.barh(names, [ratios[name] for name in names], color=colours)
    axes.bar_label(bars, labels=[f"{ratios[name]:,.1f} ×" for name in names], padding=3)
    axes.set_xscale("log")
    axes.set_xlim(right=3 * max(ratios.values()))
    axes.set_xlabel("time of one decision, as a multiple of one dictionary look-up (logarithmic)")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(to, metadata={"Date": None})


if __name__ == "__main__":
    main(sys.stdin.readlines(), Path(sys.argv[1]))
