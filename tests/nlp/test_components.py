"""The components that ship."""

from nlp.analysis import Label
from nlp.component import Draft
from nlp.components import (
    LexicalSentimentComponent,
    LexiconComponent,
    NormalizerComponent,
    PiiComponent,
)
from nlp.lexicon import COLUMNS, Lexicon, LiveLexicon, parse_tables
from nlp.pii import PiiKind
from nlp.sentiment import load_sentiment
from nlp.text.normalizer import NormalText

GIVEN = Label(label="positive", scores={"positive": 1.0})


def lexicon(term: str) -> Lexicon:
    row = f"lex_a\t{term}\tinjury\t5\tsafety_incident\t\t\t\t{term}\tb\t"
    return Lexicon(parse_tables([("t.tsv", f"{chr(9).join(COLUMNS)}\n{row}".encode())]))


def draft(text: str) -> Draft:
    return Draft(text=text, normal=NormalText(text, text))


def test_every_draft_of_a_batch_is_filled() -> None:
    drafts = [draft("差評"), draft("很長")]
    NormalizerComponent().run(drafts)
    assert [item.normal.text for item in drafts] == ["差评", "很长"]


def test_hits_come_with_the_version_of_the_lexicon_that_found_them() -> None:
    live = LiveLexicon(lexicon("爆炸"))
    component = LexiconComponent(live)
    before, after = draft("瓶子爆炸"), draft("瓶子起火")
    component.run([before])
    old = live.version
    live.swap(lexicon("起火"))
    component.run([after])
    assert [hit.term for item in (before, after) for hit in item.hits] == ["爆炸", "起火"]
    assert [item.versions["lexicon"] for item in (before, after)] == [old, live.version]
    assert component.version == live.version
    assert before.scenarios[0].scenario == "safety_incident"


def test_personal_data_is_found_in_every_draft() -> None:
    drafts = [draft("电话13800138000"), draft("谢谢")]
    PiiComponent().run(drafts)
    assert [[pii.kind for pii in item.pii] for item in drafts] == [[PiiKind.MOBILE], []]


def test_words_stand_in_only_where_no_sentiment_is() -> None:
    filled, empty = draft("太差了"), draft("太差了")
    filled.sentiment = GIVEN
    LexicalSentimentComponent(load_sentiment()).run([filled, empty])
    assert filled.sentiment is GIVEN
    assert empty.sentiment is not None
    assert empty.sentiment.label == "negative"
