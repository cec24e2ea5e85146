"""Hypothesis plugin (entry point `hypothesis`, run when Hypothesis is imported): `st.from_type(Tenant)` draws tenants.

It imports the tenant type alone; the strategies, and the register that they draw for, are loaded on the first draw.
"""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from .model.tenant import Tenant

__all__ = ["register_types"]


def register_types() -> None:
    """Register the strategy for `Tenant`: tenants that the bundled register `liveagent` can be asked about."""
    st.register_type_strategy(Tenant, lambda _: st.just("liveagent").flatmap(_tenants))


@cache
def _tenants(register: str) -> st.SearchStrategy[Tenant]:
    from .files import load_register
    from .strategies import tenants

    return tenants(load_register(register))
