"""Resources of packages: files that may stand in an archive, and so have no path."""

from __future__ import annotations

from typing import IO, Literal, Protocol, runtime_checkable

__all__ = ["Resource"]


@runtime_checkable
class Resource(Protocol):
    """A file as `importlib.resources.files` gives it: as much of a `Traversable` as is read here.

    `importlib.resources.abc` itself takes a third of what `import residency` takes.
    """

    @property
    def name(self) -> str:
        """Its name, without folders."""
        ...

    def is_dir(self) -> bool:
        """Whether it is a folder."""
        ...

    def is_file(self) -> bool:
        """Whether it is there, and a file."""
        ...

    def open(self, mode: Literal["rb"], /) -> IO[bytes]:
        """A stream of its bytes."""
        ...
