"""The register's commands: their JSON, their exit statuses, their sentences."""

from __future__ import annotations

import json
import re
import sqlite3
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from assistant.adapters.builds import Manifest
from assistant.adapters.editions import Editions
from assistant.errors import AeoError
from assistant.guide import Guide
from assistant.settings import Settings
from connectors.cli import opened as register
from connectors.cli.clock import running
from connectors.cli.enterprise import owners
from connectors.cli.evidence import group as evidence
from connectors.cli.evidence.acting import acts, along
from connectors.cli.serving import nudge
from tests.register.company import at

pytestmark = pytest.mark.thorough

PROFILE = "enterprise: 某某公司\ncertification: renewal\ncertified_on: 2022-03-15\nscope: [containers, transport]\n"
SLOT = "24(3)/records/1@2024"
AT = "2026-06-01T10:00+08:00"
KEYS = ["slot", "clause", "kind", "text", "period", "owner", "reviewer", "state", "due", "applicable"]
Aeo = Callable[..., Any]
READS = {("evidence", "list"), ("evidence", "history"), ("evidence", "coverage"), ("evidence", "report"), ("nudge", "preview")}
"""Commands that take a moment; the others are handed a clock."""


@pytest.fixture
def aeo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, guide: Guide) -> Aeo:
    """Runs a command in an empty home with a profile; gives its JSON, or its text without ``--json``."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home/profile.yaml").write_text(PROFILE, encoding="utf-8")
    monkeypatch.setenv("AEO_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(register, "load_guide", lambda settings: guide)
    groups = {"evidence": evidence.app, "owners": owners.app, "nudge": nudge.app}

    monkeypatch.setenv("AEO_ACTOR", "lead")

    def run(*words: str, status: int = 0) -> Any:
        said, moment = list(words[1:]), None
        if "--at" in said and (words[0], said[0]) not in READS and said[1] != "report":  # what is recorded has the clock's time
            place = said.index("--at")
            moment = at(said[place + 1].removesuffix("+08:00"))
            del said[place : place + 2]
        person = "lead"
        option = next((o for o in ("--as", "--actor") if o in said), "")
        if option:  # everybody sits at a terminal of their own: who hands in for another reviews none of it
            place = said.index(option)
            person = said[place + 1]
            del said[place : place + 2]
        monkeypatch.setenv("AEO_ACTOR", person)
        monkeypatch.setattr(register, "system_user", lambda: person.partition("@")[0])
        with running((lambda: moment) if moment else None):
            result: Result = CliRunner().invoke(groups[words[0]], said)
        if isinstance(result.exception, AeoError):
            raise result.exception
        assert result.exit_code == status, result.output
        return json.loads(result.stdout) if "--json" in words else result.stdout

    return run


def test_guide_in_force(guide: Guide, tmp_path: Path) -> None:
    """The commands use the active edition; before anything was ingested, the shipped guide."""
    assert register.load_guide(Settings(home=tmp_path)).clauses == guide.clauses
    store, words = (
        Editions(tmp_path),
        {"title": "", "source": "", "source_sha256": "", "embedder": "", "bank": "", "created": "", "version": ""},
    )
    other = Guide(edition="next", title="t", parts=guide.parts[:1])
    (store.begin("b1") / "guide.json").write_text(other.model_dump_json(), encoding="utf-8")
    manifest = Manifest(build="b1", edition="next", clauses=1, passages=1, **words)
    store.finish(manifest)
    store.activate(manifest, datetime(2026, 6, 1, tzinfo=UTC))
    assert register.load_guide(Settings(home=tmp_path)).edition == "next"


def test_list(aeo: Aeo) -> None:
    """``evidence list --json`` is the contract's list, in the guide's order, before anything was stored."""
    rows = aeo("evidence", "list", "--json", "--at", AT)
    assert all(list(row) == KEYS for row in rows)
    assert len(rows) == 308
    assert rows[0]["slot"] == "1(1)/documents/1"
    slot = next(r for r in rows if r["slot"] == SLOT)
    assert slot == {**slot, "clause": "24(3)", "kind": "records", "period": "2024", "owner": "lead", "state": "missing", "applicable": True}
    assert slot["due"] == "2026-07-01", "counted from the assignment, not from the end of the year"
    off = next(r for r in rows if r["slot"] == "7/documents/1")
    assert (off["applicable"], off["state"]) == (False, "not_applicable")
    assert {r["clause"] for r in aeo("evidence", "list", "--json", "--item", "24", "--kind", "records", "--at", AT)} == {
        "24(2)",
        "24(3)",
        "24(4)",
    }
    assert not Path("home/register.sqlite3").exists() or not aeo("evidence", "history", "--json")


def test_years_that_stand_alike_are_one_row(aeo: Aeo) -> None:
    """Periods of a line are one row until they stand otherwise; what is handed in for one is named by that one's id."""
    aeo("evidence", "plan", "--at", AT)
    text = aeo("evidence", "list", "--clause", "24(3)", "--kind", "records", "--at", AT)
    assert text.count("24(3)/records/1@") == 1
    assert "24(3)/records/1@2022…2026" in text
    aeo("evidence", "submit", SLOT, "--note", "x", "--as", "wang", "--at", AT)
    text = aeo("evidence", "list", "--clause", "24(3)", "--kind", "records", "--at", AT)
    assert (text.count("24(3)/records/1@"), f"{SLOT} " in text) == (2, True)
    with pytest.raises(AeoError, match=r"24\(3\)/records/1@2022"):
        aeo("evidence", "show", "24(3)/records/1@2022…2026")


def test_one_hand_in_for_several_years(aeo: Aeo) -> None:
    """What serves several periods is handed in for all of them by one act, or for none where one of them does not take it."""
    years = [SLOT.replace("2024", year) for year in ("2022", "2023", "2024")]
    done = aeo("evidence", "submit", *years, "--note", "三年合订", "--as", "wang", "--at", AT, "--json")
    assert [(d["slot"], d["state"]) for d in done] == [(year, "submitted") for year in years]
    aeo("evidence", "accept", "--whole", years[0], "--at", AT)
    with pytest.raises(AeoError, match="已办结"):
        aeo("evidence", "submit", SLOT.replace("2024", "2025"), years[0], "--note", "x", "--as", "wang", "--at", AT)
    assert aeo("evidence", "list", "--clause", "24(3)", "--state", "submitted", "--json", "--at", AT)[0]["slot"] == years[1]
    assert "2025" not in str(aeo("evidence", "list", "--clause", "24(3)", "--state", "submitted", "--json", "--at", AT))
    done = aeo("evidence", "submit", years[0].replace("2022", "2025…2026"), "--note", "y", "--as", "wang", "--at", AT, "--json")
    assert [d["slot"] for d in done] == [SLOT.replace("2024", "2025"), SLOT.replace("2024", "2026")]
    done = aeo("evidence", "return", years[1].replace("2023", "2023…2024"), "--reason", "缺页", "--at", AT, "--json")
    assert [d["slot"] for d in done] == years[1:]


def test_what_is_shown_is_what_the_log_tells(aeo: Aeo, tmp_path: Path) -> None:
    """An acceptance written into the table shows in no list, page or workbook, and is named."""
    aeo("evidence", "submit", SLOT, "--note", "x", "--as", "wang", "--at", AT)
    dated = aeo("evidence", "calendar", "--out", "before", "--at", AT, "--json")
    with sqlite3.connect("home/register.sqlite3") as connection:
        new = "state = 'accepted', state_doc = json_set(state_doc, '$.name', 'accepted')"
        assert connection.execute(f"UPDATE slots SET {new} WHERE id IN (?, ?)", (SLOT, "24(3)/records/2@2024")).rowcount == 2  # noqa: S608
    connection.close()
    [row] = [r for r in aeo("evidence", "list", "--json", "--at", AT) if r["slot"] == SLOT]
    assert row["state"] == "submitted"
    assert aeo("evidence", "list", "--json", "--state", "accepted", "--at", AT) == []
    assert "待审核" in aeo("evidence", "show", SLOT)
    assert aeo("evidence", "show", SLOT, "--json")["state"] == "submitted"
    assert aeo("evidence", "coverage", "--json", "--at", AT)["total"]["ready"] == 0
    again = aeo("evidence", "calendar", "--out", "after", "--at", AT, "--json")
    assert [row["entries"] for row in again] == [row["entries"] for row in dated]


def test_plan(aeo: Aeo) -> None:
    """``evidence plan`` says in one line of each requirement, by name, why it is owed and when; a second time nothing changes."""
    text = aeo("evidence", "plan", "--at", AT)
    line = next(x for x in text.splitlines() if x.startswith("24(3) 抽查记录（1）"))
    assert all(word in line for word in ("2022–2026 年", "企业访客出入登记记录"))
    assert not re.search(r"/(records|documents|situation|onsite)|第 \d+ 行", text)
    assert any(x.startswith("17") and "由海关认定" in x for x in text.splitlines())
    again = aeo("evidence", "plan", "--at", AT, "--json")
    assert (again["added"], again["removed"], len(again["slots"]), len(again["nothing_to_hand_in"])) == (0, 0, 308, 18)


def test_a_slot_s_way(aeo: Aeo, tmp_path: Path) -> None:
    """Assign, submit, return, submit, accept, history, past state, verify, coverage, binder: all from the command line."""
    (tmp_path / "登记.pdf").write_bytes(b"%PDF-1.4")
    aeo("evidence", "assign", "24", "--owner", "wang", "--reviewer", "li", "--at", AT)
    row = aeo("evidence", "submit", SLOT, "--file", "登记.pdf", "--note", "样本", "--actor", "wang", "--at", AT, "--json")
    assert (row["state"], row["owner"], row["reviewer"]) == ("submitted", "wang", "li")
    assert aeo("evidence", "return", SLOT, "--reason", "缺页", "--actor", "li", "--at", AT, "--json")["state"] == "returned"
    aeo("evidence", "submit", SLOT, "--paper", "3柜", "--period", "2024", "--actor", "wang", "--at", "2026-06-02T10:00+08:00")
    assert "已通过" in aeo("evidence", "accept", "--whole", SLOT, "--actor", "li", "--at", "2026-06-03T10:00+08:00")
    events = aeo("evidence", "history", SLOT, "--json")
    assert [e["kind"] for e in events] == ["submitted", "returned", "submitted", "accepted"]
    past = {r["slot"]: r["state"] for r in aeo("evidence", "history", "--at", "2026-06-01", "--json")}
    assert (past[SLOT], len(past)) == ("returned", 308)
    assert "登记.pdf" in aeo("evidence", "history", SLOT)
    assert aeo("evidence", "verify", "--json")["intact"]
    covered = aeo("evidence", "coverage", "--by", "owner", "--html", "report.html", "--at", "2026-06-04", "--json")
    assert covered["rows"]["wang"]["ready"] == 1
    assert Path("report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    Path("out").mkdir()
    bound = aeo("evidence", "binder", "--out", "out/b.zip", "--at", "2026-06-04", "--json")
    assert SLOT not in bound["gaps"]
    assert zipfile.ZipFile("out/b.zip").testzip() is None


def test_a_file_where_an_id_belongs(aeo: Aeo, tmp_path: Path) -> None:
    """It is told apart from an id that the register does not know, before anything is handed in."""
    (tmp_path / "台账 1.pdf").write_bytes(b"%PDF-1.7")
    with pytest.raises(AeoError) as raised:
        aeo("evidence", "submit", SLOT, "台账 1.pdf")
    assert "“台账 1.pdf”是文件，要写在 --file 后面" in raised.value.sentence("zh")


def test_acts(aeo: Aeo) -> None:
    """na, snooze, reassign, due."""
    assert aeo("evidence", "na", SLOT, "--reason", "没有", "--actor", "w", "--at", AT, "--json")["state"] == "submitted"
    aeo("evidence", "snooze", "24(1)/situation", "--until", "2026-06-20", "--at", AT)
    assert aeo("evidence", "reassign", "24(1)/situation", "--to", "zhao", "--at", AT, "--json")["owner"] == "zhao"
    assert aeo("evidence", "due", "24(1)/situation", "--on", "2026-09-01", "--at", AT, "--json")["due"] == "2026-09-01"


def test_nudges(aeo: Aeo) -> None:
    """Preview names whom a run asks; where nobody can be told a run is a preview too, and records nothing; holidays send nothing."""
    aeo("evidence", "assign", "一", "--owner", "zhang", "--at", AT)
    preview = aeo("nudge", "preview", "--at", AT, "--json")
    assert [(list(p), p["sent"]) for p in preview] == [(["owner", "slots", "reason", "sent"], False)] * 2
    assert "1(2) 抽查记录（1）" in aeo("nudge", "preview", "--at", AT)
    run = aeo("nudge", "run", "--at", AT, "--json")
    assert run == preview
    assert aeo("nudge", "run", "--at", AT, "--json") == preview
    assert aeo("nudge", "preview", "--at", "2026-02-17T10:00+08:00", "--json") == []
    assert "没有人" in aeo("nudge", "run", "--at", "2026-10-02T10:00", "--all")
    kinds = [e["kind"] for e in aeo("evidence", "history", "--json")]
    assert (kinds.count("asked"), kinds.count("delivered")) == (0, 0)


def test_preview_leaves_no_trace(aeo: Aeo) -> None:
    """A preview at any moment changes nothing."""
    aeo("evidence", "plan", "--at", AT)
    before = aeo("evidence", "history", "--json")
    assert aeo("nudge", "preview", "--at", "2029-03-07T10:00+08:00", "--json")
    assert aeo("evidence", "history", "--json") == before


def test_owners(aeo: Aeo, tmp_path: Path) -> None:
    """Import with all errors at once and nothing imported; then import, list, absence, person, transfer."""
    (tmp_path / "bad.csv").write_text("范围,负责人\n99,a\n,b\n24,\n", encoding="utf-8")
    with pytest.raises(AeoError) as wrong:
        aeo("owners", "import", "bad.csv", "--at", AT)
    assert all(f"第 {n} 行" in wrong.value.sentence() for n in (2, 3, 4))
    assert aeo("owners", "list", "--json") == []
    (tmp_path / "good.csv").write_text("target,owner,timezone\n24,a,Europe/Berlin\n一,b,\n", encoding="utf-8")
    assert aeo("owners", "import", "good.csv", "--at", AT, "--json") == {"rows": 2, "changed": 2}
    assert aeo("owners", "import", "good.csv", "--at", AT, "--json") == {"rows": 2, "changed": 0}
    assert [(r["target"], r["owner"]) for r in aeo("owners", "list", "--json")] == [("24", "a"), ("一", "b")]
    assert "新出现" not in aeo("owners", "import", "good.csv", "--at", AT)
    (tmp_path / "more.csv").write_text("范围,负责人\n25,王芳（安保部）\n", encoding="utf-8")
    said = aeo("owners", "import", "more.csv", "--at", AT)
    assert ("1 个人：王芳(安保部)" in said, "没有邮箱，也没有 Slack 成员 ID：王芳(安保部)" in said) == (True, True)
    (tmp_path / "more.csv").write_text("范围,负责人\n26,李四<li4@example.cn>\n", encoding="utf-8")
    assert "没有邮箱" not in aeo("owners", "import", "more.csv", "--at", AT), "somebody with an address is reached"
    (tmp_path / "more.csv").write_text("范围,负责人\n25,无\n26,无\n", encoding="utf-8")
    assert "新出现" not in aeo("owners", "import", "more.csv", "--at", AT)
    aeo("owners", "away", "a", "--from", "2026-06-01", "--until", "2026-06-05", "--deputy", "c", "--at", AT)
    aeo("owners", "person", "a", "--timezone", "Asia/Tokyo", "--at", AT)
    assert [p["owner"] for p in aeo("nudge", "preview", "--at", AT, "--json")] == ["b", "c", "lead"]
    assert aeo("owners", "transfer", "b", "d", "--at", AT, "--json")["slots"] > 50
    assert "aeo owners transfer '王芳' d" in aeo("owners", "transfer", "d", "王芳", "--at", AT)
    assert "登记簿里原来没有赵小明" in aeo(
        "evidence", "reassign", aeo("evidence", "list", "--owner", "王芳", "--json")[0]["slot"], "--to", "赵小明"
    )
    aeo("owners", "transfer", "王芳", "d", "--at", AT)
    with pytest.raises(AeoError):
        aeo("owners", "person", "a", "--timezone", "Mars/Olympus", "--at", AT)


def test_drill(aeo: Aeo) -> None:
    """A drill shows its seed and can be drawn again."""
    first = aeo("evidence", "drill", "start", "--size", "3", "--seed", "x", "--hours", "2", "--at", AT, "--json")
    again = aeo("evidence", "drill", "start", "--size", "3", "--seed", "x", "--hours", "2", "--at", AT, "--json")
    assert (first["seed"], [s["slot"] for s in first["slots"]]) == ("x", [s["slot"] for s in again["slots"]])
    aeo("evidence", "submit", first["slots"][0]["slot"], "--note", "在", "--at", AT)
    assert aeo("evidence", "drill", "answer", first["drill"], first["slots"][0]["slot"], "--at", AT, "--json")["result"] == "found"
    late = aeo("evidence", "drill", "report", first["drill"], "--at", "2026-06-01T13:00+08:00", "--json")
    assert (late["found"], late["missing"]) == (1, 2)


@pytest.mark.parametrize(
    "words",
    [
        ("evidence", "submit", SLOT),
        ("evidence", "submit", SLOT, "--file", "none.pdf"),
        ("evidence", "submit", "99/documents/1", "--note", "x"),
        ("evidence", "submit", SLOT, "--note", "x", "--valid-until", "tomorrow"),
        ("evidence", "list", "--at", "yesterday"),
        ("evidence", "assign", "99", "--owner", "x"),
        ("evidence", "accept", "--whole", SLOT, "--actor", "li"),
        ("evidence", "list", "--profile", "none.yaml"),
        ("owners", "import", "none.csv"),
    ],
)
def test_wrong_use(aeo: Aeo, words: tuple[str, ...]) -> None:
    """Wrong use is one sentence in two languages with exit status 2, never a traceback."""
    with pytest.raises(AeoError) as wrong:
        aeo(*words)
    assert wrong.value.exit_status == 2
    assert wrong.value.sentence("zh") != wrong.value.sentence("en")


def test_doctor(aeo: Aeo, tmp_path: Path) -> None:
    """The doctor verifies the chain, the states and the files, and says what is wrong."""
    from connectors.cli.doctor import register as doctor_register
    from connectors.cli.opened import Opened

    def look() -> tuple[Any, Any]:
        settings = Settings(home=tmp_path / "home")
        return doctor_register.register(Opened(settings)), doctor_register.files(Opened(settings))

    assert [ok for ok, _ in look()] == [None, None]
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1")
    aeo("evidence", "submit", SLOT, "--file", "a.pdf", "--at", AT)
    assert [ok for ok, _ in look()] == [True, True]
    next((tmp_path / "home/files/content").rglob("*/*")).unlink()
    (_, (ok, sentence)) = look()
    assert (ok, "a.pdf" in sentence) == (False, True)
    with sqlite3.connect(tmp_path / "home/register.sqlite3") as connection:
        connection.execute("UPDATE slots SET state_doc = '{}'")
        connection.execute("DROP TRIGGER events_no_update")
        connection.execute("UPDATE events SET actor = 'x' WHERE seq = 2")
    ((ok, sentence), _) = look()
    assert ok is False
    assert SLOT in sentence
    assert "第 2 条" in sentence


def test_profile_asked_and_plan_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The profile is written from answers, asked again it changes one thing; the explanation is one page, and changes nothing."""
    from typer.testing import CliRunner

    from connectors.cli.enterprise.profile import app
    from connectors.cli.evidence.group import app as evidence

    monkeypatch.setenv("AEO_HOME", str(tmp_path))
    first = ["init", "--no-ask", "--set", "enterprise=甲公司", "--set", "certification=renewal", "--set", "certified_on=2024-05-10"]
    assert CliRunner().invoke(app, first).exit_code == 0
    assert CliRunner().invoke(app, ["init", "--no-ask", "--set", "scope.seal=n"]).exit_code == 0
    shown = CliRunner().invoke(app, ["show"]).output
    short = CliRunner().invoke(app, ["init"], input="\n李雷\n")
    assert (short.exit_code, "此前 2 个问题的回答已保存" in short.output) == (0, True)
    assert "lead: 李雷" in (tmp_path / "profile.yaml").read_text(encoding="utf-8")
    assert "是否有报关专用章？（第 4(4) 项）　否" in shown
    assert "是否涉及集装箱运输？（第 28 项）　尚未申报" in shown
    page = tmp_path / "plan.html"
    assert CliRunner().invoke(evidence, ["plan", "--html", str(page)]).exit_code == 0
    assert "不适用：企业没有报关专用章" in page.read_text(encoding="utf-8")
    told = CliRunner().invoke(evidence, ["plan", "--explain"]).output
    assert "以下事项尚待申报" in told
    assert "16．注册信息" in told
    assert len(told.splitlines()) < 100, "a page that is read"
    assert ("每年参加2次以上（1(2)" in told, "  20(1)、20(2)　由海关认定" in told) == (True, True)
    whole = CliRunner().invoke(evidence, ["plan", "--explain", "--all"]).output
    assert ("下列" in whole, "应包括" in whole) == (False, True)
    assert ("次数或期限：每年参加2次以上" in whole, "分别准备：法定代表人（负责人）、" in whole, "同一份材料：" in whole) == (True,) * 3
    assert len(json.loads(CliRunner().invoke(evidence, ["plan", "--explain", "--json"]).stdout)["items"]) == 31
    foreseen = CliRunner().invoke(evidence, ["plan", "--dry-run"]).output
    assert ("1(1) 书面文件（1）" in foreseen, "/documents/" in foreseen) == (True, False)
    CliRunner().invoke(evidence, ["plan", "--as", "李雷"])
    other = CliRunner().invoke(evidence, ["submit", "11(2)/documents/1", "--note", "在此", "--covers", "天气"])
    assert isinstance(other.exception, AeoError)
    assert ("天气" in other.exception.sentence("zh"), "培训周期" in other.exception.sentence("zh")) == (True, True)
    whole = CliRunner().invoke(evidence, ["show", "1（2）"])
    assert isinstance(whole.exception, AeoError)
    assert "1(2)/situation" in whole.exception.sentence("zh")


def test_elements_named_together_and_what_is_still_to_come(aeo: Aeo) -> None:
    """Elements are taken as they are shown, several in one; one holding a 、 stays whole; an acceptance of a part says what is missing."""
    slot = "8(1)/documents/1"
    aeo("evidence", "plan")
    aeo("evidence", "submit", slot, "--note", "在此", "--covers", "责任部门、岗位设置、改进、责任追究方式和落实", "--as", "王芳")
    shown = aeo("evidence", "show", slot)
    assert ("☑ 责任部门" in shown, "☑ 改进、责任追究方式和落实" in shown, "☐ 工作流程" in shown) == (True, True, True)
    part = aeo("evidence", "accept", slot)
    assert ("这一次已通过" in part, "还缺：" in part, "工作流程" in part) == (True, True, True)


def test_elements_of_all_lines_of_one_paper(aeo: Aeo, tmp_path: Path) -> None:
    """Who hands in the one paper names what it covers of each line, who returns it what it lacks of any; what none names is refused."""
    (tmp_path / "home/profile.yaml").write_text(f"{PROFILE}one_paper: [training]\n", encoding="utf-8")
    aeo("evidence", "plan")
    paper = ("evidence", "submit", "1(1)/documents/2", "--note", "在此", "--as", "王芳")
    with pytest.raises(AeoError, match="培训周期"):
        aeo(*paper, "--covers", "天气")
    aeo(*paper, "--covers", "培训周期、工作职责")
    assert "☑ 培训周期" in aeo("evidence", "show", "11(2)/documents/1")
    aeo("evidence", "return", "1(1)/documents/2", "--lacks", "内容确定")
    assert "☒ 内容确定" in aeo("evidence", "show", "11(2)/documents/1")


def test_one_nil_statement_at_the_terminal(aeo: Aeo, monkeypatch: pytest.MonkeyPatch) -> None:
    """The periods that it is for, too, are told as one line of the guide, and that a year still runs."""
    told: list[str] = []
    for module in (acts, along):
        monkeypatch.setattr(module, "note" if module is along else "note_", told.append)
    aeo("evidence", "plan", "--at", AT)
    aeo("evidence", "nil", "11(1)/records/1@2022", "--reason", "没有发生", "--as", "lead", "--at", AT)
    assert ("11(1) 抽查记录（1） · 2023–2026 年（" in told[0], told[0].count("抽查记录")) == (True, 1), told
    assert "2026 年还没有结束：之后如有发生，请再交记录" in " ".join(told[1:])


def _tree(root: Path) -> Path:
    """A folder as offices keep them."""
    for name in ("24 进入安全/（3）访客/2023年/登记.pdf", "24(3)/2024/访客登记.pdf", "其他/菜单.pdf"):
        path = root / name
        path.parent.mkdir(parents=True)
        path.write_bytes(b"%PDF-1.4 " + name.encode())
    (root / "链接.pdf").symlink_to("/etc/passwd")
    return root


def test_import_a_folder(aeo: Aeo, tmp_path: Path) -> None:
    """Proposed as a table, corrected, handed in once; what fits nothing and what is refused is named; a table is never overwritten unasked."""
    from openpyxl import load_workbook

    folder = str(_tree(tmp_path / "资料"))
    said = aeo("evidence", "import", folder, "--at", AT)
    assert "归类建议.xlsx" in said
    assert "链接.pdf" in said
    assert "菜单.pdf" in said
    with pytest.raises(AeoError, match="已经存在"):
        aeo("evidence", "import", folder, "--at", AT)
    book = load_workbook("归类建议.xlsx")
    rows = {row[0].value: row for row in book.worksheets[0].iter_rows(min_row=2)}
    for path, row in rows.items():
        year = "2023" if "2023" in path else "2024"
        row[3].value = "是" if "登记" in path else ""
        if "登记" in path:
            row[1].value, row[2].value = "24(3)/records/1", year
    book.save("归类建议.xlsx")
    done = aeo("evidence", "import", folder, "--plan", "归类建议.xlsx", "--at", AT, "--json")
    assert sorted(done["submitted"]) == ["24(3)/records/1@2023", "24(3)/records/1@2024"]
    assert (len(done["left"]), done["not_in_plan"], len(done["own"])) == (2, [], 2)
    again = aeo("evidence", "import", folder, "--plan", "归类建议.xlsx", "--at", AT)
    assert "2 份原来就有" in again
    assert "撤销" not in again
    assert [e["actor"] for e in aeo("evidence", "history", "24(3)/records/1@2023", "--json")] == ["lead"]
    with pytest.raises(AeoError, match="找不到文件夹"):
        aeo("evidence", "import", "没有", "--out", "x.xlsx", "--at", AT)


def test_a_binder_is_read_back(aeo: Aeo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a binder's catalogue says goes to exactly those slots of another register: files, links and places of originals."""
    (tmp_path / "登记.pdf").write_bytes(b"%PDF-1.4")
    other = "24(3)/records/2@2023"
    aeo("evidence", "assign", "*", "--owner", "wang", "--reviewer", "li", "--at", AT)
    aeo("evidence", "submit", SLOT, "--file", "登记.pdf", "--paper", "3柜", "--actor", "wang", "--at", AT)
    aeo("evidence", "submit", other, "--file", "登记.pdf", "--link", "https://example.invalid/x", "--actor", "wang", "--at", AT)
    aeo("evidence", "accept", "--whole", SLOT, other, "--actor", "li", "--at", AT)
    aeo("evidence", "binder", "--out", "b.zip", "--at", AT)
    (tmp_path / "new").mkdir()
    (tmp_path / "new/profile.yaml").write_text(PROFILE, encoding="utf-8")
    monkeypatch.setenv("AEO_HOME", str(tmp_path / "new"))
    found = aeo("evidence", "import", "b.zip", "--at", AT, "--json")["files"]
    assert {slot for row in found for slot in row["slots"]} >= {SLOT, other}
    assert {row["sure"] for row in found} == {"exact"}
    done = aeo("evidence", "import", "b.zip", "--plan", "归类建议.xlsx", "--at", AT, "--json")
    assert {slot: len(names) for slot, names in done["submitted"].items()} == {SLOT: 2, other: 2}


def test_nil_statements_are_read_back(aeo: Aeo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A binder's nil statements come back as such, each for its own period; a year with a record, and an open one, are not spoken for."""
    years = {year: f"11(1)/records/1@{year}" for year in range(2022, 2027)}
    aeo("evidence", "assign", "*", "--owner", "wang", "--reviewer", "li", "--at", AT)
    aeo("evidence", "submit", years[2023], "--note", "通报", "--as", "wang", "--at", AT)
    aeo("evidence", "submit", SLOT, "--note", "没有发生：不是事件", "--as", "wang", "--at", AT)
    aeo("evidence", "nil", years[2022], "--reason", "没有此类事件", "--as", "wang", "--at", AT)
    aeo("evidence", "accept", "--whole", SLOT, years[2022], years[2023], "--as", "li", "--at", AT)
    aeo("evidence", "reopen", years[2025], "--reason", "再核对", "--as", "li", "--at", AT)
    aeo("evidence", "binder", "--out", "b.zip", "--at", AT)
    (tmp_path / "new").mkdir()
    (tmp_path / "new/profile.yaml").write_text(PROFILE, encoding="utf-8")
    monkeypatch.setenv("AEO_HOME", str(tmp_path / "new"))
    aeo("evidence", "import", "b.zip", "--at", AT, "--json")
    aeo("evidence", "import", "b.zip", "--plan", "归类建议.xlsx", "--at", AT)
    for year, kinds in {2022: ["nil"], 2023: ["note"], 2024: ["nil"], 2025: [], 2026: ["nil"]}.items():
        assert [p["kind"] for p in aeo("evidence", "show", years[year], "--json")["pieces"]] == kinds
    assert "没有发生：没有此类事件" in aeo("evidence", "open", years[2024])
    assert [p["kind"] for p in aeo("evidence", "show", SLOT, "--json")["pieces"]] == ["note"]


def test_what_is_refused_copies_nothing(aeo: Aeo, tmp_path: Path) -> None:
    """A hand-in that is refused whatever its files are leaves no copy of them behind."""
    (tmp_path / "登记.pdf").write_bytes(b"%PDF-1.4")
    aeo("evidence", "assign", "*", "--owner", "wang", "--reviewer", "li", "--at", AT)
    given = ("--file", "登记.pdf", "--as", "wang", "--at", AT)
    for words in ((SLOT, "--figure", "速动比率=1"), (SLOT, "--link", "C:/x"), ("7/documents/1",), (SLOT, "99/records/1")):
        with pytest.raises(AeoError):
            aeo("evidence", "submit", *words, *given)
    aeo("evidence", "submit", SLOT, "--note", "x", "--as", "wang", "--at", AT)
    aeo("evidence", "accept", "--whole", SLOT, "--as", "li", "--at", AT)
    with pytest.raises(AeoError, match="--again"):
        aeo("evidence", "submit", SLOT, *given)
    assert not [f for f in (tmp_path / "home/files").rglob("*") if f.is_file()]
    aeo("evidence", "submit", SLOT, "--again", *given)


def test_figures_at_the_terminal(aeo: Aeo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures are taken for the one report they stand in, shown by ``open``, kept when something is added, and read back from a binder."""
    slot, names = "12/clause@2024", ("速动比率", "现金流动负债比率", "资产负债率", "营业利润率", "净资产收益率")
    said = [word for name in names for word in ("--figure", f"{name}=45%")]
    aeo("evidence", "assign", "*", "--owner", "wang", "--reviewer", "li", "--at", AT)
    for other, why in (("12/clause@2023", "只选一个期间"), (SLOT, "不需要填写指标")):
        with pytest.raises(AeoError, match=why):
            aeo("evidence", "submit", slot, other, "--note", "审计报告", *said, "--as", "wang", "--at", AT)
    aeo("evidence", "submit", slot, "--note", "审计报告", *said, "--as", "wang", "--at", AT)
    assert "没有填写" not in aeo("evidence", "submit", slot, "--note", "附注", "--as", "wang", "--at", AT)
    assert "指标：速动比率 45%" in aeo("evidence", "open", slot)
    with pytest.raises(AeoError, match="现有：审计报告、速动比率 45%"):
        aeo("evidence", "accept", "--whole", slot, "--given", "000000000000", "--as", "li", "--at", AT)
    assert "没有填写" not in aeo("evidence", "accept", "--whole", slot, "--as", "li", "--at", AT)
    aeo("evidence", "binder", "--out", "b.zip", "--at", AT)
    (tmp_path / "new").mkdir()
    (tmp_path / "new/profile.yaml").write_text(PROFILE, encoding="utf-8")
    monkeypatch.setenv("AEO_HOME", str(tmp_path / "new"))
    aeo("evidence", "import", "b.zip", "--at", AT, "--json")
    aeo("evidence", "import", "b.zip", "--plan", "归类建议.xlsx", "--at", AT)
    pieces = aeo("evidence", "show", slot, "--json")["pieces"]
    assert {(p["kind"], p.get("name", p["text"]), p["text"]) for p in pieces} >= {("figure", name, "45%") for name in names}
    assert len(pieces) == 7


def test_what_only_the_owner_can_say_is_named(aeo: Aeo) -> None:
    """Accepting a report without its figures names them, as nobody but who handed in can write them."""
    slot = "12/clause@2023"
    aeo("evidence", "assign", "*", "--owner", "wang", "--reviewer", "li", "--at", AT)
    aeo("evidence", "submit", slot, "--note", "审计报告", "--as", "wang", "--at", AT)
    assert "没有填写：速动比率" in aeo("evidence", "accept", "--whole", slot, "--as", "li", "--at", AT)


def test_every_act_says_how_it_is_undone(aeo: Aeo, tmp_path: Path) -> None:
    """Each act on the terminal ends in how to undo it, with the very words to type where there are any; in JSON nothing is added."""
    other, place = "24(1)/situation", "24(2)/documents/1"
    aeo("evidence", "assign", "*", "--owner", "wang", "--reviewer", "li", "--at", AT)
    acts: list[tuple[tuple[str, ...], str]] = [
        (("evidence", "assign", "24", "--owner", "zhao"), "24 --owner - --reviewer - --deputy -"),
        (("evidence", "assign", "24", "--owner", "wang"), "--owner zhao"),
        (("evidence", "submit", SLOT, "--note", "x", "--as", "wang"), f"withdraw '{SLOT}'"),
        (("evidence", "withdraw", SLOT, "--as", "wang"), "重新提交"),
        (("evidence", "submit", SLOT, "--note", "x", "--as", "wang"), "withdraw"),
        (("evidence", "return", SLOT, "--reason", "缺页"), "重新提交"),
        (("evidence", "submit", SLOT, "--note", "y", "--as", "wang"), "withdraw"),
        (("evidence", "accept", "--whole", SLOT), f"reopen '{SLOT}'"),
        (("evidence", "reopen", SLOT, "--reason", "放错了"), "重新提交"),
        (("evidence", "comment", SLOT, "请看"), "更正"),
        (("evidence", "na", place, "--reason", "没有", "--as", "wang"), "withdraw"),
        (("evidence", "snooze", other, "--until", "2026-06-20"), "--until 2026-06-02"),
        (("evidence", "reassign", other, "--to", "zhao"), "--to wang"),
        (("owners", "away", "wang", "--from", "2026-07-01", "--until", "2026-07-03"), "2026-07-01"),
        (("owners", "transfer", "zhao", "wang"), "transfer wang zhao"),
        (("owners", "person", "wang", "--name", "王芳"), "owners person"),
    ]
    for words, said in acts:
        text = aeo(*words, "--at", AT)
        assert said in text, words
    assert aeo("evidence", "comment", SLOT, "x", "--at", AT, "--json")["slot"] == SLOT


def test_show_and_open(aeo: Aeo, tmp_path: Path) -> None:
    """``show`` has all that a reviewer needs; ``open`` gives read-only copies and names links and places; a lost file is named."""
    (tmp_path / "登记.pdf").write_bytes(b"%PDF-1.4")
    aeo("evidence", "plan", "--at", AT)
    with pytest.raises(AeoError, match="还没有提交"):
        aeo("evidence", "open", SLOT)
    aeo(
        "evidence",
        "submit",
        SLOT,
        "--file",
        "登记.pdf",
        "--paper",
        "3柜",
        "--link",
        "https://example.invalid/x",
        "--as",
        "wang",
        "--at",
        AT,
    )
    aeo("evidence", "comment", SLOT, "请补 10 月", "--at", AT)
    text = aeo("evidence", "show", SLOT)
    for words in (
        "访客姓名",
        "登记.pdf",
        "请补 10 月",
        "3柜",
        "https://example.invalid/x",
        "2023 年",
        "提交",
        "aeo evidence open",
        "审核时还要看",
    ):
        assert words in text, words
    shown = aeo("evidence", "show", SLOT, "--json")
    assert ([p["kind"] for p in shown["pieces"]], shown["periods"]["2023"]) == (["link", "paper", "file"], "missing")
    assert [e["kind"] for e in shown["history"]] == ["submitted", "commented"]
    pieces = aeo("evidence", "open", SLOT, "--out", "看", "--json")["pieces"]
    copy = Path(next(p["path"] for p in pieces if p["kind"] == "file"))
    assert (copy.read_bytes(), copy.stat().st_mode & 0o777) == (b"%PDF-1.4", 0o400)
    with pytest.raises(AeoError, match="已经存在"):
        aeo("evidence", "open", SLOT, "--out", "看")
    assert "3柜" in aeo("evidence", "open", SLOT, "--out", "看", "--force")
    kept = next(p for p in Path("home/files").rglob("*") if p.is_file())
    kept.chmod(0o600)
    kept.write_bytes(b"%PDF-1.7")
    assert "文件内容被改" in aeo("evidence", "open", SLOT, "--out", "改", status=1)
    kept.unlink()
    assert "文件缺失" in aeo("evidence", "open", SLOT, "--out", "又看", status=1)


def test_nothing_is_overwritten_unasked(aeo: Aeo, tmp_path: Path) -> None:
    """Binder and register are written once; again only with --force; each leaves a trace in the log."""
    Path("出").mkdir()
    aeo("evidence", "plan", "--at", AT)
    for words in (("evidence", "binder", "--out", "出/b.zip"), ("evidence", "export", "出/登记簿.xlsx")):
        aeo(*words, "--at", AT)
        with pytest.raises(AeoError, match="--force"):
            aeo(*words, "--at", AT)
        aeo(*words, "--force", "--at", AT)
    assert sorted(p.name for p in Path("出").iterdir()) == ["b.zip", "登记簿.xlsx"]
    assert [e["kind"] for e in aeo("evidence", "history", "--json")].count("exported") == 4
    with pytest.raises(AeoError, match="是文件夹"):
        aeo("evidence", "export", "出", "--at", AT)
