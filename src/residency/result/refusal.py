"""Refusals: why `Decision.require` gives no region, in two lines, with the codes that decide and what would help."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ..errors import BadInput, Refused, quoted
from ..model.timeline import counted, day_in_words
from ..model.verdict import Verdict
from .explain import tenant_words
from .reason import Reason, leaf, merged

if TYPE_CHECKING:
    from .decision import Decision

__all__ = ["checked_span", "no_region", "outdated"]


def _remedies(codes: str, remedy: str) -> dict[str, str]:
    return dict.fromkeys(codes.split(), remedy)


_NO_HOME = "placement.no-home placement.home-unknown"
_NO_RULE = "placement.not-promised placement.vendor-choice placement.unconfirmed"
_NOT_SHOWN = (
    "demand.unclear demand.unclear-apart demand.place-not-stated demand.seat-not-stated demand.parent-seat-not-stated"
    " demand.vendor-seat-not-stated demand.vendor-parent-seat-not-stated demand.activity-not-stated"
    " demand.data-not-stated exception.party-not-stated exception.copy-not-stated"
)
_STATE = "have the vendor state what is missing and write it into the register"
_AGREE = "agree on a region with the vendor and name it as agreed_region"

_REMEDIES: Sequence[Mapping[str, str]] = (
    # Where it is not settled which region: whatever else is open, that must be.
    {
        "register.silent-before": "ask about a day on which the register speaks, from {day} on",
        "region.not-settled": "agree on a permitted region, {region}, and name it as agreed_region",
        "placement.not-stated": f"{_AGREE}, or let house rules place this customer",
        **_remedies(_NO_HOME, _AGREE),
        **_remedies(_NO_RULE, f"{_AGREE}, which counts where the register says that regions are agreed"),
        "placement.agreement-not-stated": "leave agreed_region out, or have the vendor state that regions are agreed",
    },
    # A fact that the caller did not say: once it is, all else may be well.
    {"attribute.unknown": "say the tenant's {name}; it matters whether it is {values}: attributes={{'{name}': …}}"},
    # What excludes the region that is settled or agreed.
    {
        **_remedies("region.not-yet row.not-yet row.not-authorised", "ask about a day from {day} on"),
        "feature.off": "have feature {name} on, and name it in features",
        "feature.on": "have feature {name} off",
        "consent.not-given": "have consent {name} given, and name it in consents",
        "consent.given": "have consent {name} withdrawn",
        "agreement.none": "conclude agreement {name}, and name it in agreements",
        "agreement.exists": "end agreement {name}",
        "attribute.is-not": "it takes a tenant whose {name} is {values}",
        "attribute.is": "it takes a tenant whose {name} is not {values}",
        "house.forbids": "change house rule {rule}",
        "objection.raised": "withdraw the objection to {name}",
        **_remedies(
            "demand.broken demand.broken-apart", "withdraw the restriction '{demand}', which excludes region {of}"
        ),
        **_remedies(_NOT_SHOWN, "have the vendor show that the restriction '{demand}' is kept, or withdraw it"),
        "demand.not-answered": "have the vendor state who does {what}, or withdraw the restriction that asks for it",
    },
)
"""What would help against a condition, by its code: of the first group that has any of the conditions that refuse."""


def no_region(decision: Decision) -> Refused:
    """The refusal of a decision in which no region is settled and permitted."""
    found = _refusing(decision)
    group = next((each for each in _REMEDIES if any(reason.code in each for _, reason in found)), {})
    shown = [(region, reason) for region, reason in found if reason.code in group] or found
    templates = ((region, reason, group.get(reason.code, _STATE)) for region, reason in shown)
    remedies = (template.format_map(_names(reason, region)) for region, reason, template in templates)
    remedy = "; ".join(dict.fromkeys(remedies)) or _STATE
    if len(decision.region_answers) > 1 and group not in _REMEDIES[:2]:
        remedy += ", or agree on another region"
    return Refused(
        f"no hosting region of {_whose(decision)} is settled and permitted {_asked(decision)}\n{_said(shown)}",
        remedy,
        decision,
        sorted({reason.code for _, reason in found}),
    )


def outdated(decision: Decision, listed_within: timedelta) -> Refused | None:
    """The refusal of a decision whose list was last checked longer than that before its day; None where it was not.

    The notice of its age says when, also in a stored decision; without one it was checked on that day or later.
    """
    age = next((note for note in decision.notes if note.code == "notice.age"), None)
    if age is None:
        return None
    if decision.as_of - date.fromisoformat(age.named("day") or age.named("checked")) <= listed_within:
        return None
    span = counted(listed_within.days, "day")
    return Refused(
        f"the list of {_whose(decision)} is older than the {span} that are accepted {_asked(decision)}\n{age.words}",
        "compare the register with what the vendor publishes and write that day as its checked, or accept an older one",
        decision,
        [age.code],
    )


def checked_span(span: object) -> timedelta:
    """The span, if it is one of days and not negative; otherwise `BadInput`."""
    if not isinstance(span, timedelta):
        message = f"listed_within must be a span of days (datetime.timedelta), got {quoted(span)}"
        raise BadInput(message, "write timedelta(days=365)")
    if span < timedelta(0):
        raise BadInput(f"listed_within must not be negative, got {span!r}", "write timedelta(days=365)")
    return span


def _names(reason: Reason, region: str) -> Mapping[str, str]:
    """The names of a condition and `of`, its region; a name that a stored one lacks is left open."""
    names = {key: name if isinstance(name, str) else " or ".join(name) for key, name in reason.about}
    return defaultdict(lambda: "…", {**names, "of": region})


def _whose(decision: Decision) -> str:
    return f"{decision.service} ({decision.vendor})" if decision.service != decision.vendor else decision.vendor


def _asked(decision: Decision) -> str:
    return f"as of {day_in_words(decision.as_of)}, for {tenant_words(decision.tenant)}"


def _refusing(decision: Decision) -> list[tuple[str, Reason]]:
    """The conditions that refuse, each with the id of its region: of the region that is settled or agreed, if one is.

    Else of the regions that are nearest to being permitted; of those that are, one has to be agreed. What holds refuses
    only where nothing else does, as a feature that must be off.
    """
    decided = {decision.settled or decision.tenant.agreed_region}
    most = Verdict.any_of(answer.verdict for answer in decision.region_answers)
    of_decided = [answer for answer in decision.region_answers if answer.id in decided]
    answers = of_decided or [answer for answer in decision.region_answers if answer.verdict is most]
    if most is Verdict.PERMITTED and not of_decided:
        names = {"hosting region": {answer.id: answer.name for answer in answers}}
        basis = merged(answer.reason.basis for answer in answers)
        regions = tuple(answer.id for answer in answers)
        return [("", leaf(Verdict.UNDETERMINED, "region.not-settled", basis, names, region=regions))]
    leaves = [(answer.id, reason) for answer in answers for reason in _once(answer.reason.leaves())]
    return [(region, reason) for region, reason in leaves if reason.verdict is not Verdict.PERMITTED] or leaves


def _once(leaves: Iterable[Reason]) -> list[Reason]:
    """The conditions, each unknown attribute once, with all values that matter."""
    unknown: dict[str, dict[str, Reason]] = {}
    others: list[Reason] = []
    for reason in leaves:
        if reason.code == "attribute.unknown":
            about = _names(reason, "")
            unknown.setdefault(about["name"], {}).setdefault(about["values"], reason)
        else:
            others.append(reason)
    return [*(_of_all_values(name, reasons) for name, reasons in unknown.items()), *others]


def _of_all_values(name: str, reasons: Mapping[str, Reason]) -> Reason:
    basis = merged(reason.basis for reason in reasons.values())
    return leaf(Verdict.UNDETERMINED, "attribute.unknown", basis, name=name, values=tuple(reasons))


def _said(conditions: Sequence[tuple[str, Reason]]) -> str:
    """The conditions in words, on one line, those of several regions once."""
    regions: dict[str, dict[str, None]] = {}
    for region, reason in conditions:
        regions.setdefault(reason.words, {})[region] = None
    of_words: dict[str, list[str]] = {}
    for words, names in regions.items():
        of_words.setdefault(", ".join(names), []).append(words)
    lines = (f"{names}: {'; '.join(words)}" if names else "; ".join(words) for names, words in of_words.items())
    return "; ".join(lines) or "the register names no hosting region"
