"""The doctor's look at the register: the log's chain, states against it, deliveries, and the files of evidence."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url

from assistant.adapters.standing import standing
from assistant.register.facts.events import Chain
from assistant.register.papers.said.file_words import file_words
from assistant.register.papers.said.words import difference_word, in_a_row
from assistant.register.ports import WITH_WITHDRAWN
from assistant.settings import Settings, without_secrets
from assistant.texts import say

if TYPE_CHECKING:
    from assistant.register.acts.service import RegisterService
    from connectors.cli.opened import Opened

_NAMED = 5  # files that a sentence names


def register(desk: Opened) -> tuple[bool | None, str]:
    """Every workspace's log and states, the policy file, and what could not be delivered; None before the first use."""
    settings, lang = desk.settings, desk.settings.lang
    assert desk.policy, "read, or refused by name"
    if not desk.enterprises.begun:
        return None, say("evidence.doctor.none", lang)
    events, wrong, failed = 0, list[str](), 0
    if desk.has_profile:
        desk.same_register()
        wrong += desk.other_lead()
    for service in _services(desk):
        mine = desk.has_profile and service.workspace == desk.profile.key
        chain, differing = service.verify(now=desk.now, stands=standing(settings, settings.profile_path if mine else None))
        events += chain.events
        if not chain.intact:
            wrong.append(f"{service.workspace}: " + say("evidence.chain_bad", lang, broken=chain.broken_at, events=chain.events))
        if differing:
            named = tuple(difference_word(d.table, d.where, lang) for d in differing[:10])
            wrong.append(f"{service.workspace}: " + say("evidence.state_bad", lang, slots=named))
        wrong += [f"{service.workspace}: {sentence}" for sentence in times(chain, lang)]
        with desk.register.reading(service.workspace) as tx:
            failed += sum(m.state in ("failed", "ambiguous") for m in tx.messages(limit=500))
    if wrong:
        return False, " ".join(wrong)
    count = len(desk.register.workspaces())
    return True, say("evidence.doctor.good", lang, where=_where(settings), count=count, events=events, failed=failed)


def times(chain: Chain, lang: str) -> list[str]:
    """What is wrong with the times of a log: those that run backwards, those in the future."""
    found = (("backwards", chain.backwards), ("ahead", chain.ahead))
    return [say(f"evidence.{name}", lang, events=tuple(map(str, seqs[:10]))) for name, seqs in found if seqs]


def files(desk: Opened, whole: bool = False) -> tuple[bool | None, str]:
    """Every file that was handed in is there, with ``whole`` with the bytes that were; files that nobody handed in are counted."""
    lang = desk.settings.lang
    if not desk.enterprises.begun:
        return None, say("evidence.doctor.none", lang)
    wanted: dict[str, str] = {}
    store, altered = None, dict[str, str]()
    for service in _services(desk):
        store = service.files
        mine = files_called(service, desk.now, lang)
        altered |= {sha256: name for sha256, name in mine.items() if whole and service.fate(sha256) == "altered"}
        wanted |= mine
    if store is None:
        return None, say("evidence.doctor.none", lang)
    there = set(store.visible()) | {sha256 for sha256, _ in store.staged()}
    gone = sorted(name for sha256, name in wanted.items() if sha256 not in there)
    bad = {"gone": gone, "altered": sorted(altered.values())}
    if any(bad.values()):
        said = [say(f"evidence.doctor.{what}", lang, count=len(names), names=tuple(names[:_NAMED])) for what, names in bad.items() if names]
        return False, in_a_row(said, lang)
    key = "evidence.doctor.files_read" if whole else "evidence.doctor.files"
    return True, say(key, lang, count=len(wanted), orphans=len(there - set(wanted)))


def files_called(service: RegisterService, at: datetime, lang: str) -> dict[str, str]:
    """Every file that was handed in, by SHA-256, as it is called on a screen."""
    slots = {e.slot.key: e.slot for e in service.entries(at, WITH_WITHDRAWN)}
    return file_words(((p.sha256, p.name, p.slot) for p in service.pieces() if p.kind == "file"), slots, lang)


def _services(desk: Opened) -> list[RegisterService]:
    assert desk.register is not None, "opened, and brought to the edition in force"
    return [desk.enterprises.of(workspace) for workspace in desk.enterprises.planned()]


def _where(settings: Settings) -> str:
    return without_secrets(make_url(settings.database).render_as_string(hide_password=True))
