"""Pictures of messages and views, to be looked at: Slack's look by slack-blocks-to-jsx, drawn by Chromium."""
