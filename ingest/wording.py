"""The words and numbers by which a guide is recognised, in every layout seen: full-width and half-width."""

from __future__ import annotations

import re

from assistant.guide import Kind, Role
from assistant.numerals import CHINESE
from ingest.printed_numbers import mark

COLON_END = re.compile(r"[：:]\s*$")

KIND_WORDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("records", re.compile(r"抽查|查[阅閱].{0,6}[记記][录錄]")),
    ("onsite", re.compile(r"[实實]地(查看|核查|[验驗][证證])|[现現][场場](查看|核查|演示)")),
    ("documents", re.compile(r"[书書]面(文件|材料)|制度文件|[证證]明材料")),
    ("situation", re.compile(r"情[况況]|介[绍紹]")),
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

HEADER_WORDS = re.compile(
    r"^(认证标准|标准|指南|标准指南|认证(标准)?指南|标准内容|标准要求|类别|大类|一级(标准|指标)?|二级(标准|指标)?|三级(标准|指标)?"
    r"|序号|编号|项目|(认证|标准)项目|分项标准|分项|条款|内容|要求|(具体|认证|检查|评估)(内容|要求)|达标(情况)?|备注)$"
)
GUIDE_HEADER = re.compile(r"指南|指引|证明材料|佐证|证据|(所需|准备|应备|提交|需要?提供).{0,4}(材料|资料|文件)|材料清单|资料清单")
OTHER_HEADER = re.compile(
    r"^(序号|编号|(基本|部分|不)?达标(情况)?[-−—－]?\d?|不适用[-−—－]*|符合(性|情况)?|分值|得分|评分.{0,4}|扣分.{0,4}|备注|自评.{0,4}|权重|频次|页码|状态|日期"
    r"|(主责|责任|牵头|配合|主管|协办)(部门|单位|人|岗位).{0,4}|部门|负责人|完成(时间|期限|情况|日期)|期限|检查(结果|情况|人)|问题.{0,4}|整改.{0,6})$"
)
OWNER_HEADER = re.compile(r"^((主责|责任|牵头|负责|承办|归口|主管)(部门|单位|人|岗位)|部门|负责人)([（(].{0,8}[）)])?$")
PERIOD_HEADER = re.compile(r"^((提供|提交|更新|检查|执行|收集)?(频次|频率|周期)|(时间|频次)要求|多久一次)([（(].{0,8}[）)])?$")
OTHER_CELL = re.compile(r"^([-+−－]?\d(\.\d+)?分?|[—\-–－/\\√×✓✗☑☐□■○●◯OoxvX]+|(基本|部分|不)?达标|不适用|(不|基本)?符合|是|否|有|无)$")
DOMAIN = re.compile(
    r"海[关關]|[认認][证證]企[业業]|[认認][证證][标標][准準]|AEO|[报報][关關]|[关關][务務]|[进進]出口|[贸貿]易安全|内部控制|內部控制|守法[规規][范範]"
    r"|[单單][证證]|商[业業]伙伴|通[关關]|[进進]出境|企业信用|集装箱|访客"
)
MATERIALS = re.compile(r"材料|资料|证据|佐证|文件")
RECORDED = re.compile(r"记录|台账|日志|照片|视频|单据|凭证")
EVIDENCE = re.compile(r"记录|文件|制度|台账|凭证|照片|档案|清单|报告|材料|证明|预案|合同|资料")
_PAPER_END = "书|表|单|图|函|证|纪要|协议|方案|手册|流程|规程|规定|办法|细则|程序|职责|说明"
PAPER = re.compile(rf"{EVIDENCE.pattern}|({_PAPER_END})([（(][^（）()]*[）)])?$")
APPLICABILITY = re.compile(r"否则不适用|不(涉及|从事).{0,30}不适用")
CUSTOMS_DECIDES = re.compile(r"^由海关认定")
CUSTOMS_DECIDED = re.compile(r"由海关认定")
CLAUSE_REFERENCE = re.compile(r"第?[（(]\d+[）)](?:、第?[（(]\d+[）)])*\s*分项标准|分项标准\s*[（(]\d+[）)]")
SAME_KIND_REFERENCE = re.compile(r"要求同")
ANNOUNCEMENT = re.compile(r"[（(]?(\d{4})年(?:海关总署)?(?:公告)?第(\d+)号(?:公告)?[）)]?")
SINGLE_STANDARD = re.compile(r"见(各)?单项标准(指南)?")

_HEADING_STYLES = ("arabic", "chinese", "chinese_bracket", "circle")
_HEADING_LENGTH = 70  # characters; longer lines are sentences
_PERIOD = re.compile(r"^(重新认证企业|新申请认证企业|重新认证的?，)")
_OF_PERIOD = re.compile(
    rf"^[^，。；（(]{{2,12}}企业，[^。；]{{0,30}}(每一?年|各年度|逐年|近[0-9{CHINESE}]{{1,3}}年|[0-9{CHINESE}]{{1,3}}年以来)[^，。；]{{0,20}}。?$"
)
"""Whom it concerns, then since when or how often, then no more than the record that the line before names."""
_YEARLY = re.compile(r"自成为(高级)?认证企业.{0,20}每一年")
_FORMAT = re.compile(r"(可以|可|应当|应|须|必须)为.{0,12}(文档|纸本|电子|系统记录)")
_FIELDS = re.compile(r"应(当)?(包括|包含)")
_TRANSLATION = re.compile(r"译本")
_RETENTION = re.compile(r"保存(期限|年限|时间).{0,4}不少于|至少保存|保存.{0,3}\d+年以上")
_STATEMENT = re.compile(r"不涉及.{0,30}(情况说明|说明的书面|书面材料)")
_CONFORMITY = re.compile(r"与企业制度规定应?相符|应符合制度的规定|应?与.{0,12}制度规定相符|符合(本项)?标准的?要求。?$|规范改进情况应与")
_VALID = re.compile(r"应确保.{0,30}有效版本")


def kind_of_heading(text: str) -> Kind | None:
    """The section kind that a heading's words name (never its number), or None when ``text`` is no heading.

    >>> kind_of_heading("3．按照海关认证人员要求提供抽查记录：")
    'records'
    """
    stripped = text.strip()
    if len(stripped) > _HEADING_LENGTH:
        return None
    found = mark(stripped)
    printed = found.rest if found else stripped
    words = printed.strip("【】[] \t：:")
    if words in BARE_HEADINGS and (found or printed != words or len(words) > 2):
        return BARE_HEADINGS[words]
    if found and found.style not in _HEADING_STYLES:
        return None
    if not COLON_END.search(stripped) or "。" in words or len(words) < 2:
        return None
    kind = next((kind for kind, pattern in KIND_WORDS if pattern.search(words)), None)
    return None if kind == "situation" and found is None else kind


def roles_of(kind: Kind, text: str) -> tuple[Role, tuple[Role, ...]]:
    """What a line is for, and what it is for besides (DOMAIN: records paragraphs play different roles)."""
    if kind not in ("records", "onsite"):
        return "evidence", ()
    if kind == "onsite":
        return ("conformity", ()) if text.startswith("企业") and "应与" in text and "相符" in text and len(text) < 30 else ("evidence", ())
    if _STATEMENT.search(text):
        return "statement", ()
    if _PERIOD.match(text) or _OF_PERIOD.match(text):
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
