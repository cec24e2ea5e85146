"""Where a tenant's data may live, and which sub-processors may touch it, on a given day, with the reasons.

>>> from datetime import date
>>> register = load_register("liveagent")
>>> decision = Resolver(register).resolve(Tenant(country="BG", features={"voip"}), as_of=date(2026, 11, 23))
>>> decision.region, decision.hosts
('EU', ('linode', 'websupport'))
"""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from typing import Any, Literal

from ._version import __version__
from .engine.evaluate import decide
from .engine.resolver import Resolver
from .errors import BadFile, BadInput, Fault, NoTruthValue, Refused, ResidencyError, UnknownName, quoted
from .model.claims import Claim
from .model.findings import Finding, validate
from .model.house_rules import HouseRules
from .model.places import countries as country_codes
from .model.places import country_name
from .model.register import Register
from .model.resources import Resource
from .model.rows import Source
from .model.tenant import Restriction, Tenant, lost
from .model.verdict import Verdict
from .result.answer import Answer, EngagementAnswer
from .result.cases import Case
from .result.changes import Change, Changes, NextChange, changes
from .result.decision import Decision
from .result.reason import Note, Reason
from .result.receipt import Receipt

__all__ = [
    "Answer",
    "BadFile",
    "BadInput",
    "Case",
    "Change",
    "Changes",
    "Claim",
    "Decision",
    "EngagementAnswer",
    "Fault",
    "Finding",
    "HouseRules",
    "NextChange",
    "NoTruthValue",
    "Note",
    "Reason",
    "Receipt",
    "Refused",
    "Register",
    "ResidencyError",
    "Resolver",
    "Restriction",
    "Source",
    "Tenant",
    "UnknownName",
    "Verdict",
    "__version__",
    "bundled",
    "changes",
    "countries",
    "decide",
    "load_cases",
    "load_claims",
    "load_house_rules",
    "load_register",
    "load_tenants",
    "lost",
    "read_register",
    "validate",
]


def load_register(source: str | PathLike[str] | Resource, *, digest: str | None = None) -> Register:
    """The register of that bundled name (`"liveagent"`, `"example"`), or of the TOML file at that path.

    A resource of a package, `importlib.resources.files("app") / "register.toml"`, does as well as a path. A file whose
    name ends in `.json` is JSON, where days are texts (`"2019-10-28"`). Raises `BadFile` with every fault of the file:
    first all of structure, then, once that is right, all of semantics.

    With `digest`, that of the register which was reviewed (`Register.digest`, "n1:…"), a register that means anything
    else is refused with `BadInput`: a file that was changed by mistake is found when it is loaded.
    """
    from .files import load_register as load  # imports cattrs, only when a file is read

    register = load(source)
    if digest is not None and register.digest != digest:
        raise BadInput(
            f"the register {register.id!r} has the digest {register.digest!r}, not {quoted(digest)}",
            "review what it means now, and pass the digest that it has",
        )
    return register


def read_register(source: str | Mapping[str, Any]) -> Register:
    """The register of a TOML text, or of a mapping: what a parser of TOML, JSON or YAML returned.

    It is as strict as `load_register`, within the same bounds; in a mapping days may be texts (`"2019-10-28"`), as JSON
    has no days. Raises `BadFile` with every fault, where the file's name is "the text" or "the mapping".
    """
    from .files import read_register as read

    return read(source)


def load_cases(source: str | PathLike[str] | Resource) -> tuple[Case, ...]:
    """The `cases` of the register file of that bundled name or path, in its order.

    Raises `BadFile` as `load_register` does.
    """
    from .files import load_cases as load

    return load(source)


def load_claims(source: str | PathLike[str] | Resource) -> tuple[Claim, ...]:
    """The `claims` of the register file of that bundled name or path, in its order; `residency.analysis` proves them.

    Raises `BadFile` as `load_register` does.
    """
    from .files import load_claims as load

    return load(source)


def load_house_rules(source: str | PathLike[str] | Resource, register: Register) -> HouseRules:
    """The house rules of that bundled name (`"rest-of-world"`), or of the TOML file at that path, for `register`.

    Raises `BadFile` with every fault; a rule that would permit what the register prohibits, place a country that the
    register places, or resolve what a reading resolves is one, and names the clauses or readings it contradicts.
    """
    from .files import load_house_rules as load

    return load(source, register)


def load_tenants(source: str | PathLike[str] | Resource, register: Register) -> tuple[Tenant, ...]:
    """The tenants of a TOML file (or JSON, where its name ends in `.json`), in its order.

    Raises `BadFile` with every fault: first all of structure, then all names that the register does not declare.
    """
    from .files import load_tenants as load

    return load(source, register)


def bundled(kind: Literal["register", "house rules"] = "register") -> tuple[str, ...]:
    """The names of the bundled registers, which `load_register` takes, or of the bundled house rules; sorted.

    >>> bundled(), bundled("house rules")
    (('example', 'liveagent'), ('rest-of-world',))
    """
    from .files import bundled_names

    return bundled_names(kind)


def countries() -> tuple[tuple[str, str], ...]:
    """Every country that a `Tenant` accepts, for a form: its code and its English name, sorted by code.

    Those of ISO 3166-1, and Kosovo (`XK`).
    """
    return tuple((code, country_name(code)) for code in sorted(country_codes()))
