"""What Hypothesis runs when it is imported (entry point `hypothesis`): it makes `st.from_type(Tenant)` draw tenants.

It imports the tenant type alone; the strategies, and the register that they draw for, are loaded on the first draw.
"""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from .model.tenant import Tenant

__all__ = ["register_types"]


def register_types() -> None:
    """Tell Hypothesis how to draw a `Tenant`: one of which the bundled register can be asked."""
    st.register_type_strategy(Tenant, lambda _: st.just("liveagent").flatmap(_tenants))


@cache
def _tenants(register: str) -> st.SearchStrategy[Tenant]:
    from .files import load_register
    from .strategies import tenants

    return tenants(load_register(register))
