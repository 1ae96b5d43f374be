"""The peer's program, fetched by npm once into a cache outside the repository, its checksum pinned in package-lock.json."""

from __future__ import annotations

import fcntl
import os
import platform
import shutil
import subprocess
from pathlib import Path

from tests.slack.peer.namespace import Unavailable

_HERE = Path(__file__).parent
_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "aeo-assistant" / "slack-peer"
_SECONDS = 240


def binary() -> Path:
    """The path of the program.

    Raises:
        Unavailable: on another kind of machine, or when it is not cached and npm cannot fetch it.
    """
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise Unavailable("local-slack is used on Linux x86-64 only")
    _CACHE.mkdir(parents=True, exist_ok=True)
    program = _CACHE / "node_modules/local-slack-linux-x64/bin/local-slack"
    with (_CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (_CACHE / "complete").exists():
            _install()
            (_CACHE / "complete").touch()
    return program


def _install() -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise Unavailable("npm is not installed, and local-slack is not cached")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(_HERE / name, _CACHE)
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1"]
    try:
        subprocess.run(command, cwd=_CACHE, check=True, capture_output=True, text=True, timeout=_SECONDS)
    except subprocess.CalledProcessError as error:
        raise Unavailable(f"npm cannot fetch local-slack: {error.stderr.strip()[-200:]}") from error
    except subprocess.TimeoutExpired as error:
        raise Unavailable(f"npm did not fetch local-slack within {_SECONDS} s") from error
