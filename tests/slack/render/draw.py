"""Draws messages and views: ``python -m tests.slack.render.draw DIR_OF_JSON OUT_DIR [WIDTH]`` makes a PNG of each JSON file.

A file holds a message (``{"text", "blocks"}``; of a person with ``username``), a list of messages (a thread), a view (``{"type": "modal" | "home", …}``) or a list of
blocks. ``{"names": {"U…": "王芳"}}`` beside them names people. What Slack would refuse is said before anything is drawn.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.slack.render.browser import Browser
from tests.slack.schemas import check_blocks, check_view

WIDTH = 760
"""Pixels; a telephone has 390."""
_HERE = Path(__file__).parent
_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "aeo-assistant" / "slack-render"
_BANNER = "import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);"


def draw(source: Path, out: Path, width: int = WIDTH) -> list[Path]:
    """A picture for each JSON file of ``source``, ``width`` pixels wide; problems go to stderr."""
    files = sorted(source.glob("*.json"))
    out.mkdir(parents=True, exist_ok=True)
    pages = prepared()
    pictures = [out / f"{file.stem}.png" for file in files]
    with tempfile.TemporaryDirectory() as folder:
        drawn = [Path(folder) / f"{file.stem}.html" for file in files]
        pairs = [str(path) for pair in zip(files, drawn, strict=True) for path in pair]
        subprocess.run(
            ["node", str(pages / "page.mjs"), str(pages / "style.css"), *pairs], check=True, env=os.environ | {"TZ": "Asia/Shanghai"}
        )
        with Browser(width) as browser:
            for page, picture in zip(drawn, pictures, strict=True):
                browser.picture(page, picture)
    return pictures


def prepared() -> Path:
    """The folder with the bundled page writer; npm fetches what it needs once, into a cache outside the repository."""
    wanted = b"".join((_HERE / name).read_bytes() for name in ("package-lock.json", "page.jsx"))
    stamp = _CACHE / "made-of"
    if not stamp.exists() or stamp.read_bytes() != wanted:
        _CACHE.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json", "page.jsx"):
            shutil.copy(_HERE / name, _CACHE)
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=_CACHE, check=True)
        bundle = ["node_modules/.bin/esbuild", "page.jsx", "--bundle", "--platform=node", "--format=esm", "--jsx=automatic"]
        command = [*bundle, "--outfile=page.mjs", "--log-level=error", f"--banner:js={_BANNER}"]
        subprocess.run(command, cwd=_CACHE, check=True)
        shutil.copy(_CACHE / "node_modules/slack-blocks-to-jsx/dist/style.css", _CACHE)
        stamp.write_bytes(wanted)
    return _CACHE


def problems(source: Any) -> Iterator[str]:
    """What Slack would refuse in a file's contents."""
    if isinstance(source, list) and source and ("blocks" in source[0] or isinstance(source[0].get("text"), str)):
        for message in source:
            yield from problems(message)
    elif isinstance(source, list):
        yield from check_blocks(source)
    elif source.get("type") in ("modal", "home"):
        yield from check_view({key: value for key, value in source.items() if key != "names"})
    else:
        yield from check_blocks(source.get("blocks") or [])


def main(source: str, out: str, width: str = str(WIDTH)) -> None:
    """Say what is wrong, then draw."""
    for file in sorted(Path(source).glob("*.json")):
        for problem in problems(json.loads(file.read_text())):
            sys.stderr.write(f"{file.name}: {problem}\n")
    for picture in draw(Path(source), Path(out), int(width)):
        sys.stdout.write(f"{picture}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
