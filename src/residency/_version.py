"""The version of this library, in a file of its own so that answers can name it."""

__version__ = "0.3.0"
