"""Values: frozen, and equal where all that they hold is equal."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

__all__ = ["value"]

T = TypeVar("T")

if TYPE_CHECKING:
    from attrs import frozen as value
else:
    from attrs import fields, frozen

    def value(kind: type[T]) -> type[T]:
        """`attrs.frozen`, which writes and compiles code for every method that is shared here: half of its time."""
        made = frozen(kind, eq=False, repr=False)
        compared = attrgetter(*(each.name for each in fields(made) if each.eq))
        shown = [each.name for each in fields(made) if each.repr]

        def equal(self: Any, other: object) -> bool:
            return compared(self) == compared(other) if other.__class__ is made else NotImplemented

        def hashed(self: Any) -> int:
            return hash(compared(self))

        def told(self: Any) -> str:
            return f"{made.__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"

        made.__eq__, made.__hash__, made.__repr__ = equal, hashed, told
        return made
