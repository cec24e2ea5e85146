"""The shape of what a register file asks of itself: cases about one tenant each, claims about all of them."""

from datetime import date
from typing import Literal

from .kinds import ClaimedPlaces, Customers
from .schema import BASIS, Activity, Dated, Names, TenantShape, When, key, shape

__all__ = ["Case", "Claim"]


@shape
class Case:
    """A question with the answer that the documents give, and the clause that says so; `residency check` asks it."""

    says: str = key("the case in words", '"a free workspace is stored in the US"')
    tenant: TenantShape = key("who asks", '{ country = "DE", attributes = { plan = "free" } }')
    as_of: date = key("the day asked about", "2023-04-07")
    ask: str = key("a hosting region: may the data be stored there? Or a sub-processor: may it touch the data?", '"US"')
    activity: Activity | None = key("for a sub-processor: for this activity", '"support"', default=None)
    data: str | None = key("for a sub-processor: this data category", '"tickets"', default=None)
    answer: Literal["permitted", "prohibited", "undetermined"] = key("the answer", '"permitted"')
    basis: Names = key("the clauses and readings that say so: the answer must rest on each of them", '["2"]')


@shape
class Claim(Dated):
    """What the documents say of all tenants: of somebody (`who`), or of where customers' data is (`customers`).

    With `who` stands one of `only_if`, `always_if` and `places`; with `customers` stands `stored_in`. A claim is about
    all days, also those before the register speaks, where `since` and `until` do not say which.

    Written from the documents and not from the register's rows, so that `residency check` can prove the rows by it.
    """

    id: str = key("its id", '"care-by-consent"')
    says: str = key("the claim in words", '"support looks at the data only with consent"')
    who: str | None = key("a sub-processor or hosting region", '"aws"', default=None)
    only_if: When | None = key(
        "the condition without which it is never permitted", '{ consent = "access" }', default=None
    )
    always_if: When | None = key(
        "the condition where it is permitted to every tenant that demands nothing", '{ region_in = "EU" }', default=None
    )
    places: ClaimedPlaces | None = key(
        'where it is, or everything that it is engaged for: all of these places, in just these words, or "not stated"',
        '["IE"]',
        default=None,
    )
    activity: Activity | None = key("with who: for this activity", '"support"', default=None)
    customers: Customers | None = key(
        "countries and groupings whose customers the claim is about, or everyone whom no claim before it names;"
        " the first that holds a country counts",
        '["EU", "NO"]',
        default=None,
    )
    stored_in: str | None = key(
        "the hosting region where they are placed, unless one is agreed, and may be stored, where they demand nothing;"
        ' or "not stated"',
        '"EU"',
        default=None,
    )
    basis: Names = key(BASIS, '["56"]')
