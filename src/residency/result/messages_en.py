"""The message catalogue in English: a sentence for each code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from ..model.timeline import day_in_words, time_between

__all__ = ["NAME", "SENTENCES", "SHORT", "filled"]

SENTENCES: Mapping[str, str] = {
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
    "region.supposed": "asked of region {region}",
    "region.not-supposed": "not asked of region {region}",
    # Hosting.
    "hosting.region-not-stated": "where it stores data is not stated, so neither is the hosting region",
    "hosting.region-not-named": "the hosting region in which it stores data is not stated",
    "hosting.nobody": "it is not stated who stores data in region {region}",
    "list.closed": "the list of those who do {what} is closed",
    # House rules.
    "house.forbids": "house rule {rule} forbids it",
    # Restrictions and objections of the tenant.
    "demand.kept": "{subject}{stated} {places}, which keeps the restriction '{demand}'",
    "demand.broken": "{subject}{stated} {places}, which breaks the restriction '{demand}'",
    "demand.unclear": "{subject}{stated} {places}, which does not show whether the restriction '{demand}' is kept",
    "demand.kept-apart": "{subject}{stated} {places}, which keeps the restriction '{demand}': {apart}",
    "demand.broken-apart": "{subject}{stated} {places}, which breaks the restriction '{demand}': {apart}",
    "demand.unclear-apart": "{subject}{stated} {places}, which does not show whether the restriction '{demand}' is"
    " kept: {apart}",
    "demand.not-answered": "it is not stated who does {what} in region {region}",
    "demand.place-not-stated": "{subject}the place is not stated, so it is not shown that the restriction '{demand}' is"
    " kept",
    "demand.seat-not-stated": "{subject}it is not stated where it is registered, so it is not shown that the"
    " restriction '{demand}' is kept",
    "demand.parent-seat-not-stated": "{subject}it is not stated where its parent is registered, so it is not shown that"
    " the restriction '{demand}' is kept",
    "demand.vendor-seat-not-stated": "it is not stated where {vendor}, the vendor, is registered, so it is not shown"
    " that the restriction '{demand}' is kept",
    "demand.vendor-parent-seat-not-stated": "it is not stated where the parent of {vendor}, the vendor, is registered,"
    " so it is not shown that the restriction '{demand}' is kept",
    "demand.activity-not-stated": "{subject}the activity is not stated; the restriction '{demand}' may be about it",
    "demand.not-for-activity": "{subject}the restriction '{demand}' is not about {activity}",
    "demand.not-for-data": "{subject}the restriction '{demand}' is not about the data concerned",
    "demand.data-not-stated": "{subject}the data concerned is not stated; the restriction '{demand}' may be about it",
    "exception.data": "residency exception: {data}",
    "exception.party-not-stated": "{subject}who stores it is not stated, so it is not shown that the restriction"
    " '{demand}' is kept",
    "exception.copy-not-stated": "{subject}whether this is a copy is not stated; the restriction '{demand}' may be"
    " about it",
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
    "limit.backup": "copies are kept by {who} for {purpose}: {places}",
    "limit.safeguards": "stated safeguards of {activity} ({purpose}), in order: {mechanisms}; not assessed",
    "limit.own-infrastructure": "{vendor} may also store data on infrastructure of its own ({purpose}); it is no"
    " sub-processor and is not listed among the hosts",
    "limit.own": "{vendor} itself does {activity} ({purpose}): {places}",
    "limit.silent": "it is not stated who does {activities} in region {region}; the restriction '{demand}' is held"
    " against what is listed",
    "limit.not-all": "whether it may be engaged for {activity} ({purpose}) too is not stated",
    "limit.permission": "an entry is a permission to engage, not a statement that it is engaged",
    # Notices.
    "notice.age": "the list {dated}, {ago} before the day asked about",
    "notice.facts-age": "the members of {name} were last checked on {date}, {ago} before the day asked about",
    "notice.facts-passed": "the members of {name} were last checked on {date}, before they were to change on {change}",
    "notice.legal-effect": "legal effect of the document: {says}",
    "notice.document": "{name}, on which answers rest, is {effect}",
    "notice.house-rules": "house rules decided by {by} on {date} apply",
    "notice.house-rules-later": "house rules decided by {by} on {date}, after the day asked about, are applied to it",
    "notice.objection": "the register states no right to object; the objection to {name} is honoured here all the same",
}

SHORT: Mapping[str, str] = {
    # The register and its rows.
    "register.silent-before": "the register speaks from {day} on",
    "row.not-yet": "begins on {day}",
    "row.ended": "ended {day}",
    "row.not-authorised": "announced, authorised from {day} on",
    "row.authorisation-not-stated": "announced, from which day on is not stated",
    "region.not-yet": "offered from {day} on",
    "region.ended": "ended {day}",
    # Conditions on the tenant.
    "feature.on": "feature {name} is on",
    "feature.off": "feature {name} is off",
    "consent.given": "consent {name} given",
    "consent.not-given": "consent {name} not given",
    "agreement.exists": "agreement {name} exists",
    "agreement.none": "agreement {name} does not exist",
    "attribute.is": "{name} is {values}",
    "attribute.is-not": "for another {name}",
    "attribute.unknown": "{name} is not known",
    "tension.is": "{name} resolved as {values}",
    "tension.is-not": "{name} resolved otherwise",
    "tension.open": "the sources conflict on {name}",
    "condition.not-stated": "not stated {says}",
    "customer.in": "the customer is in {name}",
    "customer.none": "for customers in {name} only",
    "customer.not-in": "for customers in {name} only",
    "customer.not-among": "for customers in {name} only",
    "customer.unknown": "whether the customer is in {name} is not known",
    # Placement of a hosting region.
    "placement.home": "home of customers in {customers}",
    "placement.not-home": "home is {home}",
    "placement.not-stated": "the region of such customers is not stated",
    "placement.no-home": "the region of customers in {customers} is not stated",
    "placement.home-unknown": "which customer region counts is not known",
    "placement.agreed": "agreed",
    "placement.agreed-elsewhere": "{agreed} is agreed",
    "placement.agreement-not-stated": "agreeing on a region is not provided for",
    "placement.fixed": "the region unless another is agreed",
    "placement.fixed-elsewhere": "the region is {fixed} unless another is agreed",
    "placement.only": "the only region",
    "placement.only-elsewhere": "the only region is {fixed}",
    "placement.free": "may be chosen",
    "placement.not-promised": "no region is promised",
    "placement.vendor-choice": "the vendor chooses the region",
    "placement.unconfirmed": "no region is confirmed",
    "region.not-settled": "no region is settled",
    "region.unsettled": "no region is settled",
    # Hosting.
    "hosting.region-not-stated": "where it stores is not stated",
    "hosting.region-not-named": "the region in which it stores is not stated",
    "hosting.nobody": "who stores there is not stated",
    # House rules.
    "house.forbids": "house rule {rule}",
    # Restrictions and objections of the tenant.
    "demand.kept": "keeps '{demand}'",
    "demand.broken": "breaks '{demand}'",
    "demand.unclear": "not shown to keep '{demand}'",
    "demand.kept-apart": "keeps '{demand}'",
    "demand.broken-apart": "breaks '{demand}'",
    "demand.unclear-apart": "not shown to keep '{demand}'",
    "demand.not-answered": "who does {what} there is not stated",
    "demand.place-not-stated": "place not stated: '{demand}'",
    "demand.seat-not-stated": "seat not stated: '{demand}'",
    "demand.parent-seat-not-stated": "seat of its parent not stated: '{demand}'",
    "demand.vendor-seat-not-stated": "seat of {vendor} not stated: '{demand}'",
    "demand.vendor-parent-seat-not-stated": "seat of the parent of {vendor} not stated: '{demand}'",
    "demand.activity-not-stated": "activity not stated: '{demand}'",
    "demand.not-for-activity": "'{demand}' is not about it",
    "demand.not-for-data": "'{demand}' is not about its data",
    "demand.data-not-stated": "data not stated: '{demand}'",
    "exception.party-not-stated": "who stores an exception is not stated: '{demand}'",
    "exception.copy-not-stated": "whether it is a copy is not stated: '{demand}'",
    "objection.raised": "the tenant objects",
    # Questions about an activity or a data category.
    "question.data-not-stated": "data not stated, may be {data}",
    "question.activity-not-stated": "activity not stated, may be {activity}",
    "question.not-listed": "not listed for {asked}",
    "question.not-all-listed": "whether it does more is not stated",
    "question.closed": "the list is closed",
    # Notices.
    "notice.legal-effect": "legal effect: {says}",
}
"""A code in a few words, for a row in which whom it is about stands already; a code that is not there has none."""


NAME = re.compile(r"\{([^{}]*)\}")
"""A name in a sentence."""


def filled(sentence: str, names: Mapping[str, str]) -> str:
    """The sentence with its names filled in; `KeyError` for a name that it has not."""
    return NAME.sub(lambda name: names[name[1]] if name[1] in names else _DERIVED[name[1]](names), sentence)


def _subject(names: Mapping[str, str]) -> str:
    """Of whom a restriction's condition is: an engagement, a party, a hosting region, or a residency exception."""
    match names:
        case {"exception": data}:
            return f"residency exception ({data}): "
        case {"who": party, "activity": activity, "purpose": purpose}:
            return f"{party}, {activity} ({purpose}): "
        case {"who": party}:
            return f"{party}: "
        case {"region": region}:
            return f"region {region}: "
    return ""


def _dated(names: Mapping[str, str]) -> str:
    """Of when a list is: that of a document which bears another day, or none, was last checked on one."""
    return f"is of {_date(names)}" if "day" in names else f"was last checked on {day_in_words(_checked(names))}"


def _checked(names: Mapping[str, str]) -> date:
    return date.fromisoformat(names["day"] if "day" in names else names["checked"])


def _date(names: Mapping[str, str]) -> str:
    return day_in_words(date.fromisoformat(names["day"]))


def _ago(names: Mapping[str, str]) -> str:
    return time_between(_checked(names), date.fromisoformat(names["as_of"]))


def _change(names: Mapping[str, str]) -> str:
    return day_in_words(date.fromisoformat(names["passed"]))


_DERIVED = {"subject": _subject, "dated": _dated, "date": _date, "ago": _ago, "change": _change}
"""What a sentence may name beside what its condition is about, in English, by functions of that."""
