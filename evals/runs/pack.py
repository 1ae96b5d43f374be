"""``python -m evals.runs.pack``: the vectors of all that the shipped case sets ask, which ship beside them.

Run it after sets were added or messages are taken apart otherwise; what is missing is embedded when it is asked, so nothing breaks
without it. It asks every case once on the shipped guide, in a home of its own: some six minutes of one core.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from assistant.adapters.models.packed_vectors import pack
from assistant.app import Assistant
from assistant.settings import Settings
from evals.cases.named_sets import find, guides_of, load, standing
from evals.runs.run import run
from evals.runs.source import CASE_VECTORS, AssistantSource, known_vectors
from ingest.pipeline import ingest
from ingest.shipped import SHIPPED


def main() -> None:
    """Compute and write the archive, in 16 bit: a run answers as if all had been embedded."""
    now = datetime.now(UTC)
    CASE_VECTORS.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder))
        ingest(SHIPPED, settings, now)
        assistant = Assistant(settings)
        source, guides = AssistantSource(assistant), guides_of(assistant.store)
        cases = standing(load(find((), settings.home), guides), source.guide, guides)
        source.warm(cases.questions)  # in this process: what is asked beside them is kept as it is embedded
        run(source, cases, settings.home, now)
        embedder = source.identity.embedding_model
        pack(CASE_VECTORS, embedder, known_vectors(settings.home).kept(), np.int16)


if __name__ == "__main__":
    main()
