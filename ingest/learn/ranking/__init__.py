"""Learning to rank: which clause answers, which line decides; for guides that the banks know and those that they do not."""
