"""What is shipped: the wheel, in an environment of its own outside the source, does the main job with no network."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from mcp import StdioServerParameters

from tests.connectors.test_mcp import every_tool, over_http

pytestmark = pytest.mark.thorough
SOURCE = Path(__file__).parents[2]
AEO = "from connectors.cli.main import run; run()"  # as the console script starts it
CLEAN = {k: v for k, v in os.environ.items() if not k.startswith(("AEO_", "PYTHON", "SLACK_"))}
MEASURED = (
    "import atexit, pathlib, re\n"
    "atexit.register(lambda: pathlib.Path('peak').write_text(re.search(r'VmHWM:\\s*(\\d+)', pathlib.Path('/proc/self/status').read_text())[1]))\n"
)
"""Leaves the largest memory of a process, in KiB, in the file ``peak``; ``getrusage`` would count what the tests held when they started it."""
LARGEST = 10**9
"""Bytes of memory that the ingest of the shipped guide may take; it was measured at 0.85e9."""
ALONE = "unshare", "--user", "--map-root-user", "--net"  # no network at all, where the system lets a test have that


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment whose only ``aeo`` is the unpacked wheel; the libraries are those of this one, without its editable install."""
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(SOURCE, folder / "source", ignore=shutil.ignore_patterns(".*", "__pycache__", "build", "tests", "*.egg-info"))
    built = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "--no-index", "-w", str(folder)]
    subprocess.run([*built, str(folder / "source")], check=True, capture_output=True, cwd=folder)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "env")], check=True)
    [site] = (folder / "env").glob("lib/python*/site-packages")
    [wheel] = folder.glob("aeo_assistant-*.whl")
    zipfile.ZipFile(wheel).extractall(site)
    # A folder named in a .pth file is searched, but the .pth files in it (the editable install) are not read.
    (site / "libraries.pth").write_text("".join(f"{p}\n" for p in sys.path if p.endswith("site-packages")))
    return folder / "env" / "bin" / "python"


def test_the_wheel_does_the_main_job_anywhere(python: Path, tmp_path: Path) -> None:
    """Ingest, ask, eval and the tools over MCP from an empty folder with another ``assistant`` in it: the installed one answers, without a network.

    What ``quickstart`` does of it, the ingest, needs no more memory than it did.
    """
    (tmp_path / "assistant.py").write_text("raise SystemExit('the working folder was trusted')", encoding="utf-8")

    alone = ALONE if subprocess.run([*ALONE, "true"], capture_output=True, check=False).returncode == 0 else ()

    def said(code: str, *words: str) -> str:
        command = [*alone, str(python), "-P", "-c", code, *words]
        done = subprocess.run(command, cwd=tmp_path, env=CLEAN | {"AEO_HOME": str(tmp_path / "数据")}, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    measured = sys.platform == "linux"
    assert "2018-177" in said(MEASURED * measured + AEO, "guide", "ingest")
    assert not measured or int((tmp_path / "peak").read_text()) * 1024 <= LARGEST, "the ingest needs more memory than it did"
    answer = json.loads(said(AEO, "ask", "门卫登记外来人员要留哪些记录？", "--json"))
    assert answer["citations"][0]["clause"] == "24(3)"
    figures = json.loads(said(AEO, "eval", "run", "by_number", "--json"))
    assert (figures["cases"], figures["metrics"]["citation_recall"]["value"]) == (40, 1.0)
    assert str(python.parents[1]) in said("import assistant; print(assistant.__file__)")

    environment = CLEAN | {"AEO_HOME": str(tmp_path / "数据")}
    command = [str(python), "-P", "-c", AEO]
    asyncio.run(every_tool(StdioServerParameters(command=command[0], args=[*command[1:], "mcp"], env=environment, cwd=tmp_path)))
    over_http(command, environment, tmp_path)
