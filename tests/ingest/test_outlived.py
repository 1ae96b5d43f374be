"""Learned refusals end with the edition that they were learned from."""

from __future__ import annotations

import numpy as np

from assistant.answers.passages import Passage
from ingest.learn.banks.bank import BankEntry
from ingest.learn.methods.kernel import unit
from ingest.learn.ranking.outlived import _says_more, outlived

CAMERA = Passage(
    id="24(3)/onsite/5",
    clause="24(3)",
    kind="onsite",
    role="evidence",
    text="监控录像的保存期限不少于90天。",
    line=1,
    requirement="24(3)/onsite/5",
)
DAYS = BankEntry(question="监控录像要存几天")
PIXELS = BankEntry(question="摄像头要多少像素")
LUNCH = BankEntry(question="今天食堂吃什么")
VISITOR = BankEntry(question="访客登记要留什么", clause="24(3)")
ENTRIES = [DAYS, PIXELS, LUNCH, VISITOR]
QUESTIONS = np.array([[1, 0, 0.1], [0.9, 0.3, 0.1], [0, 0, 1], [0, 1, 0]], dtype=np.float32)
BEFORE = np.array([[0, 1, 0], [0, 0.2, 1]], dtype=np.float32)


def test_a_refusal_that_a_new_line_may_answer_teaches_nothing() -> None:
    """Nearer to the new line than to any before: dropped, or a question about it where it asks for the number that the line states."""
    days, pixels, lunch, visitor = outlived(ENTRIES, QUESTIONS, BEFORE, {CAMERA.id: np.array([1, 0, 0], np.float32)}, {CAMERA.id: CAMERA})
    assert days is not None
    assert (days.clause, days.kind, days.passages) == ("24(3)", "onsite", (CAMERA.id,))
    assert pixels is None
    assert (lunch, visitor) == (LUNCH, VISITOR)


def test_what_is_a_little_nearer_stays_a_refusal_unless_it_asks_for_the_number() -> None:
    """By chance a new line is a little nearer to something; a question for the number that it states teaches nothing even so."""
    near = np.array([[0.62, 0.3, 0.66], [0.62, 0.3, 0.66], [0, 0, 1], [0, 1, 0]], dtype=np.float32)
    line = {CAMERA.id: np.array([1, 0, 0], np.float32)}
    before = np.array([[0, 1, 0], [0.45, 0.2, 0.9]], dtype=np.float32)
    days, pixels, *_ = outlived(ENTRIES, near, before, line, {CAMERA.id: CAMERA})
    asked, middle = unit(near - near.mean(axis=0)), before.mean(axis=0)
    lead = (asked @ unit(line[CAMERA.id][None] - middle).T).max(axis=1) - (asked @ unit(before - middle).T).max(axis=1)
    assert 0.02 < lead[0] <= 0.1
    assert days is None
    assert pixels == PIXELS


def test_without_new_lines_every_refusal_stands() -> None:
    """The same words: the bank as it is."""
    assert outlived(ENTRIES, QUESTIONS, BEFORE, {CAMERA.id: np.array([1, 0, 0], np.float32)}, {}) == ENTRIES


def test_what_only_changed_its_numbers_says_nothing_more() -> None:
    """3% to 2% answers no question that was refused before; a retention that is added does."""
    assert not _says_more("滞纳税款报关单率不超过3%。", "滞纳税款报关单率不超过2%。")
    assert _says_more("企业安全意识培训记录", "企业安全意识培训记录保存期限不少于3年")
