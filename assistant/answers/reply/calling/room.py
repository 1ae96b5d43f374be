"""How much a chat model takes: a text's tokens, what is kept for the reply, and the conversation cut to the room that there is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answers.answer import Turn
from assistant.answers.markdown import markdown

_RESERVED, _SHARE = 4_000, 4
"""Tokens kept for the reply, and the part of a small context that they are at most: ten parts with four claims each have some three
thousand, a single question with a repair some six hundred."""
_TURNS, _TURN = 4, 3_000
"""Earlier turns that are given, and characters of each: the longest answer that staff were shown had two thousand."""
_CHINESE = re.compile(r"[⺀-鿿가-힯]")
_PIECE = re.compile(r"[A-Za-z]{1,6}|\d{1,3}|[^\sA-Za-z\d⺀-鿿가-힯]|\n")


def tokens(text: str) -> int:
    """A text's tokens, counted on the safe side: five Chinese characters are four, six letters, three digits or a sign are one.

    Rounded up, so that parts counted one by one are never less than the whole.

    The shipped guide with its ids counts 22,300 so; XLM-R's tokenizer, which knows less Chinese than a chat model's, makes
    18,600 of it.
    """
    return -(-len(_CHINESE.findall(text)) * 4 // 5) + len(_PIECE.findall(text))


def reserved(context: int) -> int:
    """Tokens of a context that are kept for the reply."""
    return min(_RESERVED, context // _SHARE)


def talk(history: Sequence[Turn], room: float = float("inf")) -> str:
    """The last turns in full, newest first kept, within ``room`` tokens; of a newest one that is longer by itself, its beginning."""
    told: list[str] = []
    for turn in reversed(history[-_TURNS:]):
        text = _told(turn)
        used = tokens("\n".join([text, *told]))
        if used > room:
            if not told:
                told.append(text[: max(0, int(len(text) * room / used))])
            break
        told.insert(0, text)
    return "\n".join(told) or "—"


def quoted(question: str) -> str:
    """A message that cannot end the frame that it stands in."""
    return question.replace(">>>", "> > >").replace("<<<", "< < <")


def _told(turn: Turn) -> str:
    blocks = [b for b in turn.answer.blocks if b.block != "note" or b.role not in ("source", "notice")]
    said = markdown(blocks if turn.answer.answered else blocks[:1])  # with what was refused come neighbours that a search found
    return f"Q: {quoted(turn.question)[:_TURN]}\nA: {said[:_TURN]}"
