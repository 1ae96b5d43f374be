"""``aeo doctor``: what is configured, what works, and what to do about what does not."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import typer

from assistant.adapters.builds import Manifest
from assistant.adapters.editions import Editions
from assistant.errors import AeoError, IndexMismatch, IndexMissing
from assistant.settings import Settings, load_settings, unknown_settings
from assistant.texts import say
from connectors.cli.clock import local
from connectors.cli.output import JSON_OPTION, emit, write
from connectors.serving.logs import Redactor


class Check(NamedTuple):
    """One thing looked at: ``ok`` True, False, or None where there is nothing to look at."""

    name: str
    ok: bool | None
    sentence: str


def doctor(files: bool = typer.Option(False, "--files"), json_: bool = JSON_OPTION) -> None:
    """What is configured, what works, what to do; with ``--files`` every file is read. Exit status 1 when something is wrong."""
    settings = load_settings()
    checks = list(examine(settings, files))
    if json_:
        emit([c._asdict() for c in checks])
    else:
        for c in checks:
            mark = {True: "✓", False: "✗", None: "–"}[c.ok]
            write(say("doctor.line", settings.lang, mark=mark, name=say(f"doctor.{c.name}", settings.lang), sentence=c.sentence))
    if any(c.ok is False for c in checks):
        raise typer.Exit(1)


def examine(settings: Settings, whole: bool = False) -> Iterator[Check]:
    """Every check, in the order in which a new installation is set up; ``whole``: every file of evidence is read."""
    clean = Redactor(settings)
    for name, look in (dict(_LOOKS) | {"files": partial(_files, whole=whole)}).items():
        try:
            ok, sentence = look(settings)
        except AeoError as error:
            ok, sentence = False, error.sentence(settings.lang)
        except Exception as error:  # a broken part must not hide the others
            ok, sentence = False, say("doctor.crashed", settings.lang, what=f"{type(error).__name__}: {error}"[:300])
        yield Check(name, ok, clean(sentence))


def _home(settings: Settings) -> tuple[bool | None, str]:
    if not settings.home.exists():
        return None, say("doctor.home_new", settings.lang, home=str(settings.home.absolute()))
    if os.name == "posix" and settings.home.stat().st_mode & 0o077:
        return False, say("doctor.home_open", settings.lang, home=str(settings.home.absolute()))
    writable = os.access(settings.home, os.W_OK)
    return writable, say("doctor.home_ok" if writable else "doctor.home_readonly", settings.lang, home=str(settings.home.absolute()))


_BETWEEN = {"zh": "；", "en": "; "}


def _settings(settings: Settings) -> tuple[bool | None, str]:
    """Names that look like settings and are none: they would be ignored in silence."""
    unknown = unknown_settings()
    if not unknown:
        return True, say("doctor.settings_ok", settings.lang)
    named = [say("doctor.settings_near", settings.lang, name=n, near=near) if near else n for n, near in unknown.items()]
    return False, say("doctor.settings_unknown", settings.lang, names=tuple(named))


def _edition(settings: Settings) -> tuple[bool | None, str]:
    store = Editions(settings.home)
    told: list[str] = []
    for m in store.in_force():
        values = {"edition": m.edition, "clauses": len(store.guide(m).clauses), "created": local(m.created, settings.timezone)}
        told.append(say("doctor.edition_ok", settings.lang, **values))
    return True, _BETWEEN[settings.lang].join(told)


def _source(settings: Settings) -> tuple[bool | None, str]:
    store = Editions(settings.home)
    well, told = True, []
    for m in store.in_force():
        kept = store.source(m)
        if kept is None:
            return False, say("doctor.source_gone", settings.lang, name=m.source, edition=m.edition)
        same = hashlib.sha256(kept.read_bytes()).hexdigest() == m.source_sha256
        well &= same
        told.append(say("doctor.source_ok" if same else "doctor.source_changed", settings.lang, name=m.source))
    return well, _BETWEEN[settings.lang].join(told)


def _index(settings: Settings) -> tuple[bool | None, str]:
    store = Editions(settings.home)
    looks = [_index_of(store, m, settings) for m in store.in_force()]
    return all(well for well, _ in looks), _BETWEEN[settings.lang].join(told for _, told in looks)


def _index_of(store: Editions, manifest: Manifest, settings: Settings) -> tuple[bool, str]:
    from assistant.adapters.chroma.index import ChromaIndex
    from assistant.answers.search.ranker import Ranker

    folder = store.folder(manifest.build)
    try:
        ranker = Ranker.load(folder)
    except (OSError, ValueError) as error:
        raise IndexMissing("index.build_gone", edition=manifest.edition, where=str(folder)) from error
    if manifest.embedder == "none":
        return False, say("doctor.index_none", settings.lang)
    index = ChromaIndex(manifest.build, folder / "chroma", settings.chroma_url)
    try:
        count = index.count()
        if ranker.vectors is not None:
            index.search(ranker.vectors[0], 1)
    finally:
        index.close()
    return count == manifest.passages, say("doctor.index_count", settings.lang, count=count, wanted=manifest.passages)


def _embedding(settings: Settings) -> tuple[bool | None, str]:
    from assistant.adapters.models.embeddings import embedder

    model = embedder(settings)
    size = model.queries(["访客登记"]).shape[1]
    active = Editions(settings.home).active()
    if active is not None:
        made = Editions(settings.home).manifest().embedder
        if made not in ("none", model.fingerprint):
            again = Editions(settings.home).again(Editions(settings.home).manifest())
            raise IndexMismatch("index.mismatch", made=made, configured=model.fingerprint, again=again)
    return True, say("doctor.embedding_ok", settings.lang, name=model.fingerprint, size=size)


def _reranker(settings: Settings) -> tuple[bool | None, str]:
    if not settings.reranker_model:
        return None, say("doctor.reranker_none", settings.lang)
    from assistant.adapters.models.embeddings import CrossEncoderModel

    CrossEncoderModel(settings.reranker_model).scores("访客登记", ["访客", "集装箱"])
    return True, say("doctor.reranker_ok", settings.lang, name=settings.reranker_model)


def _chat(settings: Settings) -> tuple[bool | None, str]:
    from connectors.cli.doctor.asking import asking

    return asking(settings)


def _judging(settings: Settings) -> tuple[bool | None, str]:
    from connectors.cli.doctor.judging import judging

    return judging(settings)


def _register(settings: Settings) -> tuple[bool | None, str]:
    from connectors.cli.doctor.register import register
    from connectors.cli.opened import Opened

    return register(Opened(settings))


def _files(settings: Settings, whole: bool = False) -> tuple[bool | None, str]:
    from connectors.cli.doctor.register import files
    from connectors.cli.opened import Opened

    return files(Opened(settings), whole)


def _mail(settings: Settings) -> tuple[bool | None, str]:
    """The mail server: reached, trusted, logged in; nothing is sent."""
    from assistant.adapters.mail.server import MailServer

    server = MailServer.of(settings)
    if server is None:
        return None, say("doctor.mail_none", settings.lang)
    server.look()
    return True, say("doctor.mail_ok", settings.lang, where=server.where, sender=server.sender)


def _slack(settings: Settings) -> tuple[bool | None, str]:
    from connectors.slack.checkup import slack

    return slack(settings)


_LOOKS: list[tuple[str, Callable[[Settings], tuple[bool | None, str]]]] = [
    ("home", _home),
    ("settings", _settings),
    ("edition", _edition),
    ("source", _source),
    ("index", _index),
    ("embedding", _embedding),
    ("reranker", _reranker),
    ("chat", _chat),
    ("judging", _judging),
    ("register", _register),
    ("files", _files),
    ("slack", _slack),
    ("mail", _mail),
]
