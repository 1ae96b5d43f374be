"""Where people meet the product: the command line and Slack. Translation only."""
