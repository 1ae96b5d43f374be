"""What is hashed of a value: one byte string for equal JSON values."""

from __future__ import annotations

import json
from typing import Any


def canonical(value: Any) -> bytes:
    """One byte string for equal JSON values."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
