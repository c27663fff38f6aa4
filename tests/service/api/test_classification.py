"""Reading, charging and judging, with a reader of texts that does as it is told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, cast

import pytest

from nlp import Analysis, CopyKey, Label
from service.api.classification import Classification
from service.api.quota import Quota
from service.errors import InvalidInput, Overloaded, TooManyRequests
from service.metrics import classify_items
from service.moderation import ClassifyItem, Forgetful, Verdict
from service.moderation.policies import read_policies
from tests.support.clock import SteppingClock


class Reader:
    """Fails whatever holds `bad`, shows texts that make an answer fail, is full when told."""

    def __init__(self) -> None:
        self.full = False
        self.asked: list[tuple[str, ...]] = []
        self.by_words: list[frozenset[str]] = []

    async def analyze(self, texts: Sequence[str], *, patient: bool = False) -> list[Analysis]:
        assert not patient
        self.asked.append(tuple(texts))
        if self.full:
            raise Overloaded("full", retry_after=1)
        if any("bad" in text for text in texts):
            raise RuntimeError("model file is gone")
        key = CopyKey(exact="", simhash=0, bands=())
        return [
            Analysis(
                language="zh",
                normal=text,
                tokens=(),
                copy_key=key,
                sentiment=cast(Label, "odd") if text == "odd" else None,
            )
            for text in texts
        ]

    async def analyze_words(
        self, texts: Sequence[str], *, components: Collection[str]
    ) -> list[Analysis]:
        self.by_words.append(frozenset(components))
        return await self.analyze(texts)

    async def aclose(self) -> None: ...


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def classification(reader: Reader) -> Classification:
    return made(reader, per_minute=0)


def made(reader: Reader, *, per_minute: int) -> Classification:
    return Classification(reader, quota=Quota(per_minute, monotonic=SteppingClock().monotonic))


class Judge:
    """Fails on texts with `unjudged`, is full when told, and knows one more policy."""

    def __init__(self) -> None:
        self.full = False
        self.callers: list[str] = []
        self.policies = read_policies([("strict.yaml", b"name: strict")])

    async def judge(
        self, items: Sequence[ClassifyItem], analyses: Sequence[Analysis], *, caller: str
    ) -> list[Verdict]:
        self.callers.append(caller)
        if self.full:
            raise Overloaded("full", retry_after=1)
        if any("unjudged" in item.text for item in items):
            raise RuntimeError("a mistake of ours")
        return await Forgetful(self.policies).judge(items, analyses, caller=caller)


def counted(outcome: str) -> float:
    return float(classify_items.labels(outcome=outcome)._value.get())


def items(*texts: str) -> dict[str, Any]:
    return {"components": ["lexicon"], "items": [{"text": text} for text in texts]}


async def test_a_text_that_cannot_be_judged_passes_nobody(classification: Classification) -> None:
    answer = await classification.one({"id": "1", "text": "bad"}, principal="p")
    assert answer["error"]["code"] == "internal"
    assert "suggestion" not in answer


async def test_a_bad_text_never_fails_the_rest(classification: Classification) -> None:
    answers = await classification.many(items("one", "bad", "three"), principal="p")
    assert [answer.get("suggestion") for answer in answers] == ["pass", None, "pass"]
    assert answers[1]["error"]["code"] == "internal"


async def test_an_analysis_that_makes_no_answer_fails_alone(
    classification: Classification,
) -> None:
    body = {"items": [{"text": "odd"}, {"text": "two"}]}
    answers = await classification.many(body, principal="p")
    assert answers[0]["error"]["code"] == "internal"
    assert answers[1]["suggestion"] == "pass"


async def test_a_good_batch_is_read_together(
    classification: Classification, reader: Reader
) -> None:
    await classification.many(items("one", "two"), principal="p")
    assert reader.asked == [("one", "two")]


async def test_a_batch_without_a_readable_item_asks_nobody(
    classification: Classification, reader: Reader
) -> None:
    answers = await classification.many({"items": [1, {}]}, principal="p")
    assert [answer["error"]["code"] for answer in answers] == ["invalid_input"] * 2
    assert reader.asked == []


async def test_what_a_full_line_refuses_costs_no_quota(reader: Reader) -> None:
    classification = made(reader, per_minute=2)
    reader.full = True
    for _ in range(3):
        with pytest.raises(Overloaded):
            await classification.many(items("one", "two"), principal="p")
    reader.full = False
    assert len(await classification.many(items("one", "two"), principal="p")) == 2


async def test_beyond_the_quota_nothing_is_read(reader: Reader) -> None:
    classification = made(reader, per_minute=1)
    await classification.one({"text": "one"}, principal="p")
    with pytest.raises(TooManyRequests) as refused:
        await classification.one({"text": "two"}, principal="p")
    assert refused.value.retry_after == 60
    assert reader.asked == [("one",)]
    assert await classification.one({"text": "two"}, principal="other")


async def test_outcomes_are_counted(classification: Classification) -> None:
    before = {name: counted(name) for name in ("pass", "review", "internal", "invalid_input")}
    body = items("one", "bad")
    body["items"] += [{}, {"text": "three", "kind": "advertisement"}]
    await classification.many(body, principal="p")
    after = {name: counted(name) - count for name, count in before.items()}
    assert after == dict.fromkeys(before, 1.0)


async def test_a_caller_names_its_policy(reader: Reader) -> None:
    judge = Judge()
    quota = Quota(0, monotonic=SteppingClock().monotonic)
    classification = Classification(reader, quota=quota, judge=judge)
    body = {"items": [{"text": "one"}, {"text": "two", "policy": "lax"}], "policy": "strict"}
    strict, lax = await classification.many(body, principal="p")
    assert strict["versions"]["policy"].startswith("strict@")
    assert lax["error"] == {
        "code": "invalid_input",
        "detail": "policy: 'lax' is not known; known: default, strict",
    }
    assert judge.callers == ["p"]


async def test_an_unknown_policy_is_refused_by_name(classification: Classification) -> None:
    with pytest.raises(InvalidInput, match="known: default") as refused:
        await classification.one({"text": "one", "policy": "strict"}, principal="p")
    assert refused.value.errors[0][0] == "policy"


async def test_a_text_that_cannot_be_decided_fails_alone(reader: Reader) -> None:
    quota = Quota(0, monotonic=SteppingClock().monotonic)
    classification = Classification(reader, quota=quota, judge=Judge())
    answers = await classification.many(items("one", "unjudged", "bad", "four"), principal="p")
    assert [answer.get("suggestion") for answer in answers] == ["pass", None, None, "pass"]
    assert answers[1]["error"]["code"] == answers[2]["error"]["code"] == "internal"


async def test_what_a_full_line_refuses_while_judging_costs_no_quota(reader: Reader) -> None:
    judge = Judge()
    judge.full = True
    quota = Quota(2, monotonic=SteppingClock().monotonic)
    classification = Classification(reader, quota=quota, judge=judge)
    for _ in range(3):
        with pytest.raises(Overloaded):
            await classification.many(items("one", "two"), principal="p")
    judge.full = False
    assert len(await classification.many(items("one", "two"), principal="p")) == 2


async def test_no_model_is_asked_where_words_are_all_that_anybody_wants(
    classification: Classification, reader: Reader
) -> None:
    items = [{"text": "a", "components": ["lexicon"]}, {"text": "b", "components": ["pii"]}]
    await classification.many({"items": items}, principal="k")
    await classification.one({"text": "c", "components": ["lexicon", "abuse"]}, principal="k")
    assert reader.by_words == [frozenset({"lexicon", "pii"})]
    assert reader.asked == [("a", "b"), ("c",)]
