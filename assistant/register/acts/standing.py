"""What a register rests on, written down in its log: when an act changes it, and never because it was found changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from assistant.errors import RegisterError
from assistant.register.acts.doing.recording import record
from assistant.register.facts.events import Draft
from assistant.register.facts.happened import Stood
from assistant.register.ports import RegisterReader

if TYPE_CHECKING:
    from assistant.register.acts.doing.who import Who
    from assistant.register.acts.service import RegisterService

TYPED = ("profile.yaml", "policy.yaml")
"""Files that the lead types: what they changed in them counts from their next act on. All others change by acts alone."""


def stands(service: RegisterService, files: Mapping[str, str], who: Who, typed: bool = False) -> tuple[str, ...]:
    """Write down what stands now; the names of what changed since it was written down last, none the first time.

    Args:
        service: the register.
        files: name -> SHA-256.
        who: whose act it is.
        typed: only what the lead types may have changed (any act of theirs); else an act changed the editions.
    """
    with service.register.writing(service.workspace, who.by) as tx:
        if tx.workspace() is None:
            return ()
        before = last_stood(tx)
        held = dict(before or {})
        fresh = dict(files)
        if typed and before is not None:
            fresh = {n: h for n, h in held.items() if n not in TYPED} | {n: files[n] for n in TYPED if n in files}
        changed = tuple(sorted(n for n in held | fresh if held.get(n) != fresh.get(n)))
        if changed:
            record(tx, [Draft(Stood(files=fresh), who.actor, who.at, who.origin)], service.rules)
        return changed if before is not None else ()


def noticed(service: RegisterService, files: Mapping[str, str], who: Who) -> tuple[str, ...]:
    """At an act of somebody who leads: what they changed in the files that are typed counts from here on; others change nothing."""
    try:
        service.require("assign", who)
    except RegisterError:
        return ()
    return stands(service, files, who, typed=True)


def last_stood(tx: RegisterReader) -> dict[str, str] | None:
    """What was written down last, None before anything was."""
    says = [e.says for e in tx.events(kinds=("stood",))]
    last = says[-1] if says else None
    return dict(last.files) if isinstance(last, Stood) else None
