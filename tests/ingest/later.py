"""A made-up edition of another structure than the shipped guide."""

from __future__ import annotations

from assistant.guide import Category, Clause, Guide, Item, Part, Proof, lineage_key


def clause(id_: str, text: str) -> Clause:
    """A clause that prints no list."""
    key = lineage_key(id_, text)
    return Clause(id=id_, number=None, text=text, lines=(1,), key=key, proofs=(Proof(text=text, key=lineage_key(key, "clause")),))


def later_guide() -> Guide:
    """Three clauses, two of them about what two of item 24 and item 10 of the shipped guide are about."""
    texts = ("对访客进行登记管理，登记时检查带有照片的身份证件。", "数据安全制度，系统数据至少存储5年。", "积极配合海关稽查。")
    items = tuple(
        Item(number=str(n), title=title, line=1, clauses=(clause(str(n), text),))
        for n, (title, text) in enumerate(zip(("人员进出安全", "数据管理", "关企合作"), texts, strict=True), 1)
    )
    return Guide(
        edition="later",
        title="t",
        parts=(Part(number="一", title="", line=1, categories=(Category(number="", title="", line=1, items=items),)),),
    )
