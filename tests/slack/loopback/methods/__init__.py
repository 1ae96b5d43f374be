"""The Web API of the loopback Slack; importing this registers every method."""

from tests.slack.loopback.methods import account, assistant, chat, conversations, files, streams, users, views
from tests.slack.loopback.methods.registry import METHODS, Caller, Method

__all__ = ["METHODS", "Caller", "Method", "account", "assistant", "chat", "conversations", "files", "streams", "users", "views"]
