"""`python -m residency` is the command `residency`."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
