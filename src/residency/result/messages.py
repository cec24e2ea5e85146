"""The message catalogue: every code of answers and notes, the verdict that it gives, and the names that it needs.

Codes are stable. The sentences stand in a file for each language (`messages_en`); a sentence states a fact, so that it
reads the same whichever verdict rests on it.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from ..model.register import Labels
from ..model.verdict import Verdict
from .messages_en import SENTENCES, SHORT, filled

__all__ = ["CATALOGUE", "LISTS", "NAMES", "ONE_OF", "VERDICT_OF", "About", "Code", "few_words", "say"]

About = tuple[tuple[str, str | tuple[str, ...]], ...]
"""The names of a condition or note, sorted: ids, days and texts, or several of them."""

PERMITTED, PROHIBITED, UNDETERMINED = Verdict.PERMITTED, Verdict.PROHIBITED, Verdict.UNDETERMINED
ONE_OF = {
    "subject": frozenset({"who", "activity", "purpose", "region", "exception"}),
    "dated": frozenset({"day", "checked"}),
}
"""Names that stand for others, of which `about` has those that apply: of whom a restriction's condition is."""
LISTS = frozenset({"values", "customers", "home", "among"})
"""The names that hold several: the values of which one must hold, and candidates where it is not known which it is."""
_KINDS = {"who": "sub-processor", **dict.fromkeys(("region", "agreed", "home", "fixed"), "hosting region")}


@frozen
class Code:
    """A single condition with its `verdict`, or (None) a combination, a notice or another note.

    `names` are the keys of `about` that its sentence needs, each with the kind of row whose id it holds, if it holds
    one: words call that row by its name.
    """

    verdict: Verdict | None
    names: Mapping[str, str | None]


def _codes(verdict: Verdict | None, codes: str, *names: str) -> dict[str, Code]:
    """Codes of one verdict, with the names that they need: `"region"`, of the usual kind, or `"name: feature"`."""
    keys = (name.partition(": ") for name in names)
    return dict.fromkeys(codes.split(), Code(verdict, {key: kind or _KINDS.get(key) for key, _, kind in keys}))


CATALOGUE: Mapping[str, Code] = {
    # The register and its rows.
    **_codes(UNDETERMINED, "register.silent-before", "day"),
    **_codes(PERMITTED, "row.listed", "who", "activity", "purpose"),
    **_codes(PROHIBITED, "row.not-yet row.ended row.not-authorised", "who", "activity", "purpose", "day"),
    **_codes(UNDETERMINED, "row.authorisation-not-stated", "who", "activity", "purpose"),
    **_codes(PROHIBITED, "region.not-yet region.ended", "region", "day"),
    # Conditions on the tenant.
    **_codes(PERMITTED, "feature.on", "name: feature"),
    **_codes(PROHIBITED, "feature.off", "name: feature"),
    **_codes(PERMITTED, "consent.given", "name: consent"),
    **_codes(PROHIBITED, "consent.not-given", "name: consent"),
    **_codes(PERMITTED, "agreement.exists customer.in", "name"),
    **_codes(PROHIBITED, "agreement.none customer.none", "name"),
    **_codes(PERMITTED, "attribute.is tension.is", "name", "values"),
    **_codes(PROHIBITED, "attribute.is-not tension.is-not", "name", "values"),
    **_codes(UNDETERMINED, "attribute.unknown tension.open", "name", "values"),
    **_codes(UNDETERMINED, "condition.not-stated", "says"),
    **_codes(PROHIBITED, "customer.not-in", "here", "name"),
    **_codes(PROHIBITED, "customer.not-among", "among", "name"),
    **_codes(UNDETERMINED, "customer.unknown", "name"),
    # Placement of a hosting region.
    **_codes(PERMITTED, "placement.home", "customers", "region"),
    **_codes(PROHIBITED, "placement.not-home", "customers", "home", "region"),
    **_codes(UNDETERMINED, "placement.not-stated placement.not-promised placement.vendor-choice placement.unconfirmed"),
    **_codes(UNDETERMINED, "placement.no-home placement.home-unknown", "customers"),
    **_codes(PERMITTED, "placement.agreed placement.fixed placement.only placement.free region.supposed", "region"),
    **_codes(PROHIBITED, "placement.agreed-elsewhere", "agreed", "region"),
    **_codes(UNDETERMINED, "placement.agreement-not-stated", "agreed"),
    **_codes(PROHIBITED, "placement.fixed-elsewhere placement.only-elsewhere", "fixed", "region"),
    **_codes(UNDETERMINED, "region.not-settled region.unsettled", "region"),
    **_codes(PROHIBITED, "region.not-supposed", "region"),
    # Hosting.
    **_codes(UNDETERMINED, "hosting.region-not-stated hosting.region-not-named"),
    **_codes(UNDETERMINED, "hosting.nobody", "region"),
    **_codes(PERMITTED, "list.closed", "what"),
    # House rules.
    **_codes(PROHIBITED, "house.forbids", "rule"),
    # Restrictions and objections of the tenant.
    **_codes(PERMITTED, "demand.kept", "subject", "stated", "places", "demand"),
    **_codes(PROHIBITED, "demand.broken", "subject", "stated", "places", "demand"),
    **_codes(UNDETERMINED, "demand.unclear", "subject", "stated", "places", "demand"),
    **_codes(PERMITTED, "demand.kept-apart", "subject", "stated", "places", "demand", "apart"),
    **_codes(PROHIBITED, "demand.broken-apart", "subject", "stated", "places", "demand", "apart"),
    **_codes(UNDETERMINED, "demand.unclear-apart", "subject", "stated", "places", "demand", "apart"),
    **_codes(UNDETERMINED, "demand.not-answered", "what", "region"),
    **_codes(UNDETERMINED, "demand.place-not-stated demand.seat-not-stated", "subject", "demand"),
    **_codes(UNDETERMINED, "demand.parent-seat-not-stated demand.activity-not-stated", "subject", "demand"),
    **_codes(UNDETERMINED, "demand.data-not-stated", "subject", "demand"),
    **_codes(UNDETERMINED, "exception.party-not-stated exception.copy-not-stated", "subject", "demand"),
    **_codes(UNDETERMINED, "demand.vendor-seat-not-stated demand.vendor-parent-seat-not-stated", "vendor", "demand"),
    **_codes(PROHIBITED, "demand.not-for-activity", "subject", "demand", "activity"),
    **_codes(PROHIBITED, "demand.not-for-data", "subject", "demand"),
    **_codes(PERMITTED, "exception.data", "data"),
    **_codes(PROHIBITED, "objection.raised", "name: sub-processor"),
    # Questions about an activity or a data category.
    **_codes(UNDETERMINED, "question.data-not-stated", "who", "activity", "purpose", "data"),
    **_codes(UNDETERMINED, "question.activity-not-stated", "who", "purpose", "activity"),
    **_codes(UNDETERMINED, "question.not-listed question.not-all-listed", "who", "asked"),
    **_codes(PROHIBITED, "question.closed", "who", "asked"),
    # Combinations: their parts say more.
    **_codes(PERMITTED, "unconditional"),
    **_codes(None, "all any not"),
    # What a permission does not say.
    **_codes(None, "limit.not-assessed limit.storage limit.permission"),
    **_codes(None, "limit.region-only", "activity", "purpose", "region"),
    **_codes(None, "limit.exception", "data", "places"),
    **_codes(None, "limit.place-not-stated limit.not-all", "activity", "purpose"),
    **_codes(None, "limit.place limit.places", "activity", "purpose", "places"),
    **_codes(None, "limit.backup", "who", "purpose", "places"),
    **_codes(None, "limit.safeguards", "activity", "purpose", "mechanisms"),
    **_codes(None, "limit.own-infrastructure", "vendor", "purpose"),
    **_codes(None, "limit.own", "vendor", "activity", "purpose", "places"),
    **_codes(None, "limit.silent", "activities", "region", "demand"),
    # Notices.
    **_codes(None, "notice.age", "dated", "as_of"),
    **_codes(None, "notice.facts-age", "name", "day", "as_of"),
    **_codes(None, "notice.facts-passed", "name", "day", "passed"),
    **_codes(None, "notice.legal-effect", "says"),
    **_codes(None, "notice.document", "name", "effect"),
    **_codes(None, "notice.house-rules notice.house-rules-later", "by", "day"),
    **_codes(None, "notice.objection", "name: sub-processor"),
}
NAMES = sorted({key for code in CATALOGUE.values() for name in code.names for key in ONE_OF.get(name, {name})})
"""All names that conditions and notes are about."""
VERDICT_OF: Mapping[str, Verdict] = {code: each.verdict for code, each in CATALOGUE.items() if each.verdict is not None}
"""The verdict that each single condition gives: a stored one that says otherwise was changed."""


def say(code: str, about: About, labels: Labels, sentence: str | None = None) -> str:
    """The sentence of `code` (or that one), with the names of what it is about: "Linode, LLC (linode)"."""
    kinds = {**_KINDS, **CATALOGUE[code].names}
    names = {key: _named(value, kinds.get(key), labels) for key, value in about}
    return filled(SENTENCES[code] if sentence is None else sentence, names)


def few_words(code: str, about: About) -> str:
    """The few words of `code` for the row of a screen, by ids; empty where it has none."""
    return filled(SHORT.get(code, ""), {key: _named(value, None, {}) for key, value in about})


def _named(value: str | tuple[str, ...], kind: str | None, labels: Labels) -> str:
    """The id, or each of several, by its name; what has none, as the vendor among sub-processors, as it is."""
    if not isinstance(value, str):
        return " or ".join(_named(name, kind, labels) for name in value)
    name = labels.get(kind or "", {}).get(value, value)
    if name == value:
        return value
    return f'"{name}" ({value})' if kind in _QUOTED else f"{name} ({value})"


_QUOTED = ("feature", "consent")
"""The kinds whose names are phrases."""
