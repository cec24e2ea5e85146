"""Analysis of a register for all tenants at once: proofs of laws, the worth of each rule, and lint.

`every_tenant` makes them one by one, for code of one's own.
"""

from .laws import LAWS, Law, Pair
from .lint import lint
from .proof import Counterexample, Proof
from .prover import check
from .tenants import EveryTenant, every_tenant
from .universe import Universe
from .worth import Worth, worth

__all__ = [
    "LAWS",
    "Counterexample",
    "EveryTenant",
    "Law",
    "Pair",
    "Proof",
    "Universe",
    "Worth",
    "check",
    "every_tenant",
    "lint",
    "worth",
]
