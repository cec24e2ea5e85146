"""How long the decision table takes to make and to join; run by `pytest -s tests/benchmarks/bench_*.py`.

Ten million made-up tenants, as Parquet, joined in DuckDB: every answer for every kind of tenant among them is compared
with the resolver's, and so are all answers for ten thousand of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from benchmarks.synthetic import content
from joined import COLUMNS, run, write_table
from residency import Register, Tenant, load_register
from residency.files import register_of
from residency.model.places import countries
from residency.tables import Table, join_condition
from support import AGREED, REGISTER, RESOLVER, TODAY

duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed (the extra duckdb)")

TENANTS, FEWER, SAMPLE = 10_000_000, 1_000_000, 10_000
FACTS = ", ".join(f't."{name}"' for name in COLUMNS[2:])
ANSWER = "r.region, r.sub_processor, r.verdict, r.settled, r.code"
ON = join_condition(Table(REGISTER), day=TODAY)


class Timed:
    """Prints what took how long."""

    def __init__(self, what: str) -> None:
        self._what = what

    def __enter__(self) -> None:
        self._start = perf_counter()

    def __exit__(self, *_: object) -> None:
        print(f"{perf_counter() - self._start:8.2f} s: {self._what}")


def drawn(number: int, of: int) -> str:
    """A number below `of`, the same on every machine; one `number` for each thing that is drawn."""
    return f"CAST(hash(i + {number * TENANTS}) % {of} AS INTEGER)"


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """DuckDB, with the table of the bundled register, where the tenants stand in a file."""
    folder = tmp_path_factory.mktemp("tenants")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        write_table(Path("table.csv"))
        made = duckdb.connect()
        rows = made.read_csv(  # noqa: F841 (read by DuckDB)
            "table.csv", dtype={each.name: each.type for each in Table(REGISTER).columns}, na_values=r"\N"
        )
        made.execute("CREATE TABLE residency AS FROM rows")
        facts = "".join(f', {drawn(number, 2)} AS "{name}"' for number, name in enumerate(COLUMNS[4:]))
        where = f"$1[1 + {drawn(8, 250)}] AS country, $2[1 + {drawn(9, 5)}] AS agreed_region"
        with Timed(f"{TENANTS:,} tenants written"):
            made.execute(
                f"COPY (SELECT i AS id, {where}{facts} FROM range({TENANTS}) AS r(i)) TO 'tenants.parquet'",
                [sorted(countries()), [each or "" for each in AGREED]],
            )
        yield made


def told(tenant: Tenant) -> set[tuple[str, str, str, int, str]]:
    """What the resolver says of a tenant, as the table says it."""
    decision = RESOLVER.resolve(tenant, as_of=TODAY)
    return {
        (
            *((each.id, "") if each.kind == "hosting region" else ("", each.id)),
            *(each.verdict.value, int(each.id == decision.settled), each.reason.code),
        )
        for each in (*decision.region_answers, *decision.sub_processor_answers)
    }


def tenant(country: str, agreed: str, voip: int, consent: int, agreement: int) -> Tenant:
    """The tenant with these facts."""
    facts = [["voip"] * voip, ["subcontractor-access"] * consent, ["data-processing-agreement"] * agreement]
    return Tenant(country, agreed or None, facts[0], facts[1], agreements=facts[2])


def compare(found: list[tuple[Any, ...]], kinds: int) -> None:
    """Rows of facts and answers, against the resolver."""
    by_facts: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    for row in found:
        by_facts.setdefault(row[:-5], []).append(row[-5:])
    assert kinds == len(by_facts)
    for facts, answers in by_facts.items():
        expected = told(tenant(*facts[-5:]))
        assert (len(expected), expected) == (len(answers), set(answers))


def test_joining_ten_million_tenants(connection: Any) -> None:
    """All eleven answers for each, counted by what they say: what is found is the resolver's, for every kind."""
    with Timed("all eleven answers, counted by answer"):
        query = f"SELECT {ANSWER}, count(*) FROM 'tenants.parquet' AS t JOIN residency AS r ON {ON} GROUP BY ALL"
        counted = connection.execute(query).fetchall()
    assert 11 * TENANTS == sum(row[-1] for row in counted)
    with Timed("all eleven answers, by kind of tenant"):
        query = f"SELECT {FACTS}, {ANSWER}, count(*) FROM 'tenants.parquet' AS t JOIN residency AS r ON {ON}"
        found = connection.execute(f"{query} GROUP BY ALL").fetchall()
    assert 11 * TENANTS == sum(row[-1] for row in found)
    compare([row[:-1] for row in found], 250 * 5 * 2**3)


def test_a_sample_of_them_one_by_one(connection: Any) -> None:
    """Ten thousand tenants, with all their answers."""
    where = f"WHERE t.id % {TENANTS // SAMPLE} = 7"
    with Timed(f"all eleven answers for {SAMPLE:,} of them"):
        query = f"SELECT t.id, {FACTS}, {ANSWER} FROM 'tenants.parquet' AS t JOIN residency AS r ON {ON} {where}"
        found = connection.execute(query).fetchall()
    compare(found, SAMPLE)


def test_where_they_live_joined_or_by_a_function(connection: Any) -> None:
    """One region for each of a million tenants, or none, by a join and by a call for each row; both the same."""
    names = {"connection": connection, **run("Or call the resolver from the query", {"connection": connection})}
    some = f"(FROM 'tenants.parquet' WHERE id < {FEWER})"
    with Timed(f"the regions of {FEWER:,} tenants, joined"):
        query = f"SELECT t.id, r.region FROM {some} AS t JOIN residency AS r ON {ON}"
        joined = connection.execute(f"{query} WHERE r.settled = 1 AND r.verdict = 'PERMITTED'").fetchnumpy()
    with Timed(f"the regions of {FEWER:,} tenants, by a function"):
        called = names["connection"].execute(
            'SELECT id, region(country, agreed_region, "feature:voip", "consent:subcontractor-access") AS region'
            f" FROM {some}"
        )
        found = called.fetchnumpy()
    settled = found["region"] != ""
    one, other = (dict(zip(each["id"], each["region"], strict=True)) for each in (joined, found))
    assert int(settled.sum()) == len(one)
    assert one == {number: region for number, region in other.items() if region}


@pytest.mark.parametrize(
    "register",
    [load_register("liveagent"), register_of(content(), "synthetic")],
    ids=["bundled", "60 sub-processors, 25 features, 12 regions"],
)
def test_making_the_table(register: Register) -> None:
    """How many rows it has, and how long they take."""
    with Timed(f"the table of register {register.id!r}"):
        rows = sum(1 for _ in Table(register).rows())
    print(f"{rows:,} rows")
