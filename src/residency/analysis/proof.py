"""Proof: a law proved for every tenant, broken by a counterexample, or not covered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Literal

from attrs import frozen

from ..model.tenant import Restriction, Tenant
from .laws import LAWS, Law, Pair

__all__ = ["Counterexample", "Proof", "joined"]


@frozen
class Proof:
    """The proof of one law: of its `of` points (tenants in a span of days) `covered` were looked at.

    `breaches` are the answers that break it, of all points; `cells` the kinds of tenants that were looked at, each of
    which stands for many points. A law that is about nothing in this register has no points.
    """

    says: str
    of: int
    covered: int
    breaches: int
    cells: int
    basis: tuple[str, ...] = ()
    counterexample: Counterexample | None = None
    concerned: bool = True

    @property
    def outcome(self) -> Literal["proved", "broken", "not covered", "about nothing", "about nobody"]:
        """What became of the law: broken where any point breaks it, even if not all points were looked at.

        A law is about nothing where the register has nothing of its kind; a claim about nobody says less than it seems.
        """
        if self.breaches:
            return "broken"
        if self.covered < self.of:
            return "not covered"
        if not self.concerned:
            return "about nobody"
        return "proved" if self.of else "about nothing"


def joined(parts: Iterable[Proof]) -> Proof:
    """One proof of a law from those of its parts; a part without points does not lower what is covered."""
    proofs = list(parts)
    found = [proof.counterexample for proof in proofs if proof.counterexample is not None]
    return Proof(
        says=proofs[0].says,
        of=max(proof.of for proof in proofs),
        covered=min((proof.covered for proof in proofs if proof.of), default=0),
        breaches=sum(proof.breaches for proof in proofs),
        cells=sum(proof.cells for proof in proofs),
        basis=proofs[0].basis,
        counterexample=min(found, key=lambda example: example.size, default=None),
        concerned=any(proof.concerned for proof in proofs),
    )


@frozen
class Counterexample:
    """A tenant that breaks a law on a day: that with the fewest demands and facts, then the first by day and country.

    `about` is the hosting region or sub-processor whose answer breaks it, if it is about one, and `found` what was
    found of it; `before` is the tenant before the step that the law is about, if that changes the tenant, and `other`
    the other day, if that changes the day.
    """

    law: Law | Pair
    tenant: Tenant
    as_of: date
    about: str | None
    found: str
    before: Tenant | None = None
    other: date | None = None

    @property
    def size(self) -> tuple[object, ...]:
        """The order of tenants, the smallest first: by demands, facts, day, country, and all else."""
        tenant = self.tenant
        facts = [tenant.features, tenant.consents, tenant.agreements, tenant.switched_off, tenant.attributes]
        demands = len(tenant.restrictions) + len(tenant.objections)
        count = sum(map(len, facts)) + (tenant.agreed_region is not None)
        return demands, count, self.as_of, tenant.country, repr(tenant)

    def code(self, register: str = "liveagent", house_rules: str | None = None) -> str:
        """A test in Python that fails as long as the law is broken; the arguments are what the files are called."""
        return "\n".join(self._lines(register, house_rules))

    def _lines(self, register: str, house_rules: str | None) -> Iterator[str]:
        names = ["Resolver", "Restriction", "Tenant", "Verdict", "load_house_rules", "load_register"]
        body = list(self._body(register, house_rules))
        used = [name for name in names if any(re.search(rf"\b{name}\b", line) for line in body)]
        yield "from datetime import date"
        yield ""
        yield f"from residency import {', '.join(used)}"
        if self._by_check:
            yield "from residency.analysis import LAWS, check"
        yield ""
        yield ""
        yield f"def test_{_slug(self.law.says)}() -> None:"
        yield from (f"    {line}" for line in body)

    @property
    def _by_check(self) -> bool:
        """Whether only `check` can show the breach: no answer of one tenant alone does."""
        if isinstance(self.law, Pair):
            return self.law.step == "ids renamed"
        return self.law in LAWS and self.about is None

    def _body(self, register: str, house_rules: str | None) -> Iterator[str]:
        says = self.law.says.replace("\\", "\\\\").replace('"', '\\"')
        yield f'"""{says[0].upper()}{says[1:]}."""'
        yield f"register = load_register({register!r})"
        if self._by_check:
            yield f"(proof,) = (proof for proof in check(register, LAWS) if proof.says == {self.law.says!r})"
            yield "assert proof.outcome == 'proved'"
            return
        rules = "" if house_rules is None else f", house_rules=load_house_rules({house_rules!r}, register)"
        day, tenant = f"date({self.as_of.year}, {self.as_of.month}, {self.as_of.day})", _tenant(self.tenant)
        after = f"Resolver(register{rules}).resolve({tenant}, as_of={day})"
        if isinstance(self.law, Law):
            yield f"decision = {after}"
            yield f"assert {self._expected(self.law)}"
            return
        if self.law.step == "days pass":
            assert self.other is not None
            other = f"date({self.other.year}, {self.other.month}, {self.other.day})"
            yield f"before = Resolver(register{rules}).resolve({tenant}, as_of={other})"
        elif self.law.step == "house rules laid over":
            yield f"before = Resolver(register).resolve({tenant}, as_of={day})"
        else:
            assert self.before is not None
            yield f"before = Resolver(register{rules}).resolve({_tenant(self.before)}, as_of={day})"
        yield f"after = {after}"
        if self.law.relation:
            later, earlier = (f"{decision}.answer({self.about!r}).verdict" for decision in ("after", "before"))
            yield f"assert {later} {self.law.relation} {earlier}"
        else:
            yield f"assert law(before, after, {self.about!r})  # law: the function that says whether {self.law.says}"

    def _expected(self, law: Law) -> str:
        if law.test:
            return law.test
        if self.about is None:
            return f"law(decision.tenant, decision)  # law: the function that says whether {law.says}"
        return f"decision.answer({self.about!r}).verdict is not Verdict.{self.found}"


def _slug(says: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", says.casefold()).strip("_")[:70].rstrip("_")


def _tenant(tenant: Tenant) -> str:
    """The tenant as Python code, without what is a default."""
    stored = tenant.to_dict()
    by_text = sorted(tenant.restrictions, key=lambda restriction: restriction.text)
    restrictions = list(map(_restriction, by_text))
    arguments: dict[str, Any] = {
        key: value for key, value in stored.items() if key not in ("country", "restrictions") and value
    }
    parts = [repr(tenant.country), *(f"{key}={value!r}" for key, value in arguments.items())]
    return f"Tenant({', '.join([*parts, *([f'restrictions=[{chr(44).join(restrictions)}]'] if restrictions else [])])})"


def _restriction(restriction: Restriction) -> str:
    arguments = {key: value for key, value in restriction.to_dict().items() if value}
    return f"Restriction({', '.join(f'{key}={value!r}' for key, value in arguments.items())})"
