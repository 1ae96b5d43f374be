"""Generated text that breaks naive code: Chinese, emoji families, right-to-left, invisible and control characters, Slack's marks."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st

few = settings(max_examples=40, deadline=None)  # by default; a campaign raises it

FRAGMENTS = [
    "实行访客登记管理，登记时必须检查带有照片的身份证件。",
    "（1）企业访客出入登记记录。",
    "抽查自成为认证企业或者最近一次重新认证后每一年的记录！",
    "培训",
    "〔24(3)/records/1、24(3)/documents/1〕",
    "24（3）",
    "24(3)",
    "[12]",
    "👨‍👩‍👧‍👦",
    "👍🏽",
    "🇨🇳",
    "🏳️‍🌈",
    "é́́",
    "각",
    "क्षि",
    "שלום",
    "مرحبا",
    "\u200f",
    "\u200b",
    "\u202e",
    "\ufeff",
    "\x00",
    "\x1b[31m",
    "\x07",
    "\r\n",
    "\u2028",
    "\ud83d",
    "<!channel>",
    "<!here|@here>",
    "<@U0123ABCD>",
    "<#C0123ABCD|合规>",
    "<https://evil.example/?a=1&b=2|海关总署>",
    "https://example.cn/文件?x=1&y=2",
    "[海关总署](https://evil.example)",
    "![图](https://evil.example/x.png)",
    "&amp;",
    "&lt;script&gt;",
    "& < >",
    "*粗体*",
    "**标签：**",
    "_斜体_",
    "~删除~",
    "`代码`",
    "```",
    ":tada:",
    "|",
    "# ",
    "1. ",
    "---",
    "\n",
    "\n\n",
    "> ",
    "- ",
    "  ",
    "\t",
    " ",
    "a",
    "word ",
    "supercalifragilisticexpialidocious",
]

fragments = st.sampled_from(FRAGMENTS) | st.text(max_size=12) | st.characters()
texts = st.lists(fragments, max_size=60).map("".join)
bodies = st.lists(fragments, min_size=1, max_size=12).map(lambda found: "".join(found).replace("\n", " "))


def _answer_line(kind: str, body: str) -> str:
    marked = {"heading": f"**{body}**", "quote": f"> {body}", "item": f"- {body}", "more": f"  {body}", "closing": f"_{body}_"}
    return marked.get(kind, body)


kinds = st.sampled_from(["heading", "quote", "item", "item", "more", "closing", "plain", "blank"])
lines = st.builds(_answer_line, kinds, bodies | bodies.map(lambda body: body * 40))
answers = st.lists(lines | st.just(""), max_size=40).map("\n".join)
