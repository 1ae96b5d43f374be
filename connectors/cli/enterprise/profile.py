"""``aeo profile``: the enterprise's profile, asked in the lead's language and shown as a whole."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import count
from pathlib import Path

import typer
from pydantic import ValidationError

from assistant.adapters.lead_files import write_profile
from assistant.conversation.profile.declaring import (
    CLEAR,
    RENEWAL,
    Declared,
    ProfileQuestion,
    answer,
    declared_of,
    meant,
    questions,
    required,
)
from assistant.errors import UsageError
from assistant.guide import Guide
from assistant.mistakes import mistakes
from assistant.register.facts.profile import Profile
from assistant.register.papers.reports.explained import open_questions, told_contradictions
from assistant.register.rules.demands.scope import UNLESS, contradictions
from assistant.texts import say
from connectors.cli.enterprise.elements import elements
from connectors.cli.opened import PROFILE_OPTION, opened
from connectors.cli.output import JSON_OPTION, emit, note, write

app = typer.Typer(no_args_is_help=True, add_completion=False)
_TRIES = 3
"""Answers to one question that are read where they come from a file; chosen, not measured."""


@app.command()
def init(
    set_: list[str] = typer.Option([], "--set"),
    ask: bool = typer.Option(True, "--ask/--no-ask"),
    profile: Path = PROFILE_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """Ask for the profile and write it; what is known is the default."""
    desk = opened(profile)
    lang, path = desk.settings.lang, desk.profile_path or desk.settings.profile_path
    ask = ask and (not set_ or sys.stdin.isatty())  # what is set by a program is all that it has to say
    known = desk.profile if path.exists() else None
    values = declared_of(known)
    if known is not None and ask:
        note(say("profile.kept_file", lang, where=str(path)))
    given = meant(dict(_given(text) for text in set_), list(questions(values | {"certification": "renewal"}, desk.guide, lang)))
    last, asked = "", 0
    for question in questions(values, desk.guide, lang):
        if question.key in given:
            answer(values, question, given.pop(question.key), lang)
        elif ask and not last:
            last = "" if _asked(values, question, lang, json_) else question.text
            asked += not last
    if given:
        initial = {key for key in given if key in RENEWAL} if values.get("certification") == "initial" else set()
        raise UsageError("profile.renewal_only" if set(given) == initial else "profile.unknown", keys=tuple(given))
    values["id"] = values.get("id") or (known.key if known else values.get("enterprise", ""))
    written = _whole(values, path)
    for text in told_contradictions(written, lang, desk.today):
        note(text)
    if ask and not last and _asked_back(values, contradictions(written), desk.guide, lang, json_):
        written = _whole(values, path)
        for text in told_contradictions(written, lang):
            note(text)
    write_profile(path, written, lang)
    if json_:
        emit({"path": str(path), **written.model_dump(mode="json")})
    else:
        write(say("profile.saved", lang, where=str(path)))
    if last:
        note(say("profile.ended", lang, count=asked, question=last))
    note(say("profile.next", lang))


@app.command()
def show(profile: Path = PROFILE_OPTION, json_: bool = JSON_OPTION) -> None:
    """What is declared, and what is still open."""
    desk = opened(profile)
    lang = desk.settings.lang
    waiting, against = open_questions(desk.owed, lang), told_contradictions(desk.profile, lang, desk.today)
    if json_:
        emit({**desk.profile.model_dump(mode="json"), "open_questions": waiting, "contradictions": against})
        return
    for question in questions(declared_of(desk.profile), desk.guide, lang):
        write(f"{question.text}　{question.known or say('profile.empty', lang)}")
    for text in (*against, *waiting):
        note(text)


app.command()(elements)


def _asked_back(values: Declared, pairs: Iterable[tuple[str, str]], guide: Guide, lang: str, aside: bool) -> bool:
    """Ask once more for declarations that do not go together, and for what would explain them; whether anything was asked."""
    flags = {flag for a, b in pairs for flag in (a, b, UNLESS.get(b, b))}
    again = [q for q in questions(values, guide, lang) if q.key.removeprefix("scope.") in flags]
    for question in again:
        if not _asked(values, question, lang, aside):
            break
    return bool(again)


def _asked(values: Declared, question: ProfileQuestion, lang: str, aside: bool) -> bool:
    """Ask until the answer is of the right kind, and there is one where a profile needs it; Enter keeps what is known.

    ``aside``: on stderr. False where there is nothing more to read, or what is read is no answer time and again and nobody types it.
    """
    hint = say("profile.yes_no", lang) if question.kind == "flag" and not question.known else ""
    hint = say("profile.required", lang) if required(values, question.key) else hint
    hint = say("profile.now", lang, value=question.known) if question.known else hint
    for _ in count() if sys.stdin.isatty() else range(_TRIES):
        try:
            said = typer.prompt(question.text + hint, default="", show_default=False, err=aside)
        except typer.Abort as ended:
            if isinstance(ended.__context__, EOFError):
                return False
            raise  # ctrl-C: nothing is written
        try:
            answer(values, question, str(said), lang)
        except UsageError as error:
            note(error.sentence(lang))
        else:
            if not required(values, question.key):
                return True
            note(say("profile.needed", lang))
    return False


def _given(text: str) -> tuple[str, str]:
    key, _, value = text.partition("=")
    return key.strip(), value.strip() or CLEAR


def _whole(values: Declared, path: Path) -> Profile:
    """The profile that the answers make.

    Raises:
        UsageError: something that it needs was not answered; says what, and how it is given.
    """
    try:
        return Profile.model_validate(values)
    except ValidationError as error:
        lacks = any(e["type"] == "missing" or e["type"].endswith("_missing") for e in error.errors())
        raise UsageError("profile.incomplete" if lacks else "profile.wrong", where=str(path), wrong=mistakes(error, Profile)) from None
