"""Learning: banks, drafts for what they lack, the ranker's weights."""
