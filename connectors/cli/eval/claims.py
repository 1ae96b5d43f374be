"""``aeo eval claims``: how the check of a model's claims decides on labelled ones."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from assistant.adapters.editions import Editions
from assistant.settings import load_settings
from assistant.texts import say
from connectors.cli.output import JSON_OPTION, emit, note, write
from evals.cases.labels import Labels
from evals.claims.claim import SHIPPED, load
from evals.runs.replies import Replies

if TYPE_CHECKING:
    from assistant.answers.reply.check.entailment import Entailment
    from assistant.settings import Settings
    from evals.claims.confusion import ConfusionRow

FILE = typer.Argument(None)
_NAMED = 12  # cases that are named


def claims(
    file: Path = FILE,
    edition: str = typer.Option(None, "--edition"),
    replies: Path = typer.Option(None, "--replies"),
    pending: Path = typer.Option(None, "--pending"),
    json_: bool = JSON_OPTION,
) -> None:
    """What the check of claims drops and lets through, by kind."""
    from evals.claims.confusion import by_meaning, confusion, kept, totals
    from ingest.shipped import shipped_guide

    settings = load_settings()
    store = Editions(settings.home)
    labels = Labels(store.guide(store.manifest(edition)) if edition else shipped_guide())
    known = load(file or SHIPPED / "seen.jsonl")
    recorded = Replies(replies) if replies is not None or pending is not None else None
    judge = _judge(settings, recorded)
    found = {"rules": confusion(known, kept(known, labels))}
    if judge is not None:
        found["meaning"] = confusion(known, kept(known, labels, by_meaning(judge, labels, settings.chat_timeout)))
    if recorded is not None:
        told_replies(recorded, pending, settings.lang)
    if json_:
        last = found["meaning" if judge else "rules"]
        told: dict[str, object] = {how: [_document(r) for r in rows] for how, rows in found.items()}
        emit(told | {"totals": {name: _document(r) for name, r in totals(last).items()}})
        return
    for how, rows in found.items():
        write(say(f"evals.claims_{how}", settings.lang, count=len(known)))
        for row in (*rows, *totals(rows).values()):
            key = "evals.claims_dropped" if row.label == "right" else "evals.claims_accepted"
            write(say(key, settings.lang, kind=row.kind, wrong=len(row.astray), claims=row.claims, share=f"{row.share:.0%}"))


def told_replies(recorded: Replies, pending: Path | None, lang: str) -> None:
    """How many requests there were, and which have no recorded reply; those are written to ``pending``."""
    if pending is not None:
        pending.write_text(recorded.pending(), encoding="utf-8")
    told = {"asked": len(recorded.asked), "missing": len(recorded.missing)}
    if recorded.missing:
        names = [*list(recorded.missing)[:_NAMED], "…"][: len(recorded.missing)]
        note(say("evals.replies_missing", lang, names=names, **told))
        if pending is not None:
            note(say("evals.replies_pending", lang, where=str(pending)))
    else:
        note(say("evals.replies", lang, asked=told["asked"]))


def _judge(settings: Settings, recorded: Replies | None) -> Entailment | None:
    """What checks claims by meaning as configured: nothing without a chat model, unless a local cross-encoder is named."""
    if recorded is not None:
        from assistant.answers.reply.calling.calls import Calls
        from assistant.answers.reply.check.entailment import ModelEntailment
        from evals.runs.replayed import replaying

        return ModelEntailment(Calls(replaying(recorded), "text"))
    if settings.chat_model is None and settings.check_model in ("same", "rules"):
        return None
    from assistant.adapters.models.chat import chat_model, entailment
    from assistant.answers.reply.calling.calls import Calls

    return entailment(settings, Calls(chat_model(settings), settings.chat_method) if settings.chat_model else None)


def _document(row: ConfusionRow) -> dict[str, object]:
    return row.model_dump() | {"share": round(row.share, 4)}
