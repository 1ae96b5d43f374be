"""Slots and states as they are written: plain JSON values, read back from this version or an earlier one; and the digest of many."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, cast

from pydantic import TypeAdapter

from assistant.register.facts.slots import Slot, State


def slots_digest(slots: Iterable[Slot]) -> str:
    """Changes whenever a slot appears, goes, or changes in anything; in the order of their keys."""
    rows = (_SLOT.dump_json(slot, exclude_defaults=True) for slot in sorted(slots, key=lambda s: s.key))
    return hashlib.sha256(b"\n".join(rows)).hexdigest()


_SLOT = TypeAdapter(Slot)
_STATE = TypeAdapter(State)


def state_document(state: State) -> dict[str, Any]:
    """A state as plain JSON values; what is as at the beginning is left out."""
    return cast(dict[str, Any], _STATE.dump_python(state, mode="json", exclude_defaults=True))


def state_of(document: dict[str, Any]) -> State:
    """The state that ``state_document`` wrote."""
    return _STATE.validate_python(document)


def slot_document(slot: Slot) -> dict[str, Any]:
    """A slot as plain JSON values."""
    return cast(dict[str, Any], _SLOT.dump_python(slot, mode="json"))


def slot_of(document: dict[str, Any]) -> Slot:
    """The slot that ``slot_document`` wrote, of this version or an earlier one."""
    return _SLOT.validate_python(document)
