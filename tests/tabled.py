"""Rows of a decision table, matched with tenants as a join does, against what the resolver says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import product
from random import Random

from residency import Decision, Register, Resolver, Tenant
from residency.tables import Row, Table

Facts = Mapping[str, str | int]


def possible(register: Register) -> dict[str, list[str | int]]:
    """What a tenant can have, by the column that says it."""
    names = {"feature": register.features, "consent": register.consents, "agreement": register.agreements}
    having: dict[str, list[str | int]] = {f"{kind}:{name}": [0, 1] for kind in names for name in names[kind]}
    return {**having, **{f"attribute:{name}": ["", *register.attribute(name).values] for name in register.attributes}}


def tenant_of(register: Register, country: str, agreed: str, facts: Facts) -> Tenant:
    """The tenant that a row of facts is about."""
    on = {kind: [n for n, v in split(facts, kind).items() if v] for kind in ("feature", "consent", "agreement")}
    default = {name for name in register.features if register.feature(name).on_by_default}
    return Tenant(
        country,
        agreed or None,
        [name for name in on["feature"] if name not in default],
        on["consent"],
        agreements=on["agreement"],
        switched_off=default - set(on["feature"]),
        attributes={name: str(value) for name, value in split(facts, "attribute").items() if value},
    )


def split(facts: Facts, kind: str) -> dict[str, str | int]:
    """The facts of one kind, by name."""
    return {column.partition(":")[2]: value for column, value in facts.items() if column.startswith(f"{kind}:")}


def days(register: Register) -> list[date]:
    """The first and the last day of every span in which no answer changes, all days there are being covered."""
    changes = [day for day in register.change_dates if day >= register.speaks_from]
    return [date.min, *(day + timedelta(days=shift) for day in changes for shift in (-1, 0)), date.max]


Matched = list[tuple[str, str, object, object, object]]


class Matcher:
    """Which rows match a tenant on a day, looked up as a join does; what the same rows say is kept."""

    def __init__(self, table: Table, every: Iterable[Row]) -> None:
        self._at = {each.name: number for number, each in enumerate(table.columns)}
        self._rows: dict[tuple[object, object], list[Row]] = {}
        self._kept: dict[object, Matched] = {}
        for row in every:
            self._rows.setdefault((row[self._at["country"]], row[self._at["agreed_region"]]), []).append(row)

    def on(self, country: str, agreed: str, day: date) -> tuple[Row, ...]:
        """The rows for all tenants there, without when and where: these columns are empty."""
        since, until = self._at["since"], self._at["until"]
        text, before = day.isoformat(), self._at["agreed_region"] + 1
        rows = (row for row in self._rows[country, agreed] if str(row[since]) <= text < str(row[until]))
        return tuple(("",) * before + row[before:] for row in rows)

    def of(self, there: tuple[Row, ...], facts: Facts) -> Matched:
        """What they say to the tenant with these facts, sorted; each match by itself."""
        key = (there, *facts.items())
        if key not in self._kept:
            asked = [(self._at[name], value) for name, value in facts.items()]
            those = (row for row in there if all(row[at] is None or row[at] == value for at, value in asked))
            says = ("region", "sub_processor", "verdict", "settled", "code")
            self._kept[key] = sorted(tuple(row[self._at[name]] for name in says) for row in those)  # type: ignore[misc]
        return self._kept[key]


class ByResolver:
    """What the resolver says, as rows that match would say it; of the same answers what is said is kept."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._kept: dict[tuple[int, int], tuple[object, Matched]] = {}

    def of(self, tenant: Tenant, day: date) -> Matched:
        """All answers, sorted."""
        decision = self._resolver.resolve(tenant, as_of=day)
        those = (decision.region_answers, decision.sub_processor_answers)
        key = (id(those[0]), id(those[1]))
        if key not in self._kept:
            self._kept[key] = those, resolved(decision)
        return self._kept[key][1]


def resolved(decision: Decision) -> Matched:
    """A decision as the rows that match would say it."""
    regions = ((each.id, "", int(each.id == decision.settled), each) for each in decision.region_answers)
    others = (("", each.id, 0, each) for each in decision.sub_processor_answers)
    return sorted((r, s, each.verdict.value, settled, each.reason.code) for r, s, settled, each in (*regions, *others))


def compare(table: Table, resolver: Resolver, where: Iterable[str], draw: Random | None, most: int = 8) -> int:
    """Every tenant of these countries on the days that matter, or of the facts `most` drawn; how many were compared."""
    register, matcher, asked = resolver.register, Matcher(table, table.rows()), ByResolver(resolver)
    named, compared = possible(register), 0
    every = [dict(zip(named, values, strict=True)) for values in product(*named.values())] if draw is None else []
    for country, agreed, day in product(where, ("", *register.regions), days(register)):
        there = matcher.on(country, agreed, day)
        drawn = ({name: draw.choice(values) for name, values in named.items()} for _ in range(most)) if draw else every
        for facts in drawn:
            tenant = tenant_of(register, country, agreed, facts)
            assert asked.of(tenant, day) == matcher.of(there, facts), (tenant, day)
            compared += 1
    return compared
