"""Files and settings that people type are read as meant, or every mistake is named in the reader's language."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from assistant.adapters.lead_files import read_policy, read_profile
from assistant.errors import CaseError, SettingsError
from assistant.settings import Settings, load_settings, unknown_settings, without_secrets
from assistant.typed_yaml import parsed


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("[09:00, 18:00]", (time(9), time(18))),
        ("[9:00, 18:00]", (time(9), time(18))),
        ("[8:30, 17:30]", (time(8, 30), time(17, 30))),
        ('["8:30", "17:30"]', (time(8, 30), time(17, 30))),
        ("[８：30， １７:30]", (time(8, 30), time(17, 30))),
    ],
)
def test_a_time_of_day_is_a_time_of_day(tmp_path: Path, typed: str, meant: tuple[time, time]) -> None:
    """However it is typed: YAML 1.1 would read 8:30 as 510."""
    file = tmp_path / "policy.yaml"
    file.write_text(f"hours: {typed}\ngaps_days: [7, 014, 028]\n", encoding="utf-8")
    policy = read_policy(file)
    assert (policy.hours, policy.gaps_days) == (meant, (7, 14, 28))


@pytest.mark.parametrize(
    "typed", ["2022-05-01", "2022-5-1", "2022/5/1", "2022.5.1", "2022年5月1日", "2022年5月1号", "'2022/5/1'", "２０２２－5－1"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_dates_and_encodings_as_offices_write_them(tmp_path: Path, typed: str, encoding: str) -> None:
    """Every usual way to write a date, in every encoding that editors here save."""
    file = tmp_path / "profile.yaml"
    file.write_bytes(f"enterprise: 甲公司\ncertification: renewal\ncertified_on: {typed}\n".encode(encoding))
    profile = read_profile(file)
    assert (profile.enterprise, profile.certified_on) == ("甲公司", date(2022, 5, 1))


def test_numbers_and_words_stay_what_they_are() -> None:
    """Only whole scalars count: a version, a phone number with blanks and a quoted date are text."""
    assert parsed("a: 12\nb: 1.5\nc: 1.2.3\nd: 010 1234\ne: '2022-05-01'\nf: -3\ng: yes\n") == {
        "a": 12,
        "b": 1.5,
        "c": "1.2.3",
        "d": "010 1234",
        "e": "2022-05-01",
        "f": -3,
        "g": True,
    }


def test_a_renewal_before_the_first_certification_is_named(tmp_path: Path) -> None:
    """Two dates that cannot both be right are said, before a plan of many years is made of them."""
    file = tmp_path / "profile.yaml"
    file.write_text("enterprise: 甲\ncertification: renewal\nadvanced_on: 2019-06-01\nrenewed_on: 2010-01-01\n", encoding="utf-8")
    with pytest.raises(CaseError, match="renewed_on"):
        read_profile(file)


def test_every_mistake_is_named_in_the_readers_language(tmp_path: Path) -> None:
    """Key, value and what would be right, in Chinese or English, with nothing of a library's words; the whole path is named."""
    file = tmp_path / "profile.yaml"
    file.write_text("enterprise: 甲\ncertification: renew\ncertified_on: 2022/13/1\nscope:\n  containerz: true\n", encoding="utf-8")
    with pytest.raises(CaseError) as raised:
        read_profile(file)
    chinese, english = raised.value.sentence("zh"), raised.value.sentence("en")
    assert "“renew”不在可选值之内：initial、renewal" in chinese
    assert "“2022/13/1”不是日期" in chinese
    assert "containers" in chinese
    assert str(tmp_path) in chinese
    assert not any(word in chinese for word in ("Input", "should", "valid", "Error"))
    assert "“renew” is not one of initial、renewal" in english


@pytest.mark.parametrize(
    "content", ["a: [1,\n", "hours: [18:00, 09:00]\n", "gaps_days: [3, 2]\n", "cap: 99\n", "hours: 9\n", "\x00", "- 1\n"]
)
def test_a_wrong_policy_is_one_sentence(tmp_path: Path, content: str) -> None:
    """Never a traceback, never a rule that silently means something else."""
    file = tmp_path / "policy.yaml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CaseError) as raised:
        read_policy(file)
    assert "有误" in raised.value.sentence("zh")
    assert "mistakes" in raised.value.sentence("en")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("hours: [830, 1730]\n", "hours.0：“830”不是一天中的时刻，请写成 09:00"),
        ("hours: [8, 18]\n", "“18”不是一天中的时刻"),
        ("hours: [8.30, 17.30]\n", "不是一天中的时刻"),
        ("quiet:\n- {start: 0, end: 2027-02-10}\n", "quiet.0.start：“0”不是日期"),
        ("cap: yes\n", "cap：“true”应为整数"),
        ("hours: [9:00, null]\n", "hours.1：“”不是一天中的时刻"),
        ("cap: 3\nattempts: 4\ncap: 5\n", "cap 写了两次（第 1 行、第 3 行），请只留一处"),
        ("quiet:\n- {start: 2027-02-01, start: 2027-02-02, end: 2027-02-10}\n", "start 写了两次（第 2 行、第 2 行）"),
        ("quiet: [2027-02-01]\n", "如 start: …, end: …"),
        ("holidays:\n- {start: 2027-02-05, until: 2027-02-13}\n", "可用的有：start、end"),
        ("CAP: 3\n", "CAP：没有这一项（可用的有：cap）"),
        ('cap: 3\nhand_in: "甲\nattempts: 4\n', "第 2 行的写法不是 YAML"),
        ("hand_in: @甲\n", "含特殊符号的文字请加引号"),
        ("hand_in: [a, b]\n", "“[a, b]”应为文字"),
        ("cap: 3\0\n", "文件编码认不出"),
    ],
)
def test_what_would_mean_something_else_is_refused(tmp_path: Path, content: str, said: str) -> None:
    """A number is no time of day and no date, yes is no number, a key counts once; the value is shown as it was typed."""
    file = tmp_path / "policy.yaml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CaseError) as raised:
        read_policy(file)
    assert said in raised.value.sentence("zh")
    assert "None" not in raised.value.sentence("en")


def test_one_wrong_entry_is_one_mistake(tmp_path: Path) -> None:
    """A list is not called too short because its only entry is wrong."""
    file = tmp_path / "policy.yaml"
    file.write_text("gaps_days: [7天]\n", encoding="utf-8")
    with pytest.raises(CaseError) as raised:
        read_policy(file)
    assert "gaps_days.0：“7天”应为整数" in raised.value.sentence("zh")
    assert "少了" not in raised.value.sentence("zh")


def test_chinese_yes_and_no_commas_and_empty_keys(tmp_path: Path) -> None:
    """是 and 否 are what they say, a full-width comma parts a list in brackets, and a key without a value was not written."""
    file = tmp_path / "profile.yaml"
    file.write_text(
        "enterprise: 甲公司\ncertification: initial\nyears:\nbusiness_types: [一般贸易，加工贸易, '保税，物流']\n"
        "scope:\n  containers: 是\n  seal: 否\n  transport:\n",
        encoding="utf-8",
    )
    profile = read_profile(file)
    assert profile.business_types == ("一般贸易", "加工贸易", "保税，物流")
    assert (profile.years, profile.scope.containers, profile.scope.seal, profile.scope.transport) == ("calendar", True, False, None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_dot_env_counts_whatever_its_encoding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    """A file saved by Windows Notepad or PowerShell is read; an empty value counts as not set."""
    monkeypatch.chdir(tmp_path)
    for name in ("AEO_LEAD", "AEO_HOME", "AEO_LANG", "AEO_CHAT_MODEL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setitem(Settings.model_config, "env_file", ".env")
    (tmp_path / ".env").write_bytes("AEO_LEAD=王芳\nAEO_HOME=数据\nAEO_LANG=en\nAEO_CHAT_MODEL=\n".encode(encoding))
    settings = load_settings()
    assert (settings.lead, settings.home, settings.lang, settings.chat_model) == ("王芳", Path("数据"), "en", None)


def test_wrong_settings_are_named_as_they_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """The setting's own name, its value and what is right."""
    monkeypatch.setenv("AEO_CHAT_TIMEOUT", "soon")
    with pytest.raises(SettingsError) as raised:
        load_settings()
    assert "AEO_CHAT_TIMEOUT：“soon”应为数字" in raised.value.sentence("zh")


def test_a_setting_that_is_none_is_told_the_one_that_was_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelt name would otherwise be ignored in silence."""
    monkeypatch.setenv("AEO_CHAT_MODLE", "x")
    assert unknown_settings()["AEO_CHAT_MODLE"] == "AEO_CHAT_MODEL"


@pytest.mark.parametrize("name", ["数据 与 证据", "a#b", "50%20", "was?", "c++ & co"])
def test_the_database_stands_inside_its_home(tmp_path: Path, name: str) -> None:
    """Whatever letters the folder's name has."""
    from assistant.adapters.sql.register import open_register

    settings = Settings(home=tmp_path / name)
    open_register(settings.database).close()
    assert settings.register_file.is_file()
    assert [p.name for p in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["数据 与 证据", "a#b", "50%20", "was?"])
def test_evidence_stands_inside_its_home(tmp_path: Path, name: str) -> None:
    """Bytes go where they are said to go, and nowhere beside it."""
    import io

    from assistant.adapters.files import open_files

    store = open_files(None, tmp_path / name)
    sha256, _ = store.stage(io.BytesIO(b"evidence"), 100)
    store.publish(sha256)
    assert (tmp_path / name / "files" / "content" / sha256[:2] / sha256).read_bytes() == b"evidence"
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_addresses_are_shown_without_their_secrets() -> None:
    """User, password, query and fragment are left out."""
    assert without_secrets("s3://key:secret@bucket/folder?token=x#y") == "s3://…@bucket/folder"
    assert without_secrets("https://chroma.example:8000/x") == "https://chroma.example:8000/x"
