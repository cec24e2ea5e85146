"""Files to values: registers, house rules, tenants and shipped facts. Only this package reads files or uses cattrs.

Two passes, structure then semantics, each complete and in the order of the file: `parse` reads, `structure` and
`schema` are the first pass, `semantics` and the module of each kind of file the second.
"""

from .groupings_file import groupings
from .house_rules_file import house_rules_of, load_house_rules
from .parse import bundled_names, bundled_text
from .register_file import Contents, load_cases, load_claims, load_contents, load_register, read_register, register_of
from .tenant_file import load_tenants, tenants_of

__all__ = [
    "Contents",
    "bundled_names",
    "bundled_text",
    "groupings",
    "house_rules_of",
    "load_cases",
    "load_claims",
    "load_contents",
    "load_house_rules",
    "load_register",
    "load_tenants",
    "read_register",
    "register_of",
    "tenants_of",
]
