"""What a register rests on outside its database, by hash: pointer and builds in force, the profile, the rules of asking."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

from assistant.adapters.editions import Editions
from assistant.errors import AeoError
from assistant.settings import Settings

_BUILD = ("guide.json", "manifest.json", "ranker.json", "ranker.npz")


def standing(settings: Settings, profile: Path | None) -> dict[str, str]:
    """Name -> SHA-256 of every such file that is there; ``profile`` is None where it is another enterprise's."""
    store = Editions(settings.home)
    found = {"active.json": store.pointer, "policy.yaml": settings.policy_path}
    if profile is not None:
        found["profile.yaml"] = profile
    with suppress(AeoError):  # a pointer that names nothing is told by its own hash
        for manifest in store.in_force():
            found |= {f"builds/{manifest.build}/{name}": store.folder(manifest.build) / name for name in _BUILD}
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in found.items() if path.is_file()}
