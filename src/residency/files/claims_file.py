"""The claims of a register file: what the documents say of all tenants."""

from __future__ import annotations

from collections.abc import Iterator

from ..model.claims import Claim, Gate, Grant, Home, Located
from .kinds import NOT_STATED
from .question_shapes import Claim as ClaimShape
from .register_schema import RegisterFile
from .semantics import Meaning
from .structure import Path

__all__ = ["claims"]

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
