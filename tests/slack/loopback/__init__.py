"""A loopback Slack: the Web API, Socket Mode and signed HTTP on 127.0.0.1, people who use the app, and bad days on demand."""

from tests.slack.loopback.calls import Call
from tests.slack.loopback.clock import Clock
from tests.slack.loopback.courier import Attempt, Delivery
from tests.slack.loopback.faults import Fault, api_error, ratelimited, reset, server_error, slow
from tests.slack.loopback.forms import NotPossible
from tests.slack.loopback.model import Message, View
from tests.slack.loopback.person import Person
from tests.slack.loopback.slack import LoopbackSlack
from tests.slack.loopback.workspace import Workspace

__all__ = [
    "Attempt", "Call", "Clock", "Delivery", "Fault", "LoopbackSlack", "Message", "NotPossible", "Person", "View", "Workspace",
    "api_error", "ratelimited", "reset", "server_error", "slow",
]  # fmt: skip
