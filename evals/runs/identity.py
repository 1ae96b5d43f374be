"""What answered in a run."""

from __future__ import annotations

from assistant.guide import Frozen


class Identity(Frozen):
    """What answered: edition, index, models, prompts and code, as recorded in every run."""

    edition: str
    title: str = ""
    build: str = ""
    source_sha256: str = ""
    bank: str = ""
    embedding_model: str = "none"
    chat_model: str | None = None
    reranker_model: str | None = None
    prompts: dict[str, str] = {}  # noqa: RUF012 - pydantic copies it
    code: str = ""
