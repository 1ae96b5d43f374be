"""A reply is read in every form in which models and servers have been seen to send one."""

from __future__ import annotations

import json
import time

import pytest
import yaml

from assistant.answers.reply.calling.model_reply import reply, reply_so_far, said, thoughts

CLAIM = {"text": "要登记{访客}。", "citations": [{"id": "24(3)", "quote": "访客姓名"}]}
GOOD = json.dumps({"parts": [{"question": "?", "verdict": "answered", "outcome": "yes", "direct": CLAIM, "claims": [CLAIM]}]})
DRAFT = json.dumps({"parts": [{"question": "?", "verdict": "silent", "outcome": "fact", "direct": None, "claims": []}]})
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
    "a list of claims": json.dumps([CLAIM]),
    "a list of parts": json.dumps(json.loads(GOOD)["parts"]),
    "a part alone": json.dumps(json.loads(GOOD)["parts"][0]),
}
PRETTY = json.dumps(json.loads(GOOD), ensure_ascii=False, indent=1)
MENDED = {
    "YAML": yaml.safe_dump(json.loads(GOOD), allow_unicode=True),
    "YAML in a fence, with talk after it": f"Here:\n```yaml\n{yaml.safe_dump(json.loads(GOOD), allow_unicode=True, sort_keys=False)}```\nThat is all.",
    "as Python prints it": str(json.loads(GOOD)),
    "keys without quotation marks": PRETTY.replace('"parts"', "parts").replace('"verdict"', "verdict").replace('"text"', "text"),
    "a comment of two strokes": PRETTY.replace('"verdict"', '// see http://x "y"\n"verdict"'),
    "a comment between strokes and stars": PRETTY.replace('"verdict"', '/* the\nverdict */ "verdict"'),
    "a comment after a cross": PRETTY.replace('"verdict"', ' # "verdict": \n"verdict"'),
    "comments and commas too many": PRETTY.replace("}\n", "},\n").replace('"verdict"', '// x\n"verdict"'),
    "marks of a page": GOOD.replace('"', "&quot;"),
    "curly quotation marks": GOOD.replace('"', "”"),
    "marks of Chinese": json.dumps(json.loads(GOOD), ensure_ascii=False).replace('": ', '"：').replace(', "', '， "'),
    "keys in capitals": GOOD.replace('"parts"', '"Parts"').replace('"text"', '"Text"').replace('"direct"', '"DIRECT"'),
    "a string of JSON": f"```json\n{ARGUMENTS}\n```",
    "every mark with a stroke": GOOD.replace('"', '\\"'),
    "parts by number": json.dumps({"parts": {"1": json.loads(GOOD)["parts"][0]}}),
    "parts as a string": json.dumps({"parts": json.dumps(json.loads(GOOD)["parts"])}),
    "the schema after it": GOOD + '\n{"type": "object", "properties": {"parts": {"type": "array"}}}',
    "nothing after it": GOOD + '\n{"parts": []}',
    "brackets forgotten": GOOD[:-3],
}


@pytest.mark.parametrize("text", MENDED.values(), ids=MENDED)
def test_an_answer_in_a_form_near_json_is_read_whole(text: str) -> None:
    """With its verdict, outcome and direct answer, and not only the claim that happens to stand in brackets of its own."""
    found, wanted = reply(text), reply(GOOD)
    assert found is not None
    assert wanted is not None
    assert found.parts == wanted.parts


def test_quotation_marks_inside_a_text_end_nothing() -> None:
    """Writers of Chinese set them as they speak."""
    found = reply(json.dumps(json.loads(GOOD), ensure_ascii=False).replace("要登记{访客}", '要登记"访客"等"信息"'))
    assert found is not None
    assert found.parts[0].direct is not None
    assert found.parts[0].direct.text == '要登记"访客"等"信息"。'


def test_parts_written_one_after_another_are_one_reply() -> None:
    """A part a line, in or out of a fence, is a reply of so many parts; the same part twice is one."""
    one = {"question": "a", "verdict": "answered", "direct": {"text": "内审每年一次", "citations": [{"id": "6(2)/1", "quote": "每年"}]}}
    other = one | {"question": "b", "verdict": "silent", "direct": None}
    for text in ("{}\n{}", "```json\n{}\n{}\n```", "1. {}\n2. {}"):
        read = reply(text.format(json.dumps(one, ensure_ascii=False), json.dumps(other)))
        assert read is not None
        assert [(p.question, p.verdict) for p in read.parts] == [("a", "answered"), ("b", "silent")]
    twice = reply("\n".join([json.dumps(one)] * 2))
    assert twice is not None
    assert len(twice.parts) == 1


def test_of_a_reply_that_was_cut_what_is_whole_is_read() -> None:
    """Letter by letter: a claim counts once a quote follows it, never half a sentence; without one there is no reply."""
    part = json.loads(GOOD)["parts"][0]
    two = json.dumps({"parts": [part, part | {"question": "??"}]}, ensure_ascii=False)
    for end in range(len(two)):
        found = reply(two[:end])
        told = [c.text for p in found.parts for c in ([p.direct] if p.direct else []) + list(p.claims)] if found else []
        assert set(told) <= {"要登记{访客}。"}
        assert bool(found) is (two[:end].find('"quote": "') + 10 < end and bool(told))
    assert found is not None
    assert found.cut
    assert [len(p.claims) for p in found.parts] == [1, 1]


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_the_answer_is_read_where_it_is_there(text: str) -> None:
    """Whatever stands around the object, the claim inside is the same."""
    found = reply(text)
    assert found is not None
    claim = found.parts[0].claims[0]
    assert claim.text.replace("\n", "") == "要登记{访客}。"
    assert claim.citations[0].quote == "访客姓名"


@pytest.mark.parametrize("text", ["", "</think>", "<think>hm", "{", "[]", "[{", '{"error": {"message": "x"}}', "null", "1", '"claims"'])
def test_what_holds_no_answer_gives_none(text: str) -> None:
    """No guess is made of an empty thought, half an object, or an error."""
    assert reply(text) is None


@pytest.mark.parametrize(
    "page",
    [
        "{" * 60_000,
        '{"a":' * 12_000,
        "[{" * 30_000,
        '{"a":"' * 10_000,
        "<think>" * 8_000,
        "<|" * 30_000,
        '\\"' * 30_000,
        "/*" * 30_000,
        '{"a" ' * 10_000,
        '{"' * 30_000,
        "parts:\n" * 8_000,
        "parts: [" * 7_000,
        "{'a':" * 10_000,
    ],
)
def test_a_page_of_brackets_is_given_up_quickly(page: str) -> None:
    """Hostile text costs no more than a moment."""
    began = time.process_time()
    assert reply(page) is None
    assert time.process_time() - began < 2


def test_a_thought_that_never_ends_leaves_the_words_after_it() -> None:
    """Only the tag itself is dropped when the end of the thought is missing."""
    assert said("<think>a") == "a"


def test_only_what_is_complete_is_told_of_a_growing_reply() -> None:
    """Letter by letter the claims appear whole, in order, and never change."""
    seen: list[tuple[str, ...]] = [()]
    many = json.dumps(
        {
            "parts": [
                {
                    "question": "?",
                    "verdict": "answered",
                    "outcome": "yes",
                    "direct": {**CLAIM, "text": "direct"},
                    "claims": [{**CLAIM, "text": f"claim {n}"} for n in range(4)],
                }
            ]
        }
    )
    for end in range(len(many) + 1):
        growing = reply_so_far(many[:end])
        told = () if growing is None else tuple(c.text for p in growing.parts for c in ([p.direct] if p.direct else []) + list(p.claims))
        if told != seen[-1]:
            assert told[: len(seen[-1])] == seen[-1]
            seen.append(told)
    assert seen[-1] == ("direct", "claim 0", "claim 1", "claim 2")


def test_small_slips_cost_nothing() -> None:
    """A direct answer as text takes the citations of its claims, a number for an id is text, one citation stands for a list."""
    part = {
        "verdict": "ANSWERED",
        "direct": "要。",
        "claims": [{"text": "要登记。", "citations": {"passage": 24, "quote": "访客姓名"}}, "x"],
    }
    found = reply(json.dumps({"parts": [part]}))
    assert found is not None
    assert found.parts[0].direct is not None
    assert found.parts[0].direct.citations == found.parts[0].claims[0].citations
    assert found.parts[0].claims[0].citations[0].id == "24"


def test_a_draft_inside_an_open_thought_is_not_shown() -> None:
    """While it goes on nothing of it is told; when it has ended only what follows counts; what never ends is read in the end."""
    text = json.dumps({"parts": [{"question": "q", "verdict": "answered", "direct": CLAIM, "claims": [CLAIM]}]}, ensure_ascii=False)
    begun = text[:-4] + ","
    assert reply_so_far(begun) is not None
    assert reply_so_far(f"<think>first {begun}") is None
    assert reply_so_far(f"<think>{text}</think>") is None
    assert reply_so_far(f"<think>hm</think>{begun}") is not None
    assert reply_so_far(f"<|channel|>analysis<|message|>{begun}") is None
    assert reply_so_far(f"<|channel|>analysis<|message|>x<|end|><|channel|>final<|message|>{begun}") is not None
    assert reply(f"<think>{text}") is not None
    assert thoughts(f"<think>{text}</think>") == text
