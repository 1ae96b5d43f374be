"""The app against a Slack that nobody here wrote: local-slack (npm, MIT), in a network namespace of its own."""

from tests.slack.peer.fetch import binary
from tests.slack.peer.namespace import Namespace, Unavailable
from tests.slack.peer.slack import PeerSlack

__all__ = ["Namespace", "PeerSlack", "Unavailable", "binary"]
