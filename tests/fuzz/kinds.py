"""The doors through which input comes, each with what must hold of whatever passes it. A refusal is an ``AeoError``."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from unittest.mock import patch

from openpyxl import Workbook, load_workbook

from assistant.adapters.lead_files import read_policy, read_profile
from assistant.adapters.sheet import read_cells
from assistant.answers.answer import Answer
from assistant.app import Assistant
from assistant.errors import AeoError
from assistant.guide import Guide
from assistant.guide_told import finding_sentence
from assistant.register.papers.for_customs.catalogue import workbook, writable
from assistant.register.rules.evidence.accepted_files import ending_of, examine, plain_name
from assistant.register.rules.people.owner_header import COLUMNS
from assistant.register.rules.people.owner_table import parse_table
from assistant.settings import Settings
from connectors.cli.talking.ask import _answered, _cases
from evals.cases.files import read as read_cases
from evals.cases.files import validated, write
from evals.cases.problems import CaseMistakes
from ingest.parse.check import check
from ingest.parse.guide import parse
from ingest.read.file import read
from ingest.read.inside import rows_of
from ingest.shipped import SHIPPED
from tests.fuzz.hostile import CANARY, INJECTIONS, mutated_bytes, mutated_package, mutated_text, words
from tests.fuzz.model import Scripted
from tests.fuzz.slack import slack_payload
from tests.ingest import made
from tests.ingest.conftest import WORD
from tests.ingest.printed import printed_lines
from tests.ingest.test_parse import held
from tests.register.company import START

QUESTIONS = (
    "访客登记要留哪些记录？",
    "内审多久做一次",
    "第24项实地查看什么",
    "24(3)",
    "what records for visitors",
    "员工离职账号怎么处理",
    "集装箱封条怎么管",
)
TABLE = "target,owner,reviewer,deputy,deputy_from,deputy_until,timezone,name,email,slack\n24,wang,li,zhao,2026-01-01,2026-02-01,Asia/Shanghai,王五,w@x.cn,U0123ABCD\n一,li,wang,,,,,,,\n"
PROFILE = "enterprise: 某某公司\ncertification: renewal\ncertified_on: 2022-03-15\nscope: {containers: true, transport: false}\n"
POLICY = "first_ask_days: 20\ngaps_days: [7, 14]\nhours: ['09:00', '18:00']\nquiet: [{start: 2026-01-01, end: 2026-01-05}]\ncap: 5\n"


class Broken(AssertionError):
    """Something passed that must not."""


@dataclass
class Doors:
    """What every input is tried on: a folder for files, the guide, an assistant over an ingested home."""

    folder: Path
    guide: Guide
    home: Path

    @cached_property
    def assistant(self) -> Assistant:
        """Without a chat model."""
        return Assistant(Settings(home=self.home, chat_api_key=CANARY, slack_bot_token=CANARY))

    @cached_property
    def modelled(self) -> tuple[Assistant, Scripted]:
        """With a chat model that says what it is told to say."""
        return Scripted.over(self.assistant)

    @cached_property
    def originals(self) -> dict[str, bytes]:
        """Good guides in each format, short and whole."""
        rows = read(WORD).rows[:7]
        files = {
            "docx": made.numbered_docx(rows, self.folder / "o.docx"),
            "xlsx": made.xlsx_file(rows, self.folder / "o.xlsx"),
            "html": made.html_file(rows, self.folder / "o.html"),
            "pdf": made.pdf_file(rows, self.folder / "o.pdf"),
            "tsv": made.tab_file(rows, self.folder / "o.tsv"),
        }
        return {form: path.read_bytes() for form, path in files.items()} | {"txt": SHIPPED.read_bytes()[:12_000]}

    @cached_property
    def answers(self) -> dict[str, tuple[str, ...]]:
        """What is cited for the plain questions."""
        return {q: _cited(self.assistant.ask(q)) for q in QUESTIONS}

    def file(self, name: str, content: bytes) -> Path:
        """A file with this content."""
        path = self.folder / name
        path.write_bytes(content)
        return path


Try = Callable[[Doors, random.Random], None]


def guide_file(doors: Doors, chance: random.Random) -> None:
    """A guide file of any format, damaged or poisoned: read and parsed, every character once and none invented."""
    _guide(doors, chance, chance.choice(("docx", "xlsx", "html", "pdf", "tsv", "txt", "txt")))


def _guide(doors: Doors, chance: random.Random, form: str) -> None:
    data = doors.originals[form]
    if form in ("docx", "xlsx") and chance.random() < 0.8:
        data = mutated_package(data, chance)
    elif form in ("txt", "tsv", "html") and chance.random() < 0.7:
        data = mutated_text(data.decode("utf-8", "replace"), chance).encode("utf-8", "replace")
    else:
        data = mutated_bytes(data, chance)
    source = read(doors.file(f"g.{form}", data))
    guide = parse(source, "any")
    if held(printed_lines(guide)) != held(source.lines):
        raise Broken("the guide holds other characters than the file")
    for finding in check(guide):
        _one_sentence(finding_sentence(finding, "zh"))
        _one_sentence(finding_sentence(finding, "en"))


def guide_in_place(doors: Doors, chance: random.Random) -> None:
    """The same read in this process, so that the readers and the parser themselves are tried, and a hundred thousand times."""
    with patch("ingest.read.file.rows_apart", rows_of):
        _guide(doors, chance, chance.choice(("docx", "xlsx", "pdf", *("html",) * 6, *("tsv",) * 8, *("txt",) * 3)))


def case_file(doors: Doors, chance: random.Random) -> None:
    """A case file in JSONL, YAML or XLSX: cases, or problems with their place."""
    form = chance.choice(("jsonl", "yaml", "xlsx"))
    good = {
        "id": "a",
        "type": "factoid",
        "lang": "zh",
        "edition": "2018-177",
        "question": "访客？",
        "clauses": ["24(3)"],
        "facts": ["照片"],
    }
    if form == "xlsx":
        data = _sheet([list(good), [str(v) for v in good.values()]], chance)
    elif form == "yaml":
        data = mutated_text(
            "cases:\n- " + "\n  ".join(f"{k}: {json.dumps(v, ensure_ascii=False)}" for k, v in good.items()), chance
        ).encode("utf-8", "replace")
    else:
        data = mutated_text(json.dumps(good, ensure_ascii=False) + "\n", chance).encode("utf-8", "replace")
    raws, problems = read_cases(doors.file(f"c.{form}", data))
    cases, more = validated(raws)
    for problem in [*problems, *more]:
        _one_sentence(problem.sentence("zh"))
    if cases and chance.random() < 0.1:
        write(doors.folder / "out.xlsx", [c for _, c in cases])
        _no_formula((doors.folder / "out.xlsx").read_bytes(), texts=False)


def owner_table(doors: Doors, chance: random.Random) -> None:
    """An owner table in CSV or XLSX: people and assignments, or every mistake in one sentence."""
    if chance.random() < 0.5:
        data = mutated_text(TABLE, chance).encode(chance.choice(("utf-8", "gb18030", "utf-16")), "replace")
        path = doors.file("t.csv", mutated_bytes(data, chance) if chance.random() < 0.2 else data)
    else:
        rows = [list(COLUMNS), *([words(chance, 2)[:300] for _ in COLUMNS] for _ in range(chance.randint(1, 4)))]
        path = doors.file("t.xlsx", _sheet(rows, chance))
    rows_in, people = parse_table(read_cells(path), doors.guide, "t")
    for name in (*(n for a in rows_in for n in (a.owner, a.deputy, a.reviewer)), *(p.id for p in people)):
        if any(ord(c) < 32 for c in name):
            raise Broken("a name with control characters")


def file_name(doors: Doors, chance: random.Random) -> None:
    """A file's name becomes a name: no path, no control or direction character, no blank, of bounded length."""
    name = words(chance, 6) + chance.choice(("", ".pdf", ".PDF", ".docx.exe", ". .", "/..", "\\x.pdf"))
    plain = plain_name(name)
    if not plain or plain in (".", "..") or len(plain) > 200 or any(c in "/\\\n\r\t\0\u202e\u2066\u200b" or ord(c) < 32 for c in plain):
        raise Broken(f"not a plain name: {plain!r}")
    ending_of(name)


def evidence_file(doors: Doors, chance: random.Random) -> None:
    """A file handed in: a type that is accepted and is what it says, or a sentence."""
    form = chance.choice(tuple(doors.originals))
    data = doors.originals[form]
    data = mutated_package(data, chance) if form in ("docx", "xlsx") and chance.random() < 0.6 else mutated_bytes(data, chance)
    kind = examine(chance.choice((f"a.{form}", f"{words(chance, 2)}.{form}", "a.pdf", "a.zip", "a.docm")), io.BytesIO(data))
    if kind not in ("docx", "xlsx", "pdf", "txt", "zip"):
        raise Broken(f"accepted as {kind}")


def catalogue(doors: Doors, chance: random.Random) -> None:
    """What people wrote, out in a workbook: no cell is a formula."""
    rows: list[tuple[str | int, ...]] = [(n, *(words(chance, 3)[:2000] for _ in range(4))) for n in range(chance.randint(1, 3))]
    _no_formula(workbook(["清单", words(chance, 3)[:200]], ["号", "项目", "要求", "负责人", "说明"], rows, "目录清单", {0}, START, {}))


def settings_file(doors: Doors, chance: random.Random) -> None:
    """A profile or a policy."""
    if chance.random() < 0.5:
        read_profile(doors.file("p.yaml", mutated_text(PROFILE, chance).encode("utf-8", "replace")))
    else:
        read_policy(doors.file("p.yaml", mutated_text(POLICY, chance).encode("utf-8", "replace")))


def batch_file(doors: Doors, chance: random.Random) -> None:
    """Questions in JSONL, as ``aeo ask --batch`` takes them."""
    good = '{"id": 1, "question": "24(3)"}\n{"id": "b", "turns": ["访客登记要做什么？", "保存多久？"]}\n'
    for case in _cases(doors.file("b.jsonl", mutated_text(good, chance).encode("utf-8", "replace"))):
        if isinstance(case.get("question"), str) and len(case["question"]) < 20:
            json.loads(_answered(doors.assistant, case, None).encode("utf-8", "backslashreplace"))


def question(doors: Doors, chance: random.Random) -> None:
    """Any question, up to a megabyte: an answer whose quotes stand in the guide, or a refusal; no secret comes out."""
    text = words(chance)
    if chance.random() < 0.3:
        text = mutated_text(chance.choice(QUESTIONS), chance)
    if chance.random() < 0.01:
        text = (text or "访客") * (1_000_000 // max(1, len(text) or 2))
    answer = doors.assistant.ask(text)
    stands(doors, answer)


def injected_question(doors: Doors, chance: random.Random) -> None:
    """A plain question beside an order to the assistant: the same is cited as without."""
    plain = chance.choice(QUESTIONS)
    order = chance.choice(INJECTIONS[:4])
    answer = doors.assistant.ask(chance.choice((f"{plain}\n{order}", f"{order}\n{plain}", f"{order} {plain}\n{order}")))
    stands(doors, answer)
    if _cited(answer) != doors.answers[plain]:
        raise Broken(f"other things are cited for {plain!r} beside {order!r}")


def model_reply(doors: Doors, chance: random.Random) -> None:
    """A chat model that says anything, in any form: only what stands in the guide is shown, and never the prompt."""
    assistant, model = doors.modelled
    model.chance = chance
    answer = assistant.ask(chance.choice(QUESTIONS))
    stands(doors, answer)
    if "HACKED" in answer.answer or "evil.example" in answer.answer:
        raise Broken("words of the model that cite nothing are shown")


def from_slack(doors: Doors, chance: random.Random) -> None:
    """Buttons, forms, events and commands."""
    slack_payload(doors.guide, chance, Broken)


KINDS: dict[str, tuple[Try, int]] = {
    "guide file": (guide_file, 2),
    "guide read in place": (guide_in_place, 20),
    "case file": (case_file, 8),
    "owner table": (owner_table, 11),
    "file name": (file_name, 12),
    "evidence file": (evidence_file, 10),
    "catalogue out": (catalogue, 3),
    "profile, policy": (settings_file, 6),
    "batch file": (batch_file, 6),
    "Slack payload": (from_slack, 8),
    "question": (question, 7),
    "question with orders": (injected_question, 3),
    "model's reply": (model_reply, 4),
}
"""Name -> what is tried, and how many of a hundred inputs it gets."""


def tried(name: str, doors: Doors, seed: str) -> str:
    """Try one input: ``passed`` or ``refused``; anything else raises."""
    try:
        KINDS[name][0](doors, random.Random(seed))
    except (AeoError, CaseMistakes) as refused:
        for lang in ("zh", "en"):
            _one_sentence(refused.sentence(lang))
        return "refused"
    return "passed"


def _one_sentence(sentence: str) -> None:
    if not sentence or "\n" in sentence or CANARY in sentence or "Traceback" in sentence:
        raise Broken(f"not one sentence: {sentence[:200]!r}")


def _cited(answer: Answer) -> tuple[str, ...]:
    return tuple(c.line or c.clause for c in answer.citations)


def stands(doors: Doors, answer: Answer) -> None:
    """Refuse an answer that shows a secret, a line of a prompt, or a quote that the guide does not hold."""
    shown = answer.model_dump_json()
    if CANARY in shown:
        raise Broken("a token is shown")
    for line in Scripted.secret_lines():
        if json.dumps(line, ensure_ascii=False)[1:-1] in shown:
            raise Broken(f"a line of a prompt is shown: {line!r}")
    groups, lines = doors.assistant.edition().searcher.groups, doors.guide.requirements
    for citation in answer.citations:
        texts = [p.text for p in groups[citation.clause] if citation.line in (None, p.requirement)]
        texts += [lines[citation.line].text] if citation.line in lines else []
        if citation.quote not in texts:
            raise Broken(f"a quote that does not stand in {citation.line or citation.clause}: {citation.quote!r}")
    if answer.reason == "not_a_question" and answer.citations:
        raise Broken("a refusal that cites")


def _sheet(rows: list[list[str]], chance: random.Random) -> bytes:
    book = Workbook()
    page: Any = book.active
    for row in rows:
        page.append([_legal(v) for v in row])
    if chance.random() < 0.5:
        page.cell(chance.randint(1, 3), chance.randint(1, 9)).value = chance.choice(
            ("=1+1", '=HYPERLINK("http://evil.example")', True, 1.5, START.replace(tzinfo=None))
        )
    found = io.BytesIO()
    book.save(found)
    return mutated_package(found.getvalue(), chance) if chance.random() < 0.5 else found.getvalue()


def _legal(text: str) -> str:
    """Without what no workbook can hold: openpyxl would refuse it before the product sees it."""
    return writable(text)[:30_000]


def _no_formula(data: bytes, texts: bool = True) -> None:
    for page in load_workbook(io.BytesIO(data)).worksheets:
        for row in page.iter_rows():
            for cell in row:
                if cell.data_type == "f" or (
                    texts and isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@", "\t", "\r"))
                ):
                    raise Broken(f"a cell that a spreadsheet runs: {cell.value!r}")
