"""Texts for people: every language says the same things, in the words of the glossary, and never a command to who has no terminal."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from assistant.texts import LANGUAGES, listed, say, texts

FOLDER = Path(__file__).parents[2] / "assistant" / "texts"
AREAS = sorted(f.stem for f in (FOLDER / "zh").glob("*.toml"))
IN_SLACK = ("slack", "evidence_slack", "talk", "slot", "answers", "direct")  # what staff, owners, reviewers and leads read
FOR_OPERATORS = re.compile(  # what the administrator reads on the terminal stands in the same areas
    r"refused|no_tokens|no_tokens_http|no_app_token|no_signing_secret|.*_token_refused|port_taken|.*_ready|manifest_address|doctor\..*|profile_workspace"
)
# One word for one thing: the word on the left is not used; the one on the right is.
BANNED = {
    "证据": "材料", "案例": "测试题", "拒答": "未作答", "话题": "消息列", "缺省": "默认", "登记库": "登记簿", "事件链": "操作记录",
    "企业档案": "企业信息", "维护人员": "管理员", "运维人员": "管理员", "随附": "自带", "换版": "指南更新", "当前版本": "现行版本",
    "当前使用的版本": "现行版本", "已接受": "已通过", "用户编号": "成员 ID", "用不了": "无法使用", "读不了": "无法读取",
    "写不了": "无法写入", "不见了": "已丢失", "对不上": "不一致", "你": "您",
}  # fmt: skip
CHINESE, LATIN = r"[\u4e00-\u9fff]", r"[A-Za-z0-9]"


def test_every_language_has_every_area() -> None:
    """A folder a language, the same files in each."""
    assert {lang: sorted(f.stem for f in (FOLDER / lang).glob("*.toml")) for lang in LANGUAGES} == dict.fromkeys(LANGUAGES, AREAS)


@pytest.mark.parametrize("area", AREAS)
def test_languages_have_the_same_texts(area: str) -> None:
    """The same keys, each with the same values to fill in."""
    zh, en = texts(area, "zh"), texts(area, "en")
    assert set(zh) == set(en)
    assert {k for k in zh if _fields(zh[k]) != _fields(en[k])} == set()


@pytest.mark.parametrize("area", AREAS)
def test_one_word_for_one_thing(area: str) -> None:
    """No Chinese text uses a word that the glossary replaced."""
    assert {(k, w, BANNED[w]) for k, text in texts(area, "zh").items() for w in BANNED if w in text} == set()


@pytest.mark.parametrize("area", IN_SLACK)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_has_no_terminal_reads_no_command(area: str, lang: str) -> None:
    """No command, setting or terminal in what Slack shows."""
    said = {k: t for k, t in texts(area, lang).items() if not FOR_OPERATORS.fullmatch(k)}
    assert {k for k, t in said.items() if re.search(r"\baeo [a-z]|AEO_|SLACK_|终端|\bterminal\b", t)} == set()


@pytest.mark.parametrize("area", AREAS)
def test_english_counts_and_spaces(area: str) -> None:
    """A noun behind a number has both forms, and no full-width blank or Python quote is left."""
    said = texts(area, "en")
    nouns = {m[1] for t in said.values() for m in re.finditer(r"\{\w+:\w+\|(\w+s)\b", t)}
    bare = {k for k, t in said.items() for m in re.finditer(r"\{\w+\} (\w+)", t) if m[1] in nouns - {"answers", "times", "claims"}}
    assert bare == set()
    assert {k for k, t in said.items() if "\u3000" in t or "!r}" in t} == set()


@pytest.mark.parametrize("area", AREAS)
def test_chinese_spaces(area: str) -> None:
    """One space between Chinese and Latin letters or digits, where both stand in the text."""
    said = {k: re.sub(r"\{[^}]*\}", "\0", t) for k, t in texts(area, "zh").items()}
    assert {k for k, t in said.items() if re.search(rf"{CHINESE}{LATIN}|{LATIN}{CHINESE}", t)} == set()


def test_values_are_set_as_the_language_does() -> None:
    """Names stand tight in Chinese, numbers and Latin names apart; lists are joined and counted by the language."""
    assert say("evidence_slack.status.submitted", "zh", by="王芳", reviewer="李雷") == "王芳已提交，待李雷审核"
    assert say("evidence_slack.status.submitted", "zh", by="Tom", reviewer="李雷") == "Tom 已提交，待李雷审核"
    assert say("slack.clause.title", "zh", clause="24(3)") == "24(3) 原文"
    assert say("evidence.period.year", "zh", year=2022) == "2022 年"
    assert say("doctor.settings_unknown", "en", names=("A", "B")).count("A, B") == 1
    assert listed(["甲", "乙"]) == "甲、乙"
    assert [say("evals.checked", "en", count=n) for n in (1, 2)] == ["1 case, no mistakes", "2 cases, no mistakes"]


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
