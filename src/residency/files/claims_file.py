"""The claims of a register file, what the documents say of all tenants, and its cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..model.claims import Claim, Gate, Grant, Home, Located
from ..model.verdict import Verdict
from ..result.cases import Case
from .register_schema import Case as CaseShape
from .register_schema import Claim as ClaimShape
from .register_schema import RegisterFile
from .schema import NOT_STATED
from .semantics import Meaning
from .structure import Path
from .tenant_file import TenantRows, tenant_of

__all__ = ["cases", "claims"]

_ASKED = "hosting region or sub-processor"
_FORMS = "who and only_if, who and always_if, who and places, or customers and stored_in"


def claims(file: RegisterFile, meaning: Meaning) -> tuple[Claim, ...]:
    """The claims, each fault of theirs noted."""
    meaning.declare_rows("claim", ("claims",), file.claims)
    return tuple(
        Claim(row.id, row.says, what, meaning.basis(path, row), meaning.span(path, row))
        for path, row in ((("claims", index), row) for index, row in enumerate(file.claims))
        for what in _claimed(path, row, meaning)
    )


def _claimed(path: Path, row: ClaimShape, meaning: Meaning) -> Iterator[Gate | Grant | Located | Home]:
    given = {
        key
        for key in ("who", "only_if", "always_if", "places", "customers", "stored_in")
        if getattr(row, key) is not None
    }
    if given == {"customers", "stored_in"}:
        yield _home(path, row, meaning)
    elif given == {"who", "places"}:
        assert row.who is not None
        who = meaning.name((*path, "who"), _ASKED, row.who)
        places = None if row.places == NOT_STATED else meaning.places((*path, "places"), row.places)
        yield Located(who, places, row.activity)
    elif given in ({"who", "only_if"}, {"who", "always_if"}):
        assert row.who is not None
        who = meaning.name((*path, "who"), _ASKED, row.who)
        only_if = meaning.condition((*path, "only_if"), row.only_if)
        always_if = meaning.condition((*path, "always_if"), row.always_if)
        yield from () if only_if is None else (Gate(who, only_if, row.activity),)
        yield from () if always_if is None else (Grant(who, always_if, row.activity),)
    else:
        meaning.fault(path, f"a claim has {_FORMS}, got {' and '.join(sorted(given)) or 'none of them'}")
    if row.activity is not None and (row.who is None or row.who in meaning.known["hosting region"]):
        meaning.fault(
            (*path, "activity"),
            f"no sub-processor is engaged for {row.activity!r} here",
            "an activity goes with a sub-processor as who",
        )


def _home(path: Path, row: ClaimShape, meaning: Meaning) -> Home:
    assert row.customers is not None
    assert row.stored_in is not None
    customers = meaning.customers((*path, "customers"), row.customers, last=True)
    if row.stored_in == NOT_STATED:
        return Home(customers, None)
    return Home(customers, meaning.name((*path, "stored_in"), "hosting region", row.stored_in))


def cases(file: RegisterFile, meaning: Meaning) -> Callable[[], tuple[Case, ...]]:
    """What makes the cases, once each fault of theirs was noted and there was none."""
    tenants = TenantRows(meaning, [name for name, each in file.features.items() if each.default == "on"])
    meaning.known[_ASKED] = {**meaning.known["hosting region"], **meaning.known["sub-processor"]}
    for index, row in enumerate(file.cases):
        path: Path = ("cases", index)
        tenants.check((*path, "tenant"), row.tenant)
        meaning.name((*path, "ask"), _ASKED, row.ask)
        meaning.basis(path, row)
        if row.data is not None:
            meaning.name((*path, "data"), "data category", row.data)
        for key in ("activity", "data"):
            if getattr(row, key) is not None and row.ask in meaning.known["hosting region"]:
                meaning.fault((*path, key), f"{row.ask!r} is a hosting region", f"{key} is asked of a sub-processor")
    return lambda: tuple(map(_case, file.cases))


def _case(row: CaseShape) -> Case:
    verdict = Verdict(row.answer.upper())
    return Case(row.says, tenant_of(row.tenant), row.as_of, row.ask, verdict, row.basis, row.activity, row.data)
