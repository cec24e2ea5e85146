"""What each part of a register's answers depends on: the facts that its conditions name, and no others."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from attrs import frozen

from ..model.conditions import Condition, Has, In, Is, single
from ..model.register import ACTIVITIES, UNSTATED_ACTIVITY, Engagement, HostingRegion, Register, SubProcessor
from ..model.tenant import Tenant

__all__ = ["Fact", "Needs", "facts_of", "needs_of_placement", "needs_of_row", "needs_of_rows", "needs_of_storage"]

Fact = tuple[str, ...]
"""A feature that is on, a consent or an agreement, by kind and name; an attribute by kind, name and value."""


@frozen(cache_hash=True)
class Needs:
    """The `facts` that conditions name; and whether it matters where the tenant is, or is `placed`."""

    facts: frozenset[Fact]
    placed: bool


def facts_of(register: Register, tenant: Tenant) -> frozenset[Fact]:
    """The facts of a tenant; its country, agreed region and demands apart."""
    on = register.features_on(tenant.features, tenant.switched_off)
    return frozenset(
        chain(
            (("feature", name) for name in on),
            (("consent", name) for name in tenant.consents),
            (("agreement", name) for name in tenant.agreements),
            (("attribute", name, value) for name, value in tenant.attributes),
        )
    )


def needs_of_placement(register: Register) -> Needs:
    """What it depends on where a tenant is placed, beside its country and agreed region."""
    return _needs(register, [register.placement.agreed_when], placed=True)


def needs_of_row(register: Register, who: SubProcessor, row: Engagement) -> Needs:
    """What one engagement of a sub-processor depends on."""
    rules = (rule.when for rule in register.prohibitions if rule.who in (who.id, row.region))
    return _needs(register, [row.when, *rules], placed=row.region is not None)


def needs_of_rows(register: Register, who: SubProcessor) -> Needs:
    """What the answer on a sub-processor depends on."""
    rows = [needs_of_row(register, who, row) for row in who.engagements]
    return Needs(frozenset().union(*(row.facts for row in rows)), any(row.placed for row in rows))


def needs_of_storage(register: Register, region: HostingRegion, *, demanding: bool) -> Needs:
    """What the answer on a hosting region depends on.

    Where the tenant is `demanding`, all that is done there counts, since it may answer a demand or break one; and all
    that those do who store there: who breaks a demand anywhere must not store there either.
    """
    activities = (*ACTIVITIES, UNSTATED_ACTIVITY) if demanding else ("hosting", "backup")
    work = [pair for activity in activities for pair in register.work(activity, region.id)]
    parties = {who.id: who for who, row in work if who is not None and row.activity in ("hosting", "backup")}
    rows = [row for _, row in work]
    rows += [row for row in register.own_infrastructure if row.region in (None, region.id)]
    rows += [row for who in parties.values() for row in who.engagements] if demanding else []
    exceptions = (each.when for each in register.exceptions if each.regions is None or region.id in each.regions)
    rules = (rule.when for rule in register.prohibitions if rule.who == region.id or rule.who in parties)
    return _needs(register, [*(row.when for row in rows), *exceptions, *rules], placed=True)


def _needs(register: Register, conditions: Iterable[Condition | None], *, placed: bool) -> Needs:
    facts: set[Fact] = set()
    for each in chain.from_iterable(single(condition) for condition in conditions if condition is not None):
        match each:
            case Has(kind, name):
                facts.add((kind, name))
            case Is("attribute", name, _):
                facts.update(("attribute", name, value) for value in register.attribute(name).values)
            case In():
                placed = True
            case _:  # a tension is resolved in the register itself, and what is not stated is so for everybody
                pass
    return Needs(frozenset(facts), placed)
