"""House rules: the operator's own additions to a register, where it is silent, or stricter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from attrs import evolve

from .errors import BadInput
from .register import CustomerRegion, Prohibition, Register, Source, Tension
from .value import value

__all__ = ["HouseRules", "Resolution", "under"]


@value
class Resolution:
    """A house rule that takes one side of a tension which no reading resolves."""

    rule: str
    tension: str
    side: str


@value
class HouseRules:
    """Who decided, when, and the rules; each has a `Source` that says why.

    They come after the register's own rows, so they can place only customers whom it leaves undetermined; prohibitions
    only tighten; a tension is resolved only where no reading does. `load_house_rules` checks that none tries more.
    """

    register_id: str
    decided_by: str
    decided_on: date
    customer_regions: tuple[CustomerRegion, ...] = ()
    prohibitions: tuple[Prohibition, ...] = ()
    resolutions: tuple[Resolution, ...] = ()
    sources: tuple[Source, ...] = ()

    def over(self, register: Register) -> Register:
        """The register with these rules in it; `BadInput` for rules made for another, or that try too much."""
        if self.register_id != register.id:
            raise BadInput(
                f"these house rules are for register {self.register_id!r}, not {register.id!r}",
                "load the house rules written for this register",
            )
        if register.house_rules is not None:
            raise BadInput(f"register {register.id!r} has house rules already", "put all of them in one file")
        for message, remedy in self._excesses(register):
            raise BadInput(message, remedy)
        return evolve(
            register,
            customer_regions=register.customer_regions + self.customer_regions,
            prohibitions=register.prohibitions + self.prohibitions,
            tensions=tuple(self._resolved(tension) for tension in register.tensions),
            sources=register.sources + self.sources,
            house_rules=(self.decided_by, self.decided_on),
        )

    def _excesses(self, register: Register) -> Iterator[tuple[str, str]]:
        own = {region.id for region in register.customer_regions}
        for region in self.customer_regions:
            if region.id in own:
                yield (
                    f"house rule {region.id!r} would widen the register's own customer region",
                    "give the house rule an id of its own",
                )
        for rule in self.resolutions:
            if any(tension.id == rule.tension and tension.resolution is not None for tension in register.tensions):
                yield f"house rule {rule.rule!r} resolves {rule.tension!r}, which a reading resolves", "leave it out"

    def _resolved(self, tension: Tension) -> Tension:
        for rule in self.resolutions:
            if rule.tension == tension.id:
                return evolve(tension, resolution=rule.side, basis=(rule.rule,))
        return tension


def under(house_rules: object, register: Register) -> Register:
    """The register with those rules in it; `BadInput` where they are none, or try too much."""
    if not isinstance(house_rules, HouseRules):
        raise BadInput(f"expected house rules, got {house_rules!r:.60}", "pass what load_house_rules returned")
    return house_rules.over(register)
