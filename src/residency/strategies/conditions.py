"""Strategy for conditions, as a file writes them, over the names that are declared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen
from hypothesis import strategies as st

from ..model.register import Register

__all__ = ["Names", "conditions"]

Row = dict[str, Any]


@frozen
class Names:
    """The names that a condition may use; attributes and tensions each with their values."""

    regions: tuple[str, ...]
    customer_regions: tuple[str, ...]
    features: tuple[str, ...]
    consents: tuple[str, ...]
    agreements: tuple[str, ...]
    attributes: Mapping[str, tuple[str, ...]]
    tensions: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, register: Register) -> Names:
        """The names of that register."""
        return cls(
            regions=register.regions,
            customer_regions=tuple(region.id for region in register.customer_regions),
            features=register.features,
            consents=register.consents,
            agreements=register.agreements,
            attributes={name: register.attribute(name).values for name in register.attributes},
            tensions={tension.id: tuple(side for side, _ in tension.sides) for tension in register.tensions},
        )


def conditions(names: Names, *, settled: bool = True) -> st.SearchStrategy[Row]:
    """Conditions up to two levels deep; where not `settled`, none that depends on the hosting region."""
    single = st.sampled_from([*_single(names), *({"region_in": name} for name in names.regions if settled)])
    return st.one_of(
        single,
        single,
        st.builds(lambda condition: {"not": condition}, single),
        st.builds(
            lambda key, parts: {key: parts},
            st.sampled_from(("all", "any")),
            st.lists(single, min_size=2, max_size=2),
        ),
    )


def _single(names: Names) -> list[Row]:
    valued = {"attribute": names.attributes, "tension": names.tensions}
    return [
        *({"feature": name} for name in names.features),
        *({"consent": name} for name in names.consents),
        *({"agreement": name} for name in names.agreements),
        *(
            {kind: name, "is": value}
            for kind, known in valued.items()
            for name, values in known.items()
            for value in (*values, list(values))
        ),
        *({"customer_in": name} for name in names.customer_regions),
        {"not_stated": "whether it is"},
    ]
