"""What shapes are made of: a class for each table of a file, whose annotations are its keys.

They are no attrs classes: there are many of them, of many keys, which takes longer to make than a file to read; and
what is read once, passed on and dropped needs no more than this.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar, dataclass_transform

__all__ = ["NEEDED", "Key", "is_table", "key", "keys_of", "shape"]

T = TypeVar("T")

NEEDED: Any = object()
"""The default of a key that must not be left out."""


class Key(NamedTuple):
    """A key of a table: what it says, an example of its value in TOML, and its default."""

    says: str = ""
    example: str = ""
    default: Any = NEEDED


def key(says: str, example: str, *, default: Any = NEEDED, factory: Callable[[], dict[str, Any]] | None = None) -> Any:
    """A key of a table, where more is to be said of it than what it holds."""
    return Key(says, example, default if factory is None else MappingProxyType(factory()))


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(key,))
def shape(table: type[T]) -> type[T]:
    """The class of a table, made of keyword arguments: one for each key that its annotations, or a base's, name."""
    keys: dict[str, Key] = dict(getattr(table, "_keys", {}))
    for name in table.__annotations__:
        value = vars(table).get(name, NEEDED)
        keys[name] = value if isinstance(value, Key) else Key(default=value)
    defaults = {name: each.default for name, each in keys.items() if each.default is not NEEDED}

    def made(self: object, **values: object) -> None:
        vars(self).update(defaults, **values)

    for name, value in {"_keys": keys, "__init__": made}.items():
        setattr(table, name, value)
    return table


def is_table(kind: Any) -> bool:
    """Whether it is the class of a table."""
    return hasattr(kind, "_keys")


def keys_of(table: Any) -> Mapping[str, Key]:
    """The keys of a table, by the name of the attribute."""
    found: Mapping[str, Key] = table._keys
    return found
