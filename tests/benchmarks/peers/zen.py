"""The bundled register's policy on 2026-11-23 as one decision table of the GoRules ZEN engine.

The first row that holds and names a region gives it; `sub_processors[]` collects from every row that holds, in order.
The table is compiled once, by the engine's static loader: evaluated so, it is many times faster than what
`create_decision` returns.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from zen import ZenEngine

from benchmarks.peers.by_hand import EU_SINCE_2020, US

INPUTS = ("country", "agreed_region", "voip", "consent")
OUTPUTS = ("region", "sub_processors[]")


def _one_of(names: Iterable[str]) -> str:
    return ", ".join(json.dumps(name) for name in sorted(names))


EU = _one_of(EU_SINCE_2020)
ROWS = (
    ('"GB"', "null", "", "", '"UK"', '"linode"'),
    (EU, "null", "", "", '"EU"', '"linode"'),
    (_one_of(US), "null", "", "", '"US"', '"linode"'),
    ('"SG"', "null", "", "", '"SG"', '"linode"'),
    ("", '"EU", "UK", "US", "SG"', "", "", "agreed_region", '"linode"'),
    ("", "", "", "", "", '"quality-unit-llc"'),
    ("", "", "", "", "", '"quality-unit-ukraine"'),
    ("", "", "", "true", "", '"subcontractors"'),
    ("", "", "true", "", "", '"twilio"'),
    (EU, 'null, "EU"', "", "", "", '"websupport"'),
)
"""One cell for each input and output; an empty cell asks nothing, or gives nothing."""


def _columns(names: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"id": name, "name": name, "type": "expression", "field": name} for name in names]


def _content() -> dict[str, Any]:
    """The decision in the engine's JSON: input, table, output."""
    table = {
        "hitPolicy": "first",
        "inputs": _columns(INPUTS),
        "outputs": _columns(OUTPUTS),
        "rules": [
            {"_id": str(number), **dict(zip((*INPUTS, *OUTPUTS), row, strict=True))} for number, row in enumerate(ROWS)
        ],
    }
    kinds: dict[str, dict[str, Any]] = {"inputNode": {}, "decisionTableNode": table, "outputNode": {}}
    ids = list(kinds)
    return {
        "nodes": [
            {"id": kind, "name": kind, "type": kind, "position": {"x": 0, "y": 0}, "content": content}
            for kind, content in kinds.items()
        ],
        "edges": [
            {"id": source, "type": "edge", "sourceId": source, "targetId": target} for source, target in pairwise(ids)
        ],
    }


ENGINE = ZenEngine({"loader": {"type": "static", "content": {"liveagent": _content()}}})


def answer(country: str, agreed_region: str | None, voip: bool, consent: bool) -> tuple[str | None, tuple[str, ...]]:
    """The decision, evaluated once."""
    facts = {"country": country, "agreed_region": agreed_region, "voip": voip, "consent": consent}
    result = ENGINE.evaluate("liveagent", facts)["result"]
    return result.get("region"), tuple(result["sub_processors"])
