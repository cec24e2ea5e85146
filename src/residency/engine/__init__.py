"""How one question is decided: one tenant of one register on one day."""
