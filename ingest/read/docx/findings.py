"""What a Word document holds that a lead should look at before it is read as a guide: changes, struck and hidden text, what is left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assistant.guide import Finding
from ingest.read.docx.cleaning import attribute, child, local
from ingest.read.visible import visible
from ingest.read.zip import Package

_SHOWN = 24  # characters of what was found
_OFF = ("0", "false", "off")


def seen_in(document: Any, package: Package) -> Iterator[Finding]:
    """Findings about a document as it came; each counts the places and quotes the first.

    Args:
        document: root of the main part, not yet cleaned.
        package: the file, for its headers and footers.
    """
    runs = [r for r in document.iter("{*}r") if "wordprocessingml" in r.tag]
    changed = [e for e in document.iter() if local(e) in ("ins", "del", "moveFrom", "moveTo") and _text(e)]
    boxes = [e for e in document.iter("{*}txbxContent") if _text(e)]
    yield from _finding("tracked", changed)
    yield from _finding("struck", [r for r in runs if _has(r, "strike", "dstrike") and _text(r)])
    yield from _finding("hidden", [r for r in runs if _has(r, "vanish") and _text(r)])
    yield from _finding("text_box", boxes)
    edges = [n for n in sorted(package.names) if n.lower().rpartition("/")[2].startswith(("header", "footer")) and n.endswith(".xml")]
    yield from _finding("furniture", [root for n in edges if _text(root := package.xml(n))])


def _finding(code: str, found: list[Any]) -> Iterator[Finding]:
    if found:
        text = _text(found[0])
        yield Finding(line=1, code=code, values={"count": len(found), "text": text[:_SHOWN] + ("…" if len(text) > _SHOWN else "")})


def _has(run: Any, *names: str) -> bool:
    found = (child(run, "rPr", name) for name in names)
    return any(e is not None and attribute(e, "val") not in _OFF for e in found)


def _text(element: Any) -> str:
    """The text of an element, what was deleted from it included."""
    return " ".join(visible("".join(t.text or "" for t in element.iter() if local(t) in ("t", "delText"))).split())
