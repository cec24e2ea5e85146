"""Questions about all tenants at once: laws proved for every one of them, and what each rule of a register is worth."""

from .laws import LAWS, Law, Pair
from .lint import lint
from .proof import Counterexample, Proof
from .prover import check
from .universe import Universe
from .worth import Worth, worth

__all__ = ["LAWS", "Counterexample", "Law", "Pair", "Proof", "Universe", "Worth", "check", "lint", "worth"]
