"""Looking at the register: slots listed, shown, counted, and their history."""
