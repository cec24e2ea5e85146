"""The message catalogue: every code of answers and notes, the verdict that it gives, and the names that it needs.

Codes are stable. The sentences stand in a file for each language (`messages_en`); a sentence states a fact, so that it
reads the same whichever verdict rests on it.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from ..model.register import Labels
from ..model.verdict import Verdict
from .messages_en import sentence

__all__ = ["CATALOGUE", "ONE_OF", "VERDICT_OF", "Code", "say"]

PERMITTED, PROHIBITED, UNDETERMINED = Verdict.PERMITTED, Verdict.PROHIBITED, Verdict.UNDETERMINED
ONE_OF = {
    "subject": frozenset({"who", "activity", "purpose", "region", "exception"}),
    "dated": frozenset({"day", "checked"}),
}
"""Names that stand for others, of which `about` has those that apply: of whom a restriction's condition is."""
_KINDS = {"who": "sub-processor", **dict.fromkeys(("region", "agreed", "home", "fixed"), "hosting region")}


@frozen
class Code:
    """A single condition with its `verdict`, or (None) a combination, a notice or another note.

    `names` are the keys of `about` that its sentence needs, each with the kind of row whose id it holds, if it holds
    one: words call that row by its name.
    """

    verdict: Verdict | None
    names: Mapping[str, str | None]


def _code(verdict: Verdict | None = None, *names: str) -> Code:
    """The names as `"region"` (of the usual kind), or with their kind: `"name: feature"`."""
    keys = (name.partition(": ") for name in names)
    return Code(verdict, {key: kind or _KINDS.get(key) for key, _, kind in keys})


CATALOGUE: Mapping[str, Code] = {
    # The register and its rows.
    "register.silent-before": _code(UNDETERMINED, "day"),
    "row.listed": _code(PERMITTED, "who", "activity", "purpose"),
    "row.not-yet": _code(PROHIBITED, "who", "activity", "purpose", "day"),
    "row.ended": _code(PROHIBITED, "who", "activity", "purpose", "day"),
    "row.not-authorised": _code(PROHIBITED, "who", "activity", "purpose", "day"),
    "row.authorisation-not-stated": _code(UNDETERMINED, "who", "activity", "purpose"),
    "region.not-yet": _code(PROHIBITED, "region", "day"),
    "region.ended": _code(PROHIBITED, "region", "day"),
    # Conditions on the tenant.
    "feature.on": _code(PERMITTED, "name: feature"),
    "feature.off": _code(PROHIBITED, "name: feature"),
    "consent.given": _code(PERMITTED, "name: consent"),
    "consent.not-given": _code(PROHIBITED, "name: consent"),
    "agreement.exists": _code(PERMITTED, "name"),
    "agreement.none": _code(PROHIBITED, "name"),
    "attribute.is": _code(PERMITTED, "name", "values"),
    "attribute.is-not": _code(PROHIBITED, "name", "values"),
    "attribute.unknown": _code(UNDETERMINED, "name", "values"),
    "tension.is": _code(PERMITTED, "name", "values"),
    "tension.is-not": _code(PROHIBITED, "name", "values"),
    "tension.open": _code(UNDETERMINED, "name", "values"),
    "condition.not-stated": _code(UNDETERMINED, "says"),
    "customer.in": _code(PERMITTED, "name"),
    "customer.not-in": _code(PROHIBITED, "here", "name"),
    "customer.none": _code(PROHIBITED, "name"),
    "customer.not-among": _code(PROHIBITED, "among", "name"),
    "customer.unknown": _code(UNDETERMINED, "name"),
    # Placement of a hosting region.
    "placement.home": _code(PERMITTED, "customers", "region"),
    "placement.not-home": _code(PROHIBITED, "customers", "home", "region"),
    "placement.not-stated": _code(UNDETERMINED),
    "placement.no-home": _code(UNDETERMINED, "customers"),
    "placement.home-unknown": _code(UNDETERMINED, "customers"),
    "placement.agreed": _code(PERMITTED, "region"),
    "placement.agreed-elsewhere": _code(PROHIBITED, "agreed", "region"),
    "placement.agreement-not-stated": _code(UNDETERMINED, "agreed"),
    "placement.fixed": _code(PERMITTED, "region"),
    "placement.fixed-elsewhere": _code(PROHIBITED, "fixed", "region"),
    "placement.only": _code(PERMITTED, "region"),
    "placement.only-elsewhere": _code(PROHIBITED, "fixed", "region"),
    "placement.free": _code(PERMITTED, "region"),
    "placement.not-promised": _code(UNDETERMINED),
    "placement.vendor-choice": _code(UNDETERMINED),
    "placement.unconfirmed": _code(UNDETERMINED),
    "region.not-settled": _code(UNDETERMINED, "region"),
    "region.unsettled": _code(UNDETERMINED, "region"),
    "region.supposed": _code(PERMITTED, "region"),
    "region.not-supposed": _code(PROHIBITED, "region"),
    # Hosting.
    "hosting.region-not-stated": _code(UNDETERMINED),
    "hosting.region-not-named": _code(UNDETERMINED),
    "hosting.nobody": _code(UNDETERMINED, "region"),
    "list.closed": _code(PERMITTED, "what"),
    # House rules.
    "house.forbids": _code(PROHIBITED, "rule"),
    # Restrictions and objections of the tenant.
    "demand.kept": _code(PERMITTED, "subject", "stated", "places", "demand"),
    "demand.broken": _code(PROHIBITED, "subject", "stated", "places", "demand"),
    "demand.unclear": _code(UNDETERMINED, "subject", "stated", "places", "demand"),
    "demand.kept-apart": _code(PERMITTED, "subject", "stated", "places", "demand", "apart"),
    "demand.broken-apart": _code(PROHIBITED, "subject", "stated", "places", "demand", "apart"),
    "demand.unclear-apart": _code(UNDETERMINED, "subject", "stated", "places", "demand", "apart"),
    "demand.not-answered": _code(UNDETERMINED, "what", "region"),
    "demand.place-not-stated": _code(UNDETERMINED, "subject", "demand"),
    "demand.seat-not-stated": _code(UNDETERMINED, "subject", "demand"),
    "demand.parent-seat-not-stated": _code(UNDETERMINED, "subject", "demand"),
    "demand.vendor-seat-not-stated": _code(UNDETERMINED, "vendor", "demand"),
    "demand.vendor-parent-seat-not-stated": _code(UNDETERMINED, "vendor", "demand"),
    "demand.activity-not-stated": _code(UNDETERMINED, "subject", "demand"),
    "demand.not-for-activity": _code(PROHIBITED, "subject", "demand", "activity"),
    "demand.not-for-data": _code(PROHIBITED, "subject", "demand"),
    "demand.data-not-stated": _code(UNDETERMINED, "subject", "demand"),
    "exception.data": _code(PERMITTED, "data"),
    "exception.party-not-stated": _code(UNDETERMINED, "subject", "demand"),
    "exception.copy-not-stated": _code(UNDETERMINED, "subject", "demand"),
    "objection.raised": _code(PROHIBITED, "name: sub-processor"),
    # Questions about an activity or a data category.
    "question.data-not-stated": _code(UNDETERMINED, "who", "activity", "purpose", "data"),
    "question.activity-not-stated": _code(UNDETERMINED, "who", "purpose", "activity"),
    "question.not-listed": _code(UNDETERMINED, "who", "asked"),
    "question.not-all-listed": _code(UNDETERMINED, "who", "asked"),
    "question.closed": _code(PROHIBITED, "who", "asked"),
    # Combinations: their parts say more.
    "unconditional": _code(PERMITTED),
    "all": _code(),
    "any": _code(),
    "not": _code(),
    # What a permission does not say.
    "limit.not-assessed": _code(),
    "limit.storage": _code(),
    "limit.region-only": _code(None, "activity", "purpose", "region"),
    "limit.exception": _code(None, "data", "places"),
    "limit.place-not-stated": _code(None, "activity", "purpose"),
    "limit.place": _code(None, "activity", "purpose", "places"),
    "limit.places": _code(None, "activity", "purpose", "places"),
    "limit.backup": _code(None, "who", "purpose", "places"),
    "limit.safeguards": _code(None, "activity", "purpose", "mechanisms"),
    "limit.own-infrastructure": _code(None, "vendor", "purpose"),
    "limit.own": _code(None, "vendor", "activity", "purpose", "places"),
    "limit.silent": _code(None, "activities", "region", "demand"),
    "limit.not-all": _code(None, "activity", "purpose"),
    "limit.permission": _code(),
    # Notices.
    "notice.age": _code(None, "dated", "ago"),
    "notice.facts-age": _code(None, "name", "day", "days"),
    "notice.legal-effect": _code(None, "says"),
    "notice.document": _code(None, "name", "effect"),
    "notice.house-rules": _code(None, "by", "day"),
    "notice.house-rules-later": _code(None, "by", "day"),
    "notice.objection": _code(None, "name: sub-processor"),
}
VERDICT_OF: Mapping[str, Verdict] = {code: each.verdict for code, each in CATALOGUE.items() if each.verdict is not None}
"""The verdict that each single condition gives: a stored one that says otherwise was changed."""


def say(code: str, about: Mapping[str, str], labels: Labels) -> str:
    """The sentence of `code`, with the names of what it is about, the ids behind: "Linode, LLC (linode)"."""
    kinds = {**_KINDS, **CATALOGUE[code].names}
    return sentence(code, {key: _named(value, labels.get(kinds.get(key) or "", {})) for key, value in about.items()})


def _named(value: str, labels: Mapping[str, str]) -> str:
    """The id, or each of several, by its name; what has none, as the vendor among sub-processors, as it is."""
    return " or ".join(labels.get(name, name) for name in value.split(" or ")) if labels else value
