"""Hypothesis strategies for those who property-test their own rules (extra `testing`). Nothing else imports this.

>>> from hypothesis import given
>>> from residency import Tenant, load_register
>>> register = load_register("liveagent")
>>> @given(tenants(register))
... def test_every_tenant_names_only_what_the_register_knows(tenant: Tenant) -> None:
...     assert tenant.features <= set(register.features)
>>> test_every_tenant_names_only_what_the_register_knows()
"""

from .account_life import AccountLife
from .house_rules import house_rules
from .near_misses import NearMiss, near_misses
from .registers import registers
from .values import countries, days, restrictions, tenants

__all__ = [
    "AccountLife",
    "NearMiss",
    "countries",
    "days",
    "house_rules",
    "near_misses",
    "registers",
    "restrictions",
    "tenants",
]
