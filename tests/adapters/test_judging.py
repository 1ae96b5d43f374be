"""What checks claims by meaning: a cross-encoder that the test makes, another chat model, and what the doctor says of each."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from assistant.adapters.models.entailment import CrossEncoderEntailment
from assistant.answers.passages import passages
from assistant.answers.reply.calling.budget import Budget
from assistant.answers.reply.calling.claims import Cited, Claim
from assistant.answers.reply.calling.failures import NoReply
from assistant.answers.reply.check.checker import Checker
from assistant.answers.reply.check.entailment import UNSUPPORTED
from assistant.answers.reply.check.lines import GuideLines
from assistant.errors import Unavailable
from assistant.guide import Guide
from assistant.settings import Settings
from connectors.cli.doctor.judging import judging
from tests.answers.endpoint import Reply, endpoint
from tests.answers.scripted import verdicts

pytestmark = pytest.mark.thorough
NAMED = {"order": {0: "contradiction", 1: "neutral", 2: "entailment"}, "opposite": {0: "entailment", 1: "neutral", 2: "contradiction"}}


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Models of one tiny layer whose last label always has the largest score; the names of the labels differ."""
    import torch
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    words = Tokenizer(WordLevel({"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3}, unk_token="[UNK]"))
    words.pre_tokenizer = Whitespace()
    special = {"unk_token": "[UNK]", "pad_token": "[PAD]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    shape: dict[str, Any] = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    fast: Any = PreTrainedTokenizerFast
    folders = {}
    for name, labels in NAMED.items():
        config = BertConfig(vocab_size=8, id2label=labels, label2id={v: k for k, v in labels.items()}, **shape)
        model = BertForSequenceClassification(config)
        with torch.no_grad():
            model.classifier.weight.zero_()
            model.classifier.bias.copy_(torch.tensor([0.0, 0.0, 5.0]))
        folders[name] = tmp_path_factory.mktemp("judge") / name
        model.save_pretrained(folders[name])
        fast(tokenizer_object=words, model_max_length=64, **special).save_pretrained(folders[name])
    return folders


@pytest.mark.parametrize(("name", "stands"), [("order", True), ("opposite", False)])
def test_a_cross_encoder_judges_by_the_names_of_its_labels(saved: dict[str, Path], guide: Guide, name: str, stands: bool) -> None:
    """The column called entailment decides, wherever it stands; a claim at a time, while a reply still grows."""
    checker = Checker(GuideLines(guide, passages(guide)), CrossEncoderEntailment(str(saved[name])))
    told = Claim(text="系统数据要存3年以上", citations=(Cited(id="10", quote="数据存储3年以上"),))
    denied = Claim(text="指南没有规定数据怎样备份", citations=(Cited(id="10", quote="数据存储3年以上"),))
    checked, by_meaning = checker.checked([("存多久？", told), ("怎样备份？", denied)], Budget(90.0))
    assert (checker.each, by_meaning) == (True, True)
    assert [c.why for c in checked] == ["" if stands else UNSUPPORTED] * 2


def test_a_cross_encoder_that_is_not_there_leaves_the_rules(guide: Guide, tmp_path: Path) -> None:
    """It is no reply, and the claims that stand by the rules are shown as checked by rules only."""
    (tmp_path / "empty").mkdir()
    lines = GuideLines(guide, passages(guide))
    judge = CrossEncoderEntailment(str(tmp_path / "empty"))
    told = Claim(text="系统数据要存3年以上", citations=(Cited(id="10", quote="数据存储3年以上"),))
    checked, by_meaning = Checker(lines, judge).checked([("存多久？", told)], Budget(5.0))
    assert (checked[0].stands, by_meaning) == (True, False)
    with pytest.raises(NoReply, match="empty"):
        judge.faults([Checker(lines, judge)._judged(("存多久？", told), checked[0])], lines, Budget(5.0))


def test_a_cross_encoder_has_the_questions_time(guide: Guide) -> None:
    """One that loads or judges for longer is not waited for: the claims are shown as checked by rules only."""
    lines, judge = GuideLines(guide, passages(guide)), CrossEncoderEntailment("slow")
    done = threading.Event()

    class Slow:
        def predict(self, pairs: Any, **_: Any) -> list[float]:
            done.wait(60)
            return [1.0] * len(pairs)

    judge.__dict__["_model"] = Slow()
    told = Claim(text="系统数据要存3年以上", citations=(Cited(id="10", quote="数据存储3年以上"),))
    checked, by_meaning = Checker(lines, judge).checked([("存多久？", told)], Budget(0.05))
    done.set()
    assert (checked[0].stands, by_meaning) == (True, False)
    with pytest.raises(NoReply, match="timeout"):
        judge.faults([Checker(lines, judge)._judged(("存多久？", told), checked[0])], lines, Budget(0.0))


def test_the_doctor_tries_the_judge(saved: dict[str, Path], tmp_path: Path) -> None:
    """Nothing to try, rules only, a judge that tells right from wrong, one that does not, one that is not there."""

    def found(**options: Any) -> tuple[bool | None, str]:
        return judging(Settings(home=tmp_path, lang="zh", **options))

    assert found()[0] is None
    with endpoint(lambda r, n: Reply(verdicts(r, lambda claim: claim.startswith("建立海关法律法规")))) as at:
        chat = {"chat_model": "scripted", "chat_base_url": at.address, "chat_api_key": SecretStr("k")}
        assert (found(**chat, check_model="rules")[0], len(at.requests)) == (None, 0)
        assert found(**chat) == (True, "scripted 能分清对错")
        ok, sentence = found(**chat, check_model="other")
        assert (ok, at.requests[-1]["model"]) == (True, "other")
        ok, sentence = found(**chat, check_model=str(saved["order"]))
        assert ok is False
        assert "AEO_CHECK_MODEL" in sentence
    with endpoint(lambda r, n: Reply("down", status=500)) as at, pytest.raises(Unavailable, match="AEO_CHECK_MODEL"):
        found(chat_model="scripted", chat_base_url=at.address, chat_api_key=SecretStr("k"))
