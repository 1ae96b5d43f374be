"""How ``quickstart`` and ``check`` make their environment: Python first, progress also into a log, broken off and taken up again."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYTHON = """#!/bin/sh
case "$*" in
*version_info*) exit ${OLD:-0} ;;
--version) echo Python 3.13.0 ;;
"-m venv .venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
*--require-hashes*)
    for n in $(seq 60); do echo "Collecting a$n==1 (from -r lock.txt (line $n))"; done
    [ -z "$BROKEN" ] || { echo "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES"; echo "    Expected sha256 aa"; exit 1; }
    echo "Installing collected packages: a1, a2" ;;
esac
"""
"""An interpreter that is asked for its version, makes an environment of itself, and installs nothing."""


def made(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """``environment run`` in a bare checkout, as ``quickstart`` calls it."""
    for name in (".environment", "pyproject.toml", "constraints.txt", "lock.txt"):
        shutil.copy(ROOT / name, folder / name)
    python = folder / "python"
    python.write_text(PYTHON, encoding="utf-8")
    python.chmod(0o755)
    known = {"PATH": os.environ["PATH"], "AEO_PYTHON": str(python)} | environment
    shell = ["sh", "-euc", ". ./.environment; environment run || exit 2"]
    return subprocess.run(shell, cwd=folder, env=known, capture_output=True, text=True, check=False, timeout=60)


def stamps(folder: Path) -> list[Path]:
    """The marks of a finished installation."""
    return list(folder.glob(".venv/.run-*"))


def test_an_unfit_python_is_told_before_anything_is_made(tmp_path: Path) -> None:
    """One line with the range and the setting; nothing is left behind."""
    refused = made(tmp_path, OLD="1")
    assert (refused.returncode, "AEO_PYTHON" in refused.stderr, len(refused.stderr.splitlines())) == (2, True, 1)
    assert not (tmp_path / ".venv").exists()


def test_steps_and_packages_are_told_also_into_a_log(tmp_path: Path) -> None:
    """A line a step, a line for every 25 packages, and no line of pip; a second call does nothing."""
    done = made(tmp_path)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    said = [line.strip().partition(" / ")[0] for line in done.stderr.splitlines()]
    assert [s[:5] for s in said if s.startswith("[")] == ["[1/4]", "[3/4]", "[4/4]"]
    assert [s for s in said if s.isdigit()] == ["25", "50"]
    assert "Collecting" not in done.stderr
    assert len(stamps(tmp_path)) == 1
    assert made(tmp_path).stderr == ""


def test_what_broke_off_is_not_taken_for_finished(tmp_path: Path) -> None:
    """The reason is shown whole, nothing counts as installed, and the next call goes on in the same environment."""
    broken = made(tmp_path, BROKEN="1")
    assert (broken.returncode, stamps(tmp_path)) == (2, [])
    assert "DO NOT MATCH" in broken.stderr
    assert "Expected sha256 aa" in broken.stderr
    assert "再运行一次会接着装" in broken.stderr
    again = made(tmp_path)
    assert (again.returncode, "[1/4]" in again.stderr, len(stamps(tmp_path))) == (0, False, 1)


@pytest.mark.parametrize("system", ["MINGW64_NT-10.0", "CYGWIN_NT"])
def test_windows_is_told_what_it_needs(tmp_path: Path, system: str) -> None:
    """One line: WSL or a container."""
    uname = tmp_path / "bin" / "uname"
    uname.parent.mkdir()
    uname.write_text(f"#!/bin/sh\necho {system}\n", encoding="utf-8")
    uname.chmod(0o755)
    refused = made(tmp_path, PATH=f"{uname.parent}:{os.environ['PATH']}")
    assert (refused.returncode, refused.stderr.count("WSL"), len(refused.stderr.splitlines())) == (2, 2, 1)


AUDITOR = """#!/bin/sh
case "$*" in *"--ignore-vuln $KNOWN"*) echo "No known vulnerabilities found"; exit 0 ;; esac
echo "Found 1 known vulnerability in 1 package"; echo "chromadb 1.5.9 $KNOWN"; exit 1
"""
"""A checker of vulnerabilities to which one is known."""


@pytest.mark.parametrize(("known", "red"), [("CVE-2026-45829", 0), ("GHSA-2wm9-hf6c-p5cr", 0), ("CVE-2026-00000", 1)])
def test_an_advisory_is_red_until_security_answers_it(tmp_path: Path, known: str, red: int) -> None:
    """What stands under “Known advisories” does not stop a change; anything else does, and is shown."""
    for name in (".ci/audit", "SECURITY.md", "lock-dev.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    auditor = tmp_path / ".venv" / "bin" / "pip-audit"
    auditor.parent.mkdir(parents=True)
    auditor.write_text(AUDITOR, encoding="utf-8")
    auditor.chmod(0o755)
    done = subprocess.run([str(tmp_path / ".ci" / "audit")], env=os.environ | {"KNOWN": known}, capture_output=True, text=True, check=False)
    assert (done.returncode, known in done.stdout) == (red, bool(red)), done.stdout + done.stderr
