"""Analysis of a register for all tenants at once: proofs of laws, the worth of each rule, and lint."""

from .laws import LAWS, Law, Pair
from .lint import lint
from .proof import Counterexample, Proof
from .prover import check
from .universe import Universe
from .worth import Worth, worth

__all__ = ["LAWS", "Counterexample", "Law", "Pair", "Proof", "Universe", "Worth", "check", "lint", "worth"]
