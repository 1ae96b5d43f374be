"""Lines of a guide that belong to no clause: kept verbatim with the front matter, and told as findings."""

from __future__ import annotations

from assistant.guide import Finding, Paragraph
from ingest.parse.raw import short, stripped
from ingest.wording import EVIDENCE

MAX_UNPLACED = 30  # findings of one kind before they are counted only


class KeptLines:
    """Collects them. A line kept in between ends the title that is being read (``_ended``)."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.front_lines: list[Paragraph] = []
        self.title_lines: list[Paragraph] = []
        self._unplaced = 0
        self._summaries: dict[tuple[str, object], list[Paragraph]] = {}

    def front(self, p: Paragraph, title: bool = False) -> None:
        """Keep a title line, or a header cell."""
        self.front_lines.append(stripped(p))
        if title:
            self.title_lines.append(stripped(p))

    def unplaced(self, p: Paragraph) -> None:
        """Keep a line that belongs nowhere with the front matter, and report it."""
        self.front_lines.append(stripped(p))
        self._unplaced += 1
        if self._unplaced <= MAX_UNPLACED:
            self.findings.append(Finding(line=p.line, code="unplaced", values={"text": short(p.text)}))
        else:
            self._summaries.setdefault(("unplaced_more", None), []).append(p)

    def other_column(self, p: Paragraph, column: tuple[int, int]) -> None:
        """Keep a text of a column that is no part of the guide; one finding tells of the whole column."""
        self._keep("other_column", column, p)

    def header_again(self, paragraphs: list[Paragraph]) -> None:
        """Keep the cells of a header row that is repeated inside the table."""
        for p in paragraphs:
            self._keep("header_rows", None, p)

    def aside(self, p: Paragraph) -> None:
        """Keep a cell that only counts rows."""
        self._keep("number_cells", None, p)

    def summaries(self) -> list[Finding]:
        """One finding for each kind of line that was kept without belonging to a clause."""
        return [
            Finding(line=kept[0].line, code=_named(code, kept), values={"count": len(kept), "text": short(kept[0].text)})
            for (code, _), kept in self._summaries.items()
        ]

    def _keep(self, code: str, what: object, p: Paragraph) -> None:
        self._ended()
        self.front_lines.append(stripped(p))
        self._summaries.setdefault((code, what), []).append(p)

    def _ended(self) -> None:
        """What was begun before is not gone on with."""


def _named(code: str, kept: list[Paragraph]) -> str:
    """A column that was left aside although most of it names papers is told as such."""
    papers = sum(EVIDENCE.search(p.text) is not None for p in kept)
    return "evidence_column" if code == "other_column" and papers * 2 > len(kept) else code
