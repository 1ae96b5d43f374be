"""The Slack app: listeners translate, rules stay in ``assistant``."""
