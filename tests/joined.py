"""What the guide to the decision table shows, to be run in the engines; and the tenants that it is run on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from residency import Tenant
from residency.tables import Table, to_csv
from support import REGISTER, RESOLVER, TODAY, tenants

GUIDE = Path(__file__).parents[1] / "docs" / "how-to" / "join-the-table.md"
AGREEMENT = "data-processing-agreement"

Answer = tuple[int, str, str, str, int, str]
"""The tenant's number, the region or sub-processor, the verdict, whether it is settled, and the code."""

DAYS = ("0001-01-01", "2019-09-05", "2024-02-29", "9999-12-31")
NO_DAYS = (
    *(
        "2019-9-5",
        "20190905",
        "2019-13-01",
        "2019-00-01",
        "2019-01-32",
        "2019-09-05 ",
        " 2019-09-05",
        "2019-09-05T00:00",
    ),
    *("infinity", "now", "", "10000-01-01", "2019-ab-cd", "2019-0９-05", "5.9.2019", None),
)
"""Texts that no engine may join as if they were days."""


def example(heading: str) -> str:
    """The example under a heading of the guide."""
    section = GUIDE.read_text("utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    (code,) = re.findall(r"```py\n(.*?)```", section, re.DOTALL)
    assert isinstance(code, str)
    return code


def run(heading: str, names: dict[str, Any]) -> dict[str, Any]:
    """Run the example; the names that it leaves."""
    exec(compile(example(heading), f"{GUIDE.name}: {heading}", "exec"), names)
    return names


def facts(number: int, tenant: Tenant) -> tuple[int, str, str, str, int, int, int]:
    """The tenant as a row of a database."""
    voip, consent = "voip" in tenant.features, "subcontractor-access" in tenant.consents
    return (number, TODAY.isoformat(), tenant.country, tenant.agreed_region or "", int(voip), int(consent), 0)


def everybody() -> list[tuple[int, str, str, str, int, int, int]]:
    """The 4,980 as rows."""
    return [facts(number, tenant) for number, tenant in enumerate(tenants())]


COLUMNS = (
    "id",
    "day",
    "country",
    "agreed_region",
    "feature:voip",
    "consent:subcontractor-access",
    f"agreement:{AGREEMENT}",
)


def write_table(path: Path) -> None:
    """As the command does."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(to_csv(Table(REGISTER)))


def expected() -> list[Answer]:
    """What the resolver says of each of the 4,980, sorted."""
    found: list[Answer] = []
    for number, tenant in enumerate(tenants()):
        decision = RESOLVER.resolve(tenant, as_of=TODAY)
        for each in (*decision.region_answers, *decision.sub_processor_answers):
            asked = (each.id, "") if each.kind == "hosting region" else ("", each.id)
            settled = int(each.id == decision.settled)
            found.append((number, *asked, each.verdict.value, settled, each.reason.code))
    return sorted(found)


def expected_regions() -> list[tuple[int, str]]:
    """Where each of the 4,980 lives; the empty text where no region is settled and permitted."""
    every = enumerate(tenants())
    return [(number, RESOLVER.resolve(tenant, as_of=TODAY).region or "") for number, tenant in every]
