"""Spark: the guide's query over Parquet files says what the resolver says, for all 4,980 tenants."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from joined import COLUMNS, DAYS, NO_DAYS, everybody, example, expected, expected_regions, run, write_table
from residency.tables import Table, join_condition
from support import REGISTER

pyspark = pytest.importorskip("pyspark", reason="PySpark is not installed (the extra spark)")
pytestmark = [
    pytest.mark.engines,
    pytest.mark.skipif(
        shutil.which("java") is None and "JAVA_HOME" not in os.environ, reason="Spark needs Java, and there is none"
    ),
]
TEXTS = ("day", "country", "agreed_region")


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What the guide's example leaves, run in a folder with the table and the tenants."""
    from pyspark.sql import SparkSession

    folder = tmp_path_factory.mktemp("spark")
    types = ", ".join(f"`{name}` {'STRING' if name in TEXTS else 'INT'}" for name in COLUMNS)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        write_table(folder / "table.csv")
        builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        spark = builder.config("spark.sql.shuffle.partitions", "2").getOrCreate()
        spark.sparkContext.setLogLevel("OFF")
        spark.createDataFrame(everybody(), types).coalesce(1).write.parquet("tenants.parquet")
        yield run("Spark", {})
        spark.stop()


def test_the_guides_query_says_what_the_resolver_says(names: dict[str, Any]) -> None:
    """One row for each tenant and question."""
    assert expected() == sorted(map(tuple, names["answers"].collect()))


def test_the_function_that_the_guide_shows_says_the_same(names: dict[str, Any]) -> None:
    """From a module, which the workers import: each makes a resolver of its own."""
    function = example("Or call the resolver from the query").partition("\n\nconnection.")[0]
    Path("asking.py").write_text(function, "utf-8")
    names["spark"].sparkContext.addPyFile("asking.py")
    exec("from asking import region; spark.udf.register('region', region)", names)
    asked = "SELECT id, region(country, agreed_region, `feature:voip`, `consent:subcontractor-access`) FROM tenants"
    assert expected_regions() == sorted(map(tuple, names["spark"].sql(asked).collect()))


@pytest.mark.parametrize("ansi", ["true", "false"])
def test_a_text_that_is_no_day_matches_no_row_or_is_an_error(names: dict[str, Any], ansi: str) -> None:
    """An error where it looks like a day and casts are strict; real days have eleven answers each."""
    spark, table = names["spark"], Table(REGISTER)
    kept = spark.conf.get("spark.sql.ansi.enabled")
    spark.conf.set("spark.sql.ansi.enabled", ansi)

    def joined(*days: str | None) -> list[int]:
        spark.createDataFrame([(day,) for day in days], "asked STRING").createOrReplaceTempView("days")
        tenant = "SELECT asked AS day, country, agreed_region, * EXCEPT (asked, day, country, agreed_region)"
        tenant += " FROM tenants CROSS JOIN days WHERE id = 0"
        asked = f"SELECT day, count(*) AS n FROM ({tenant}) AS t JOIN residency AS r"
        found = spark.sql(f"{asked} ON {join_condition(table, quote='`')} GROUP BY day").collect()
        counts = {row["day"]: row["n"] for row in found}
        return [counts.get(day, 0) for day in days]

    lookalikes = [day for day in (*NO_DAYS, "2019-02-30", "2023-02-29") if day and re.fullmatch(".{4}-..-..", day)]
    try:
        assert {11} == set(joined(*DAYS))
        assert {0} == set(joined(*(day for day in NO_DAYS if day not in lookalikes)))
        for day in lookalikes:
            if ansi == "true":
                with pytest.raises(Exception, match="CAST_INVALID_INPUT"):
                    joined(day)
            else:
                assert [0] == joined(day)
    finally:
        spark.conf.set("spark.sql.ansi.enabled", kept)


def test_a_day_that_is_no_text_fails(names: dict[str, Any]) -> None:
    """With a message; written as text it is taken."""
    spark, query = names["spark"], "SELECT count(*) FROM residency WHERE since <= {0} AND {0} < until"
    with pytest.raises(Exception, match='The value \'infinity\' of the type "STRING" cannot be cast to "DATE"'):
        spark.sql(query.format("DATE '2026-11-23'")).collect()
    last = spark.sql(query.format("CAST(DATE '9999-12-31' AS STRING)")).collect()
    assert last == spark.sql("SELECT count(*) FROM residency WHERE until = 'infinity'").collect()


def test_what_the_guide_says_of_reading_the_file_is_so(names: dict[str, Any]) -> None:
    """Left to itself Spark keeps Namibia and loses the empty text."""
    read = names["spark"].read.csv("table.csv", header=True)
    assert (120, 0) == (read.where("country = 'NA'").count(), read.where("agreed_region = ''").count())
