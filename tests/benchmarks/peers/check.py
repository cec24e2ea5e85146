"""Whether the peers answer as the library does; speed is worth comparing only between equals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from benchmarks.peers import by_hand, cedar, zen
from benchmarks.peers.by_hand import DAY
from support import RESOLVER, tenants

Peer = Callable[[str, str | None, bool, bool], tuple[str | None, tuple[str, ...]]]


def cached(country: str, agreed_region: str | None, voip: bool, consent: bool) -> tuple[str | None, tuple[str, ...]]:
    """What is remembered of the answer by hand."""
    return by_hand.cached(country, agreed_region, voip, consent, DAY)


PEERS: Mapping[str, Peer] = MappingProxyType(
    {"by_hand": by_hand.answer, "cached": cached, "cedar": cedar.answer, "zen": zen.answer}
)


def check_all() -> int:
    """How many tenants were asked, once all peers have given the library's answer to each."""
    asked = 0
    for tenant in tenants():
        decision = RESOLVER.resolve(tenant, as_of=DAY)
        expected = (decision.region, decision.permitted)
        for name, peer in PEERS.items():
            given = peer(tenant.country, tenant.agreed_region, bool(tenant.features), bool(tenant.consents))
            assert expected == given, f"{name}: expected {expected}, got {given} for {tenant}"
        asked += 1
    assert asked == 4980
    return asked
