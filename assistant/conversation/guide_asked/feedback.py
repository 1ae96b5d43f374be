"""An exchange as an entry of the feedback inbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.conversation.inbox import Feedback, Kind
from assistant.conversation.ports import Exchange

if TYPE_CHECKING:
    from assistant.conversation.context import Context


def feedback(ctx: Context, exchange: Exchange, user: str, kind: Kind, reason: str | None) -> Feedback:
    """What went wrong with an exchange, with the questions before it."""
    before = ctx.store.exchanges(exchange.team, exchange.channel, exchange.thread, limit=20)
    return Feedback(
        kind=kind,
        question=exchange.answer.question,
        edition=exchange.answer.edition,
        at=ctx.now().isoformat(),
        ref=f"{ctx.origin}:{exchange.team}:{exchange.id}:{user}:{kind}",
        history=tuple(e.answer.question for e in before if e.at < exchange.at),
        reason=reason,
        answer=exchange.answer,
    )
