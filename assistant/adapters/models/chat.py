"""The chat model: an OpenAI-compatible address, or whatever LangChain's ``init_chat_model`` knows by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import SecretStr

from assistant.errors import SettingsError
from assistant.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


def chat_model(settings: Settings) -> BaseChatModel:
    """The configured chat model, temperature 0.

    Raises:
        SettingsError: the name is unknown, or the provider's package is not installed.
    """
    assert settings.chat_model is not None
    if settings.chat_base_url:
        from langchain_openai import ChatOpenAI

        return ChatOpenAI(
            model=settings.chat_model,
            base_url=settings.chat_base_url,
            api_key=settings.chat_api_key or SecretStr("none"),
            temperature=0,
            timeout=settings.chat_timeout,
            max_retries=0,
            streaming=True,
            stream_usage=False,
            extra_body=settings.chat_extra_body,
        )
    from langchain.chat_models import init_chat_model

    try:
        return init_chat_model(settings.chat_model, temperature=0, timeout=settings.chat_timeout, max_retries=0)
    except (ImportError, ValueError) as error:
        what = (str(error).strip().splitlines() or ["?"])[0][:160]
        raise SettingsError("errors.chat_model", name=settings.chat_model, what=what) from error
