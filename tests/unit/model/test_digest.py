"""Digests of registers: what keeps them keeps every answer, and what changes an answer changes them."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from itertools import permutations
from typing import Any, get_args

import pytest
from attrs import evolve, has

from digested import (
    MADE_UP,
    NAMES,
    Question,
    classes,
    digests,
    enriched,
    everywhere,
    hints,
    kept,
    mutations,
    put,
    questions,
    rows,
    verdicts,
)
from residency import BadInput, HouseRules, Register, Resolver, Tenant, decide, load_register
from residency.model.canonical import canonical
from residency.model.conditions import All, Condition, Has, In, Not, Unstated
from residency.model.conditions import Any as AnyOf
from residency.model.digest import KINDS, Field, countries_digest, facts_digest
from residency.model.places import Grouping, Membership, Place, countries
from residency.model.rows import CustomerRegion, HostingRegion, Prohibition, Site
from residency.model.timeline import Span
from snapshot.snapshot import PAGES, SMALL
from support import HOUSE_RULES, REGISTER

EDGE = date(2020, 5, 1)
ASKED = ("liveagent", *MADE_UP, "sentry")
KIND_OF = {f"{row}.{name}": field.kind for row, fields in KINDS.items() for name, field in fields.items()}


def load(name: str) -> Register:
    """The register of that name, made up ones enriched."""
    register = load_register({**PAGES, **SMALL}.get(name, name))
    return enriched(register) if name in MADE_UP else register


EVERYTHING = load("everything")

# --- The table ---


def test_each_field_of_a_register_has_a_kind() -> None:
    """And no other has: a field that is added is given one, or this fails."""
    assert {name: set(hints(row)) for name, row in classes().items()} == {name: {*row} for name, row in KINDS.items()}


def test_a_field_of_rows_is_one_whose_type_says_so() -> None:
    """Else what is in them would count as one text, or not at all."""

    def of_rows(hint: Any) -> bool:
        return (isinstance(hint, type) and has(hint)) or any(map(of_rows, get_args(hint)))

    typed = {
        f"{row.__name__}.{name}" for row in classes().values() for name, hint in hints(row).items() if of_rows(hint)
    }
    assert typed == {name for name, kind in KIND_OF.items() if kind == "rows"}


def test_a_row_that_means_anything_is_never_left_out_for_being_at_its_defaults() -> None:
    """Only of these classes a row may mean nothing: the texts, and what stands in a field of its own."""
    always = {"meaning", "facts", "rows", ("meaning", "words")}
    silent = {
        row
        for row, fields in KINDS.items()
        if not any(field.kind in always and field.default is Field("words").default for field in fields.values())
    }
    assert silent - {"Unstated"} == {"Document", "Record", "Source", "Territory", "Seat", "Span"}


# --- Kept digests ---


@pytest.mark.parametrize("name", NAMES)
def test_the_digests_are_those_that_are_kept(name: str) -> None:
    """Receipts hold them: `python tests/digested.py` keeps them anew where a register changed, or the normal form."""
    assert kept()[name] == list(digests(load(name)))


def test_a_digest_says_in_which_normal_form() -> None:
    """And how long it is."""
    prefix, digits = REGISTER.digest.split(":")
    assert ("n1", 64, 16, 16) == (prefix, len(digits), len(REGISTER.words_digest), len(REGISTER.facts_digest))


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["0", "1", "4711"])
def test_digests_are_the_same_under_every_hash_seed(seed: str) -> None:
    """Sets have another order in each process."""
    code = (
        "import sys; from residency import load_register\n"
        "for path in sys.argv[1:]:\n"
        "    register = load_register(path)\n"
        "    print(register.digest, register.words_digest, register.facts_digest)"
    )
    env = {"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)}
    command = [sys.executable, "-c", code, *(str(PAGES.get(name, name)) for name in NAMES)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=env, check=True)
    assert [" ".join(kept()[name]) for name in NAMES] == done.stdout.splitlines()


# --- Every field ---


def answers(register: Register, asked: list[Question]) -> list[dict[str, Any]]:
    """What the register answers, but words."""
    resolver = Resolver(register)
    return [verdicts(resolver.resolve(tenant, as_of=day)) for tenant, day in asked]


def named(asked: list[Question]) -> set[str]:
    """The places that the tenants' restrictions name."""
    return {place.text for tenant, _ in asked for demand in tenant.restrictions for place in demand.places}


def kept_with_other_answers(
    register: Register,
    asked: list[Question],
    row: str | None = None,
    field: str | None = None,
    most_tried: int = 8,
    most_asked: int = 2,
) -> Iterator[str]:
    """The fields of which a change kept the digests, and did not keep the answers; a few changes of each are tried."""
    before, places = answers(register, asked), named(asked)
    facts, tried = facts_digest(register, places), Counter[str]()
    for name, changed in mutations(register, row, field):
        if tried[name] < most_tried and changed.digest == register.digest:
            tried[name] += most_tried // most_asked
            if facts_digest(changed, places) == facts and answers(changed, asked) != before:
                yield name
        tried[name] += 1


@pytest.mark.slow
@pytest.mark.parametrize("name", ASKED)
def test_what_keeps_the_digests_keeps_every_answer(name: str) -> None:
    """Whatever field of whatever row is changed, and to what."""
    for register, asked in questions(name, 10):
        assert list(kept_with_other_answers(register, asked)) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ASKED)
def test_words_may_all_be_others_at_once(name: str) -> None:
    """Every field that no verdict depends on is changed in every row: the digest stays, and so do the answers."""
    for register, asked in questions(name, 40):
        changed = register
        for field, kind in KIND_OF.items():
            row = field.partition(".")[0]
            if kind in ("told", "words") and row not in ("Grouping", "Membership", "Territory", "Source"):
                changed = everywhere(changed, *field.split("."))
        assert changed.digest == register.digest
        assert changed.facts_digest == register.facts_digest
        assert changed.words_digest != register.words_digest
        assert answers(changed, asked) == answers(register, asked)


@pytest.mark.slow
def test_each_change_is_seen_by_the_digest_of_its_kind_and_by_no_other() -> None:
    """A field of meaning changes the digest, words the digest of words, facts that of facts; each is changed once."""
    seen: dict[str, set[tuple[bool, ...]]] = {name: set() for name in KIND_OF}
    nobody_names_it = HostingRegion("Z", "Z", None, ("1",))
    with_it = evolve(EVERYTHING, hosting_regions=(nobody_names_it, *EVERYTHING.hosting_regions))
    for register in (with_it, load("three-homes"), ruled(REGISTER)):
        before, tried = digests(register), Counter[str]()
        for name, changed in (*changed_facts(register), *mutations(register)):
            tried[name] += 1
            if tried[name] <= 4 and KIND_OF[name] != "rows":
                seen[name].add(tuple(one != other for one, other in zip(before, digests(changed), strict=True)))
    same, words = (False, False, False), (False, True, False)
    changed_by = {name: changes - {same} for name, changes in seen.items() if KIND_OF[name] != "rows"}
    assert [name for name, changes in changed_by.items() if not changes] == []
    for name, changes in changed_by.items():
        kind = KIND_OF[name]
        if kind in ("told", "words"):
            assert changes <= {words}, name
        elif kind == "facts":
            assert any(of_facts for _, _, of_facts in changes), name
        elif kind == "meaning":  # of spans and places, those of groupings are facts
            assert any(digest for digest, _, _ in changes), name
            assert all(digest or of_facts for digest, _, of_facts in changes), name


PLANTED = (
    *("Register.speaks_from", "Placement.rule", "Placement.agreed", "Placement.agreed_when", "HostingRegion.places"),
    *("Engagement.activity", "Engagement.region", "Engagement.places", "Engagement.when", "Engagement.data"),
    *("Engagement.authorised", "SubProcessor.registered_in", "SubProcessor.parent", "Span.start", "Span.end"),
    *("ResidencyException.places", "Place.text", "Has.name", "CustomerRegion.home"),
)


@pytest.mark.slow
@pytest.mark.parametrize("name", PLANTED)
def test_a_field_of_a_wrong_kind_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A planted fault: meaning that counts as words, and so as nothing that a verdict depends on."""
    row, _, field = name.partition(".")
    monkeypatch.setitem(KINDS[row], field, Field("words"))
    found = (
        wrong
        for register_name in ("everything", "three-homes", "liveagent")
        for register, asked in questions(register_name, 60)
        for wrong in kept_with_other_answers(fresh(register), asked, row, field, 999, 999)
    )
    assert next(found) == name


def fresh(register: Register) -> Register:
    """The same register, whose digests were not worked out yet."""
    return evolve(register)


def ruled(register: Register) -> Register:
    """The bundled register under house rules that forbid, too."""
    rules = evolve(HOUSE_RULES, prohibitions=(Prohibition("no-aws", "aws", Has("feature", "voip")),))
    return rules.over(register)


def changed_facts(register: Register) -> Iterator[tuple[str, Register]]:
    """The register with each field changed of the first grouping used and its members, of sources and territories."""
    number = next((n for n, each in enumerate(register.groupings) if each in register.groupings_used), None)
    if number is None:
        return
    grouping, path = register.groupings[number], ("groupings", number)
    day = date(2022, 2, 2)
    changes: dict[str, tuple[tuple[str | int, ...], dict[str, Any]]] = {
        **{f"Grouping.{name}": (path, {name: "x"}) for name in ("id", "name", "says", "source")},
        "Grouping.checked": (path, {"checked": day}),
        "Membership.country": ((*path, "members", 0), {"country": "AQ"}),
        "Membership.source": ((*path, "members", 0), {"source": "x"}),
        **{
            f"Source.{name}": (("sources", 0), {name: "x"})
            for name in ("id", "says", "at", "quote", "because", "otherwise")
        },
        "Source.author": (("sources", 0), {"author": "reading"}),
        "Source.of": (("sources", 0), {"of": ("x",)}),
        **{f"Territory.{name}": (("territories", 0), {name: "XX"}) for name in ("country", "state", "source")},
    }
    assert grouping.members
    for name, (where, values) in changes.items():
        yield name, put(register, where, **values)


# --- Written in another way ---


def test_the_order_of_rows_and_names_counts_not() -> None:
    """Of none of the three digests, but where the first wins, and of safeguards."""

    def backwards(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(backwards, reversed(value)))
        if not has(type(value)):
            return value
        kept_fields = {"customer_regions", "safeguards", "house_rules", "groupings", "sides", "all_of", "one_of"}
        names = hints(type(value)).keys() - kept_fields
        return evolve(value, **{name: backwards(getattr(value, name)) for name in names})

    for register in (EVERYTHING, load("zendesk"), ruled(REGISTER)):
        changed = backwards(register)
        assert changed != register
        assert digests(changed) == digests(register)


def test_repetition_counts_only_of_engagements() -> None:
    """Two purposes are two; what is said twice of anything else is said once."""
    first = EVERYTHING.sub_processor_rows[0]
    twice = evolve(first, engagements=(*first.engagements, first.engagements[1]))
    changed = evolve(EVERYTHING, sub_processor_rows=(twice, *EVERYTHING.sub_processor_rows[1:]))
    assert changed.digest != EVERYTHING.digest
    repeated = evolve(EVERYTHING, closed=EVERYTHING.closed * 2, exceptions=EVERYTHING.exceptions * 2)
    assert digests(repeated) == digests(EVERYTHING)


A, B, C = Has("feature", "a"), Has("consent", "b"), Unstated("c")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (All((A, B)), All((B, A))),
        (All((A, All((B, C)))), All((All((A, B)), C))),
        (AnyOf((A, AnyOf((B, C)))), AnyOf((C, B, A))),
        (All((A, AnyOf((B,)))), All((B, A))),
        (All((AnyOf((All((A, B)),)), C)), All((A, B, C))),
        (AnyOf((A,)), A),
        (Not(All((All((A, B)),))), Not(All((B, A, A)))),
        (All((A, Unstated("x"))), All((Unstated("y"), A))),
    ],
)
def test_nested_conditions_of_one_kind_are_one(one: Condition, other: Condition) -> None:
    """In whatever order, and however often a part is repeated."""
    assert with_condition(one).digest == with_condition(other).digest


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (All((A, B)), AnyOf((A, B))),
        (All((A, AnyOf((B, C)))), All((A, B, C))),
        (Not(A), A),
        (All(()), AnyOf(())),
        (C, Not(C)),
        (In("customer region", "EU"), In("hosting region", "EU")),
    ],
)
def test_other_conditions_are_others(one: Condition, other: Condition) -> None:
    """Each decides something else."""
    assert with_condition(one).digest != with_condition(other).digest


def with_condition(condition: Condition) -> Register:
    """The bundled register, one row of which is under that condition."""
    changed: Register = put(REGISTER, ("sub_processor_rows", 0, "engagements", 0), when=condition)
    return changed


def test_a_place_may_be_written_in_several_ways() -> None:
    """Alternatives in any order, *everywhere* for everywhere in the world."""

    def of(text: str) -> str:
        digest: str = put(REGISTER, ("hosting_regions", 0), places=(Place(text),)).digest
        return digest

    assert of("CA|US") == of("US|CA") == of("CA|US|CA")
    assert of("everywhere") == of("everywhere in worldwide")
    assert len({of("CA|US"), of("CA"), of("everywhere in CA"), of("worldwide"), of("everywhere")}) == 5


def test_words_belong_to_what_they_are_the_words_of() -> None:
    """The names of two sub-processors exchanged are other words."""
    first, second, *more = REGISTER.sub_processor_rows
    exchanged = (evolve(first, name=second.name), evolve(second, name=first.name), *more)
    changed = evolve(REGISTER, sub_processor_rows=exchanged)
    assert changed.digest == REGISTER.digest
    assert changed.words_digest != REGISTER.words_digest


def test_of_a_parent_and_of_agreements_it_counts_whether_they_are_stated() -> None:
    """What their words are does not."""
    for path, field, texts in (
        (("sub_processor_rows", 0), "parent", ("X", "Y")),
        (("seat",), "parent", ("X", "Y")),
        (("placement",), "agreed", (("47",), ("48", "R1"))),
    ):
        one, other, none = (put(REGISTER, path, **{field: value}) for value in (*texts, None))
        assert one.digest == other.digest != none.digest
        assert one.words_digest != other.words_digest


@pytest.mark.slow
def test_a_field_at_its_default_might_not_be_there() -> None:
    """So a field that is added changes no digest of a register that does not use it."""
    with pytest.MonkeyPatch.context() as patch:
        for row, fields in KINDS.items():
            for name, field in [*fields.items()]:
                values = [getattr(value, name) for _, value in rows(REGISTER) if type(value).__name__ == row]
                if values and all(value == field.default for value in values):
                    patch.delitem(fields, name)
        assert list(digests(fresh(REGISTER))) == kept()["liveagent"]


# --- Where the first wins ---


def homes(register: Register) -> list[str | None]:
    """Where tenants of each country are placed, on each day on which that changes."""
    days = [day for day in register.change_dates if day >= register.speaks_from]
    return [
        decide(register, Tenant(country), as_of=day).settled
        for country in ("GB", "DE", "US", "SG", "BR")
        for day in days[:2]
    ]


@pytest.mark.slow
def test_customer_regions_keep_their_order_where_they_share_a_country_on_a_day() -> None:
    """Of the bundled ones, UK and EU: until 31 January 2020 the United Kingdom was in both."""
    orders: dict[str, set[bool]] = {}
    for regions in permutations(REGISTER.customer_regions):
        ids = [region.id for region in regions]
        changed = evolve(REGISTER, customer_regions=regions)
        orders.setdefault(changed.digest, set()).add(ids.index("UK") < ids.index("EU"))
        assert (changed.digest == REGISTER.digest) is (homes(changed) == homes(REGISTER))
    assert sorted(orders.values(), key=str) == [{False}, {True}]


def test_no_day_is_compared_on_which_the_register_does_not_speak() -> None:
    """Or on which not both of the customer regions are in force: then no tenant is of two."""
    one, other = (CustomerRegion(name, (Place("EU"), Place("US")), "EU", ("R2",)) for name in ("one", "other"))
    early, late = evolve(one, span=Span(None, EDGE)), evolve(other, span=Span(EDGE))
    for rows_, same in (((one, other), False), ((early, late), True), ((early, other), False)):
        forth, back = (evolve(REGISTER, customer_regions=each) for each in (rows_, rows_[::-1]))
        assert (forth.digest == back.digest) is same
    silent = evolve(REGISTER, speaks_from=EDGE, customer_regions=(early, other))
    assert silent.digest == evolve(silent, customer_regions=(other, early)).digest
    everyone = CustomerRegion("rest", None, None, ("R2",))
    assert len({evolve(REGISTER, customer_regions=each).digest for each in permutations((one, everyone))}) == 2


def test_sites_keep_their_order_where_they_share_a_day() -> None:
    """No file says so, but a register made in Python may: there the first wins."""
    early, late = Site((Place("DE"),), ("1",), Span(None, EDGE)), Site((Place("IE"),), ("1",), Span(EDGE))
    always = Site((Place("FR"),), ("1",))

    def of(*sites: Site) -> str:
        digest: str = put(REGISTER, ("hosting_regions", 0), sites=sites).digest
        return digest

    assert of(early, late) == of(late, early)
    assert of(early, late, always) != of(always, early, late)
    assert of(Site(None, ("1",))) != REGISTER.digest


# --- Facts ---

BREXIT = date(2020, 2, 1)


def with_grouping(grouping: Grouping) -> Register:
    """The bundled register, with that grouping for the one of its name."""
    others = (each for each in REGISTER.groupings if each.id != grouping.id)
    return evolve(REGISTER, groupings=(*others, grouping))


def test_only_groupings_that_rows_or_restrictions_name_are_covered() -> None:
    """The bundled register names the EU; who belongs to the Americas is nothing to it until a tenant demands it."""
    americas = evolve(REGISTER.groups["Americas"], members=(Membership("BR", Span(), "m49"),))
    changed = with_grouping(americas)
    assert digests(changed) == digests(REGISTER)
    assert facts_digest(changed, {"Americas"}) != facts_digest(REGISTER, {"Americas"})
    assert facts_digest(REGISTER, ["US|Americas"]) == facts_digest(REGISTER, {"Americas", "EU", "worldwide", "DE"})
    assert facts_digest(REGISTER) == facts_digest(REGISTER, {"EU", "DE"}) == REGISTER.facts_digest


def test_adjoining_spans_of_a_member_are_one_and_others_are_not() -> None:
    """However many rows say it, and from whatever source."""
    europe = REGISTER.groups["EU"]
    first, *more = europe.members
    halves = (
        evolve(first, span=Span(BREXIT, first.span.end)),
        evolve(first, span=Span(first.span.start, BREXIT), source="x"),
    )
    gap = (halves[0], evolve(first, span=Span(first.span.start, date(2020, 1, 31))))
    assert with_grouping(evolve(europe, members=(*more, *halves))).facts_digest == REGISTER.facts_digest
    assert with_grouping(evolve(europe, members=(*more, *gap))).facts_digest != REGISTER.facts_digest
    assert with_grouping(evolve(europe, coverage=Span(BREXIT))).facts_digest != REGISTER.facts_digest
    unclear = (*europe.unclear, Membership("BR", Span(BREXIT), "x"))
    assert with_grouping(evolve(europe, unclear=unclear)).facts_digest != REGISTER.facts_digest


@pytest.mark.parametrize(
    ("names", "message"),
    [({"EUU"}, "unknown place 'EUU'"), ("EU", "expected a set of places, got the string 'EU'")],
)
def test_a_place_that_the_register_does_not_know_has_no_facts(names: Any, message: str) -> None:
    """Leaving it out could hide a change."""
    with pytest.raises(BadInput) as caught:
        facts_digest(REGISTER, names)
    assert caught.value.message == message


def test_the_list_of_countries_has_a_digest_of_its_own() -> None:
    """What *worldwide* means changes with it."""
    assert sha256(canonical(sorted(countries()))).hexdigest()[:16] == countries_digest()


# --- House rules ---


def test_house_rules_count_but_for_who_decided_them_and_when() -> None:
    """Their names and reasons are words as well."""
    rules = evolve(HOUSE_RULES, prohibitions=(Prohibition("no-aws", "aws"),))
    others = evolve(rules, decided_by="them", decided_on=date(2020, 1, 1), sources=())
    renamed = evolve(rules, prohibitions=(Prohibition("never-aws", "aws"),))
    registers = [each.over(REGISTER) for each in (rules, others, renamed)]
    assert len({register.digest for register in registers}) == 1
    assert len({register.words_digest for register in registers}) == 3
    nothing = HouseRules("liveagent", "us", date(2026, 1, 1)).over(REGISTER)
    assert nothing.digest == REGISTER.digest != registers[0].digest != HOUSE_RULES.over(REGISTER).digest
