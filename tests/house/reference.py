"""``python -m tests.house.reference``: the command reference, written from the commands and their texts into ``docs/命令参考.md``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assistant.texts import say, texts
from connectors.cli.help_texts import walked
from connectors.cli.main import COMMANDS, command

PAGE = Path(__file__).parents[2] / "docs" / "命令参考.md"


def reference() -> str:
    """The page: every command with its words, options and what they mean, in Chinese."""
    known = texts("help", "zh")
    parts = ["# 命令参考", "由代码生成（`python -m tests.house.reference`），请不要手改。每条命令都有 `--help`；`AEO_LANG=en` 换成英文。"]
    for name in COMMANDS:
        for path, each in walked(command(name), name):
            parts += _section(path, each, known)
    return "\n\n".join(parts) + "\n"


def _section(path: str, each: Any, known: dict[str, str]) -> list[str]:
    level = "##" if "." not in path else "###"
    part = [f"{level} aeo {path.replace('.', ' ')}", known[f"{path}.about"] + "。"]
    rows = []
    for parameter in each.params:
        if parameter.name in ("help", "install_completion", "show_completion"):
            continue
        text = say(f"help.{path}.{parameter.name}", "zh").replace("|", "\\|")
        written = "、".join(f"`{o}`" for o in parameter.opts) if parameter.opts[0].startswith("-") else f"`{parameter.name}`"
        rows.append(f"| {written} | {text} |")
    if rows:
        part.append("\n".join(["| 参数 | 意思 |", "|---|---|", *rows]))
    return part


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
