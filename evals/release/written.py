"""The report on an examined edition, for the lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.adapters.durable import write_durably

if TYPE_CHECKING:
    from pathlib import Path

    from evals.release.examine import Examination


def write(found: Examination, path: Path, lang: str) -> None:
    """Write the report for the lead as one HTML file."""
    from evals.report.page import rendered

    page = rendered(
        found.run,
        found.failures,
        lang,
        comparison=found.comparison,
        figures=found.figures,
        untested=found.untested,
        changes=found.changes,
        below=found.below,
        opened=found.opened,
    )
    write_durably(path, page)
