"""Names of a package whose modules are loaded when one of their names is first used: loading all takes long."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["late"]


def late(package: dict[str, Any], names: Mapping[str, str]) -> Callable[[str], Any]:
    """The `__getattr__` (PEP 562) of the package with those globals; `names` are those of each module."""
    module_of = {name: module for module, every in names.items() for name in every.split()}

    def found(name: str) -> Any:
        if name not in module_of:
            raise AttributeError(f"module {package['__name__']!r} has no attribute {name!r}")
        module = __import__(module_of[name], package, fromlist=(name,), level=1)
        package[name] = getattr(module, name)  # where it is looked for next time
        return package[name]

    return found
