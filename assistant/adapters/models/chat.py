"""The chat model: an OpenAI-compatible address, or whatever LangChain's ``init_chat_model`` knows by name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from assistant.answers.reply.calling.calls import Calls
from assistant.answers.reply.check.entailment import Entailment, ModelEntailment
from assistant.errors import SettingsError
from assistant.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


def chat_model(settings: Settings) -> BaseChatModel:
    """The configured chat model, temperature 0.

    Raises:
        SettingsError: it cannot be built: the name is unknown, its package is not installed, the address is none, the
            environment names a proxy or a certificate file that cannot be used.
    """
    assert settings.chat_model is not None
    try:
        return _built(settings, settings.chat_model)
    except Exception as error:  # whatever a client's constructor raises, the guide's own words are there to be served
        what = f"{type(error).__name__}: {(str(error).strip().splitlines() or ['?'])[0][:160]}"
        raise SettingsError("errors.chat_model", name=settings.chat_model, what=what) from error


def models(settings: Settings, chat: BaseChatModel | None = None) -> tuple[Calls, Entailment | None]:
    """The chat model (``chat`` where there is one already) with what is learned about it, and what checks its claims by meaning.

    Raises:
        SettingsError: one of them cannot be built.
    """
    calls = Calls(chat or chat_model(settings), settings.chat_method)
    return calls, entailment(settings, calls)


def entailment(settings: Settings, chat: Calls | None) -> Entailment | None:
    """What checks claims by meaning (``AEO_CHECK_MODEL``).

    ``same`` is the chat model itself, ``rules`` nothing; a folder, or a name that begins with ``cross-encoder/``, is a local
    cross-encoder; any other name is another chat model at the same address.

    Raises:
        SettingsError: it cannot be built.
    """
    name = settings.check_model
    if name == "rules":
        return None
    if name == "same":
        return ModelEntailment(chat) if chat else None
    if name.startswith("cross-encoder/") or Path(name).is_dir():
        from assistant.adapters.models.entailment import CrossEncoderEntailment

        return CrossEncoderEntailment(name)
    return ModelEntailment(Calls(chat_model(settings.model_copy(update={"chat_model": name})), settings.chat_method))


def _built(settings: Settings, name: str) -> BaseChatModel:
    if not settings.chat_base_url:
        from langchain.chat_models import init_chat_model

        return init_chat_model(name, temperature=0, timeout=settings.chat_timeout, max_retries=0)
    from assistant.adapters.models.bounded import bounded_client
    from assistant.adapters.models.lenient import LenientChat

    return LenientChat(
        model=name,
        base_url=settings.chat_base_url,
        api_key=settings.chat_api_key or SecretStr("none"),
        temperature=0,
        timeout=settings.chat_timeout,
        max_retries=0,
        stream_usage=True,
        extra_body=settings.chat_extra_body,
        http_client=bounded_client(settings.chat_timeout),
    )
