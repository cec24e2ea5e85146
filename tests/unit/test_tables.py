"""The decision table says what the resolver says: one row for each tenant, day and question, and no other."""

from __future__ import annotations

import csv
import io
import os
import re
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import date
from functools import cache
from pathlib import Path
from random import Random

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings

from joined import DAYS, GUIDE, NO_DAYS
from residency import BadInput, Register, Resolver, Tenant, load_house_rules, load_register
from residency.cli import main
from residency.files import register_of
from residency.model.places import countries
from residency.model.rows import Declared
from residency.strategies import registers
from residency.tables import NULL, OPEN_END, OPEN_START, Row, Table, join_condition, to_csv, to_sql
from support import HOUSE_RULES, REGISTER, RESOLVER, SMALL_REGISTER
from tabled import compare, possible, resolved

TESTS = Path(__file__).parents[1]
ACME = load_register(TESTS / "cases" / "base" / "register.toml")
ACME_RULES = load_house_rules(TESTS / "cases" / "base" / "house-rules.toml", ACME)


@cache
def rows() -> tuple[Row, ...]:
    """Those of the bundled register."""
    return tuple(Table(REGISTER).rows())


@pytest.mark.slow
def test_every_tenant_of_the_bundled_register_has_one_row_for_each_question_and_it_is_the_resolvers_answer() -> None:
    """Each country, agreement and fact, on the first and the last day of every span."""
    spans = 2 * (1 + len([day for day in REGISTER.change_dates if day >= REGISTER.speaks_from]))
    assert 250 * 5 * 2**3 * spans == compare(Table(REGISTER), RESOLVER, sorted(countries()), None)


@pytest.mark.parametrize("rules", [None, ACME_RULES], ids=["alone", "under house rules"])
def test_facts_of_every_kind_are_columns(rules: object) -> None:
    """A feature that is on by default, an agreement and an attribute among them; house rules are in the rows."""
    table = Table(ACME, house_rules=None if rules is None else ACME_RULES)
    kinds = {each.fact[0]: each.type for each in table.columns if each.fact is not None}
    assert {"feature": "INTEGER", "consent": "INTEGER", "agreement": "INTEGER", "attribute": "TEXT"} == kinds
    resolver = Resolver(ACME, house_rules=None if rules is None else ACME_RULES)
    assert compare(table, resolver, ("BG", "CH", "GB", "JP", "NA", "US"), Random(1)) > 0


@pytest.mark.slow
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(registers())
def test_any_register_is_answered_as_the_resolver_answers(register: Register) -> None:
    """Whatever rows it has."""
    assert compare(Table(register), Resolver(register), ("BG", "GB", "JP", "US"), Random(1), 3) > 0


def test_a_row_depends_on_no_fact_but_those_that_its_answer_depends_on() -> None:
    """Twilio asks for VoIP alone, and Amazon for nothing: so they have two rows, and one."""
    columns = [each.name for each in Table(REGISTER).columns]
    bulgaria = [dict(zip(columns, row, strict=True)) for row in rows() if row[3:5] == ("BG", "")]
    told = {name: [r["facts"] for r in bulgaria if r["sub_processor"] == name] for name in ("twilio", "aws")}
    assert {"twilio": ["", "feature:voip=0", "feature:voip=1"], "aws": ["", ""]} == told
    assert {"feature:voip": 1, "consent:subcontractor-access": None} == {
        name: next(row[name] for row in bulgaria if row["facts"] == "feature:voip=1")
        for name in ("feature:voip", "consent:subcontractor-access")
    }


def test_a_fact_that_changes_nothing_is_not_told_apart() -> None:
    """A condition on it that holds either way is not in the row, whatever order the conditions stand in."""
    either = {"any": [{"feature": "f"}, {"not": {"feature": "f"}}]}
    both = {"all": [either, {"feature": "g"}]}
    says = {"says": "s", "basis": ["1"]}
    part = {"activity": "service", "purpose": "p", "when": both, "basis": ["1"]}
    content = {
        **SMALL_REGISTER,
        "features": {"f": says, "g": says},
        "regions": [],
        "placement": {"rule": "free-choice", "basis": ["1"]},
        "sub_processors": [{"id": "s", "name": "S", "basis": ["1"], "engagements": [part]}],
    }
    register = register_of(content, "small")
    found = [row[7] for row in Table(register).rows() if row[1] != OPEN_START and row[3] == "BG"]
    assert ["feature:g=0", "feature:g=1"] == found
    assert compare(Table(register), Resolver(register), ("BG",), None) == 16


def test_the_code_is_told_exactly_where_two_rows_hold_for_one_reason_or_for_two() -> None:
    """Of two engagements that hold for the same reason one is told; where their reasons differ, any of them."""
    on, off = {"feature": "f"}, {"not": {"feature": "f"}}
    row = {"activity": "service", "purpose": "p", "basis": ["1"]}
    other = {"all": [off, {"not": {"consent": "c"}}]}
    content = {
        **SMALL_REGISTER,
        "consents": {"c": {"says": "c", "basis": ["1"]}},
        "regions": [],
        "placement": {"rule": "free-choice", "basis": ["1"]},
        "sub_processors": [
            {
                "id": "s",
                "name": "S",
                "basis": ["1"],
                "engagements": [{**row, "when": {"any": [on, off]}}, {**row, "when": {"any": [on, other]}}],
            }
        ],
    }
    register = register_of(content, "small")
    found = {(row[7], row[-1]) for row in Table(register).rows() if row[1] != OPEN_START and row[3] == "BG"}
    assert {("feature:f=1", "all"), ("feature:f=0;consent:c=0", "any"), ("feature:f=0;consent:c=1", "all")} == found
    assert compare(Table(register), Resolver(register), ("BG",), None) == 16


def test_rows_come_in_the_order_that_the_columns_say_and_cover_all_days() -> None:
    """By hosting region, sub-processor, country, agreed region and day, from the first day to the last, once each."""
    assert sorted(rows(), key=lambda row: (row[5] == "", row[5], row[6], row[3], row[4], row[1])) == list(rows())
    assert {OPEN_START, OPEN_END} <= {row[1] for row in rows()} | {row[2] for row in rows()}
    assert date.min.isoformat() == OPEN_START
    assert date.max.isoformat() < OPEN_END
    keys = Counter((row[1], *row[3:8]) for row in rows())
    assert {1} == set(keys.values())
    assert all((row[5] == "") != (row[6] == "") for row in rows())


def test_the_digest_is_another_where_an_answer_is_another() -> None:
    """For each of the registers made by leaving a rule out, and under house rules; the same for the same content."""
    seen = {Table(REGISTER).digest, Table(REGISTER, house_rules=HOUSE_RULES).digest}
    first = REGISTER.sub_processor_rows[0]
    changed = [
        evolve(REGISTER, sub_processor_rows=REGISTER.sub_processor_rows[1:]),
        evolve(REGISTER, speaks_from=date(2019, 10, 29)),
        evolve(REGISTER, customer_regions=REGISTER.customer_regions[::-1]),
        evolve(
            REGISTER,
            sub_processor_rows=(evolve(first, engagements=first.engagements[1:]), *REGISTER.sub_processor_rows[1:]),
        ),
    ]
    seen |= {Table(register).digest for register in changed}
    assert 6 == len(seen)
    assert Table(REGISTER).digest == Table(load_register("liveagent")).digest == rows()[0][0]


def test_all_of_and_any_of_are_two_contents() -> None:
    """Values of two kinds are not taken for each other, though their parts are the same."""
    says, digests = {"says": "s", "basis": ["1"]}, set()
    for kind in ("all", "any"):
        when = {kind: [{"feature": "f"}, {"consent": "c"}]}
        row = {"activity": "service", "purpose": "p", "when": when, "basis": ["1"]}
        head = {**SMALL_REGISTER, "consents": {"c": says}, "regions": []}
        party = {"id": "s", "name": "S", "basis": ["1"], "engagements": [row]}
        placed = {"placement": {"rule": "free-choice", "basis": ["1"]}}
        digests.add(Table(register_of({**head, **placed, "sub_processors": [party]}, "small")).digest)
    assert 2 == len(digests)


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_same_bytes_whatever_the_hash_seed(seed: str) -> None:
    """The digest, the order of the rows and all that is in them."""
    path = TESTS / "registers" / "freshworks.toml"
    code = (
        "import hashlib; from residency import load_register; from residency.tables import Table, to_csv\n"
        f"table = Table(load_register({str(path)!r}))\n"
        "print(table.digest, hashlib.sha256(''.join(to_csv(table)).encode()).hexdigest())"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": each},
            capture_output=True,
            encoding="utf-8",
            check=True,
        ).stdout
        for each in ("0", seed)
    }
    assert 1 == len(outputs)
    assert outputs.pop().startswith(Table(load_register(path)).digest)


def read(lines: Iterable[str]) -> list[list[str]]:
    """What the csv module reads."""
    return list(csv.reader(io.StringIO("".join(lines), newline="")))


def test_csv_is_read_back_as_it_was() -> None:
    """Namibia is `NA`, NULL is no empty text, and everything is quoted."""
    table = Table(REGISTER)
    lines = list(to_csv(table))
    head, *found = read(lines)
    assert [each.name for each in table.columns] == head
    texts = [[NULL if value is None else str(value) for value in row] for row in rows()]
    assert texts == found
    assert "NA" in {row[3] for row in found}
    assert all(line.startswith('"') and line.endswith('"\n') and '""",' not in line for line in lines)
    assert '"\\N"' in lines[1]
    assert ',"",' in lines[1]


@cache
def database() -> sqlite3.Connection:
    """The bundled table, in SQLite."""
    connection = sqlite3.connect(":memory:")
    for statement in to_sql(Table(REGISTER)):
        connection.execute(statement)
    return connection


def test_sqlite_holds_the_same_rows_and_enforces_the_key() -> None:
    """The statements are run for real; a row that is there already is refused, and so is one without its day."""
    connection = database()
    assert list(rows()) == connection.execute("SELECT * FROM residency ORDER BY rowid").fetchall()
    with pytest.raises(sqlite3.IntegrityError, match=r"UNIQUE constraint failed: residency\.register, .*facts"):
        connection.execute("INSERT INTO residency SELECT * FROM residency LIMIT 1")
    with pytest.raises(sqlite3.IntegrityError, match=r"NOT NULL constraint failed: residency\.since"):
        connection.execute("INSERT INTO residency (register) VALUES ('x')")
    key = [row[1] for row in connection.execute("PRAGMA table_info(residency)") if row[5]]
    assert [each.name for each in Table(REGISTER).columns if each.key] == key


@pytest.mark.slow
@pytest.mark.parametrize("day", ["day", date(2026, 11, 23)], ids=["a column", "a day"])
def test_sqlite_joins_tenants_by_the_condition(day: date | str) -> None:
    """No agreed region may be the empty text or NULL; a tenant of whom a fact is NULL matches nothing that needs it."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in to_sql(Table(REGISTER)):
            connection.execute(statement)
        facts = '"feature:voip", "consent:subcontractor-access", "agreement:data-processing-agreement"'
        connection.execute(f"CREATE TABLE tenants (id, day, country, agreed_region, {facts})")
        mine = [
            (1, "2026-11-23", "BG", "", 1, 0, 0),
            (2, "2026-11-23", "NA", None, 0, 0, 0),
            (3, "2026-11-23", "US", "EU", None, 0, 0),
        ]
        connection.executemany("INSERT INTO tenants VALUES (?, ?, ?, ?, ?, ?, ?)", mine)
        asked = "SELECT t.id, region, sub_processor, verdict, settled, code FROM tenants AS t JOIN residency AS r ON "
        found = connection.execute(asked + join_condition(Table(REGISTER), day=day)).fetchall()
    for number, tenant in ((1, Tenant("BG", features={"voip"})), (2, Tenant("NA"))):
        told = sorted(row[1:] for row in found if row[0] == number)
        assert resolved(RESOLVER.resolve(tenant, as_of=date(2026, 11, 23))) == told
    assert {"twilio"} == set(REGISTER.sub_processors) - {row[2] for row in found if row[0] == 3}


def test_in_sqlite_days_match_rows_and_no_other_text_does() -> None:
    """Eleven answers each, from the first day to the last; as text `2019-9-5` comes after 2019-10-28, and has none."""
    no_days = [*NO_DAYS, 20190905, 2019]
    assert dict.fromkeys(DAYS, 11) | dict.fromkeys(no_days, 0) == joined([*DAYS, *no_days])


def test_the_check_that_the_guide_shows_refuses_a_text_that_is_no_day() -> None:
    """Also the 30th of February, which SQLite takes for a day elsewhere."""
    (statement,) = re.findall(r"^CREATE TABLE tenants \(.*?\);$", GUIDE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(statement)
        for day in DAYS:
            connection.execute("INSERT INTO tenants (id, day) VALUES (?, ?)", (day, day))
        for number, no_day in enumerate((*NO_DAYS, 20190905, 2019, "2019-02-30", "2023-02-29", "2019-04-31")):
            with pytest.raises(sqlite3.IntegrityError, match="constraint failed"):
                connection.execute("INSERT INTO tenants (id, day) VALUES (?, ?)", (number, no_day))


def joined(days: Iterable[object]) -> dict[object, int]:
    """How many rows SQLite joins with a tenant in Bulgaria who is asked about on each of the days."""
    columns = [column.name for column in Table(REGISTER).columns if column.fact is not None]
    names = ", ".join(f'"{name}"' for name in ("day", "country", "agreed_region", *columns))
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in to_sql(Table(REGISTER)):
            connection.execute(statement)
        connection.execute(f"CREATE TABLE tenants ({names})")
        asked = f"SELECT count(*) FROM tenants AS t JOIN residency AS r ON {join_condition(Table(REGISTER))}"
        counts = {}
        for day in days:
            tenant = (day, "BG", "", *(0 for _ in columns))
            connection.execute("DELETE FROM tenants")
            connection.execute(f"INSERT INTO tenants VALUES ({', '.join('?' for _ in tenant)})", tenant)
            (counts[day],) = connection.execute(asked).fetchone()
    return counts


def test_the_join_condition_in_words() -> None:
    """One comparison for each column of the key that a tenant has, and one for each fact."""
    assert (
        "`d`.`country` = tenants.`country`\n"
        "  AND `d`.`agreed_region` = COALESCE(tenants.`agreed_region`, '')\n"
        "  AND `d`.`since` <= '2026-11-23'\n"
        "  AND '2026-11-23' < `d`.`until`\n"
    ) == join_condition(Table(ACME), tenants="tenants", rows="`d`", day=date(2026, 11, 23), quote="`").partition(
        "  AND (`d`"
    )[0]
    condition = join_condition(Table(ACME))
    assert '(r."attribute:plan" IS NULL OR r."attribute:plan" = COALESCE(t."attribute:plan", \'\'))' in condition
    assert '(r."feature:chat" IS NULL OR r."feature:chat" = t."feature:chat")' in condition
    assert 'r."since" <= t."day"' in condition
    assert """t."day" LIKE '____-__-__'\n  AND date(t."day") || '' = t."day"\n""" in condition
    assert len(possible(ACME)) == condition.count(" IS NULL ")


def attribute(values: Iterable[str]) -> Declared:
    """An attribute of these values."""
    return Declared("attribute", "note", "a note", ("1",), values=tuple(values))


def test_names_and_texts_are_quoted() -> None:
    """Those of the table, and the values of attributes, whatever is in them."""
    values = ["o'clock", "a;b=1", "a", '"', "50%", "50%25", "línea 2"]
    when = {"attribute": "note", "is": values[:1]}
    part = [{"activity": "service", "purpose": f"{n}", "when": {**when, "is": [v]}} for n, v in enumerate(values)]
    rows_ = [{**each, "basis": ["1"]} for each in part]
    content = {
        **SMALL_REGISTER,
        "attributes": {"note": {"says": "n", "values": values, "basis": ["1"]}},
        "regions": [],
        "placement": {"rule": "free-choice", "basis": ["1"]},
        "sub_processors": [
            {"id": f"s{n}", "name": f"S{n}", "basis": ["1"], "engagements": [r]} for n, r in enumerate(rows_)
        ],
    }
    table = Table(register_of(content, "small"))
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in to_sql(table, 'a "name"; DROP'):
            connection.execute(statement)
        found = connection.execute('SELECT * FROM "a ""name""; DROP"').fetchall()
    assert sorted(map(repr, table.rows())) == sorted(map(repr, found))
    assert {"attribute:note=a%3Bb=1", "attribute:note=50%25", "attribute:note=50%2525"} <= {row[7] for row in found}
    assert [[NULL if v is None else str(v) for v in row] for row in table.rows()] == read(to_csv(table))[1:]
    assert compare(table, Resolver(table.register), ("BG",), None) > 0


def test_columns_that_sql_cannot_tell_apart_are_refused() -> None:
    """Before any row is made."""
    twice = [Declared("feature", name, "f", ("1",)) for name in ("chat", "Chat")]
    with pytest.raises(BadInput) as caught:
        Table(evolve(REGISTER, declared=tuple(twice)))
    assert "columns 'feature:Chat' and 'feature:chat' would be one" == str(caught.value)
    assert ["note: SQL does not tell capital letters from small"] == caught.value.__notes__


def test_house_rules_for_another_register_are_refused() -> None:
    """When the table is made."""
    with pytest.raises(BadInput, match="these house rules are for register"):
        Table(ACME, house_rules=HOUSE_RULES)


def test_a_day_that_is_none_is_refused() -> None:
    """A moment is no day."""
    with pytest.raises(BadInput, match="day must be a day"):
        join_condition(Table(REGISTER), day=object())  # type: ignore[arg-type]


def test_a_register_that_tells_too_many_kinds_apart_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Instead of going on for ever."""
    monkeypatch.setattr("residency.tables.MOST_CELLS", 20)
    with pytest.raises(BadInput) as caught:
        list(Table(REGISTER).rows())
    assert "register 'liveagent' tells more than 20 kinds of tenants apart" == str(caught.value)
    assert ["note: ask a Resolver"] == caught.value.__notes__


def printed(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What the command prints; it exits with 0."""
    assert 0 == main(arguments)
    out, err = capsys.readouterr()
    assert "" == err
    return out


def test_the_command_prints_csv_or_sql(capsys: pytest.CaptureFixture[str]) -> None:
    """Under house rules, or without."""
    assert "".join(to_csv(Table(REGISTER))) == printed(["table", "liveagent"], capsys)
    table = Table(REGISTER, house_rules=HOUSE_RULES)
    arguments = ["table", "liveagent", "--house-rules", "rest-of-world", "--sql", "mine"]
    assert "\n".join([*to_sql(table, "mine"), ""]) == printed(arguments, capsys)


def test_the_command_refuses_what_is_no_register(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit status 2, as for every bad input."""
    assert 2 == main(["table", "nowhere.toml"])
    out, err = capsys.readouterr()
    assert ("", True) == (out, err.startswith("residency: 1 fault in nowhere.toml"))


@pytest.mark.slow
def test_whoever_reads_only_the_first_lines_gets_them() -> None:
    """A pipe that is closed early is no error."""
    command = [sys.executable, "-m", "residency", "table", "liveagent"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        first = process.stdout.readline()
        process.stdout.close()
        assert b"" == process.stderr.read()
    assert (0, True) == (process.returncode, first.startswith(b'"register","since"'))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Table("liveagent"), "expected a Register, got 'liveagent'"),  # type: ignore[arg-type]
        (lambda: Table(REGISTER, house_rules="ours"), "expected house rules, got 'ours'"),  # type: ignore[arg-type]
        (lambda: next(to_sql(Table(REGISTER), "")), "expected a name for the table, got ''"),
        (lambda: next(to_sql(Table(REGISTER), "a\0")), "expected a name for the table, got 'a\\x00'"),
    ],
)
def test_a_table_is_made_of_a_register_and_has_a_name(make: Callable[[], object], message: str) -> None:
    """Of nothing else."""
    with pytest.raises(BadInput) as caught:
        make()
    assert message == caught.value.message


def test_no_value_of_an_attribute_is_taken_for_null() -> None:
    """A row for it would be read as one for everybody."""
    content = {
        **SMALL_REGISTER,
        "attributes": {"plan": {"says": "plan", "values": ["NA", NULL], "basis": ["1"]}},
        "regions": [{"id": "A", "name": "A", "basis": ["1"]}],
        "placement": {"rule": "free-choice", "basis": ["1"]},
        "sub_processors": [],
    }
    with pytest.raises(BadInput) as caught:
        Table(register_of(content, "odd"))
    assert f"attribute 'plan' can be {NULL!r}, which is NULL in CSV" == caught.value.message
