"""Schema of what a register file quotes: its documents, their clauses, and where these are read or contradict."""

from datetime import date
from typing import Annotated, Literal

from attrs import frozen

from .schema import BASIS, Basis, Clauses, DocumentName, Documents, TensionName, key

__all__ = ["Clause", "Document", "Reading", "Tension"]


@frozen(kw_only=True, eq=False)
class Document:
    """A published text that the register was written from, or one version of it."""

    name: str = key("what it is called", '"Data Processing Agreement"')
    at: str | None = key("where it can be read, in words", '"the archive, version 2"', default=None)
    url: str | None = key("the address where it was read", '"https://example.com/dpa"', default=None)
    sha256: str | None = key(
        "the SHA-256 of its text as it was read, in UTF-8: who keeps the text can show that it is this one",
        f'"{"0f" * 32}"',
        default=None,
    )
    published: date | None = key("the day that it bears; left out where it bears none", "2023-04-07", default=None)
    replaces: DocumentName | None = key("the id of the version that it took the place of", '"list-2022"', default=None)
    prevails_over: Documents = key("ids of the documents that give way to it where they differ", '["list"]', default=())
    effect: Literal["binding", "illustrative", "draft", "translation"] | None = key(
        "what it says of its own force; every decision that rests on one that is not binding says so",
        '"translation"',
        default=None,
    )
    basis: Basis = key("the clauses that say what it replaces, prevails over, or binds", '["1"]', default=())


@frozen(kw_only=True, eq=False)
class Clause:
    """A sentence of a document."""

    at: str = key("where it stands", '"line 44"')
    quote: str = key("its own words, short, in its own language", '"For customers in the EU"')
    says: str = key("what it says, in English: your rendering", '"for customers in the EU"')
    document: DocumentName | None = key(
        "the id of the document that it stands in; needed where the register has several", '"dpa"', default=None
    )


@frozen(kw_only=True, eq=False)
class Resolves:
    """The side of a tension that a reading takes."""

    tension: TensionName = key("the id of the tension", '"which-regions"')
    is_: str = key("the side that is taken", '"the-table"')


@frozen(kw_only=True, eq=False)
class Reading:
    """What is understood where the documents do not say so, or pull two ways."""

    of: Clauses = key("the clauses that are read", '["44", "37b"]')
    says: str = key("what the reading decides", '"a row for EU customers stores in region EU"')
    because: str = key("why it is held", '"an EU customer\'s data stays in that region"')
    otherwise: str = key("what else the clauses could mean", '"the place is not stated"')
    resolves: Resolves | None = key(
        "the tension that it resolves", '{ tension = "which-regions", is = "the-table" }', default=None
    )


@frozen(kw_only=True, eq=False)
class Side:
    """One side of a tension."""

    is_: str = key("its name", '"the-table"')
    says: str = key("what it says", '"four regions"')
    basis: Basis = key(BASIS, '["39"]')


@frozen(kw_only=True, eq=False)
class Tension:
    """Two sentences, or more, that contradict each other; open until a reading or a house rule takes a side."""

    says: str = key("what they are about", '"how many hosting regions there are"')
    sides: Annotated[tuple[Side, ...], "sides"] = key(
        "the sides, two or more",
        '[{ is = "two", says = "two", basis = ["35"] }, { is = "four", says = "four", basis = ["39"] }]',
    )
