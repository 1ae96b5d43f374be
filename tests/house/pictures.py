"""``python -m tests.house.pictures [OUT]``: the pictures of the guides that are no Slack messages (needs chromium and Noto CJK).

A terminal as the operator sees it and the pages that the product writes, all from a home made for it. Those of Slack come from
``tests/slack/render/all.sh``.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from html import escape
from pathlib import Path

from tests.connectors.test_cli import aeo
from tests.slack.render.browser import Browser

OUT = Path(__file__).parents[2] / "docs" / "pictures"
PROFILE = """enterprise: 某某公司
certification: renewal
certified_on: 2024-03-01
visit_on: 2027-03-01
scope:
  containers: true
  transport: true
"""
_PAGE = """<!doctype html><meta charset="utf-8"><style>body{{margin:0;background:#1e1e1e;padding:16px}}
pre{{margin:0;color:#ddd;font:14px/1.5 "Noto Sans Mono CJK SC",monospace;white-space:pre-wrap}}</style><pre>{text}</pre>"""

_TOP = "<style>html,body{height:1300px;overflow:hidden}</style>"
"""The top of a long page is enough to see what it is."""


def terminal(*sessions: tuple[str, ...], home: Path) -> str:
    """Commands and what they print, as a page that looks like a terminal."""
    shown = [f"$ {' '.join(('aeo', *words))}\n{aeo(*words, home=home).stdout}" for words in sessions]
    return _PAGE.format(text=escape("\n".join(shown)))


def main(out: Path) -> None:
    """Draw them all into ``out``."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / ".aeo"
        aeo("guide", "ingest", home=home)
        (home / "profile.yaml").write_text(PROFILE, encoding="utf-8")
        pages = {"terminal-doctor": terminal(("--version",), ("guide", "list"), ("doctor",), home=home)}
        plan = Path(folder) / "plan.html"
        aeo("evidence", "plan", "--explain", "--html", str(plan), home=home)
        pages["plan"] = plan.read_text(encoding="utf-8") + _TOP
        with Browser(900) as browser:
            for name, text in pages.items():
                page, picture = Path(folder) / f"{name}.html", Path(folder) / f"{name}.png"
                page.write_text(text.replace(folder, "/opt/aeo"), encoding="utf-8")
                browser.picture(page, picture)
                shutil.copy(picture, out / picture.name)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else OUT)
