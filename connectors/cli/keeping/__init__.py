"""The installation kept: ``aeo backup``, ``aeo migrate``, and a person's data erased (``aeo person``)."""
