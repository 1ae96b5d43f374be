"""How the register reads to people: states, reasons, slots and messages as plain text."""
