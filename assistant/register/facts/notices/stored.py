"""A message as it is stored: plain JSON (``Notice.body``) beside its kind, which tells the model."""

from __future__ import annotations

from typing import Any

from assistant.register.facts.notices.asking import Drilled, Handed, Missing, Nudge, Reminded, Renewed
from assistant.register.facts.notices.common import Notice
from assistant.register.facts.notices.leading import DrillOver, Staged, Week
from assistant.register.facts.notices.reviewing import Attached, Comment, Decided, ToReview
from assistant.register.facts.notices.screens import CardEdit, HomeEdit

_ASKING: tuple[type[Notice], ...] = (Nudge, Reminded, Handed, Missing, Drilled, Renewed)
_REVIEWING: tuple[type[Notice], ...] = (ToReview, Attached, Decided, Comment)
_LEADING: tuple[type[Notice], ...] = (Week, DrillOver, Staged)
_SCREENS: tuple[type[Notice], ...] = (CardEdit, HomeEdit)
_KINDS = {model.named: model for model in (*_ASKING, *_REVIEWING, *_LEADING, *_SCREENS)}


def read(kind: str, body: dict[str, Any]) -> Notice:
    """What a stored message of a kind says; one whose words were forgotten (an empty body) is an empty notice of its kind.

    Raises:
        KeyError: no such kind. ValueError: the body is none of that kind.
    """
    return _KINDS[kind].model_validate(body)
