"""An edition goes live: examined, proposed, activated."""
