"""How one act is done: who it is, whether they may, in one transaction with its event; and what came of the acts so far."""
