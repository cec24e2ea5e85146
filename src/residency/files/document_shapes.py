"""The shape of what a register file says of its documents: sources, contradictions, and what a tenant may have."""

from datetime import date
from typing import Literal

from .schema import BASIS, Names, Said, key, shape

__all__ = ["Attribute", "Clause", "Document", "Feature", "Reading", "Tension"]


@shape
class Document:
    """A published text that the register was written from, or one version of it."""

    name: str = key("what it is called", '"Data Processing Agreement"')
    at: str | None = key("where it can be read", '"example.com/dpa, version 2"', default=None)
    published: date | None = key("the day that it bears; left out where it bears none", "2023-04-07", default=None)
    replaces: str | None = key("the id of the version that it took the place of", '"list-2022"', default=None)
    prevails_over: Names = key("ids of the documents that give way to it where they differ", '["list"]', default=())
    effect: Literal["binding", "illustrative", "draft", "translation"] | None = key(
        "what it says of its own force; every decision that rests on one that is not binding says so",
        '"translation"',
        default=None,
    )
    basis: Names = key("the clauses that say what it replaces, prevails over, or binds", '["1"]', default=())


@shape
class Clause:
    """A sentence of a document."""

    at: str = key("where it stands", '"line 44"')
    quote: str = key("its own words, short, in its own language", '"For customers in the EU"')
    says: str = key("what it says, in English: your rendering", '"for customers in the EU"')
    document: str | None = key(
        "the id of the document that it stands in; needed where the register has documents", '"dpa"', default=None
    )


@shape
class Resolves:
    """The side of a tension that a reading takes."""

    tension: str = key("the id of the tension", '"which-regions"')
    is_: str = key("the side that is taken", '"the-table"')


@shape
class Reading:
    """What is understood where the documents do not say so, or pull two ways."""

    of: Names = key("the clauses that are read", '["44", "37b"]')
    says: str = key("what the reading decides", '"a row for EU customers stores in region EU"')
    because: str = key("why it is held", '"an EU customer\'s data stays in that region"')
    otherwise: str = key("what else the clauses could mean", '"the place is not stated"')
    resolves: Resolves | None = key(
        "the tension that it resolves", '{ tension = "which-regions", is = "the-table" }', default=None
    )


@shape
class Side:
    """One side of a tension."""

    is_: str = key("its name", '"the-table"')
    says: str = key("what it says", '"four regions"')
    basis: Names = key(BASIS, '["39"]')


@shape
class Tension:
    """Two sentences, or more, that contradict each other; open until a reading or a house rule takes a side."""

    says: str = key("what they are about", '"how many hosting regions there are"')
    sides: tuple[Side, ...] = key(
        "the sides, two or more",
        '[{ is = "two", says = "two", basis = ["35"] }, { is = "four", says = "four", basis = ["39"] }]',
    )


@shape
class Feature(Said):
    """Something that a tenant switches on, or off."""

    default: Literal["off", "on"] = key(
        'its state where a tenant does not say: "on" until switched off, "off" until opted in', '"on"', default="off"
    )


@shape
class Attribute(Said):
    """A property that every tenant has one value of, such as its plan; unknown until it is given."""

    values: Names = key("the values that it can have", '["free", "business"]')
