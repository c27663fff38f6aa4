"""Text in, analysis out."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.analysis import Label
from nlp.analyzer import Analyzer, load_analyzer, whole_text
from nlp.component import Draft
from nlp.lexicon import COLUMNS, Lexicon, parse_tables

ROW = "lex_boom\t爆炸\tinjury\t5\tsafety_incident\t\t\t爆炸头\t爆炸了\t爆炸头\t"
LEXICON = Lexicon(parse_tables([("t.tsv", f"{chr(9).join(COLUMNS)}\n{ROW}".encode())]))
ANALYZER = load_analyzer(["澄屿青柚茶"], lexicon=LEXICON)


@dataclass(frozen=True)
class Fake:
    """A component that does what it is given."""

    name: str
    action: Callable[[Draft], None]
    stand_in: bool = False
    needs: tuple[str, ...] = ()
    version: str = "fake-1"

    def run(self, draft: Draft) -> None:
        self.action(draft)


def label(draft: Draft) -> None:
    draft.sentiment = Label(label="neutral", scores={"neutral": 1.0})


def fail(_draft: Draft) -> None:
    raise RuntimeError("broken")


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


def test_what_is_missing_or_a_stand_in_is_named() -> None:
    assert ANALYZER.analyze("好").degraded == ("sentiment", "emotion", "intent", "abuse")


def test_a_genuine_component_is_not_degraded() -> None:
    analysis = Analyzer([Fake("sentiment", label)]).analyze("好")
    assert analysis.degraded == ("emotion", "intent", "abuse")


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
    assert analysis.degraded == ("emotion", "intent", "abuse", "tokenizer")
    assert analysis.sentiment is not None
    assert caplog.records[0].message == "analysis.component_failed"


def test_a_failing_stand_in_is_named_once() -> None:
    analysis = Analyzer([Fake("sentiment", fail, stand_in=True)]).analyze("好")
    assert analysis.degraded.count("sentiment") == 1


def test_a_batch_answers_in_order() -> None:
    texts = ["好", "爆炸", ""]
    assert ANALYZER.analyze_batch(texts) == [ANALYZER.analyze(text) for text in texts]


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(), max_size=80), st.none() | st.text(max_size=5))
def test_any_string_is_analysed_without_failure(text: str, title: str | None) -> None:
    analysis = ANALYZER.analyze(text, title=title)
    assert analysis.degraded == ("sentiment", "emotion", "intent", "abuse")
    whole = whole_text(text, title=title)
    assert all(whole[hit.start : hit.end] == hit.surface for hit in analysis.hits)
