"""Claims and cases of a register file, second pass: what its documents say of all tenants, and of one tenant each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..model.claims import Claim, Gate, Grant, Home, Located
from ..model.verdict import Verdict
from ..result.cases import Case
from .register_schema import Case as CaseShape
from .register_schema import Claim as ClaimShape
from .register_schema import RegisterFile
from .schema import NOT_STATED
from .semantics import Semantics
from .structure import Path
from .tenant_file import TenantRows, tenant_of

__all__ = ["cases", "claims"]

_SUBJECT = "hosting region or sub-processor"
_FORMS = "who and only_if, who and always_if, who and places, or customers and stored_in"


def claims(file: RegisterFile, semantics: Semantics) -> tuple[Claim, ...]:
    """The claims of the file; their faults are noted."""
    semantics.declare_rows("claim", ("claims",), file.claims)
    return tuple(
        Claim(row.id, row.says, statement, semantics.basis(path, row), semantics.span(path, row))
        for path, row in ((("claims", index), row) for index, row in enumerate(file.claims))
        for statement in _claimed(path, row, semantics)
    )


def _claimed(path: Path, row: ClaimShape, semantics: Semantics) -> Iterator[Gate | Grant | Located | Home]:
    keys = {
        key
        for key in ("who", "only_if", "always_if", "places", "customers", "stored_in")
        if getattr(row, key) is not None
    }
    if keys == {"customers", "stored_in"}:
        yield _home(path, row, semantics)
    elif keys == {"who", "places"}:
        assert row.who is not None
        subject = semantics.name((*path, "who"), _SUBJECT, row.who)
        places = None if row.places == NOT_STATED else semantics.places((*path, "places"), row.places)
        yield Located(subject, places, row.activity)
    elif keys in ({"who", "only_if"}, {"who", "always_if"}):
        assert row.who is not None
        subject = semantics.name((*path, "who"), _SUBJECT, row.who)
        only_if = semantics.condition((*path, "only_if"), row.only_if)
        always_if = semantics.condition((*path, "always_if"), row.always_if)
        yield from () if only_if is None else (Gate(subject, only_if, row.activity),)
        yield from () if always_if is None else (Grant(subject, always_if, row.activity),)
    else:
        semantics.fault(path, f"a claim has {_FORMS}, got {' and '.join(sorted(keys)) or 'none of them'}")
    if row.activity is not None and (row.who is None or row.who in semantics.known["hosting region"]):
        semantics.fault(
            (*path, "activity"),
            f"no sub-processor is engaged for {row.activity!r} here",
            "an activity goes with a sub-processor as who",
        )


def _home(path: Path, row: ClaimShape, semantics: Semantics) -> Home:
    assert row.customers is not None
    assert row.stored_in is not None
    customers = semantics.customers((*path, "customers"), row.customers, last=True)
    if row.stored_in == NOT_STATED:
        return Home(customers, None)
    return Home(customers, semantics.name((*path, "stored_in"), "hosting region", row.stored_in))


def cases(file: RegisterFile, semantics: Semantics) -> Callable[[], tuple[Case, ...]]:
    """A function that makes the cases, to be called once no fault was found; their faults are noted at once."""
    tenants = TenantRows(semantics, [name for name, feature in file.features.items() if feature.default == "on"])
    semantics.known[_SUBJECT] = {**semantics.known["hosting region"], **semantics.known["sub-processor"]}
    for index, row in enumerate(file.cases):
        path: Path = ("cases", index)
        tenants.check((*path, "tenant"), row.tenant)
        semantics.name((*path, "ask"), _SUBJECT, row.ask)
        semantics.basis(path, row)
        if row.data is not None:
            semantics.name((*path, "data"), "data category", row.data)
        for key in ("activity", "data"):
            if getattr(row, key) is not None and row.ask in semantics.known["hosting region"]:
                semantics.fault((*path, key), f"{row.ask!r} is a hosting region", f"{key} is asked of a sub-processor")
    return lambda: tuple(map(_case, file.cases))


def _case(row: CaseShape) -> Case:
    verdict = Verdict(row.answer.upper())
    return Case(row.says, tenant_of(row.tenant), row.as_of, row.ask, verdict, row.basis, row.activity, row.data)
