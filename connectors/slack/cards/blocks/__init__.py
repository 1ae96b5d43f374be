"""The smallest parts that Slack shows, and text made safe for the place where it stands."""
