"""The product with recorded replies in the place of its chat model, in this process: no service, no port, no time to wait."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from assistant.answers.answer import Answer, Turn
from assistant.answers.reply.calling.failures import NoReply
from assistant.errors import CaseError
from evals.runs.replies import Replies, RequestMessage
from evals.runs.source import AssistantSource

_ROLES = {"human": "user", "ai": "assistant"}


class Replaying(BaseChatModel):
    """A chat model that says what was recorded."""

    replies: Any
    model_name: str = "recorded"

    @property
    def _llm_type(self) -> str:
        return "recorded"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,  # noqa: ARG002
        run_manager: CallbackManagerForLLMRun | None = None,  # noqa: ARG002
        **_: Any,
    ) -> ChatResult:
        asked = [RequestMessage(_ROLES.get(m.type, m.type), str(m.text)) for m in messages]
        reply = self.replies.reply(asked)
        if reply is None:
            raise NoReply("down", "no reply is recorded")
        return ChatResult(generations=[ChatGeneration(message=AIMessage(reply))])


def replaying(replies: Replies) -> Replaying:
    """The model that these replies are."""
    return Replaying(replies=replies, model_name=replies.name)


class ReplayedSource(AssistantSource):
    """The product answering from recorded replies; an answer whose reply is missing is none, whatever would be served instead."""

    def ask(self, question: str, history: Sequence[Turn]) -> Answer:
        """As the product answers with this model.

        Raises:
            CaseError: no reply is recorded.
        """
        answer = super().ask(question, history)
        if answer.model.get("failed") == "down":
            raise CaseError("evals.not_recorded")
        return answer
