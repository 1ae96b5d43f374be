"""Gates: the policy file, what a run must show, what an edition itself may have lost."""
