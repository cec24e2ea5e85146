"""Questions about all tenants at once: laws proved for every one of them, and what each rule of a register is worth."""

from .counterexample import Counterexample
from .laws import LAWS, Law, Pair, claim_laws
from .proof import Proof, check
from .universe import Universe

__all__ = ["LAWS", "Counterexample", "Law", "Pair", "Proof", "Universe", "check", "claim_laws"]
