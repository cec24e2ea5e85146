"""Small made-up registers, house rules and tenants, as the content of their files: Hypothesis strategies."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

Row = dict[str, Any]

REGIONS = ("A", "B", "C")
COUNTRIES = ("BR", "CA", "DE", "FR", "GB", "NO", "US")
PLACES = ("CA", "DE", "EEA", "EU", "CA|US", "US", "Americas", "DE|EEA")
DAYS = (date(2017, 6, 1), date(2020, 6, 1), date(2021, 6, 1), date(2024, 6, 1))
EDGES = (date(2018, 1, 1), date(2021, 1, 1), date(2024, 1, 1))
TIMES = {day: index for index, day in enumerate(DAYS)}

names = st.sampled_from
AUTHORISED = st.sampled_from(["not stated", date(2021, 6, 1)])
STAYS = ({"until": EDGES[1]}, {"since": EDGES[1], "until": EDGES[2]})
spans = st.sampled_from(
    [
        *([{}] * 5),
        {"since": EDGES[0]},
        {"since": EDGES[1]},
        {"until": EDGES[1]},
        {"since": EDGES[1], "until": EDGES[2]},
    ]
)


def some(choices: tuple[str, ...], *, least: int = 0, most: int = 2) -> st.SearchStrategy[list[str]]:
    """A list of different ones."""
    return st.lists(names(choices), unique=True, min_size=least, max_size=most)


places = st.one_of(some(PLACES, least=1), st.just("worldwide"))

simple_conditions = st.one_of(
    st.builds(lambda name: {"feature": name}, names(("f", "g"))),
    st.just({"consent": "c"}),
    st.just({"agreement": "d"}),
    st.builds(lambda value: {"attribute": "plan", "is": value}, names(("free", "paid"))),
    st.just({"attribute": "plan", "is": ["free", "paid"]}),
    st.builds(lambda side: {"tension": "t", "is": side}, names(("left", "right"))),
    st.builds(lambda name: {"tension": "s", "is": name}, names(("left", "right"))),
    st.builds(lambda name: {"customer_in": name}, names(("near", "far"))),
    st.just({"not_stated": "whether it is"}),
)
located_conditions = st.builds(lambda name: {"region_in": name}, names(REGIONS))


def conditions(*, settled: bool = True) -> st.SearchStrategy[Row]:
    """Conditions up to two levels deep."""
    single = simple_conditions | located_conditions if settled else simple_conditions
    return st.one_of(
        single,
        single,
        st.builds(lambda each: {"not": each}, single),
        st.builds(lambda key, parts: {key: parts}, names(("all", "any")), st.lists(single, min_size=2, max_size=2)),
    )


def with_optional(required: dict[str, Any], **optional: st.SearchStrategy[Any]) -> st.SearchStrategy[Row]:
    """A table with some keys always and some perhaps, and a span."""
    row = st.fixed_dictionaries(required, optional=optional)
    return st.builds(lambda row, span: {**row, **span}, row, spans)


def engagements(activity: st.SearchStrategy[str], *, regional: bool = True) -> st.SearchStrategy[Row]:
    """One engagement."""
    return with_optional(
        {"activity": activity, "purpose": st.just("x"), "basis": st.just(["1"])},
        places=places,
        data=some(("logs", "mail"), least=1),
        when=conditions(),
        **({"regions": some(REGIONS, least=1), "authorised": AUTHORISED} if regional else {}),
    ).map(lambda row: {**row, "places": "as the region"} if row.get("places") == ["DE"] and "regions" in row else row)


def numbered(rows: list[Row], key: str) -> list[Row]:
    """Each told apart by its number."""
    return [{**row, key: f"{row.get(key, '')}{index}"} for index, row in enumerate(rows)]


sites = st.lists(
    st.fixed_dictionaries({"basis": st.just(["1"])}, optional={"places": places}), min_size=1, max_size=2
).map(lambda rows: [{**row, **span} for row, span in zip(rows, STAYS, strict=False)])


@st.composite
def registers(draw: st.DrawFn) -> Row:
    """A register with every kind of row."""
    activity = names(("hosting", "hosting", "service", "support", "backup"))
    parties: list[Row] = draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "name": st.just("X"),
                    "basis": st.just(["1"]),
                    "engagements": st.lists(engagements(activity), min_size=1, max_size=3),
                },
                optional={
                    "registered_in": names(PLACES),
                    "parent": st.fixed_dictionaries({"name": st.just("Y")}, optional={"registered_in": names(PLACES)}),
                },
            ),
            min_size=1,
            max_size=3,
        )
    )
    for index, party in enumerate(parties):
        party["id"], party["name"], party["engagements"] = (
            f"p{index}",
            f"X{index}",
            numbered(party["engagements"], "purpose"),
        )
    regions = [
        draw(
            with_optional(
                {"id": st.just(name), "name": st.just(name), "basis": st.just(["1"])}, places=places, sites=sites
            )
        )
        for name in REGIONS
    ]
    customers = [
        draw(
            with_optional(
                {
                    "id": st.just(name),
                    "customers": some(("BR", "CA", "DE", "EEA", "EU", "GB", "US", "Americas"), least=1),
                    "basis": st.just(["1"]),
                },
                home=names(REGIONS),
            )
        )
        for name in ("near", "far")
    ]
    storing = st.lists(engagements(st.just("hosting"), regional=False), max_size=1)
    exceptions = with_optional(
        {"basis": st.just(["1"])},
        data=some(("logs", "mail"), least=1),
        places=places,
        when=conditions(),
        regions=some(REGIONS, least=1),
    )
    reading = {"of": ["1"], "says": "x", "because": "y", "otherwise": "z", "resolves": {"tension": "t", "is": "left"}}
    sides = [{"is": name, "says": name, "basis": ["1"]} for name in ("left", "right")]
    return {
        "format": 1,
        "id": "made-up",
        "vendor": "V",
        "published": date(2016, 1, 1),
        **draw(names([{}, {}, {}, {"speaks_from": EDGES[1]}])),
        "basis": ["1"],
        "clauses": {"1": {"at": "line 1", "quote": "q", "says": "s"}},
        "readings": {"R1": reading},
        "tensions": {"t": {"says": "x", "sides": sides}, "s": {"says": "x", "sides": sides}},
        "features": {"f": {"says": "f", "basis": ["1"]}, "g": {"says": "g", "basis": ["1"], "default": "on"}},
        "consents": {"c": {"says": "c", "basis": ["1"]}},
        "agreements": {"d": {"says": "d", "basis": ["1"]}},
        "attributes": {"plan": {"says": "p", "values": ["free", "paid"], "basis": ["1"]}},
        "data": {name: {"says": name, "basis": ["1"]} for name in ("logs", "mail")},
        "regions": regions,
        "placement": draw(placements()),
        "customer_regions": customers,
        "own_infrastructure": draw(storing),
        "sub_processors": parties,
        "exceptions": draw(st.lists(exceptions, max_size=2)),
    }


def placements() -> st.SearchStrategy[Row]:
    """Every placement rule, with and without agreements."""
    rule = st.sampled_from(
        [
            {"rule": "by-customer"},
            {"rule": "fixed", "region": "A"},
            {"rule": "free-choice"},
            {"rule": "not-promised"},
            {"rule": "vendor-choice"},
            {"rule": "unconfirmed"},
        ]
    )
    when = st.builds(lambda condition: {"agreed_when": condition}, conditions(settled=False))
    agreed = st.one_of(st.just({}), st.just({"agreed": ["1"]}), st.builds(lambda each: {"agreed": ["1"], **each}, when))
    return st.builds(lambda rule, agreed: {"basis": ["1"], **rule, **agreed}, rule, agreed)


def house_rules(*, places_customers: bool) -> st.SearchStrategy[Row]:
    """House rules that place everybody, and forbid."""
    forbid = st.fixed_dictionaries(
        {"who": names((*REGIONS, "p0")), "because": st.just("b")}, optional={"when": conditions()}
    )
    regions = [
        {"id": "americas", "customers": ["Americas"], "home": "B", "because": "b"},
        {"id": "others", "customers": "everyone else", "home": "C", "because": "b"},
    ]
    resolve = [{"id": "s-left", "tension": "s", "is": "left", "because": "b"}]
    return st.fixed_dictionaries(
        {
            "format": st.just(1),
            "register": st.just("made-up"),
            "decided_by": st.just("us"),
            "decided_on": st.just(date(2020, 1, 1)),
            "forbid": st.lists(forbid, max_size=2).map(
                lambda rows: numbered([{**row, "id": "no"} for row in rows], "id")
            ),
            "customer_regions": names([[], regions]) if places_customers else st.just([]),
            "resolve": names([[], resolve]),
        }
    )


demands = st.one_of(
    st.builds(
        lambda key, where: {key: where}, names(("within", "never_in", "never_registered_in")), some(PLACES, least=1)
    ),
)
restrictions = st.builds(
    lambda demand, activities, data: {**demand, "activities": activities, "data": data},
    demands,
    names([[], ["hosting"], ["service", "support"]]),
    names([[], ["logs"]]),
)

tenants = st.fixed_dictionaries(
    {"country": names(COUNTRIES)},
    optional={
        "agreed_region": names(REGIONS),
        "features": st.just(["f"]),
        "switched_off": st.just(["g"]),
        "consents": st.just(["c"]),
        "agreements": st.just(["d"]),
        "attributes": st.builds(lambda value: {"plan": value}, names(("free", "paid"))),
        "restrictions": st.lists(restrictions, max_size=2),
        "objections": st.just(["p0"]),
    },
)
