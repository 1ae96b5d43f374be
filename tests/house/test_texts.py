"""Texts for people: every language says the same things, in the words of the glossary, and never a command to who has no terminal."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from assistant.texts import LANGUAGES, listed, say, texts

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "assistant" / "texts"
AREAS = sorted(f.stem for f in (FOLDER / "zh").glob("*.toml"))
IN_SLACK = ("slack", "evidence_slack", "talk", "slot", "letter", "answers", "direct")  # what staff, owners, reviewers and leads read
FOR_OPERATORS = re.compile(  # what the administrator reads on the terminal stands in the same areas
    r"refused|no_tokens|no_tokens_http|no_app_token|no_signing_secret|.*_token_refused|port_taken|.*_ready|manifest_address|doctor\..*|profile_workspace"
)
# One word for one thing: the word on the left is not used; the one on the right is.
BANNED = {
    "证据": "材料", "案例": "测试题", "拒答": "未作答", "话题": "消息列", "缺省": "默认", "登记库": "登记簿", "事件链": "操作记录",
    "企业档案": "企业信息", "维护人员": "管理员", "运维人员": "管理员", "随附": "自带", "换版": "指南更新", "当前版本": "现行版本",
    "当前使用的版本": "现行版本", "已接受": "已通过", "用户编号": "成员 ID", "用不了": "无法使用", "读不了": "无法读取",
    "写不了": "无法写入", "不见了": "已丢失", "对不上": "不一致", "你": "您", "转给": "转交", "拿出": "提供", "收下": "接收",
    "交来": "提交", "搬": "迁移", "打不开": "无法打开", "没能": "未能", "没找到": "未找到", "换成了": "更新为",
}  # fmt: skip
IN_ENGLISH = re.compile(
    r"\bhand(?:ed|s|ing)? (?:it )?in\b|\b[Ss]omebody\b|\b[Ss]lots?\b|\bActive edition|\banew\b|(?<!here )\bis no (?!longer|way|text|more|one)\w"
)
PAGES = [ROOT / "README.zh-CN.md", *(p for p in sorted((ROOT / "docs").rglob("*.md")) if p.name not in ("release.md", "命令参考.md"))]
NEXT = re.compile(r"请|用 aeo|应为|应当|要写|须|可用|可填|可以|只能|如 |\{(?:what|wanted|wrong)\}")
"""What a sentence that says what to do next holds; a frame around other sentences leaves it to them."""
STATED = (
    "direct", "index.down", "models.bundled_failed", "register.cell_mail", "register.cell_person", "evals.not_recorded", "ops.lately",
    "evidence_slack.lead.declared_all", "evidence_slack.lead.nothing", "evidence_slack.nothing_waits",
)  # fmt: skip
"""Kept as keys of an error, and no refusal: notices under an answer, states with nothing to do, and causes inside a sentence that says what to do."""
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


@pytest.mark.parametrize("area", AREAS)
def test_one_english_word_for_one_thing(area: str) -> None:
    """English says what an English reader expects: submit, requirement, someone, “is not a”; a column keeps the name that files of before have."""
    said = {k: re.sub(r"\{[^}]*\}|aeo \S+(?: \S+)?", "", t) for k, t in texts(area, "en").items() if not k.startswith("column.")}
    assert {(k, found[0]) for k, t in said.items() if (found := IN_ENGLISH.search(t))} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_pages_use_the_same_words(page: Path) -> None:
    """The guides and README in Chinese hold to the same glossary."""
    text = page.read_text(encoding="utf-8").replace("你的问题", "")
    assert {(w, BANNED[w]) for w in BANNED if w in text} == set()


def test_buttons_that_guides_name_exist() -> None:
    """What a guide says to press is what stands on the button."""
    labels = {t.rstrip("…。") for area in AREAS for t in texts(area, "zh").values()}
    named = {m for page in PAGES for m in re.findall(r"[点选]“([^”]+)”", page.read_text(encoding="utf-8"))}
    assert {n for n in named if n.rstrip("…") not in labels} == set()


def test_joins_belong_to_the_language() -> None:
    """What people read on a screen is strung together by ``listed``, ``strung`` or a tuple in ``say``, never by a mark of one language."""
    join = re.compile(r"\"[、；，]\"\.join")
    assert [p.name for p in (ROOT / "connectors").rglob("*.py") if join.search(p.read_text(encoding="utf-8"))] == []


def raised() -> set[str]:
    """The texts that the product refuses with: the first word of whatever it raises."""
    calls = re.compile(r"raise \w+\(\s*\"(\w+\.[\w.]+)\"")
    folders = ("assistant", "connectors", "ingest", "evals")
    return {key for folder in folders for p in (ROOT / folder).rglob("*.py") for key in calls.findall(p.read_text(encoding="utf-8"))}


def test_every_refusal_says_what_next() -> None:
    """What happened, to what, and what to do: the last part is never missing."""
    found = sorted(key for key in raised() if not key.startswith(STATED))
    assert len(found) > 150
    assert {key: said for key in found if not NEXT.search(said := texts(key.partition(".")[0], "zh")[key.partition(".")[2]])} == {}


def test_every_english_refusal_says_what_next() -> None:
    """Two clauses at least, what happened and what to do; or one that says what has to be."""
    whole = re.compile(r"[.;:] |\b(?:must|should|only|needs?|first|please|use|say|name)\b|\{(?:what|wanted|wrong)\}", re.I)
    assert {
        key
        for key in raised()
        if not key.startswith(STATED) and not whole.search(texts(key.partition(".")[0], "en")[key.partition(".")[2]])
    } == set()


@pytest.mark.parametrize("area", IN_SLACK)
def test_sentences_in_slack_end(area: str) -> None:
    """Where one sentence has its stop, the last has it too, and so has every refusal; labels, buttons and headings have none."""
    inside = {"zh": re.compile(r"。"), "en": re.compile(r"[.?] [A-Z{]")}
    for lang in LANGUAGES:
        said = {k: t.rstrip() for k, t in texts(area, lang).items() if not FOR_OPERATORS.fullmatch(k)}
        whole = {k: t for k, t in said.items() if inside[lang].search(t) or (area == "evidence_slack" and k.startswith("error."))}
        assert {k: t for k, t in whole.items() if t[-1] not in "。：？…）.:?)”}"} == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_buttons_that_texts_name_exist(lang: str) -> None:
    """What a message says to press stands on a button, in its language."""
    said = {f"{area}.{k}": t for area in IN_SLACK for k, t in texts(area, lang).items()}
    labels = {t.rstrip("…。.") for t in said.values()} | {"主页", "Home"}  # the tab is Slack's own
    pressed = re.compile({"zh": r"[点选]“([^”{]+)”", "en": r"\b(?:[Pp]ress|[Cc]hoose|[Uu]se) “([^”{]+)”"}[lang])
    assert {(k, b) for k, t in said.items() for b in pressed.findall(t) if b.rstrip("…") not in labels} == set()


def test_no_text_is_left_over() -> None:
    """Every text is said somewhere: by its name, or by a name that is put together of parts."""
    folders = ("assistant", "connectors", "ingest", "evals")
    code = "\n".join(p.read_text("utf-8") for f in folders for p in (ROOT / f).rglob("*") if p.suffix in (".py", ".j2"))
    words = set(re.findall(r"\w+", code))
    made = [re.compile(re.sub(r"\\\{.*?\\\}", r"[\\w.-]+", re.escape(m))) for m in re.findall(r"f\"(\w+\.[\w.]*\{[^\"]*)\"", code)]
    keys = {
        f"{area}.{k}" for area in AREAS if area != "help" for k in texts(area, "zh") if not k.startswith("system.")
    }  # named by the system
    assert {k for k in keys if k.rpartition(".")[2] not in words and not any(p.fullmatch(k) for p in made)} == set()


def test_a_refusal_of_the_register_with_a_command_has_words_for_slack() -> None:
    """Who has no terminal is told in words of their own; addresses, files and settings of the program are the administrator's."""
    slack = texts("evidence_slack", "zh")
    on_terminal = re.compile(r"database_|files_url|lead_change|merge_|who_acts|terminal_|other_id|no_actor")
    said = {k: t for k, t in texts("register", "zh").items() if f"register.{k}" in raised() and not on_terminal.match(k)}
    assert {k for k, t in said.items() if re.search(r"\baeo [a-z]|AEO_| --", t) and f"error.{k}" not in slack} == set()


@pytest.mark.parametrize("area", IN_SLACK)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_has_no_terminal_reads_no_command(area: str, lang: str) -> None:
    """No command, setting or terminal in what Slack shows."""
    said = {k: t for k, t in texts(area, lang).items() if not FOR_OPERATORS.fullmatch(k)}
    assert {k for k, t in said.items() if re.search(r"\baeo [a-z]|AEO_|SLACK_|终端|\bterminal\b", t)} == set()


MEASURED = re.compile(r"\{(\w+)\} ?[个项条次天年份人道行段套件家名处张种点类本封步轮对期页字题]")
"""A value that Chinese counts with a measure word: a number, in English too."""
COUNTED = re.compile(r"\{(\w+):([^{}|]+)\|([^{}]+)\}")
"""A value and the words for one and for more of it."""
OF_THEM = re.compile(r"\b(?:of|in|among) (?:the|them|your|its|yours)\b.*")
"""“1 of your requirements” is right: the noun stands for all of them."""


def plurals() -> set[str]:
    """Words that only the form for more than one has, as the English texts choose them themselves."""
    chosen = [m for area in AREAS for t in texts(area, "en").values() for m in COUNTED.findall(t)]
    return {w for _, one, more in chosen for w in set(more.split()) - set(one.split())} - {"submitted"}


@pytest.mark.parametrize("area", AREAS)
def test_english_counts_at_one(area: str) -> None:
    """What stands behind a number has a form for one, also behind an adjective (“1 AEO requirement”, “1 waits for your review”)."""
    zh, more = texts(area, "zh"), plurals()
    wrong = set()
    for key, said in texts(area, "en").items():
        for name in {*MEASURED.findall(zh[key]), *(n for n, _, _ in COUNTED.findall(said))}:
            for behind in said.split(f"{{{name}}}")[1:]:
                clause = re.split(r"[.;:,()—{]", behind)[0]
                if set(OF_THEM.sub("", clause).split()[:4]) & more:
                    wrong.add(f"{key}: {name}{clause}")
    assert wrong == set()


@pytest.mark.parametrize("area", AREAS)
def test_english_has_no_signs_of_others(area: str) -> None:
    """No full-width blank and no Python quote."""
    assert {k for k, t in texts(area, "en").items() if "\u3000" in t or "!r}" in t} == set()


@pytest.mark.parametrize("area", AREAS)
def test_an_english_count_has_its_number(area: str) -> None:
    """Whatever gets the fitting word for a number says the number too."""
    counted = re.compile(r"\{(\w+):[^{}|]+\|[^{}]+\}")
    bare = {k for k, text in texts(area, "en").items() for name in counted.findall(text) if f"{{{name}}}" not in text}
    assert bare == set()


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
