"""No secret is kept in the repository, and everything that is installed is pinned."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
SECRET = re.compile(
    r"xox[abeprs]-\d{6,}-[\w-]{10,}|xapp-\d-[A-Z0-9]{8,}-\d{6,}-\w{16,}|\bAKIA[0-9A-Z]{16}\b|\bsk-[A-Za-z0-9_-]{24,}|\bgh[pousr]_[A-Za-z0-9]{30,}"
    r"|\bglpat-[\w-]{20}|\bAIza[\w-]{35}|\beyJ[\w-]{20,}\.eyJ[\w-]{20,}|-----BEGIN [A-Z ]*PRIVATE KEY"
    r"|(?i:password|passwd|secret|api_?key|token)\s*[:=]\s*[\"'](?=[^\"']*\d)(?=[^\"']*[A-Za-z])[A-Za-z0-9+/_=-]{24,}[\"']"
)
"""Tokens of Slack, clouds, model providers and code hosts; private keys; long random values given to a name of a secret."""


def tracked() -> list[Path]:
    """Files that git holds, without pictures and archives."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if name and not name.endswith((".png", ".npz", "package-lock.json"))]


@pytest.mark.parametrize(
    "text",
    ["xoxb-" + "123456789012-" + "abcdefghijklmnop", "AKIA" + "ABCDEFGHIJKLMNOP", "-----BEGIN RSA PRIVATE" + " KEY-----",
     'api_key = "' + "a1B2" * 8 + '"', "sk-" + "a" * 30],
)  # fmt: skip
def test_secrets_are_recognised(text: str) -> None:
    """The scan finds what it looks for."""
    assert SECRET.search(text)


@pytest.mark.thorough
def test_no_secret_is_tracked() -> None:
    """No file in the repository holds a token, a private key or a password that looks real."""
    files = tracked()
    assert len(files) > 400
    found = []
    for path in files:
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{path.relative_to(ROOT)}: {m[0][:8]}…" for m in SECRET.finditer(text)]
    assert found == []


def test_settings_files_are_not_tracked() -> None:
    """``.env`` holds tokens; git must not."""
    assert not [p for p in tracked() if p.name == ".env"]
    assert ".env" in (ROOT / ".gitignore").read_text().split()


@pytest.mark.parametrize(("lock", "extras"), [("lock.txt", ("postgres",)), ("lock-dev.txt", ("dev", "postgres"))])
def test_every_dependency_is_locked(lock: str, extras: tuple[str, ...]) -> None:
    """What pyproject asks for, and all that comes along, stands in the lock with one version and its hashes; direct pins agree."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"], *(r for extra in extras for r in project["optional-dependencies"][extra])]
    names = {canonicalize_name(Requirement(r).name) for r in asked} - {"aeo-assistant"}
    entries = [e for e in re.split(r"\n(?=[A-Za-z0-9])", (ROOT / lock).read_text()) if "==" in e]
    locked = {canonicalize_name(e.partition("==")[0]): e for e in entries}
    assert names - locked.keys() == set()
    assert [name for name, entry in locked.items() if "--hash=sha256:" not in entry] == []
    pins = [line.split("#")[0].strip() for line in (ROOT / "constraints.txt").read_text().splitlines()]
    exact = {canonicalize_name(name): version for name, _, version in (p.partition("==") for p in pins if p)}
    assert {n: v for n, v in exact.items() if n in locked and locked[n].partition("==")[2].split()[0] != v} == {}
    assert not [name for name in locked if name.startswith(("nvidia", "torch", "triton"))]


def test_a_release_has_its_notes_and_its_tag() -> None:
    """The section of the changelog that belongs to the version; a tag that says another version makes nothing."""
    notes = subprocess.run([ROOT / ".ci" / "release", "notes"], capture_output=True, text=True, check=True).stdout
    assert len(notes.splitlines()) > 10
    assert "\n## " not in notes
    wrong = subprocess.run([ROOT / ".ci" / "release", "v0.0.0"], capture_output=True, text=True, check=False)
    assert (wrong.returncode, len(wrong.stderr.splitlines())) == (2, 1)


def test_a_release_lists_the_hashes_of_what_is_uploaded(tmp_path: Path) -> None:
    """What ``SHA256SUMS`` names is what the page gets; a version without a section of the changelog is refused before anything is built."""
    script, page = ((ROOT / name).read_text(encoding="utf-8") for name in (".ci/release", ".github/workflows/release.yml"))
    summed = re.search(r"sha256sum -- (.*) > SHA256SUMS", script)
    uploaded = re.search(r"gh release create \S+ (.*?) --title", page)
    assert summed
    assert uploaded
    assert [f"dist/{name}" for name in summed[1].split()] == uploaded[1].split()[:-1]
    assert uploaded[1].endswith("dist/SHA256SUMS")
    (tmp_path / ".ci").mkdir()
    for name, text in ((".ci/release", script), ("pyproject.toml", 'version = "9.9.9"\n'), ("CHANGELOG.md", "## 0.1.0\n\n- old\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    silent = subprocess.run(["sh", tmp_path / ".ci" / "release", "v9.9.9"], capture_output=True, text=True, check=False)
    assert (silent.returncode, silent.stderr) == (2, "CHANGELOG.md has no section 9.9.9: write it first\n")


@pytest.mark.parametrize("page", sorted((ROOT / ".github" / "workflows").glob("*.yml")), ids=lambda p: p.stem)
def test_workflows_run_what_there_is(page: Path) -> None:
    """They are read as YAML, and the programs of this project that they call can be run."""
    jobs = yaml.safe_load(page.read_text(encoding="utf-8"))["jobs"]
    lines = [line for job in jobs.values() for step in job["steps"] for line in step.get("run", "").splitlines()]
    called = {m for line in lines for m in re.findall(r"(?:^|\s)\./([\w./]+)", line)}
    assert called
    assert [name for name in called if not os.access(ROOT / name, os.X_OK)] == []


def test_no_pin_is_dead() -> None:
    """Every pin is of something that comes along; PyTorch, whose build depends on the machine, is in no lock."""
    locks = "\n".join((ROOT / lock).read_text() for lock in ("lock.txt", "lock-dev.txt"))
    locked = {canonicalize_name(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", locks, re.M)}
    pinned = re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / "constraints.txt").read_text(), re.M)
    assert {canonicalize_name(name) for name in pinned} - locked == {"torch"}
