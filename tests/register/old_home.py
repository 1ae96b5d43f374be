"""A home that the version before filled (2026-11, alembic 0004), unpacked: one company, 285 slots, 162 events, 54 pieces."""

from __future__ import annotations

import tarfile
from pathlib import Path

from assistant.adapters.lead_files import read_profile
from assistant.enterprises import Enterprises
from assistant.register.acts.service import RegisterService
from assistant.settings import Settings

PACKED = Path(__file__).parents[1] / "data" / "home-2026-11.tar.xz"


def unpacked(folder: Path) -> Path:
    """The home, in a folder of its own."""
    with tarfile.open(PACKED) as packed:
        packed.extraction_filter = getattr(tarfile, "data_filter", None)  # not there before Python 3.11.4
        packed.extractall(folder)  # noqa: S202 - a file of ours
    return folder / "home-2026-11"


def company_of(home: Path) -> tuple[Enterprises, RegisterService]:
    """The root over a home, and the register of its profile."""
    enterprises = Enterprises(Settings(home=home))
    return enterprises, enterprises.of_profile(read_profile(enterprises.settings.profile_path))
