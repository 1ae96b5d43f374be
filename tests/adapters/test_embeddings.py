"""Embedding models: the bundled one, sentence-transformers from a folder that the test itself saves, an endpoint."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import InMemoryVectorStore

from assistant.adapters.models.embeddings import BundledE5, CrossEncoderModel, SentenceTransformerModel, embedder
from assistant.adapters.models.hub import loaded
from assistant.adapters.models.known_vectors import VectorCache, key_of
from assistant.adapters.models.packed_vectors import pack
from assistant.answers.ports import Embedder
from assistant.app import Assistant
from assistant.errors import IndexMismatch, Unavailable
from assistant.settings import Settings
from connectors.cli.doctor.looks import examine
from ingest.pipeline import ingest
from ingest.shipped import SHIPPED, VECTORS
from tests.conftest import NOW
from tests.ingest.small import small_guide

pytestmark = pytest.mark.thorough

TEXTS = ["访客登记记录", "员工离职后账号注销", "container seal", ""]


def test_the_bundled_model_gives_unit_vectors_in_two_forms() -> None:
    """Queries and passages differ in form; vectors have length 1; like meets like."""
    model = BundledE5()
    queries, passages = model.queries(TEXTS), model.passages(TEXTS)
    assert queries.shape == passages.shape == (4, 384)
    assert np.allclose(np.linalg.norm(queries, axis=1), 1, atol=1e-3)
    assert not np.allclose(queries, passages)
    similar = model.passages(["企业访客出入登记记录。", "数据存储3年以上"]) @ model.queries(["门卫登记外来人员要留哪些记录"])[0]
    assert similar[0] > similar[1]


def test_many_texts_in_threads_are_the_same_as_one_by_one() -> None:
    """Splitting the work over threads changes no vector and no order."""
    model = BundledE5()
    texts = [f"第{i}份" + "留存" * (i % 5) for i in range(70)]
    together = model.queries(texts)
    alone = np.concatenate([model.queries([t]) for t in texts[::10]])
    assert np.allclose(together[::10], alone, atol=1e-4)


def test_shipped_vectors_are_the_models_own() -> None:
    """The archive that ships holds, to 8 bit, what the bundled model computes today."""
    model = BundledE5()
    from ingest.learn.banks import bank

    asked = [e.question for e in bank.load()][::400]
    with np.load(VECTORS) as archive:
        known = {bytes(k): i for i, k in enumerate(archive["keys"])}
        rows = [known[key_of(model.fingerprint, "query", q)] for q in asked]
        shipped = archive["vectors"][rows].astype(np.float32) * archive["scale"][rows][:, None]
    fresh = np.concatenate([model.queries([q]) for q in asked])
    cosine = (shipped * fresh).sum(axis=1) / np.linalg.norm(shipped, axis=1)
    assert cosine.min() > 0.998


def test_nothing_is_embedded_twice(tmp_path: Path) -> None:
    """Known texts come from the cache, also in another run and next to unknown ones; a damaged cache is rebuilt."""
    calls: list[list[str]] = []

    def model(texts: list[str]) -> np.ndarray:
        calls.append(list(texts))
        return np.array([[len(t), 1.0] for t in texts], dtype=np.float32)

    path = tmp_path / "vectors.sqlite3"
    first = VectorCache(path).embed("m", "query", ["a", "bb", "a"], model)
    second = VectorCache(path).embed("m", "query", ["bb", "ccc"], model)
    assert calls == [["a", "bb"], ["ccc"]]
    assert first.tolist() == [[1, 1], [2, 1], [1, 1]]
    assert second.tolist() == [[2, 1], [3, 1]]
    VectorCache(path).embed("other", "query", ["a"], model)
    VectorCache(path).embed("m", "passage", ["a"], model)
    assert len(calls) == 4
    for leftover in tmp_path.glob("vectors.sqlite3-*"):
        leftover.unlink()
    path.write_bytes(b"this is no database" * 100)
    assert VectorCache(path).embed("m", "query", ["a"], model).tolist() == [[1, 1]]


def test_a_packed_archive_serves_only_its_own_model(tmp_path: Path) -> None:
    """Shipped vectors of another model are not used."""
    archive = tmp_path / "shipped.npz"
    vector = np.array([0.6, 0.8], dtype=np.float32)
    pack(archive, "m", {key_of("m", "query", "a"): vector})
    never = pytest.fail
    found = VectorCache(tmp_path / "one.sqlite3", archive).embed("m", "query", ["a"], lambda t: never("embedded"))
    assert np.allclose(found, [vector], atol=0.01)
    other = VectorCache(tmp_path / "two.sqlite3", archive).embed("n", "query", ["a"], lambda t: np.zeros((1, 2), dtype=np.float32))
    assert other.tolist() == [[0, 0]]


def test_an_archive_of_16_bit_is_as_good_as_embedding(tmp_path: Path) -> None:
    """Vectors of case sets ship so: no case is answered otherwise for it. Where all is known no file is opened."""
    archive = tmp_path / "shipped.npz"
    texts = ["访客登记记录", "员工离职后账号注销"]
    model = BundledE5()
    exact = model.queries(texts)
    pack(archive, model.fingerprint, {key_of(model.fingerprint, "query", t): v for t, v in zip(texts, exact, strict=True)}, np.int16)
    cache = VectorCache(tmp_path / "none" / "one.sqlite3", archive)
    found = cache.embed(model.fingerprint, "query", texts, lambda t: pytest.fail("embedded"))
    assert np.abs(found - exact).max() < 1e-5
    assert (cache.reused, cache.computed) == (2, 0)
    assert not (tmp_path / "none").exists()
    other = VectorCache(tmp_path / "two.sqlite3")
    other.embed("m", "query", ["甲"], lambda t: np.ones((1, 2), dtype=np.float32))
    assert [v.tolist() for v in other.kept().values()] == [[1, 1]]


def test_what_an_archive_holds_stays_as_it_is(tmp_path: Path) -> None:
    """Packed again, with what came out of it, it is the same byte for byte; a new text changes nothing of the others."""
    archive, chance = tmp_path / "shipped.npz", np.random.default_rng(0)
    keyed = {key_of("m", "query", str(n)): chance.normal(size=16).astype(np.float32) for n in range(20)}
    pack(archive, "m", keyed)
    before = archive.read_bytes()
    read = VectorCache(tmp_path / "one.sqlite3", archive).embed(
        "m", "query", [str(n) for n in range(20)], lambda t: pytest.fail("embedded")
    )
    pack(archive, "m", dict(zip(keyed, read, strict=True)))
    assert archive.read_bytes() == before
    pack(archive, "m", {key_of("m", "query", "new"): read[0], **keyed})
    with np.load(archive) as arrays:
        packed = arrays["vectors"][1:], arrays["scale"][1:]
    pack(archive, "m", keyed)
    with np.load(archive) as arrays:
        assert np.array_equal(packed[0], arrays["vectors"])
        assert np.array_equal(packed[1], arrays["scale"])


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers model of 64 dimensions with a query and a document prompt, made and saved here."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Split

    characters = sorted(set(SHIPPED.read_text(encoding="utf-8")) | set("abcdefghijklmnopqrstuvwxyz?:_ "))
    tokenizer = Tokenizer(WordLevel({c: i for i, c in enumerate(["[UNK]", *characters])}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Split("", "isolated")
    module = StaticEmbedding(
        tokenizer, embedding_weights=np.random.default_rng(7).normal(size=(len(characters) + 1, 64)).astype(np.float32)
    )
    model = SentenceTransformer(modules=[module], prompts={"query": "query: ", "document": "passage: "})
    folder = tmp_path_factory.mktemp("model") / "tiny"
    model.save(str(folder))
    return folder


def test_a_sentence_transformers_model_runs_the_whole_way(tiny_model: Path, tmp_path: Path) -> None:
    """Loaded from a folder, with its own query and document prompts, it ingests, answers, and is recorded in the index."""
    model = SentenceTransformerModel(str(tiny_model))
    assert not np.allclose(model.queries(["访客登记"]), model.passages(["访客登记"]))
    assert np.allclose(np.linalg.norm(model.queries(TEXTS[:3]), axis=1), 1, atol=1e-4)
    settings = Settings(home=tmp_path / "home", embedding_model=str(tiny_model))
    done = ingest(small_guide(tmp_path), settings, NOW)
    assert done.manifest.embedder == model.fingerprint
    assert Assistant(settings).ask("访客登记的记录").clauses[0] == "2(2)"
    with pytest.raises(IndexMismatch, match="aeo guide ingest"):
        Assistant(Settings(home=tmp_path / "home")).ask("访客登记要留哪些记录")
    assert Assistant(Settings(home=tmp_path / "home")).ask("2(2)").answered


def test_a_model_that_is_not_there_is_one_clear_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing folder or an unreachable hub fails at once with the setting to look at."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(Unavailable, match="AEO_EMBEDDING_MODEL"):
        SentenceTransformerModel("BAAI/no-such-model").queries(["x"])


def test_a_hub_that_is_away_is_said_at_once(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """A name that is neither a folder nor kept here, with nobody to fetch it from: one sentence in the reader's language, nothing tried again."""
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(Unavailable) as failed:
        SentenceTransformerModel("nope").queries(["x"])
    assert failed.value.sentence("zh").startswith("无法加载向量模型 nope：不是本机的文件夹，本机没有存过，模型站点现在也连不上。")
    with pytest.raises(Unavailable, match="AEO_RERANKER_MODEL"):
        CrossEncoderModel("nope").scores("x", ["y"])
    assert "Retrying" not in "".join(capfd.readouterr())


def test_offline_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """``AEO_OFFLINE``: what is not on this machine is not looked for elsewhere."""
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setenv("AEO_OFFLINE", "1")
    tried: list[bool] = []

    def load(local: bool) -> None:
        tried.append(local)
        raise FileNotFoundError("nope")

    with pytest.raises(FileNotFoundError):
        loaded("nope", load)
    assert tried == [True]


def test_an_optional_cross_encoder_reorders(tmp_path: Path, ingested: Path) -> None:
    """A cross-encoder, made and saved here, is asked for the best clauses and its order is taken."""
    from sentence_transformers import CrossEncoder
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    words = Tokenizer(WordLevel({"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3}, unk_token="[UNK]"))
    words.pre_tokenizer = Whitespace()
    config = BertConfig(vocab_size=8, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, num_labels=1)
    BertForSequenceClassification(config).save_pretrained(tmp_path / "cross")
    PreTrainedTokenizerFast(
        tokenizer_object=words, unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]", model_max_length=64
    ).save_pretrained(tmp_path / "cross")
    CrossEncoder(str(tmp_path / "cross"), local_files_only=True)
    scores = CrossEncoderModel(str(tmp_path / "cross")).scores("访客", ["访客登记", "数据"])
    assert scores.shape == (2,)
    question = "访客登记要留哪些记录"
    searcher = Assistant(Settings(home=ingested)).edition().searcher
    before = searcher.find(question)
    scores = {}
    for clause, _ in before.clauses[:8]:
        text = "\n".join([searcher.guide.places[clause].item.title, *(p.wording for p in searcher.groups[clause])])
        scores[clause] = float(CrossEncoderModel(str(tmp_path / "cross")).scores(question, [text])[0])
    answer = Assistant(Settings(home=ingested, reranker_model=str(tmp_path / "cross"))).ask(question)
    best = max(scores.values())
    assert scores[answer.nearest[0]] == pytest.approx(best, abs=1e-4)
    assert answer.notices == ()


@pytest.mark.parametrize(
    ("wrong", "setting"),
    [({"reranker_model": "/nope"}, "AEO_RERANKER_MODEL"), ({"chat_model": "foo"}, "foo"), ({"chat_model": "nobody:foo"}, "nobody")],
)
def test_a_wrong_model_costs_nobody_the_answer(ingested: Path, wrong: dict[str, str], setting: str) -> None:
    """The guide's own words are served with a notice; the doctor names the setting."""
    settings = Settings(home=ingested, **wrong)  # type: ignore[arg-type]
    answer = Assistant(settings).ask("访客登记要留哪些记录")
    assert answer.clauses[0] == "24(3)"
    assert answer.notices == ("models.reranker" if "reranker_model" in wrong else "models.chat",)
    found = {name: (ok, sentence) for name, ok, sentence in examine(settings)}
    ok, sentence = found["reranker" if "reranker_model" in wrong else "chat"]
    assert (ok, setting in sentence) == (False, True)


def test_every_embedder_is_one_of_langchains() -> None:
    """Whoever uses LangChain hands it on as an ``Embeddings``, though none is imported for an answer."""
    model = embedder(Settings())
    assert isinstance(model, Embeddings)
    vectors = InMemoryVectorStore(model)
    vectors.add_texts(["访客登记", "内部审计"])
    assert [d.page_content for d in vectors.similarity_search("来访人员", k=1)] == ["访客登记"]


def test_reranking_keeps_the_shares_in_the_new_order(assistant: Assistant) -> None:
    """The clause that the cross-encoder prefers takes the first place."""
    from assistant.answers.steps import reranked

    searcher = assistant.edition().searcher
    found = searcher.find("访客登记要留哪些记录")

    class Previouswards:
        def scores(self, question: str, texts: list[str]) -> np.ndarray:
            return np.arange(len(texts), dtype=np.float32)

    turned = reranked(found, searcher, Previouswards())
    assert [c for c, _ in turned.clauses[:8]] == [c for c, _ in found.clauses[:8]][::-1]
    assert [s for _, s in turned.clauses] == [s for _, s in found.clauses]


WRONG: dict[str, Callable[[list[dict[str, Any]]], list[dict[str, Any]]]] = {
    "NaN": lambda rows: [{**r, "embedding": [float("nan"), 1.0, 1.0]} for r in rows],
    "null": lambda rows: [{**r, "embedding": None} for r in rows],
    "a null inside": lambda rows: [{**r, "embedding": [None, 1.0, 1.0]} for r in rows],
    "fewer": lambda rows: rows[:-1],
    "more": lambda rows: [*rows, {**rows[0], "index": len(rows)}],
    "the same twice": lambda rows: [{**r, "index": 0} for r in rows],
    "unequal lengths": lambda rows: [{**r, "embedding": [1.0] * (1 + r["index"])} for r in rows],
    "zeros": lambda rows: [{**r, "embedding": [0.0, 0.0, 0.0]} for r in rows],
    "words": lambda rows: [{**r, "embedding": "oops"} for r in rows],
    "nothing": lambda rows: [],
}


@dataclass
class Endpoint:
    """Where it is, how many texts each request had, and what it makes of its rows before it answers."""

    address: str = ""
    sizes: list[int] = field(default_factory=list)
    spoil: Callable[[list[dict[str, Any]]], list[dict[str, Any]]] = list


@pytest.fixture
def embedding_endpoint() -> Iterator[Endpoint]:
    """A real HTTP endpoint that embeds by letter counts and refuses more than 10 texts a request."""
    told = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            texts = asked["input"] if isinstance(asked["input"], list) else [asked["input"]]
            told.sizes.append(len(texts))
            ok = len(texts) <= 10
            data = [{"object": "embedding", "index": i, "embedding": [len(t) + 1.0, t.count("访") + 1.0, 1.0]} for i, t in enumerate(texts)]
            body = json.dumps(
                {"object": "list", "data": told.spoil(data), "model": "m", "usage": {"prompt_tokens": 1, "total_tokens": 1}}
            ).encode()
            self.send_response(200 if ok else 400)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    told.address = f"http://127.0.0.1:{server.server_address[1]}/v1"
    yield told
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["bundled", "folder", "endpoint"])
def any_embedder(request: pytest.FixtureRequest) -> Embedder:
    """Each adapter of the port."""
    if request.param == "bundled":
        return BundledE5()
    if request.param == "folder":
        return SentenceTransformerModel(str(request.getfixturevalue("tiny_model")))
    return _at(request.getfixturevalue("embedding_endpoint"))


def test_the_port_holds_for_every_embedder(any_embedder: Embedder) -> None:
    """The port ``Embedder``: unit vectors of single precision, a row for each text in the order of the texts, the same every time."""
    assert any_embedder.fingerprint == any_embedder.fingerprint != ""
    for form in (any_embedder.queries, any_embedder.passages):
        found = form(TEXTS[:3])
        assert found.dtype == np.float32
        assert found.ndim == 2
        assert len(found) == 3
        assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-3)
        assert np.allclose(form(TEXTS[2::-1]), found[::-1], atol=1e-4)


def test_an_endpoint_is_asked_in_batches_it_admits(embedding_endpoint: Endpoint) -> None:
    """DashScope admits 10 texts a request: no batch is larger, and no tokenizer is downloaded."""
    vectors = _at(embedding_endpoint).queries([f"访客{i}" for i in range(25)])
    assert vectors.shape == (25, 3)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert embedding_endpoint.sizes == [10, 10, 5]


def test_an_endpoint_that_is_down_is_named() -> None:
    """The sentence names the address and the setting."""
    with pytest.raises(Unavailable, match="AEO_EMBEDDING_BASE_URL"):
        embedder(Settings(embedding_model="m", embedding_base_url="http://127.0.0.1:9/v1")).queries(["x"])


def test_vectors_stand_in_the_order_of_their_index(embedding_endpoint: Endpoint) -> None:
    """An endpoint may list them in any order."""
    embedding_endpoint.spoil = lambda rows: rows[::-1]
    model = _at(embedding_endpoint)
    assert np.allclose(model.queries(["访", "甲乙丙丁"]), np.vstack([model.queries([t]) for t in ("访", "甲乙丙丁")]))


@pytest.mark.parametrize("spoil", list(WRONG.values()), ids=list(WRONG))
def test_what_is_no_vector_is_the_endpoint_having_failed(embedding_endpoint: Endpoint, spoil: Any) -> None:
    """One sentence about the endpoint, and no vector that is none."""
    embedding_endpoint.spoil = spoil
    with pytest.raises(Unavailable) as told:
        _at(embedding_endpoint).queries(["访", "甲乙"])
    assert told.value.key == "models.endpoint_wrong"
    assert "AEO_EMBEDDING_BASE_URL" in told.value.sentence("zh")


@pytest.mark.parametrize("spoil", [WRONG["NaN"], WRONG["fewer"], lambda rows: [{**r, "embedding": [1.0] * 7} for r in rows]])
def test_staff_read_a_sentence_when_the_endpoint_fails(embedding_endpoint: Endpoint, spoil: Any, tmp_path: Path) -> None:
    """Words and bank answer, also to vectors of another length, and the notice names no setting and no address."""
    settings = Settings(home=tmp_path / "home", embedding_model="m", embedding_base_url=embedding_endpoint.address)
    ingest(small_guide(tmp_path), settings, NOW)
    embedding_endpoint.spoil = spoil
    answer = Assistant(settings).ask("访客登记要留哪些记录？")
    assert "检索暂时不完整" in answer.answer
    assert not re.search(r"AEO_|http|—。", answer.answer)


def _at(endpoint: Endpoint) -> Any:
    return embedder(Settings(embedding_model="m", embedding_base_url=endpoint.address))
