"""Word documents for tests: tables of cells of lines, with numbers typed in or made by Word itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import docx
from docx.document import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph

Level = tuple[str, str]
"""Number format and level text of one list level, for example ("chineseCounting", "（%2）")."""


class Numbering:
    """Lists of a document: each ``add`` makes an abstract list, ``instance`` a list that begins anew."""

    def __init__(self, document: Document) -> None:
        self._root = document.part.numbering_part.element
        self._abstracts = 900
        self._numbers = 900

    def add(self, levels: Sequence[Level], never_restart: Iterable[int] = (), start: int = 1, **more: str) -> int:
        """An abstract list and one list of it; returns the list's number."""
        self._abstracts += 1
        inner = "".join(
            f'<w:lvl w:ilvl="{i}"><w:start w:val="{start}"/><w:numFmt w:val="{style}"/>'
            + ('<w:lvlRestart w:val="0"/>' if i in never_restart else "")
            + more.get(f"level{i}", "")
            + f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/></w:lvl>'
            for i, (style, text) in enumerate(levels)
        )
        abstract = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{self._abstracts}">{inner}</w:abstractNum>')
        first = self._root.find(qn("w:num"))
        self._root.insert(list(self._root).index(first) if first is not None else len(self._root), abstract)
        return self.instance(self._abstracts, None)

    @property
    def latest(self) -> int:
        """The abstract list that was added last."""
        return self._abstracts

    def instance(self, abstract: int, restart_at: int | None, level: int = 0) -> int:
        """A further list of an abstract one, optionally beginning at a number."""
        self._numbers += 1
        override = (
            f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{restart_at}"/></w:lvlOverride>' if restart_at is not None else ""
        )
        self._root.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="{self._numbers}"><w:abstractNumId w:val="{abstract}"/>{override}</w:num>')
        )
        return self._numbers


def number(paragraph: Paragraph, number_id: int, level: int = 0) -> None:
    """Let Word number ``paragraph``."""
    properties = paragraph._p.get_or_add_pPr()
    numbering = OxmlElement("w:numPr")
    for name, value in (("w:ilvl", level), ("w:numId", number_id)):
        element = OxmlElement(name)
        element.set(qn("w:val"), str(value))
        numbering.append(element)
    properties.append(numbering)


def listed(texts: Sequence[tuple[str, int | None]], levels: Sequence[Level], path: Path, **more: str) -> Path:
    """A document of paragraphs, each numbered on its level or (None) not at all."""
    document = docx.Document()
    list_id = Numbering(document).add(levels, **more)  # type: ignore[arg-type]
    for text, level in texts:
        paragraph = document.add_paragraph(text)
        if level is not None:
            number(paragraph, list_id, level)
    document.save(str(path))
    return path
