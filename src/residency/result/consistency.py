"""Consistency of a stored decision: each condition names what it stands under, and `settled` follows from answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from ..errors import BadInput, UnknownName
from ..model.rows import activity_in_words
from ..model.stored import CHANGED
from ..model.tenant import Tenant
from ..model.verdict import Verdict
from .answer import Answer, EngagementAnswer
from .answers import Answers
from .messages import CATALOGUE, ONE_OF, VERDICT_OF
from .reason import Reason

__all__ = ["ELSEWHERE", "IN_ENGAGEMENT", "IN_REGION", "check_consistency"]

PERMITTED, PROHIBITED, UNDETERMINED = Verdict.PERMITTED, Verdict.PROHIBITED, Verdict.UNDETERMINED
SILENT = "register.silent-before"
LISTED = "row.listed"

_ROWS = (LISTED, *(f"row.{code}" for code in ("not-yet", "ended", "not-authorised", "authorisation-not-stated")))
_PLACED = (
    "home",
    "agreed",
    "fixed",
    "only",
    "not-home",
    "agreed-elsewhere",
    "fixed-elsewhere",
    "only-elsewhere",
    "free",
)

IN_REGION: Mapping[str, tuple[str, ...]] = {
    **{f"placement.{code}": ("region",) for code in _PLACED},
    **dict.fromkeys(("region.supposed", "hosting.nobody", "demand.not-answered"), ("region",)),
}
"""By code, the names of a condition that must be those of the hosting region in whose answer it stands.

Other conditions may name another region: a host may be engaged in several, and each may have begun or ended.
"""
IN_ENGAGEMENT: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(_ROWS, ("who", "activity", "purpose")),
    **dict.fromkeys(("region.not-yet", "region.ended"), ("region",)),
    "objection.raised": ("name",),
    "demand.not-for-activity": ("activity",),
}
"""The same for an engagement. What placement says may name any hosting region: its condition may be about any."""
_ON_RESTRICTIONS = frozenset(code for code, entry in CATALOGUE.items() if "subject" in entry.names)
"""The codes that name a subject, since 0.2.0: the names that are present must be what the condition stands under."""
_SUBJECTS = (
    *(set[str](), {"who"}, {"who", "activity", "purpose"}, {"region"}, {"exception"}),
    *({"activity"}, {"exception", "activity"}),
)
"""Of whom it can be said; the last two are of an activity that a restriction is not about."""
ELSEWHERE: Mapping[str, frozenset[str]] = {
    "hosting region": frozenset({"region.not-settled", "region.unsettled"}),
    "sub-processor": frozenset(
        {
            *(
                "region.supposed",
                "region.not-supposed",
                "hosting.nobody",
                "exception.data",
                "exception.copy-not-stated",
                "exception.party-not-stated",
            ),
            *("demand.not-answered", "demand.vendor-seat-not-stated", "demand.vendor-parent-seat-not-stated"),
            "list.closed",
        }
    ),
    "question": frozenset(code for code in VERDICT_OF if code.startswith("question.")),
}
"""The codes that stand in no answer of that kind: an answer on a region supposes the data to be there, and a decision
is not about one activity or data category."""
_REGIONS = ("region", "agreed", "home", "fixed")
"""The keys of a condition's names that hold hosting regions."""


def check_consistency(answers: Answers, tenant: Tenant, day: date) -> None:
    """Raise `BadInput` where the answers do not agree with one another, or `settled` does not follow from them."""
    leaves = list(_all_leaves(answers))
    _check_silence(leaves)
    for answer in answers.on_regions:
        _check_region(answer, answers)
    possible = _settled(answers, tenant)
    if answers.settled not in possible:
        follows = " or ".join(map(repr, possible))
        raise BadInput(
            f"the stored settled {answers.settled!r} at $.settled is not the {follows} that the answers give", CHANGED
        )
    for answer in answers.on_sub_processors:
        _check_sub_processor(answer, answers)
    for leaf, path in leaves:
        _check_record(leaf, path, tenant, day)


# --- The tenant and the day ---


def _is_on(leaf: Reason, tenant: Tenant) -> bool:
    """A feature that is not named may be on by default."""
    return leaf.named("name") not in tenant.switched_off


def _is_off(leaf: Reason, tenant: Tenant) -> bool:
    return leaf.named("name") not in tenant.features


def _value(leaf: Reason, tenant: Tenant) -> str | None:
    return dict(tenant.attributes).get(leaf.named("name"))


def _has_value(leaf: Reason, tenant: Tenant) -> bool:
    return (_value(leaf, tenant) or "") in (*dict(leaf.about).get("values", ()),)


_OF_TENANT: Mapping[str, Callable[[Reason, Tenant], bool]] = {
    "feature.on": _is_on,
    "feature.off": _is_off,
    "consent.given": lambda leaf, tenant: leaf.named("name") in tenant.consents,
    "consent.not-given": lambda leaf, tenant: leaf.named("name") not in tenant.consents,
    "agreement.exists": lambda leaf, tenant: leaf.named("name") in tenant.agreements,
    "agreement.none": lambda leaf, tenant: leaf.named("name") not in tenant.agreements,
    "attribute.is": _has_value,
    "attribute.is-not": lambda leaf, tenant: _value(leaf, tenant) is not None and not _has_value(leaf, tenant),
    "attribute.unknown": lambda leaf, tenant: _value(leaf, tenant) is None,
    "objection.raised": lambda leaf, tenant: leaf.named("name") in tenant.objections,
    "placement.agreed": lambda leaf, tenant: leaf.named("region") == tenant.agreed_region,
    **dict.fromkeys(
        ("placement.agreed-elsewhere", "placement.agreement-not-stated"),
        lambda leaf, tenant: leaf.named("agreed") == tenant.agreed_region,
    ),
    **dict.fromkeys(
        (code for code in VERDICT_OF if code.startswith("placement.") and not code.startswith("placement.agree")),
        lambda leaf, tenant: tenant.agreed_region is None,
    ),
    **dict.fromkeys(
        (code for code, entry in CATALOGUE.items() if entry.verdict is not None and "demand" in entry.names),
        lambda leaf, tenant: leaf.named("demand") in {restriction.text for restriction in tenant.restrictions},
    ),
}
"""By code, whether the tenant's record is as the condition says."""
_LATER = ("register.silent-before", "row.not-yet", "region.not-yet", "row.not-authorised")
_PAST = ("row.ended", "region.ended")
"""The codes of which the day is after the one asked about, and of which it is not."""


def _check_record(leaf: Reason, path: str, tenant: Tenant, day: date) -> None:
    """Raise `BadInput` where a condition says otherwise of the tenant, or of the day, than they are."""
    if leaf.code in _OF_TENANT and not _OF_TENANT[leaf.code](leaf, tenant):
        raise BadInput(f"{leaf.code!r} at {path} is not so of the tenant: {leaf.words}", CHANGED)
    if leaf.code in (*_LATER, *_PAST) and (leaf.named("day") > day.isoformat()) is not (leaf.code in _LATER):
        raise BadInput(f"{leaf.code!r} at {path} is not so on {day}: {leaf.words}", CHANGED)


# --- Answers ---


def _check_silence(leaves: Sequence[tuple[Reason, str]]) -> None:
    """Raise `BadInput` where something else stands beside the register's silence."""
    silent = [(leaf, path) for leaf, path in leaves if leaf.code == SILENT]
    if not silent:
        return
    silence, silent_at = silent[0]
    for leaf, path in leaves:
        if leaf != silence:
            raise BadInput(f"{leaf.code!r} at {path} is said beside the {SILENT!r} at {silent_at}", CHANGED)


def _check_region(answer: Answer, answers: Answers) -> None:
    engagements = [each for answer in answers.on_sub_processors for each in answer.engagements]
    rows = {(each.sub_processor, activity_in_words(each.activity), each.purpose) for each in engagements}
    for leaf, path in _leaves(answer.reason, f"$.regions.{answer.id}.reason"):
        about = dict(leaf.about)
        _check_leaf(leaf, path, answers, IN_REGION, {"region": answer.id}, "hosting region")
        if leaf.code == "region.not-supposed" and about.get("region") == answer.id:
            raise BadInput(f"{leaf.code!r} at {path} is about the region in whose answer it stands", CHANGED)
        row = (about.get("who"), about.get("activity"), about.get("purpose"))
        of_row = leaf.code in _ROWS or (leaf.code in _ON_RESTRICTIONS and None not in row)
        unknown = leaf.code in _ON_RESTRICTIONS and row[0] is not None and row[0] not in answers.by_sub_processor
        if ((of_row and row not in rows) or unknown) and row[0] != answers.heading.vendor:
            raise BadInput(f"{leaf.code!r} at {path} is about no engagement of the decision", CHANGED)
    if answer.verdict is PERMITTED and not _placements(answer.reason, PERMITTED):
        raise BadInput(f"the permission at $.regions.{answer.id} rests on no placement", CHANGED)


def _check_sub_processor(answer: Answer, answers: Answers) -> None:
    root = f"$.sub_processors.{answer.id}"
    for number, engagement in enumerate(answer.engagements):
        _check_engagement(engagement, f"{root}.engagements[{number}]", answers)
    known = {leaf for each in answer.engagements for reason in each.reasons for leaf in reason.leaves()}
    for leaf, path in _leaves(answer.reason, f"{root}.reason"):
        if leaf not in known:
            raise BadInput(f"{leaf.code!r} at {path} is said of none of its engagements", CHANGED)


def _check_engagement(answer: EngagementAnswer, root: str, answers: Answers) -> None:
    for name in answer.data or ():
        if name not in answers.heading.data_categories:
            raise UnknownName("data category", name, answers.heading.data_categories, f" at {root}.data")
    names = {
        "who": answer.sub_processor,
        "name": answer.sub_processor,
        "activity": activity_in_words(answer.activity),
        "purpose": answer.purpose,
        "region": answer.region,
    }
    for leaf, path in _side_leaves(answer, root):
        _check_leaf(leaf, path, answers, IN_ENGAGEMENT, names, "sub-processor")
    if answer.applies.verdict is not PERMITTED:
        return
    if not any(leaf.code == LISTED for leaf in answer.applies.leaves()):
        raise BadInput(f"the permission at {root}.applies rests on no row", CHANGED)
    if answer.region != answers.settled and (answer.activity == "hosting" or answer.region is not None):
        raise BadInput(
            f"the permission at {root}.applies is for region {answer.region!r}, and the data is settled in"
            f" {answers.settled!r}",
            CHANGED,
        )


def _check_leaf(
    leaf: Reason,
    path: str,
    answers: Answers,
    table: Mapping[str, tuple[str, ...]],
    names: Mapping[str, str | None],
    kind: str,
) -> None:
    """Raise where a condition cannot stand there, names what it does not stand under, or an unknown hosting region."""
    about = dict(leaf.about)
    if leaf.code in ELSEWHERE[kind] | ELSEWHERE["question"]:
        raise BadInput(f"{leaf.code!r} at {path} cannot stand in an answer on a {kind}", CHANGED)
    keys = names.keys() & about.keys() if leaf.code in _ON_RESTRICTIONS else ()
    for key in (*table.get(leaf.code, ()), *sorted(keys)):
        if about.get(key) != names[key]:
            stored = f"the {key} {about.get(key)!r} of {leaf.code!r} at {path}"
            raise BadInput(f"{stored} is not the {names[key]!r} under which it stands", CHANGED)
    if leaf.code in _ON_RESTRICTIONS:
        subject = about.keys() & ONE_OF["subject"]
        if subject not in _SUBJECTS or (kind == "sub-processor" and not subject.isdisjoint({"region", "exception"})):
            raise BadInput(
                f"{leaf.code!r} at {path} is of nothing that it can be of: {', '.join(sorted(subject))}", CHANGED
            )
        if f"demand: {about.get('demand')}" not in leaf.basis:
            raise BadInput(f"{leaf.code!r} at {path} rests on another restriction than it names", CHANGED)
    for key in _REGIONS:
        value = about.get(key, ())
        for name in (value,) if isinstance(value, str) else value:
            if name not in answers.by_region:
                raise UnknownName("hosting region", name, answers.by_region, f" at {path}.about.{key}")


# --- What is settled ---


def _settled(answers: Answers, tenant: Tenant) -> tuple[str | None, ...]:
    """The regions (or None) that placement can have settled: several only where other reasons hide what it said.

    An answer keeps only the reasons of its verdict. So where placement prohibits, its reason is kept, except where the
    condition of an agreement on a region fails; where it leaves a region open, it is kept if nothing else prohibits.
    """
    left = [answer for answer in answers.on_regions if not _placements(answer.reason, PROHIBITED)]
    if len(left) != 1 or any(leaf.code == SILENT for leaf in left[0].reason.leaves()):
        return (None,)
    (only,) = left
    if only.verdict is PERMITTED:
        return (only.id,)
    if _placements(only.reason, UNDETERMINED):
        return (None,)
    if only.verdict is UNDETERMINED and only.id != tenant.agreed_region:
        return (only.id,)
    return (None, only.id)


def _placements(reason: Reason, verdict: Verdict) -> list[Reason]:
    """The conditions by placement in the tree that have that verdict."""
    return [leaf for leaf in reason.leaves() if leaf.code.startswith("placement.") and leaf.verdict is verdict]


# --- Within ---


def _all_leaves(answers: Answers) -> Iterator[tuple[Reason, str]]:
    for answer in answers.on_regions:
        yield from _leaves(answer.reason, f"$.regions.{answer.id}.reason")
    for answer in answers.on_sub_processors:
        root = f"$.sub_processors.{answer.id}"
        yield from _leaves(answer.reason, f"{root}.reason")
        for number, engagement in enumerate(answer.engagements):
            yield from _side_leaves(engagement, f"{root}.engagements[{number}]")


def _side_leaves(answer: EngagementAnswer, root: str) -> Iterator[tuple[Reason, str]]:
    for side, reason in zip(("applies", "allowed", "keeps"), answer.reasons, strict=True):
        yield from _leaves(reason, f"{root}.{side}")


def _leaves(reason: Reason, path: str) -> Iterator[tuple[Reason, str]]:
    """The single conditions of a tree, each with the path of the tree."""
    return ((leaf, path) for leaf in reason.leaves())
