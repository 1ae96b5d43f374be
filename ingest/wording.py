"""The words and numbers by which a guide is recognised, in every layout seen: full-width and half-width."""

from __future__ import annotations

import re

from assistant.guide import Kind, Role

CHINESE_NUMBER = "一二三四五六七八九十百"
PART = re.compile(rf"^(?:第?([{CHINESE_NUMBER}]{{1,3}})(?:部分|[、，.．]))\s*(.+)$")
CATEGORY = re.compile(rf"^[（(]\s*([{CHINESE_NUMBER}]{{1,4}})\s*[）)]\s*(.+)$")
ITEM = re.compile(r"^(第\s*\d{1,3}\s*[项条]|\d{1,3}\s*[．.、])(?!\d)\s*(.*)$")
CLAUSE = re.compile(r"^([（(]\s*\d{1,3}\s*[）)])\s*(.*)$", re.S)
HEADING = re.compile(r"^\s*(\d{1,2}\s*[．.、](?!\d)|[（(]?[①-⑩][）)]?|【|\[)?\s*(.{2,60}?)\s*(】|\])?\s*[：:]?\s*$")
_NUMBERED = re.compile(
    rf"^([（(]\s*(\d{{1,3}}|[{CHINESE_NUMBER}]{{1,4}})\s*[）)]|\d{{1,3}}\s*([．.](?!\d)|[、）)])|[①-⑳]"
    rf"|[{CHINESE_NUMBER}]{{1,3}}[、．.]|第\s*(\d{{1,3}}|[{CHINESE_NUMBER}]{{1,4}})\s*[项条款章节])"
)
COLON_END = re.compile(r"[：:]\s*$")

KIND_WORDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("records", re.compile(r"抽查|查阅.{0,6}记录")),
    ("onsite", re.compile(r"实地(查看|核查|验证)|现场(查看|核查|演示)")),
    ("documents", re.compile(r"书面(文件|材料)|制度文件|证明材料")),
    ("situation", re.compile(r"情况|介绍")),
)
BARE_HEADINGS: dict[str, Kind] = {
    "书面文件": "documents",
    "制度文件": "documents",
    "情况说明": "situation",
    "情况": "situation",
    "抽查记录": "records",
    "抽查": "records",
    "实地查看": "onsite",
    "现场查看": "onsite",
}

HEADER_CELLS = ("认证标准", "指南", "认证标准指南", "标准内容")
APPLICABILITY = re.compile(r"否则不适用|不(涉及|从事).{0,30}不适用")
CUSTOMS_DECIDES = re.compile(r"^由海关认定")
CLAUSE_REFERENCE = re.compile(r"第?[（(]\d+[）)](?:、第?[（(]\d+[）)])*\s*分项标准|分项标准\s*[（(]\d+[）)]")
SAME_KIND_REFERENCE = re.compile(r"要求同")
ANNOUNCEMENT = re.compile(r"[（(]?(\d{4})年(?:海关总署)?(?:公告)?第(\d+)号(?:公告)?[）)]?")
SINGLE_STANDARD = re.compile(r"见(各)?单项标准(指南)?")

_PERIOD = re.compile(r"^(重新认证企业|新申请认证企业|重新认证的?，)")
_YEARLY = re.compile(r"自成为(高级)?认证企业.{0,20}每一年")
_FORMAT = re.compile(r"(可以|可)为.{0,12}(文档|纸本|电子|系统记录)")
_FIELDS = re.compile(r"应(当)?(包括|包含)")
_TRANSLATION = re.compile(r"译本")
_RETENTION = re.compile(r"保存(期限|年限|时间).{0,4}不少于|至少保存|保存.{0,3}\d+年以上")
_STATEMENT = re.compile(r"不涉及.{0,30}(情况说明|说明的书面|书面材料)")
_CONFORMITY = re.compile(
    r"与企业制度规定应?相符|应符合制度的规定|应?与.{0,12}制度规定相符|符合(本项)?标准的?要求。?$|规范改进情况应与"
)
_VALID = re.compile(r"应确保.{0,30}有效版本")


def kind_of_heading(text: str) -> Kind | None:
    """The section kind that a heading's words name (never its number), or None when ``text`` is no heading.

    >>> kind_of_heading("3．按照海关认证人员要求提供抽查记录：")
    'records'
    """
    stripped = text.strip()
    match = HEADING.match(stripped)
    if not match or CLAUSE.match(stripped):
        return None
    number, words = match.group(1), match.group(2)
    if words in BARE_HEADINGS and (number or COLON_END.search(stripped) or len(words) > 2):
        return BARE_HEADINGS[words]
    if not COLON_END.search(stripped) or "。" in words:
        return None
    for kind, pattern in KIND_WORDS:
        if pattern.search(words):
            if number is None and kind == "situation":
                return None
            return kind
    return None


def roles_of(kind: Kind, text: str) -> tuple[Role, tuple[Role, ...]]:
    """What a line is for, and what it is for besides (DOMAIN: records paragraphs play different roles)."""
    if kind not in ("records", "onsite"):
        return "evidence", ()
    if kind == "onsite":
        return ("conformity", ()) if text.startswith("企业") and "应与" in text and "相符" in text and len(text) < 30 else ("evidence", ())
    if _STATEMENT.search(text):
        return "statement", ()
    if _PERIOD.match(text):
        return "period", ()
    if _TRANSLATION.search(text):
        return "translation", ()
    if _RETENTION.search(text):
        return "retention", ("conformity",) if _CONFORMITY.search(text) else ()
    if _CONFORMITY.search(text):
        return "conformity", ()
    if _FORMAT.search(text):
        return "format", ()
    also: list[Role] = []
    if _YEARLY.search(text):
        also.append("period")
    if _FIELDS.search(text) and "。" in text.rstrip("。"):
        also.append("format")
    if _VALID.search(text):
        also.append("conformity")
    return "evidence", tuple(also)


def starts_with_number(text: str) -> bool:
    """Whether ``text`` begins with a printed number of any level: 一、 （一） 1． （1） ① 第1项."""
    return _NUMBERED.match(text.lstrip()) is not None
