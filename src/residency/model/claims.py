"""Claims: what the documents say of all tenants, written from them and not from the register's rows, to be proved."""

from __future__ import annotations

from attrs import frozen

from .conditions import Condition
from .places import Place
from .timeline import ALWAYS, Span

__all__ = ["Claim", "Gate", "Grant", "Home", "Located"]


@frozen
class Gate:
    """`who`, a sub-processor or hosting region, is never PERMITTED unless the condition `only_if` holds.

    With an `activity`, a sub-processor is never PERMITTED for that activity.
    """

    who: str
    only_if: Condition
    activity: str | None = None


@frozen
class Grant:
    """`who`, a sub-processor or hosting region, is PERMITTED to all who demand nothing, wherever `always_if` holds.

    With an `activity`, a sub-processor is PERMITTED for that activity.
    """

    who: str
    always_if: Condition
    activity: str | None = None


@frozen
class Located:
    """`who`, a sub-processor or hosting region, is at exactly these `places`; `None`: its place is not stated.

    Of a sub-processor this holds for every engagement listed that day; with an `activity`, for those of that activity.
    """

    who: str
    places: tuple[Place, ...] | None
    activity: str | None = None


@frozen
class Home:
    """`customers` without an agreement on a region are placed in the hosting region `stored_in`; `None`: not stated.

    If they demand nothing, their data may be stored there. The first of a register's claims that holds the country
    counts; `customers` is `None` for everyone else.
    """

    customers: tuple[Place, ...] | None
    stored_in: str | None


@frozen
class Claim:
    """A sentence of the documents about all tenants, on the days of `span`, and the clauses that say so."""

    id: str
    says: str
    what: Gate | Grant | Located | Home
    basis: tuple[str, ...]
    span: Span = ALWAYS
