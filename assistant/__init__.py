"""The product: the guide, its answers and the evidence register, free of Slack and of the command line."""
