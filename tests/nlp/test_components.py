"""The components that ship."""

from nlp.analysis import Label
from nlp.component import Draft
from nlp.components import LexicalSentimentComponent, NormalizerComponent
from nlp.sentiment import load_sentiment
from nlp.text.normalizer import NormalText

GIVEN = Label(label="positive", scores={"positive": 1.0})


def draft(text: str) -> Draft:
    return Draft(text=text, normal=NormalText(text, text))


def test_every_draft_of_a_batch_is_filled() -> None:
    drafts = [draft("差評"), draft("很長")]
    NormalizerComponent().run(drafts)
    assert [item.normal.text for item in drafts] == ["差评", "很长"]


def test_words_stand_in_only_where_no_sentiment_is() -> None:
    filled, empty = draft("太差了"), draft("太差了")
    filled.sentiment = GIVEN
    LexicalSentimentComponent(load_sentiment()).run([filled, empty])
    assert filled.sentiment is GIVEN
    assert empty.sentiment is not None
    assert empty.sentiment.label == "negative"
