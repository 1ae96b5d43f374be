"""A small guide for tests that ingest for themselves: three items, five clauses, TAB layout."""

from __future__ import annotations

from pathlib import Path

_TEXT = """测试指南
\t认证标准
\t指南
\t一、内部控制标准
\t（一）组织机构控制
\t1．海关业务培训
\t（1）建立海关法律法规等相关规定的内部培训制度并有效落实。
\t1．建立以下书面文件并有效落实：
企业内部培训制度的书面文件，应有海关法律法规等相关规定培训的内容。
2．按照海关认证人员要求提供抽查记录：
企业内部培训的历史记录。
{extra}\t
\t
\t（2）法定代表人（负责人）应当每年参加2次以上海关法律法规等相关规定的内部培训。
\t1．按照海关认证人员要求提供抽查记录：
上述每个人参加培训的历史记录。
\t（二）进入安全控制措施
\t2．进入安全
\t（1）建立人员和车辆出入管理制度并有效落实。
\t1．建立以下书面文件并有效落实：
人员和车辆出入管理制度的书面文件。
\t
\t
\t（2）实行访客登记管理，登记时必须检查带有照片的身份证件。
\t1．按照海关认证人员要求提供抽查记录：
（1）企业访客出入登记记录。应包括访客姓名、身份证件类型、来访时间、离开时间等信息。
（2）企业访客车辆的登记记录。
2．配合海关认证人员实地查看：
访客登记的实际执行情况。
\t
\t3．数据管理
\t建立信息系统的数据管理制度，数据存储3年以上。
\t1．建立以下书面文件并有效落实：
企业生产经营数据管理的书面文件。
"""


def small_guide(folder: Path, name: str = "small.txt", extra: str = "") -> Path:
    """Write the small guide into ``folder``; ``extra`` is one more records line of 1(1)."""
    path = folder / name
    path.write_text(_TEXT.replace("{extra}", f"{extra}\n" if extra else ""), encoding="utf-8")
    return path
