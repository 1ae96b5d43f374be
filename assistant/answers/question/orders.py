"""Instructions inside a question are text, never orders: sentences that give orders to the assistant are set aside.

What is left is searched. Nothing here protects by itself — without a model there is nobody to obey, and with one every
claim is verified — but a real question must not drown in an attack that stands beside it.
"""

from __future__ import annotations

import re

from assistant.answers.question.words import fold, words

_ORDER = re.compile(
    r"忽略|无视|从现在(起|开始)|从此刻|扮演|假装|假设你|开发者模式|越狱|系统(通知|提示|消息|指令)|提示词|指令|规则(失效|作废|解除)|限制解除|只(需|要)?(回复|回答|输出)|"
    r"(回答|回复)(的)?(末尾|开头|结尾|前面|最后)|先回我|输出你|你作为|你现在是|请引用|替(海关|官方)|改成|删掉|保存后|"
    r"\b(ignore|disregard|forget) (all|any|the|previous|your|every)|\bpretend\b|\bact as\b|\byou are now\b|system prompt|developer mode|jailbreak|\breply (only|with)\b|"
    r"\banswer only\b|\brepeat (after|your|the|everything)\b|new instructions?|\bfrom now on\b|\bend your answer\b|\bstart your answer\b|[\]}]{2,}|<<|>>"
)
_END = r"(?:[。！？!?；;\n]|(?<=[a-z)])\.(?=[\s㐀-鿿]|$))"
_SENTENCE = re.compile(rf"(?:(?!{_END}).)+(?:{_END})*|(?:{_END})+", re.S | re.I)
_TURN = re.compile(r"(?:另外|顺便(?:问(?:一)?下)?|还有|对了|——|by the way|also)[，,：: ]*")


def without_orders(question: str) -> str:
    """``question`` without the sentences that give orders, if a question of at least four words is left; else as it was."""
    if not _ORDER.search(fold(question)):
        return question
    sentences = [part for sentence in _SENTENCE.findall(question) for part in _TURN.split(sentence) if part.strip()]
    kept = [s for s in sentences if not _ORDER.search(fold(s))]
    rest = " ".join(s.strip() for s in kept)
    return rest if len(words(rest)) >= 4 else question
