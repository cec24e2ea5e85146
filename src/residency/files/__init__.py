"""Files to values: registers, house rules, tenants, and the shipped facts. Only here is anything read, or cattrs used.

Two passes, shape then meaning, each complete, each in the order of the file: `raw` reads, `strict` and `shapes` are the
first pass, `meaning` and the module of each kind of file the second.
"""

from .facts import groupings
from .house_rules_file import house_rules_of, load_house_rules
from .reference import json_schema, reference
from .register_file import Whole, load_cases, load_claims, load_register, load_whole, register_of
from .tenant_file import load_tenants, tenants_of

__all__ = [
    "Whole",
    "groupings",
    "house_rules_of",
    "json_schema",
    "load_cases",
    "load_claims",
    "load_house_rules",
    "load_register",
    "load_tenants",
    "load_whole",
    "reference",
    "register_of",
    "tenants_of",
]
