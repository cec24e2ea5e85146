"""What each code says in words: the one catalogue of the sentences that answers, notices and refusals are made of.

Codes are stable; a sentence states a fact, so that it reads the same whichever verdict rests on it. The names in
braces are ids and days, never anything about one tenant alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..model.verdict import Verdict

__all__ = ["CODES", "VERDICT_OF", "say"]

CODES: Mapping[str, str] = {
    # The register and its rows.
    "register.silent-before": "the register speaks from {day} on; for earlier days it states nothing",
    "row.listed": "{who} is listed for {activity}: {purpose}",
    "row.not-yet": "the row of {who} for {activity} ({purpose}) begins on {day}",
    "row.ended": "the row of {who} for {activity} ({purpose}) ended: {day} is the first day without it",
    "row.not-authorised": "{who} is listed for {activity} ({purpose}), but authorised only from {day} on",
    "row.authorisation-not-stated": "{who} is listed for {activity} ({purpose}); from which day on it is authorised is"
    " not stated",
    "region.not-yet": "hosting region {region} is offered from {day} on",
    "region.ended": "hosting region {region} ended: {day} is the first day without it",
    # Conditions on the tenant.
    "feature.on": "feature {name} is on",
    "feature.off": "feature {name} is off",
    "consent.given": "consent {name} was given",
    "consent.not-given": "consent {name} was not given",
    "agreement.exists": "agreement {name} exists",
    "agreement.none": "agreement {name} does not exist",
    "attribute.is": "the tenant's {name} is {values}",
    "attribute.is-not": "the tenant's {name} is not {values}",
    "attribute.unknown": "the tenant's {name} is not known; it matters whether it is {values}",
    "tension.is": "the sources conflict on {name}; resolved as {values}",
    "tension.is-not": "the sources conflict on {name}; resolved otherwise than {values}",
    "tension.open": "the sources conflict on {name}, and no reading or house rule resolves it",
    "condition.not-stated": "it is not stated {says}",
    "customer.in": "the tenant's country is in customer region {name}",
    "customer.not-in": "the tenant's customer region is {here}, the first that holds its country, not {name}",
    "customer.none": "no customer region holds the tenant's country, so it is not in {name}",
    "customer.not-among": "which customer region is the tenant's is not known for that day ({among}); it is not {name}",
    "customer.unknown": "whether the tenant's customer region is {name} is not known for that day",
    # Placement of a hosting region.
    "placement.home": "customers in customer region {customers} are placed in region {region}",
    "placement.not-home": "customers in customer region {customers} are placed in region {home}, not in {region}",
    "placement.not-stated": "no customer region holds the tenant's country, and it is not stated where such a customer"
    " is placed",
    "placement.no-home": "it is not stated in which hosting region customers in customer region {customers} are placed",
    "placement.home-unknown": "which customer region is the tenant's is not known for that day ({customers}), so"
    " neither is its home region",
    "placement.agreed": "region {region} is agreed",
    "placement.agreed-elsewhere": "region {agreed} is agreed, which leaves out {region}",
    "placement.agreement-not-stated": "region {agreed} is agreed, but it is not stated that regions can be agreed",
    "placement.fixed": "data is placed in region {region} unless another is agreed",
    "placement.fixed-elsewhere": "data is placed in region {fixed} unless another is agreed, not in {region}",
    "placement.only": "data is placed in region {region}",
    "placement.only-elsewhere": "data is placed in region {fixed}, not in {region}",
    "placement.free": "region {region} may be chosen",
    "placement.not-promised": "no hosting region is promised",
    "placement.vendor-choice": "the vendor chooses the hosting region unless one is agreed",
    "placement.unconfirmed": "no hosting region counts until one is confirmed",
    "region.not-settled": "the tenant's data may be placed in region {region}, but its region is not settled: it must"
    " be agreed",
    "region.unsettled": "no hosting region is settled, so whether the data is in region {region} is not known",
    "region.supposed": "supposing that the data is stored in region {region}",
    "region.not-supposed": "supposing that the data is not stored in region {region}",
    # Hosting.
    "hosting.region-not-stated": "the place of this storage, and so the region it is in, is not stated",
    "hosting.region-not-named": "in which hosting region this storage is, is not stated",
    "hosting.nobody": "it is not stated who stores data in region {region}",
    "list.closed": "the list of those who do {what} is closed",
    # House rules.
    "house.forbids": "house rule {rule} forbids it",
    "house.does-not-forbid": "house rule {rule} does not apply",
    # Demands of the tenant.
    "demand.kept": "{stated} {places}, which keeps the demand '{demand}'",
    "demand.broken": "{stated} {places}, which breaks the demand '{demand}'",
    "demand.unclear": "{stated} {places}, which does not show whether the demand '{demand}' is kept",
    "demand.kept-apart": "{stated} {places}, which keeps the demand '{demand}': {apart}",
    "demand.broken-apart": "{stated} {places}, which breaks the demand '{demand}': {apart}",
    "demand.unclear-apart": "{stated} {places}, which does not show whether the demand '{demand}' is kept: {apart}",
    "demand.not-answered": "nothing listed tells who does {what} in region {region}",
    "demand.place-not-stated": "the place is not stated, so it is not shown that the demand '{demand}' is kept",
    "demand.seat-not-stated": "it is not stated where it is registered, so it is not shown that the demand '{demand}'"
    " is kept",
    "demand.parent-seat-not-stated": "it is not stated where its parent is registered, so it is not shown that the"
    " demand '{demand}' is kept",
    "demand.vendor-seat-not-stated": "it is not stated where {vendor}, the vendor, is registered, so it is not shown"
    " that the demand '{demand}' is kept",
    "demand.vendor-parent-seat-not-stated": "it is not stated where the parent of {vendor}, the vendor, is registered,"
    " so it is not shown that the demand '{demand}' is kept",
    "demand.activity-not-stated": "the activity is not stated; the demand '{demand}' may be about it",
    "demand.not-for-activity": "the demand '{demand}' is not about {activity}",
    "demand.not-for-data": "the demand '{demand}' is not about the data concerned",
    "demand.data-not-stated": "the data concerned is not stated; the demand '{demand}' may be about it",
    "exception.data": "residency exception: {data}",
    "exception.party-not-stated": "who stores it is not stated, so it is not shown that the demand '{demand}' is kept",
    "exception.copy-not-stated": "whether this is a copy is not stated; the demand '{demand}' may be about it",
    "objection.raised": "the tenant objects to {name}",
    # Questions about an activity or a data category.
    "question.data-not-stated": "the data that {who} handles for {activity} ({purpose}) is not stated; it may be"
    " {data}",
    "question.activity-not-stated": "what {who} does ({purpose}) is not stated; it may be {activity}",
    "question.not-listed": "{who} is not listed for {asked}",
    "question.not-all-listed": "whether {who} does {asked} beside what is listed is not stated",
    "question.closed": "the list is closed: {who} does no {asked} but what is listed",
    # Combinations: their parts say more.
    "unconditional": "no condition",
    "all": "all of these",
    "any": "any of these",
    "not": "not this",
    # What a permission does not say.
    "limit.not-assessed": "lawfulness is not assessed: this says what the sources state, not what the law allows",
    "limit.storage": "a region is where data is stored; access from elsewhere is not excluded by it",
    "limit.region-only": "{activity} ({purpose}) is for region {region}; in which place is not stated",
    "limit.exception": "residency exception: {data} may be stored elsewhere, whatever the region: {places}",
    "limit.place-not-stated": "it is not stated where this happens: {activity} ({purpose})",
    "limit.place": "stated place of {activity} ({purpose}): somewhere within {places}",
    "limit.places": "stated place of {activity} ({purpose}): {places}",
    "limit.backup": "copies are kept by {who} ({purpose}): {places}",
    "limit.safeguards": "stated safeguards of {activity} ({purpose}), in order: {mechanisms}; not assessed",
    "limit.own-infrastructure": "{vendor} may also store data on infrastructure of its own ({purpose}); it is no"
    " sub-processor and is not listed among the hosts",
    "limit.own": "{vendor} itself does {activity} ({purpose}): {places}",
    "limit.silent": "nothing listed tells who does {activities} in region {region}: the demand '{demand}' is answered"
    " on what is listed",
    "limit.not-all": "whether it may be engaged for {activity} ({purpose}) too is not stated",
    "limit.permission": "an entry is a permission to engage, not a statement that it is engaged",
    # Notices.
    "notice.age": "this list speaks as of {day}; asked {days} later",
    "notice.facts-age": "the members of {name} were last checked on {day}; asked {days} later",
    "notice.legal-effect": "legal effect of the document: {says}",
    "notice.document": "{name}, on which answers rest, is {effect}",
    "notice.house-rules": "house rules decided by {by} on {day} apply",
    "notice.house-rules-later": "house rules decided by {by} on {day}, after the day asked about, are applied to it",
    "notice.objection": "the register states no right to object; the objection to {name} is honoured here all the same",
}

_MEANS: Mapping[str, str] = {
    "PERMITTED": "row.listed feature.on consent.given agreement.exists attribute.is tension.is customer.in"
    " placement.home placement.agreed placement.fixed placement.only placement.free region.supposed demand.kept"
    " demand.kept-apart exception.data list.closed unconditional",
    "PROHIBITED": "row.not-yet row.ended row.not-authorised region.not-yet region.ended feature.off"
    " consent.not-given agreement.none attribute.is-not tension.is-not customer.not-in customer.none"
    " customer.not-among question.closed demand.broken-apart"
    " placement.not-home placement.agreed-elsewhere placement.fixed-elsewhere placement.only-elsewhere"
    " region.not-supposed"
    " house.forbids demand.broken demand.not-for-activity demand.not-for-data objection.raised",
    "UNDETERMINED": "register.silent-before attribute.unknown condition.not-stated tension.open customer.unknown"
    " placement.not-stated placement.no-home placement.home-unknown placement.agreement-not-stated"
    " placement.not-promised placement.vendor-choice placement.unconfirmed region.not-settled region.unsettled"
    " row.authorisation-not-stated question.data-not-stated question.not-listed hosting.region-not-stated"
    " hosting.region-not-named hosting.nobody demand.unclear demand.place-not-stated demand.seat-not-stated"
    " demand.parent-seat-not-stated demand.data-not-stated demand.unclear-apart demand.not-answered"
    " demand.vendor-seat-not-stated demand.vendor-parent-seat-not-stated demand.activity-not-stated"
    " exception.copy-not-stated exception.party-not-stated question.activity-not-stated question.not-all-listed",
}
VERDICT_OF: Mapping[str, Verdict] = {
    code: Verdict(verdict) for verdict, codes in _MEANS.items() for code in codes.split()
}
"""The verdict that each single condition gives: a stored one that says otherwise was changed."""


def say(code: str, about: Mapping[str, str]) -> str:
    """The sentence of `code` with its names filled in."""
    return CODES[code].format_map(about)
