"""Text in, analysis out."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.analysis import Label
from nlp.analyzer import EXPECTED, Analyzer, load_analyzer, whole_text
from nlp.batching import Batcher
from nlp.component import Draft
from nlp.encoder import shipped_model
from nlp.lexicon import COLUMNS, Lexicon, LiveLexicon, parse_tables
from nlp.pii import PiiKind
from tests.support.fake_backend import FakeBackend

ROW = "lex_boom\t爆炸\tinjury\t5\tsafety_incident\t\t\t爆炸头\t爆炸了\t爆炸头\t"
LEXICON = Lexicon(parse_tables([("t.tsv", f"{chr(9).join(COLUMNS)}\n{ROW}".encode())]))
ANALYZER = load_analyzer(["澄屿青柚茶"], lexicon=LEXICON, backends=())


@dataclass(frozen=True)
class Fake:
    """A component that does what it is given."""

    name: str
    action: Callable[[Draft], None]
    stand_in: bool = False
    needs: tuple[str, ...] = ()
    version: str = "fake-1"

    def run(self, drafts: Sequence[Draft]) -> None:
        for draft in drafts:
            self.action(draft)


def label(draft: Draft) -> None:
    draft.sentiment = Label(label="neutral", scores={"neutral": 1.0})


def fail(_draft: Draft) -> None:
    raise RuntimeError("broken")


def fail_on_bad(draft: Draft) -> None:
    if draft.text == "bad":
        raise RuntimeError("broken")
    draft.tokens = (draft.text,)


def encoded(*backends: FakeBackend) -> Analyzer:
    """The shipped components with these backends."""
    return load_analyzer(lexicon=LEXICON, backends=backends)


def test_every_part_is_filled() -> None:
    analysis = ANALYZER.analyze("澄嶼青柚茶的瓶子爆炸了，太可怕了，差評")
    assert analysis.language == "zh"
    assert analysis.normal == "澄屿青柚茶的瓶子爆炸了,太可怕了,差评"
    assert "澄屿青柚茶" in analysis.tokens
    assert analysis.sentiment is not None
    assert analysis.sentiment.label == "negative"
    assert [hit.entry_id for hit in analysis.counted_hits] == ["lex_boom"]
    assert (analysis.severity, analysis.categories) == (5, ("injury",))
    assert analysis.scenario == "safety_incident"
    assert analysis.copy_key.bands


def test_patterns_and_personal_data_are_found() -> None:
    analysis = ANALYZER.analyze("再不退款我就曝光你们。我的号13800138000")
    assert [hit.pattern for hit in analysis.counted_patterns] == ["exposure_threat"]
    assert [pii.kind for pii in analysis.pii] == [PiiKind.MOBILE]
    assert {"patterns", "pii"} <= set(analysis.versions)


@pytest.mark.parametrize("name", ["lexicon", "patterns", "pii"])
def test_what_words_tell_is_named_when_it_fails(name: str) -> None:
    assert name in Analyzer([Fake(name, fail)]).analyze("好").degraded


def test_words_alone_are_read_without_anything_else() -> None:
    backend = FakeBackend()
    texts = ["瓶子爆炸，电话13800138000", "Nothing here"]
    first, second = encoded(backend).analyze_words(texts)
    assert [hit.entry_id for hit in first.hits] == ["lex_boom"]
    assert (first.language, second.language, second.hits) == ("zh", "en", ())
    assert (first.tokens, first.pii, first.sentiment, first.degraded) == ((), (), None, ())
    assert set(first.versions) == {"normalizer", "language", "copy_key", "lexicon"}
    assert first.copy_key == ANALYZER.analyze(texts[0]).copy_key
    assert backend.batches == []


def test_words_alone_say_what_the_whole_says() -> None:
    text = "再不退款我就曝光你们，瓶子爆*炸，电话13800138000"
    (words,) = ANALYZER.analyze_words([text], components=("lexicon", "patterns", "pii"))
    whole = ANALYZER.analyze(text)
    assert (words.hits, words.patterns, words.pii) == (whole.hits, whole.patterns, whole.pii)
    assert words.language == whole.language


def test_what_needs_more_than_words_is_refused() -> None:
    with pytest.raises(ValueError, match="sentiment"):
        ANALYZER.analyze_words(["好"], components=("lexicon", "sentiment"))


def test_a_live_lexicon_is_followed() -> None:
    live = LiveLexicon(Lexicon(()))
    analyzer = load_analyzer(lexicon=live, backends=())
    assert analyzer.analyze("瓶子爆炸").hits == ()
    live.swap(LEXICON)
    after = analyzer.analyze("瓶子爆炸")
    assert [hit.entry_id for hit in after.hits] == ["lex_boom"]
    assert after.versions["lexicon"] == analyzer.versions["lexicon"] == LEXICON.version


def test_words_of_one_analyzer_are_not_those_of_another() -> None:
    text = "这瓶澄屿青柚茶真好喝"
    plain = load_analyzer(lexicon=LEXICON, backends=())
    again = load_analyzer(["澄屿青柚茶"], lexicon=LEXICON, backends=())
    assert "澄屿青柚茶" not in plain.analyze(text).tokens
    assert "澄屿青柚茶" in again.analyze(text).tokens


def test_what_is_missing_or_a_stand_in_is_named() -> None:
    assert ANALYZER.analyze("好").degraded == EXPECTED


def test_a_genuine_component_is_not_degraded() -> None:
    analysis = Analyzer([Fake("sentiment", label)]).analyze("好")
    assert analysis.degraded == ("emotion", "intent", "abuse", "moderation")


def test_versions_name_every_component() -> None:
    versions = ANALYZER.analyze("好").versions
    assert {"normalizer", "tokenizer", "lexicon", "sentiment"} <= set(versions)
    assert versions["lexicon"] == LEXICON.version


def test_spans_with_a_title_count_from_its_start() -> None:
    analysis = ANALYZER.analyze("瓶子爆炸", title="快訊")
    (hit,) = analysis.hits
    assert whole_text("瓶子爆炸", title="快訊")[hit.start : hit.end] == "爆炸"
    assert (hit.start, hit.end) == (5, 7)


def test_a_title_is_analysed_too() -> None:
    assert ANALYZER.analyze("详见正文", title="饮料瓶爆炸").severity == 5


def test_a_failing_component_is_named_and_the_rest_run(caplog: pytest.LogCaptureFixture) -> None:
    analyzer = Analyzer([Fake("tokenizer", fail), Fake("sentiment", label)])
    with caplog.at_level(logging.ERROR):
        analysis = analyzer.analyze("好")
    assert analysis.degraded == ("emotion", "intent", "abuse", "moderation", "tokenizer")
    assert analysis.sentiment is not None
    assert caplog.records[0].message == "analysis.component_failed"


def test_a_failing_stand_in_is_named_once() -> None:
    analysis = Analyzer([Fake("sentiment", fail, stand_in=True)]).analyze("好")
    assert analysis.degraded.count("sentiment") == 1


def test_a_batch_answers_in_order() -> None:
    texts = ["好", "爆炸", ""]
    assert ANALYZER.analyze_batch(texts) == [ANALYZER.analyze(text) for text in texts]


def test_a_component_that_fails_on_one_text_degrades_only_that(
    caplog: pytest.LogCaptureFixture,
) -> None:
    analyzer = Analyzer([Fake("tokenizer", fail_on_bad)])
    good, bad, other = analyzer.analyze_batch(["good", "bad", "other"])
    assert (good.tokens, bad.tokens, other.tokens) == (("good",), (), ("other",))
    assert ["tokenizer" in item.degraded for item in (good, bad, other)] == [False, True, False]
    assert len(caplog.records) == 1


def test_what_needs_a_stand_in_runs_after_it() -> None:
    seen: list[Label | None] = []
    late = Fake("late", lambda draft: seen.append(draft.sentiment), needs=("sentiment",))
    Analyzer([late, Fake("sentiment", label, stand_in=True)]).analyze("好")
    assert [item.label for item in seen if item] == ["neutral"]


def test_the_encoder_answers_every_head() -> None:
    analysis = encoded(FakeBackend()).analyze("差差,骂,瓶子爆炸,停")
    assert (analysis.sentiment and analysis.sentiment.label) == "negative"
    assert (analysis.emotion and analysis.emotion.label) == "angry"
    assert (analysis.intent and analysis.intent.label) == "complaint"
    assert analysis.abuse == 1.0
    assert analysis.degraded == ()
    assert analysis.versions["encoder"] == "fake-1"
    assert analysis.vector is not None
    assert analysis.vector.dtype == np.float32


def test_scenarios_are_those_of_lexicon_and_encoder() -> None:
    analysis = encoded(FakeBackend()).analyze("瓶子爆炸,停")
    assert [item.scenario for item in analysis.scenarios] == ["outage", "safety_incident"]


def test_the_encoder_that_ships_is_the_default() -> None:
    versions = load_analyzer(lexicon=LEXICON).versions
    assert ("encoder" in versions) == (shipped_model() is not None)


def test_no_encoder_no_version() -> None:
    assert "encoder" not in ANALYZER.versions


def test_where_the_encoder_fails_words_stand_in(caplog: pytest.LogCaptureFixture) -> None:
    analyzer = encoded(FakeBackend(uninferred=lambda text: "坏" in text))
    good, bad = analyzer.analyze_batch(["很好", "坏了,差评"])
    assert good.degraded == ()
    assert set(bad.degraded) == {*EXPECTED, "scenario"}
    assert (bad.sentiment and bad.sentiment.label) == "negative"
    assert "analysis.encoder_failed" in caplog.messages


def test_equal_texts_are_inferred_once() -> None:
    backend = FakeBackend()
    first, _, second = encoded(backend).analyze_batch(["很好", "很差", "很好"])
    assert first == second
    assert backend.batches == [[2, 2]]


def test_a_text_of_many_windows_is_read_to_its_end() -> None:
    backend = FakeBackend()
    analysis = encoded(backend).analyze("字词句" * 300 + "差")
    assert (analysis.sentiment and analysis.sentiment.label) == "negative"
    assert sum(map(sum, backend.batches)) == 901


def test_a_batch_of_mixed_lengths_answers_in_order() -> None:
    texts = ["好" * 2 + "字词" * count + "差" * (count % 3) for count in range(60)]
    analyses = encoded(FakeBackend()).analyze_batch(texts)
    alone = encoded(FakeBackend())
    assert analyses == [alone.analyze(text) for text in texts]


async def test_a_line_of_the_analyser_answers_as_it_does_alone() -> None:
    texts = ["很好", "很差,停", "", "字词句" * 50 + "差"]
    line = Batcher(encoded(FakeBackend()), now=lambda: 0.0)
    try:
        calls = await asyncio.gather(*(line.submit([text]) for text in texts))
    finally:
        await line.aclose()
    assert [analysis for [analysis] in calls] == encoded(FakeBackend()).analyze_batch(texts)


@settings(max_examples=150)
@given(st.text(st.characters(), max_size=80), st.none() | st.text(max_size=5))
def test_any_string_is_analysed_without_failure(text: str, title: str | None) -> None:
    analysis = ANALYZER.analyze(text, title=title)
    assert analysis.degraded == ("sentiment", "emotion", "intent", "abuse", "moderation")
    whole = whole_text(text, title=title)
    assert all(whole[hit.start : hit.end] == hit.surface for hit in analysis.hits)


def test_another_encoder_reads_from_now_on() -> None:
    analyzer = encoded(FakeBackend(version="fake-1"))
    assert analyzer.analyze("差").versions["encoder"] == "fake-1"
    analyzer.swap_encoder((FakeBackend(version="fake-2"),))
    assert analyzer.analyze("差").versions["encoder"] == "fake-2"
    assert analyzer.versions["encoder"] == "fake-2"


def test_what_the_other_encoder_does_not_answer_is_missing() -> None:
    analyzer = encoded(FakeBackend())
    assert analyzer.analyze("差").degraded == ()
    analyzer.swap_encoder((FakeBackend(tasks=frozenset({"sentiment"})),))
    found = analyzer.analyze("好")
    assert found.degraded == ("emotion", "intent", "abuse", "moderation")
    analyzer.swap_encoder(())
    assert "encoder" not in analyzer.analyze("好").versions


def test_a_text_under_way_is_ended_by_the_encoder_that_began_it() -> None:
    old, new = FakeBackend(version="fake-1"), FakeBackend(version="fake-2", longest=3)
    analyzer = encoded(old)
    (begun, begun_parts), *_ = analyzer.prepare(["差得很，退货"])
    analyzer.swap_encoder((new,))
    (fresh, fresh_parts), *_ = analyzer.prepare(["好得很，回购"])

    rows = analyzer.infer([*begun_parts, *fresh_parts])
    first = analyzer.finish(begun, rows[: len(begun_parts)])
    second = analyzer.finish(fresh, rows[len(begun_parts) :])
    assert (first.versions["encoder"], second.versions["encoder"]) == ("fake-1", "fake-2")
    assert first.sentiment is not None
    assert second.sentiment is not None
    assert (first.sentiment.label, second.sentiment.label) == ("negative", "positive")
    assert (len(old.batches), len(new.batches)) == (1, 1)
