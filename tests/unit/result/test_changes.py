"""Changes: what differs between two decisions, as a comparison written apart finds it, and the next day it does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice, pairwise
from typing import Any

import pytest
from attrs import evolve

from digested import put
from residency import (
    BadInput,
    Change,
    Changes,
    Decision,
    NextChange,
    Receipt,
    Register,
    Resolver,
    Restriction,
    Tenant,
    Verdict,
    changes,
    load_register,
)
from residency.model.places import Place
from residency.result.changes import KINDS
from snapshot.snapshot import SMALL, asked, resolvers
from support import REGISTER, RESOLVER, TODAY, with_a_planned_member

Item = tuple[str, str | None, Any, Any]
OF_ROWS = ("engagement", "told otherwise")
BEFORE = RESOLVER.resolve(Tenant("BG"), as_of=TODAY)
AFTER = RESOLVER.resolve(Tenant("BG", features={"voip"}), as_of=TODAY)


def items(found: Changes) -> list[Item]:
    """The changes without their reasons."""
    return [(each.kind, each.id, each.before, each.after) for each in found]


# --- A comparison written apart ---


def picture(side: Decision) -> dict[tuple[str, str | None], Any]:
    """Everything but rows and names that counts, by kind and id; what is not there is None."""
    found: dict[tuple[str, str | None], Any] = {("region", None): side.region, ("settled", None): side.settled}
    found |= {("region verdict", each.id): each.verdict for each in side.region_answers}
    found |= {("verdict", name): verdict for name, verdict in side.verdicts.items()}
    found |= {("hosts", name): True for name in side.hosts}
    found |= {("to_disclose", name): True for name in side.to_disclose}
    return found | {("announced", name): str(day or "") for name, day in side.announced.items()}


def expected(before: Decision, after: Decision) -> list[Item]:
    """The changes of verdicts and lists, sorted as they are listed."""
    mine, yours = picture(before), picture(after)
    found = []
    for kind, name in mine.keys() | yours.keys():
        absent = False if kind in ("hosts", "to_disclose") else None
        was, is_ = mine.get((kind, name), absent), yours.get((kind, name), absent)
        if was != is_:
            found.append((kind, name, was, is_))
    return sorted(found, key=lambda item: (KINDS.index(item[0]), item[1] or ""))


def rows(side: Decision, name: str) -> Counter[tuple[Any, ...]]:
    """The engagements of a sub-processor, as often as they are listed."""
    return Counter(
        (each.activity, each.region, each.purpose, each.places, each.data, *(reason.verdict for reason in each.reasons))
        for each in side.answers(name)
    )


def expected_of_rows(before: Decision, after: Decision) -> Counter[tuple[str, str]]:
    """How many changes of rows and names there are, by kind and id.

    Of the rows that are on one side only, those of one activity, region and purpose make a pair, then those of one
    activity and region; a pair that differs in its purpose alone is told otherwise.
    """
    found: Counter[tuple[str, str]] = Counter()
    for name in before.verdicts.keys() & after.verdicts.keys():
        gone, new = rows(before, name) - rows(after, name), rows(after, name) - rows(before, name)
        for scope in {row[:2] for row in (*gone, *new)}:
            left, right = (
                sorted((row for row in side.elements() if row[:2] == scope), key=repr) for side in (gone, new)
            )
            purposes = Counter(row[2] for row in left) & Counter(row[2] for row in right)
            in_purpose = sum(purposes.values())
            found["engagement", name] += in_purpose
            for side in (left, right):
                for purpose in purposes.elements():
                    side.remove(next(row for row in side if row[2] == purpose))
            paired = list(zip(left, right, strict=False))
            only_told = sum(one[3:] == other[3:] for one, other in paired)
            found["told otherwise", name] += only_told
            found["engagement", name] += max(len(left), len(right)) - only_told
    for name, answer in names(before).items():
        if names(after).get(name, answer) != answer:
            found["told otherwise", name] += 1
    return +found


def names(side: Decision) -> dict[str, str]:
    """What regions and sub-processors are called."""
    return {each.id: each.name for each in (*side.region_answers, *side.sub_processor_answers)}


def compare(before: Decision, after: Decision) -> Changes:
    """The changes, in every way in which they may be asked for."""
    found = changes(before, after)
    of_rows = [item for item in items(found) if item[0] in OF_ROWS]
    assert [item for item in items(found) if item[0] not in OF_ROWS] == expected(before, after)
    assert Counter((kind, name) for kind, name, _, _ in of_rows) == expected_of_rows(before, after)
    assert sorted(found, key=lambda each: KINDS.index(each.kind)) == list(found)
    assert (found.days, bool(found)) == ((before.as_of, after.as_of), len(found) > 0)
    assert found.registers == (before.register_digest, after.register_digest)
    mine, yours = before.tenant.to_dict(), after.tenant.to_dict()
    assert found.facts == tuple(sorted(key for key in mine if mine[key] != yours[key]))
    check_reasons(found, before, after)
    check_swapped(found, changes(after, before))
    check_receipts(found, before, after)
    return found


def check_reasons(found: Changes, before: Decision, after: Decision) -> None:
    """A verdict has the codes of its side, which are those of its receipt."""
    for side, receipt in ((0, before.receipt()), (1, after.receipt())):
        for each in found:
            whys = {"verdict": receipt.sub_processors, "region verdict": receipt.regions}.get(each.kind)
            if whys is not None:
                why = whys.get(each.id or "")
                assert (each.why_before, each.why_after)[side] == (() if why is None else why.codes)


def check_swapped(found: Changes, swapped: Changes) -> None:
    """The other way round it is the same with sides exchanged, in the same order."""
    assert items(swapped) == [(kind, name, after, before) for kind, name, before, after in items(found)]
    assert (swapped.facts, swapped.days, swapped.registers) == (found.facts, found.days[::-1], found.registers[::-1])
    for one, other in zip(found, swapped, strict=True):
        assert (one.why_before, one.why_after) == (other.why_after, other.why_before)


def check_receipts(found: Changes, before: Decision, after: Decision) -> None:
    """Between receipts, and a receipt and a decision, verdicts and lists are the same; of rows there is a hash."""
    one, other = before.receipt(), after.receipt()
    by_receipts = changes(one, other)
    assert by_receipts == changes(before, other) == changes(one, after)
    in_both = [each for each in found if each.kind not in OF_ROWS]
    assert [each for each in by_receipts if each.kind not in OF_ROWS] == in_both
    assert bool(by_receipts) is bool(found)
    if not in_both:
        kinds = {each.kind for each in by_receipts}
        of_rows = {each.kind for each in found}
        assert kinds == of_rows or kinds == {*OF_ROWS} == of_rows | {"told otherwise"}  # a new purpose is told, too
        assert all(each.id is None for each in by_receipts)


def pairs(name: str, most: int) -> Iterator[tuple[Decision, Decision]]:
    """Decisions of a register: of other tenants and days, and of the same tenant but for one fact."""
    decided = [(resolver, resolver.resolve(tenant, as_of=day)) for resolver, tenant, day in asked(name, most)]
    for (_, before), (_, after) in pairwise(decided):
        yield before, after
    for resolver, before in decided:
        for tenant in neighbours(before.tenant, resolver.register):
            yield before, resolver.resolve(tenant, as_of=before.as_of)
        later = resolver.next_change(before.tenant, after=before.as_of)
        if later is not None:
            yield before, resolver.resolve(before.tenant, as_of=later.day)


def neighbours(tenant: Tenant, register: Register) -> Iterator[Tenant]:
    """The tenant with one fact changed."""
    yield evolve(tenant, country="US" if tenant.country != "US" else "DE")
    for key, known in (("features", register.features), ("consents", register.consents)):
        for name in known[:1]:
            if name not in tenant.switched_off:
                yield evolve(tenant, **{key: getattr(tenant, key) ^ {name}})
    yield evolve(tenant, agreed_region=None if tenant.agreed_region else register.regions[0])
    yield evolve(tenant, restrictions={*tenant.restrictions, Restriction(never_in={"US"})})
    yield evolve(tenant, objections={register.sub_processors[0]})


@pytest.mark.slow
@pytest.mark.parametrize("name", [*SMALL, "liveagent"])
def test_changes_are_those_that_a_comparison_written_apart_finds(name: str) -> None:
    """Of other tenants, other days, and one other fact; swapped, and by receipts."""
    found = [compare(before, after) for before, after in pairs(name, 16)]
    assert any(found)
    assert not all(found)


@pytest.mark.parametrize("name", SMALL)
def test_between_equal_decisions_nothing_differs(name: str) -> None:
    """Nor between what is stored of them."""
    for resolver, tenant, day in asked(name, 10):
        decision, stored = resolver.resolve(tenant, as_of=day), resolver.resolve(tenant, as_of=day).to_dict()
        receipt = decision.receipt()
        for found in (
            changes(decision, decision),
            changes(Decision.from_dict(stored), decision),
            changes(receipt, decision),
            changes(decision, Receipt.read(receipt.bytes)),
            changes(receipt, receipt),
        ):
            assert (bool(found), len(found), list(found), str(found), found.facts) == (False, 0, [], "", ())


# --- Kinds ---


def register_with(path: tuple[str | int, ...], **fields: Any) -> Register:
    """The bundled register with these fields of a row changed."""
    changed: Register = put(REGISTER, path, **fields)
    return changed


def between(register: Register, tenant: Tenant | None = None) -> Changes:
    """What differs for a tenant by that register from the bundled one."""
    asked_tenant = tenant or BEFORE.tenant
    return compare(*(Resolver(each).resolve(asked_tenant, as_of=TODAY) for each in (REGISTER, register)))


LINODE = next(number for number, each in enumerate(REGISTER.sub_processor_rows) if each.id == "linode")


@pytest.mark.slow
def test_every_kind_occurs() -> None:
    """In a few small registers, or by words that were changed."""
    kinds = {each.kind for name in ("authorised", "everything") for pair in pairs(name, 40) for each in compare(*pair)}
    kinds |= {each.kind for each in between(register_with(("sub_processor_rows", LINODE), name="L"))}
    assert kinds == {*KINDS}


def test_a_feature_that_is_switched_on_is_told_with_its_reasons() -> None:
    """Verdict, disclosure and engagement, in this order."""
    found = compare(BEFORE, AFTER)
    assert [each.kind for each in found] == ["verdict", "to_disclose", "engagement"]
    assert found.items[0] == Change(
        "verdict", "twilio", Verdict.PROHIBITED, Verdict.PERMITTED, ("feature.off:voip",), ("feature.on:voip",)
    )
    assert found.items[2].why_before == ("feature.off",)
    assert found.items[2].why_after == ("feature.on",)
    assert found.facts == ("features",)
    purpose = AFTER.answers("twilio")[0].purpose
    assert str(found) == (
        "verdict of twilio: PROHIBITED -> PERMITTED\n"
        "to_disclose of twilio: no -> yes\n"
        f"engagement of twilio: service ({purpose}): PROHIBITED -> service ({purpose}): PERMITTED"
    )


def test_a_change_of_the_whole_is_of_nobody_and_what_is_not_there_is_said() -> None:
    """The region of a tenant of Brazil is not settled."""
    found = compare(RESOLVER.resolve(Tenant("BR"), as_of=TODAY), BEFORE)
    assert str(found).splitlines()[:2] == ["region: none -> EU", "settled: none -> EU"]
    announced = Change("announced", "aws", None, "")
    assert str(announced) == "announced of aws: not announced -> day not stated"


def test_the_places_of_what_is_prohibited_change_nothing_for_the_tenant() -> None:
    """Neither between decisions nor between receipts; they do for whom it is permitted to."""
    rows = list(REGISTER.sub_processor_rows)
    twilio = next(place for place, row in enumerate(rows) if row.id == "twilio")
    rows[twilio] = evolve(
        rows[twilio], engagements=tuple(evolve(row, places=(Place("US"),)) for row in rows[twilio].engagements)
    )
    changed = Resolver(evolve(REGISTER, sub_processor_rows=tuple(rows)))
    for tenant, kinds in ((Tenant("BG"), []), (Tenant("BG", features={"voip"}), ["engagement"])):
        before, after = (each.resolve(tenant, as_of=TODAY) for each in (RESOLVER, changed))
        assert kinds == [change.kind for change in changes(before, after)]
        assert kinds == [change.kind for change in changes(before.receipt(), after.receipt())]


def test_of_two_that_are_prohibited_one_may_prohibit_another_row() -> None:
    """One does not apply, one breaks a demand: the whole verdicts are equal, those about an activity are not."""
    rows = [row for row in REGISTER.sub_processor_rows if row.id != "twilio"]
    twilio = REGISTER.sub_processor("twilio")
    (row,) = twilio.engagements
    kept, abroad = (evolve(row, when=None, places=(Place(place),)) for place in ("DE", "US"))
    always = evolve(abroad, activity="support")
    tenant = Tenant("DE", restrictions={Restriction(within={"EEA"})})
    before, after = (
        Resolver(
            evolve(REGISTER, sub_processor_rows=(*rows, evolve(twilio, engagements=(kept, always, service))))
        ).resolve(tenant, as_of=TODAY)
        for service in (evolve(abroad, when=row.when), abroad)
    )
    asked = [side.verdict("twilio", activity="service") for side in (before, after)]
    assert [Verdict.PERMITTED, Verdict.PROHIBITED] == asked
    assert before.verdict("twilio") is after.verdict("twilio") is Verdict.PROHIBITED
    assert "engagement" in {change.kind for change in changes(before, after)}
    assert "engagement" in {change.kind for change in changes(before.receipt(), after.receipt())}


def test_what_is_not_listed_is_none_and_no_prohibition() -> None:
    """A sub-processor that is new, and a region."""
    new = evolve(REGISTER.sub_processor_rows[LINODE], id="new", name="New")
    found = between(evolve(REGISTER, sub_processor_rows=(*REGISTER.sub_processor_rows, new)))
    assert ("verdict", "new", None, Verdict.PERMITTED) in items(found)
    assert [each.why_before for each in found if each.kind == "verdict"] == [()]
    assert not [each for each in found if each.id == "new" and each.kind in OF_ROWS]
    region = evolve(REGISTER.hosting_regions[0], id="XX", name="X")
    found = between(evolve(REGISTER, hosting_regions=(*REGISTER.hosting_regions, region)))
    assert ("region verdict", "XX", None, Verdict.PROHIBITED) in items(found)


def test_another_name_or_purpose_is_told_otherwise() -> None:
    """No verdict depends on it, and a customer reads it."""
    first = REGISTER.sub_processor_rows[LINODE].engagements[0]
    path = ("sub_processor_rows", LINODE)
    assert items(between(register_with(path, name="L")))[0][:2] == ("told otherwise", "linode")
    found = between(register_with((*path, "engagements", 0), purpose="discs"))
    assert items(found) == [("told otherwise", "linode", first.purpose, "discs")]
    region = between(register_with(("hosting_regions", 0), name="Europe!"))
    assert [each[0] for each in items(region)] == ["told otherwise"]


def test_a_second_purpose_is_an_engagement_and_the_order_of_rows_is_none() -> None:
    """Rows of one activity, region and purpose are told apart by their places and data."""
    twilio = next(number for number, each in enumerate(REGISTER.sub_processor_rows) if each.id == "twilio")
    row = REGISTER.sub_processor_rows[twilio].engagements[0]
    second, elsewhere = evolve(row, purpose="more"), evolve(row, places=(Place("US"),))
    found = between(register_with(("sub_processor_rows", twilio), engagements=(row, second)))
    assert items(found) == [("engagement", "twilio", None, "service (more): PROHIBITED")]
    one, other = (
        Resolver(register_with(("sub_processor_rows", twilio), engagements=each)).resolve(BEFORE.tenant, as_of=TODAY)
        for each in ((row, elsewhere), (elsewhere, row))
    )
    assert not compare(one, other)


def test_of_two_rows_of_one_purpose_the_one_that_is_gone_is_told() -> None:
    """And not the other, as if it had moved."""
    path = ("sub_processor_rows", LINODE)
    row = evolve(REGISTER.sub_processor_rows[LINODE].engagements[0], region=None, places=None)
    elsewhere = evolve(row, places=(Place("US"),))
    both, one = (
        Resolver(register_with(path, engagements=rows_left)).resolve(BEFORE.tenant, as_of=TODAY)
        for rows_left in ((row, elsewhere), (elsewhere,))
    )
    gone = next(each for each in both.answers("linode") if each.places is None)
    of_rows = [item for item in items(compare(both, one)) if item[0] == "engagement"]
    assert of_rows == [("engagement", "linode", f"hosting ({gone.purpose}): {gone.verdict}", None)]


@pytest.mark.slow
def test_an_engagement_says_where_and_of_what_data() -> None:
    """In words, without the ids of reasons."""
    told = {
        change.after
        for name in ("everything", "closed", "answered")
        for before, after in pairs(name, 30)
        for change in changes(before, after)
        if change.kind == "engagement"
    }
    assert any(" in " in str(text) for text in told)
    assert any(" at " in str(text) for text in told)
    assert any(" of " in str(text) for text in told)


def test_facts_and_days_and_registers_are_no_difference_of_themselves() -> None:
    """Nor is another register by which all is the same."""
    tomorrow = RESOLVER.resolve(Tenant("DE"), as_of=TODAY + timedelta(days=1))
    found = compare(BEFORE, tomorrow)
    assert (bool(found), found.facts, found.days) == (False, ("country",), (TODAY, TODAY + timedelta(days=1)))
    other = Resolver(evolve(REGISTER, speaks_from=date(2019, 10, 29))).resolve(BEFORE.tenant, as_of=TODAY)
    found = compare(BEFORE, other)
    assert (bool(found), found.registers[0] != found.registers[1]) == (False, True)


@pytest.mark.parametrize("wrong", [None, "EU", {}, BEFORE.to_dict(), BEFORE.receipt().bytes])
def test_anything_else_is_refused(wrong: Any) -> None:
    """What is stored is read first."""
    for sides in ((wrong, AFTER), (BEFORE, wrong)):
        with pytest.raises(BadInput, match=r"^expected a Decision or a Receipt, got "):
            changes(*sides)


# --- The next change ---


def walked(resolver: Resolver, tenant: Tenant, first: date, days: int) -> list[date]:
    """Every day of the walk on which something differs from the day before."""
    found, before = [], resolver.resolve(tenant, as_of=first)
    for number in range(1, days):
        after = resolver.resolve(tenant, as_of=first + timedelta(days=number))
        if expected(before, after) or expected_of_rows(before, after):
            found.append(after.as_of)
        before = after
    return found


def demanding(register: Register) -> Iterator[Tenant]:
    """Tenants with and without restrictions that name groupings, which register and rows may not."""
    region = register.regions[0]
    for country in ("GB", "DE", "HR"):
        yield Tenant(country)
        yield Tenant(country, region, features=set(register.features) - set(register.on_by_default))
    for demand in (
        Restriction(within={"EU"}),
        Restriction(never_in={"EEA"}),
        Restriction(within={"EEA", "GB"}, activities={"hosting"}),
        Restriction(never_registered_in={"EU"}),
    ):
        yield Tenant("GB", restrictions={demand})
        yield Tenant("DE", region, restrictions={demand}, consents=set(register.consents))


AROUND = {name: resolvers(name)[0] for name in (*SMALL, "liveagent")}
BREXIT = date(2020, 2, 1)


@pytest.mark.slow
@pytest.mark.parametrize("name", AROUND)
def test_the_next_change_is_the_day_that_a_walk_finds(name: str) -> None:
    """Day by day over three years around the days on which the register changes; after the last there is none."""
    register = AROUND[name]
    resolver = Resolver(register)
    late = [day for day in register.change_dates if day >= register.speaks_from] or [register.speaks_from]
    first = min(late[0], BREXIT if name == "liveagent" else late[0]) - timedelta(days=300)
    length = 3 * 365 + 1
    for tenant in demanding(register):
        days = walked(resolver, tenant, first, length)
        last = first + timedelta(days=length - 1)
        around = {day + timedelta(days=shift) for day in (*days, first + timedelta(days=5)) for shift in (-1, 0, 1, 40)}
        for after in sorted(day for day in around if first <= day < last):
            following = next((day for day in days if day > after), None)
            found = resolver.next_change(tenant, after=after)
            if following is None:
                assert found is None or found.day > last
            else:
                assert found is not None
                assert found.day == following
                assert found.changes == changes(*(resolver.resolve(tenant, as_of=day) for day in (after, following)))
                assert found.changes


@pytest.mark.parametrize("name", AROUND)
def test_after_the_last_day_there_is_no_change(name: str) -> None:
    """However far it is asked for."""
    register = AROUND[name]
    resolver = Resolver(register)
    for tenant in demanding(register):
        assert resolver.next_change(tenant, after=date.max) is None
        days = list(islice(following_days(resolver, tenant), 200))
        assert len(days) < 200
        assert days == sorted(set(days))


def following_days(resolver: Resolver, tenant: Tenant) -> Iterator[date]:
    """The days of all changes."""
    found = resolver.next_change(tenant, after=date.min)
    while found is not None:
        yield found.day
        found = resolver.next_change(tenant, after=found.day)


def test_a_member_that_is_planned_is_the_next_change_of_who_demands_it() -> None:
    """The register's own rows, or the tenant's restrictions, name the union."""
    joining = TODAY + timedelta(days=100)
    resolver = Resolver(with_a_planned_member("BR", joining))
    found = resolver.next_change(Tenant("BR"), after=TODAY)
    assert isinstance(found, NextChange)
    assert (found.day, items(found.changes)[0]) == (joining, ("region", None, None, "EU"))
    assert resolver.next_change(Tenant("BG"), after=TODAY) is None
    assert resolver.next_change(Tenant("BR"), after=joining) is None


def test_the_next_change_is_asked_of_a_day_and_a_tenant() -> None:
    """As a question is."""
    wrong: Any = "2026-11-23"
    with pytest.raises(BadInput, match="as_of"):
        RESOLVER.next_change(Tenant("BG"), after=wrong)
    with pytest.raises(BadInput, match="unknown feature 'fax'"):
        Resolver(load_register("example")).next_change(Tenant("BG", features={"fax"}), after=TODAY)
