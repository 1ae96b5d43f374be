"""A reply is read in every form in which models and servers have been seen to send one."""

from __future__ import annotations

import json
import time

import pytest

from assistant.answers.reply.model_reply import reply, said

GOOD = json.dumps({"answerable": True, "claims": [{"text": "要登记{访客}。", "citations": [{"passage": 1, "quote": "访客姓名"}]}]})
DRAFT = json.dumps({"answerable": False, "claims": []})
ARGUMENTS = json.dumps(GOOD)

FORMS = {
    "bare": GOOD,
    "byte order mark": "\ufeff" + GOOD,
    "fenced": f"```json\n{GOOD}\n```",
    "fence that does not end": f"```json\n{GOOD}",
    "talk around": f"Sure {{thinking}}:\n{GOOD}\nHope it helps {{!}}",
    "a brace too many": GOOD + "}",
    "twice": GOOD + GOOD,
    "twice, with words between": f"{GOOD}\n\nFinal answer:\n{GOOD}",
    "a thought": f"<think>maybe {DRAFT}</think>{GOOD}",
    "only the end of a thought": f"Let me see {{x}} {DRAFT} </think>\n{GOOD}",
    "only the begin of a thought": f"<think>\nLet me see.\n{GOOD}",
    "two thoughts": f"<thinking>{DRAFT}</thinking><reasoning>{DRAFT}</reasoning>{GOOD}",
    "channels": f"<|channel|>analysis<|message|>{DRAFT}<|end|><|start|>assistant<|channel|>final <|constrain|>json<|message|>{GOOD}<|return|>",
    "marks of a template": f"<|im_start|>assistant\n{GOOD}<|im_end|>",
    "name and parameters": f'{{"name": "answer", "parameters": {GOOD}}}',
    "name and arguments as a string": f'{{"name": "answer", "arguments": {ARGUMENTS}}}',
    "a tool call in tags": f'<tool_call>\n{{"name": "answer", "arguments": {GOOD}}}\n</tool_call>',
    "a list of tool calls": f'[TOOL_CALLS] [{{"name": "answer", "arguments": {GOOD}}}]',
    "a whole message": f'{{"role": "assistant", "tool_calls": [{{"type": "function", "function": {{"name": "answer", "arguments": {ARGUMENTS}}}}}]}}',
    "under another key": f'{{"response": {GOOD}}}',
    "a comma too many": GOOD[:-2] + ",],}",
    "a line break in a string": GOOD.replace("要登记", "要\n登记"),
    "a list of claims": json.dumps(json.loads(GOOD)["claims"]),
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_the_answer_is_read_where_it_is_there(text: str) -> None:
    """Whatever stands around the object, the claim inside is the same."""
    found = reply(text)
    assert found is not None
    assert found.claims[0].text.replace("\n", "").replace("\\u", "") == "要登记{访客}。"
    assert found.claims[0].citations[0].quote == "访客姓名"


@pytest.mark.parametrize("text", ["", "</think>", "<think>hm", "{", "[]", "[{", '{"error": {"message": "x"}}', "null", "1", '"claims"'])
def test_what_holds_no_answer_gives_none(text: str) -> None:
    """No guess is made of an empty thought, half an object, or an error."""
    assert reply(text) is None


@pytest.mark.parametrize("page", ["{" * 60_000, '{"a":' * 12_000, "[{" * 30_000, '{"a":"' * 10_000, "<think>" * 8_000, "<|" * 30_000])
def test_a_page_of_brackets_is_given_up_quickly(page: str) -> None:
    """Hostile text costs no more than a moment."""
    began = time.perf_counter()
    assert reply(page) is None
    assert time.perf_counter() - began < 2


def test_a_thought_that_never_ends_leaves_the_words_after_it() -> None:
    """Only the tag itself is dropped when the end of the thought is missing."""
    assert said("<think>a") == "a"
