"""Files to values: registers, house rules, tenants, and the shipped facts. Only here is anything read, or cattrs used.

Two passes, shape then meaning, each complete, each in the order of the file: `raw` reads, `strict` and `shapes` are the
first pass, `meaning` and the module of each kind of file the second.
"""

from .facts import groupings
from .house_rules_file import house_rules_of, load_house_rules
from .register_file import load_register, register_of
from .tenant_file import load_tenants, tenants_of

__all__ = [
    "groupings",
    "house_rules_of",
    "load_house_rules",
    "load_register",
    "load_tenants",
    "register_of",
    "tenants_of",
]
