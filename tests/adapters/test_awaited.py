"""Embedders can be awaited, as LangChain's stores do."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import numpy as np

from assistant.adapters.models.embeddings import LangChainEmbedder
from assistant.answers.ports import Floats


class Lengths(LangChainEmbedder):
    """A text's vector is its length."""

    def queries(self, texts: Sequence[str]) -> Floats:
        """Lengths."""
        return np.array([[len(t)] for t in texts], dtype=np.float32)

    def passages(self, texts: Sequence[str]) -> Floats:
        """Lengths and one."""
        return self.queries(texts) + 1


def test_an_embedder_is_awaited() -> None:
    """The same vectors as without waiting, of each form."""
    one = Lengths()
    assert asyncio.run(one.aembed_query("访客")) == one.embed_query("访客") == [2.0]
    assert asyncio.run(one.aembed_documents(["访客", "门"])) == one.embed_documents(["访客", "门"]) == [[3.0], [2.0]]
