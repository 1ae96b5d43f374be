"""The renderer: one command makes a picture of each message and view, and says what Slack would refuse."""

from __future__ import annotations

import json
import shutil
import struct
from pathlib import Path

import pytest

from tests.slack.render.draw import draw, problems
from tests.slack.test_schemas import FEEDBACK, INPUT, MODAL, QUOTE, SECTION, TABLE

THREAD = [{"text": "24(3)？", "username": "王芳"}, {"text": "答", "blocks": [SECTION, QUOTE, FEEDBACK], "thread_ts": "1.1"}]


def size(picture: Path) -> tuple[int, int]:
    return struct.unpack(">II", picture.read_bytes()[16:24])


@pytest.mark.slow
@pytest.mark.skipif(not (shutil.which("chromium") and shutil.which("npm")), reason="needs chromium and npm")
def test_pictures(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """A thread, a modal, a Home and bare blocks each become a picture as high as what it shows."""
    if "slow" not in str(request.config.getoption("-m")):
        pytest.skip("run with -m slow")
    shown = {"thread": THREAD, "modal": MODAL, "home": {"type": "home", "blocks": [SECTION] * 40}, "blocks": [TABLE]}
    for name, source in shown.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(source))
    pictures = {picture.stem: size(picture) for picture in draw(tmp_path, tmp_path / "out")}
    assert set(pictures) == set(shown)
    assert {width for width, _ in pictures.values()} == {760}
    assert 60 < pictures["blocks"][1] < pictures["thread"][1] < pictures["home"][1]


def test_what_slack_would_refuse_is_said() -> None:
    """Before drawing, each file is judged by the same checks as the tests."""
    assert list(problems(THREAD)) == []
    assert list(problems(MODAL)) == []
    assert list(problems([INPUT, INPUT]))
    assert list(problems({"type": "modal", "title": {"type": "plain_text", "text": "题" * 25}, "blocks": []}))
