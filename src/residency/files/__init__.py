"""Files to values: registers, house rules, tenants, and the shipped facts. Only here is anything read, or cattrs used.

Two passes, shape then meaning, each complete, each in the order of the file: `parse` reads, `structure` and `schema`
are the first pass, `semantics` and the module of each kind of file the second.
"""

from .groupings_file import groupings
from .house_rules_file import house_rules_of, load_house_rules
from .register_file import Whole, load_cases, load_claims, load_register, load_whole, register_of
from .tenant_file import load_tenants, tenants_of

__all__ = [
    "Whole",
    "groupings",
    "house_rules_of",
    "load_cases",
    "load_claims",
    "load_house_rules",
    "load_register",
    "load_tenants",
    "load_whole",
    "register_of",
    "tenants_of",
]
