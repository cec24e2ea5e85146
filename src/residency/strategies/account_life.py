"""State machine of an account's life: what happens to a tenant, and whether a backend does as the library decides."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar, Literal, TypeVar

from attrs import evolve
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ..engine.resolver import Resolver
from ..model.register import Register
from ..model.tenant import Tenant
from ..result.decision import Decision
from .values import days, days_about_changes, tenants

__all__ = ["AccountLife", "Change"]

Change = Literal["feature", "consent", "agreed region", "register", "day"]
"""What has changed, for the backend: a feature went on or off, a consent was given or withdrawn ..."""
Step = TypeVar("Step", bound=Callable[..., None])


def _name_in_force(names: str) -> Any:
    """One of those names of the register in force, whatever the tenant has, so that shrinking can leave out steps."""
    return st.runner().flatmap(lambda life: st.sampled_from(getattr(life.resolver.register, names)))


def _if_declared(names: str) -> Callable[[Step], Step]:
    """A decorator of steps that are taken only where the register in force has such names."""
    return precondition(lambda life: bool(getattr(life.resolver.register, names)))


class AccountLife(RuleBasedStateMachine):
    """One account from its creation on, to subclass: give `resolvers` and write the four methods of your backend.

    A machine creates an account for a drawn tenant, switches features on and off, gives and withdraws consents, agrees
    on regions, lets days pass, and replaces the register. After each step it asks whether the backend does as the
    library decides. Run it as `YourLife.TestCase`, or with `hypothesis.stateful.run_state_machine_as_test(YourLife)`.

    `resolvers` are the registers that are in force one after the other, each with its house rules, if any; the first is
    there from the start. `tenant`, `today` and `resolver` are what holds now.
    """

    resolvers: ClassVar[Sequence[Resolver]] = ()
    tenant: Tenant
    today: date
    resolver: Resolver

    def __init__(self) -> None:
        super().__init__()
        if not self.resolvers:
            raise TypeError(f"{type(self).__name__} names no resolver; write resolvers = (Resolver(register),)")
        self.resolver = self.resolvers[0]

    # --- Your backend ---

    def created(self, tenant: Tenant, today: date) -> None:
        """Create the account; one that is refused is stored nowhere, and nobody touches it."""
        raise NotImplementedError("say what your backend does when an account is created")

    def changed(self, what: Change, tenant: Tenant, today: date) -> None:
        """Do what your backend does when that has changed; `tenant` and `today` are as they are now."""
        raise NotImplementedError(f"say what your backend does when the {what} has changed")

    def stored_in(self) -> str | None:
        """The id of the hosting region in which your backend stores the data now; None if in none."""
        raise NotImplementedError("say in which hosting region your backend stores the data")

    def touched_by(self) -> Collection[str]:
        """The ids of the sub-processors that your backend lets touch the data now."""
        raise NotImplementedError("say which sub-processors your backend lets touch the data")

    # --- What you may change ---

    def newcomers(self, register: Register) -> st.SearchStrategy[Tenant]:
        """The tenants for which accounts are created: `tenants(register)`."""
        return tenants(register)

    def carried_over(self, tenant: Tenant, register: Register) -> Tenant:
        """The tenant under a register that takes the place of another: the only place where facts may be lost.

        A fact whose name the new register does not know is left out, and the story says so; a restriction to data that
        it does not know is one to all data, which is stricter. Map names here instead, where your backend does.
        """
        by_default = register.on_by_default
        values = {name: register.attribute(name).values for name in register.attributes}
        known: dict[str, Any] = {
            "agreed_region": tenant.agreed_region if tenant.agreed_region in register.regions else None,
            "features": tenant.features & {*register.features},
            "consents": tenant.consents & {*register.consents},
            "agreements": tenant.agreements & {*register.agreements},
            "switched_off": tenant.switched_off & by_default,
            "attributes": tuple((name, value) for name, value in tenant.attributes if value in values.get(name, ())),
            "restrictions": frozenset(
                evolve(each, data=each.data & {*register.data_categories}) for each in tenant.restrictions
            ),
            "objections": tenant.objections & {*register.sub_processors},
        }
        for name, value in known.items():
            if value != getattr(tenant, name):
                note(f"the new register does not know all {name}: {getattr(tenant, name)!r} became {value!r}")
        return evolve(tenant, **known)

    def compare(self, decision: Decision) -> None:
        """Raise `AssertionError` where the backend does not do as decided.

        The data is stored in `decision.region`, nowhere where that is None, and nobody touches it who may not.
        """
        stored = self.stored_in()
        assert stored == decision.region, (
            f"the data is stored in {stored!r}, decided is {decision.region!r}:\n{decision.explain()}"
        )
        for name in sorted(self.touched_by()):
            assert decision.may_touch(name), (
                f"the data is touched by {name!r}, which may not:\n{decision.explain(name)}"
            )

    # --- What happens ---

    @initialize(
        tenant=st.runner().flatmap(lambda life: life.newcomers(life.resolver.register)),
        today=st.runner().flatmap(lambda life: days(life.resolver.register)),
    )
    def create(self, tenant: Tenant, today: date) -> None:
        """The account is created."""
        self.tenant, self.today = tenant, today
        self.created(tenant, today)

    @_if_declared("features")
    @rule(feature=_name_in_force("features"))
    def switch_on(self, feature: str) -> None:
        """A feature is switched on."""
        tenant, by_default = self.tenant, self.resolver.register.feature(feature).on_by_default
        on = tenant.features if by_default else tenant.features | {feature}
        self._change("feature", features=on, switched_off=tenant.switched_off - {feature})

    @_if_declared("features")
    @rule(feature=_name_in_force("features"))
    def switch_off(self, feature: str) -> None:
        """A feature is switched off."""
        tenant, by_default = self.tenant, self.resolver.register.feature(feature).on_by_default
        off = tenant.switched_off | {feature} if by_default else tenant.switched_off
        self._change("feature", features=tenant.features - {feature}, switched_off=off)

    @_if_declared("consents")
    @rule(consent=_name_in_force("consents"))
    def give_consent(self, consent: str) -> None:
        """A consent is given."""
        self._change("consent", consents=self.tenant.consents | {consent})

    @_if_declared("consents")
    @rule(consent=_name_in_force("consents"))
    def withdraw_consent(self, consent: str) -> None:
        """A consent is withdrawn."""
        self._change("consent", consents=self.tenant.consents - {consent})

    @_if_declared("regions")
    @rule(region=_name_in_force("regions"))
    def agree_on(self, region: str) -> None:
        """A hosting region is agreed, in place of another if there was one."""
        self._change("agreed region", agreed_region=region)

    @rule(today=st.runner().flatmap(lambda life: st.sampled_from(life._later_days())))
    def wait_until(self, today: date) -> None:
        """Days pass: until an answer may change, where one still may."""
        self.today = today
        self.changed("day", self.tenant, today)

    @precondition(lambda life: life.resolver is not life.resolvers[-1])
    @rule(number=st.runner().map(lambda life: life.resolvers.index(life.resolver) + 1))
    def replace_register(self, number: int) -> None:
        """`resolvers[number]` takes the place of the one in force."""
        self.resolver = self.resolvers[number]
        self.tenant = self.carried_over(self.tenant, self.resolver.register)
        self.changed("register", self.tenant, self.today)

    @invariant()
    def does_as_decided(self) -> None:
        """Compare after each step."""
        self.compare(self.resolver.resolve(self.tenant, as_of=self.today))

    # --- Internals ---

    def _change(self, change: Change, **facts: Any) -> None:
        """Change the tenant's facts, and tell the backend if they differ."""
        tenant = evolve(self.tenant, **facts)
        if tenant != self.tenant:
            self.tenant = tenant
            self.changed(change, tenant, self.today)

    def _later_days(self) -> list[date]:
        days_left = [day for day in days_about_changes(self.resolver.register) if day > self.today]
        return sorted(days_left) or [self.today + timedelta(days=1)]
