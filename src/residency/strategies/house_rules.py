"""Strategy for house rules over any register: they place customers whom it leaves unplaced, forbid, and resolve."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from hypothesis import strategies as st

from ..files import house_rules_of
from ..model.house_rules import HouseRules
from ..model.places import countries
from ..model.register import Register
from .conditions import Names, Row, conditions
from .values import days, pick

__all__ = ["house_rules", "house_rules_content"]

MOST = 2
"""How many rules of one kind are drawn at most."""


def house_rules(register: Register) -> st.SearchStrategy[HouseRules]:
    """House rules for that register, as `load_house_rules` would load them; `Resolver` accepts every one.

    They place customers whom it leaves without a home, forbid regions and sub-processors, with or without a condition,
    and resolve open tensions. Shrinks towards no rule at all. Raises `BadFile` when drawn for a register that has house
    rules already.
    """
    return house_rules_content(register).map(lambda content: house_rules_of(content, "made up", register))


def house_rules_content(register: Register) -> st.SearchStrategy[Row]:
    """The content of the file of house rules for that register."""
    forbidden = st.fixed_dictionaries(
        {"who": pick([*register.regions, *register.sub_processors])}, optional={"when": conditions(Names.of(register))}
    )
    open_ = {tension.id: [side for side, _ in tension.sides] for tension in register.tensions if not tension.resolution}
    resolved = st.fixed_dictionaries({}, optional={name: st.sampled_from(sides) for name, sides in open_.items()})

    @st.composite
    def content(draw: st.DrawFn) -> Row:  # nested, for Hypothesis shows arguments, and a register is long
        ids = _free_ids(register)
        return {
            "format": 1,
            "register": register.id,
            "decided_by": "us",
            "decided_on": draw(days(register)),
            "customer_regions": _rules(ids, _customer_regions(draw, register)),
            "forbid": _rules(ids, draw(st.lists(forbidden, max_size=MOST))),
            "resolve": _rules(ids, [{"tension": name, "is": side} for name, side in draw(resolved).items()]),
        }

    return content()


def _rules(ids: Iterator[str], rows: list[Row]) -> list[Row]:
    return [{"id": next(ids), "because": "b", **row} for row in rows]


def _free_ids(register: Register) -> Iterator[str]:
    """Ids that name nothing in the register."""
    taken = {*(source.id for source in register.sources), *(region.id for region in register.customer_regions)}
    return (name for number in count(1) if (name := f"house-{number}") not in taken)


def _customer_regions(draw: st.DrawFn, register: Register) -> list[Row]:
    """Customer regions for those whom nothing else places: countries, groupings that hold some, everyone else."""
    rows: list[Row] = []
    if register.placement.rule != "by-customer" or not register.regions:
        return rows
    unplaced = countries() - _placed(register)
    for _ in range(draw(st.integers(0, MOST))):
        since = draw(st.none() | days(register))
        first = max(since or register.speaks_from, register.speaks_from)
        groups = {name: grouping.on(first).possible for name, grouping in sorted(register.groups.items())}
        choices = [*sorted(unplaced), *(name for name, members in groups.items() if members & unplaced)]
        if not choices:
            break
        customers = draw(st.lists(st.sampled_from(choices), unique=True, min_size=1, max_size=3))
        unplaced -= {*customers}.union(*(_ever(register, name) for name in customers if name in groups))
        dated = {} if since is None else {"since": since}
        rows.append({"customers": customers, "home": draw(pick(register.regions)), **dated})
    everyone_else: bool = draw(st.booleans())
    if unplaced and everyone_else:
        rows.append({"customers": "everyone else", "home": draw(pick(register.regions))})
    return rows


def _placed(register: Register) -> frozenset[str]:
    """The countries that the register's own customer regions hold, or may hold, on any day."""
    if any(region.customers is None for region in register.customer_regions):
        return countries()
    names = {part for region in register.customer_regions for place in region.customers or () for part in place.parts}
    return frozenset(names).union(*(_ever(register, name) for name in names & register.groups.keys()))


def _ever(register: Register, grouping: str) -> frozenset[str]:
    """The countries that are, or may be, in that grouping on any day of which the register speaks."""
    group = register.groups[grouping]
    first_days = [register.speaks_from, *(day for day in group.change_dates if day > register.speaks_from)]
    return frozenset().union(*(group.on(day).possible for day in first_days))
