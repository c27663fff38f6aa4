"""A request of Perspective's, read as Perspective reads it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.api.compat.comment import AnalyzeRequest
from service.api.compat.errors import BadComment

TOXICITY: dict[str, Any] = {"TOXICITY": {}}


def read(text: Any = "你真差劲", **changes: Any) -> AnalyzeRequest:
    return AnalyzeRequest.from_json(
        {"comment": {"text": text}, "requestedAttributes": TOXICITY, **changes}
    )


def test_a_plain_request() -> None:
    asked = read()
    assert asked.attributes == {"TOXICITY": 0.0}
    assert asked.languages == ("zh",)
    assert asked.detected == "zh"
    assert asked.item == {
        "text": "你真差劲",
        "components": ["abuse", "moderation", "lexicon", "patterns"],
        "offsets": "utf16",
    }


def test_every_field_of_theirs_is_taken() -> None:
    asked = read(
        comment={"text": "hello there", "type": "PLAIN_TEXT"},
        requestedAttributes={
            "INSULT": {"scoreType": "PROBABILITY", "scoreThreshold": 0.7},
            "THREAT": None,
        },
        context={"entries": [{"text": "earlier"}]},
        spanAnnotations=True,
        languages=["en-US"],
        doNotStore=True,
        clientToken="c1",
        sessionId="s1",
        communityId="example.com/forum",
    )
    assert asked.attributes == {"INSULT": 0.7, "THREAT": 0.0}
    assert asked.spans is True
    assert asked.languages == ("en-US",)
    assert asked.client_token == "c1"


def test_the_names_of_the_protocol_buffer_are_taken_too() -> None:
    asked = AnalyzeRequest.from_json(
        {
            "comment": {"text": "你好"},
            "requested_attributes": {"TOXICITY": {"score_threshold": 0.5}},
            "do_not_store": True,
            "client_token": None,
        }
    )
    assert asked.attributes == {"TOXICITY": 0.5}
    assert asked.client_token is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"colour": 1}, 'Unknown name "colour": Cannot find field'),
        ({"comment": "你好"}, "'comment': an object"),
        ({"comment": {"text": 5}}, "'comment.text': a string"),
        ({"comment": {"text": "x", "type": "HTML"}}, "only 'PLAIN_TEXT' comments"),
        ({"requestedAttributes": {"CHARM": {}}}, "Unknown requested attribute: CHARM .*TOXICITY"),
        (
            {"requestedAttributes": {"SEVERE_TOXICITY": {}}},
            "Unknown requested attribute: SEVERE_TOXICITY .*ask for TOXICITY",
        ),
        ({"requestedAttributes": {"THREAT": 5}}, "'requestedAttributes.THREAT': an object"),
        (
            {"requestedAttributes": {"THREAT": {"scoreType": "RAW"}}},
            "score type RAW is not supported by attribute THREAT",
        ),
        (
            {"requestedAttributes": {"THREAT": {"scoreThreshold": "0.5"}}},
            "THREAT.scoreThreshold': a number",
        ),
        ({"requestedAttributes": {"THREAT": {"scoreThreshold": True}}}, "a number"),
        ({"spanAnnotations": "yes"}, "'spanAnnotations': a boolean"),
        ({"languages": "zh"}, "'languages': a list"),
        ({"languages": [5]}, "a few codes"),
        ({"languages": ["zh"] * 11}, "a few codes"),
        ({"clientToken": 5}, "'clientToken': a string"),
    ],
)
def test_what_is_refused_says_what(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(BadComment, match=message) as refused:
        read(**changes)
    assert refused.value.error_type == "INVALID_REQUEST"


@pytest.mark.parametrize(
    ("changes", "error_type", "message"),
    [
        ({"comment": {}}, "COMMENT_EMPTY", "must be non-empty"),
        ({"comment": {"text": " \n"}}, "COMMENT_EMPTY", "must be non-empty"),
        ({"comment": None}, "COMMENT_EMPTY", "must be non-empty"),
        (
            {"comment": {"text": "好" * 6_827}},
            "COMMENT_TOO_LONG",
            r"Value \(20481\) exceeded limit \(20480\)",
        ),
        ({"requestedAttributes": {}}, "NO_REQUESTED_ATTRIBUTES", "Missing requested_attributes"),
        ({"requestedAttributes": None}, "NO_REQUESTED_ATTRIBUTES", "Missing"),
        ({"comment": {"text": "Привет"}}, "LANGUAGE_DETECTION_FAILED", "Unable to detect"),
    ],
)
def test_errors_that_have_a_name_of_theirs(
    changes: dict[str, Any], error_type: str, message: str
) -> None:
    with pytest.raises(BadComment, match=message) as refused:
        read(**changes)
    assert refused.value.error_type == error_type


def test_the_longest_comment_is_read() -> None:
    assert len(read("好" * 6_826 + "xx").text.encode()) == 20_480


@pytest.mark.parametrize(
    ("text", "languages", "named"),
    [("これはひどいです", [], "ja"), ("你好", ["fr", "zh"], "fr"), ("你好", ["und"], "und")],
)
def test_other_languages_are_refused_by_name(text: str, languages: list[str], named: str) -> None:
    with pytest.raises(
        BadComment, match=f"^Attribute TOXICITY does not support request languages: {named}$"
    ) as refused:
        read(text, languages=languages)
    assert refused.value.error_type == "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"
    assert refused.value.more["languageNotSupportedByAttributeError"]


def test_whoever_names_the_language_is_believed() -> None:
    assert read("これはひどい", languages=["zh-Hant"]).languages == ("zh-Hant",)


def test_a_text_without_letters_is_read() -> None:
    assert read("👍👍 666").languages == ("und",)


def test_the_body_is_an_object() -> None:
    with pytest.raises(BadComment, match="The body is an object"):
        AnalyzeRequest.from_json([])


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["text", "type", "TOXICITY", "scoreType", "scoreThreshold"])
            | st.text(max_size=3),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)


@settings(max_examples=150)
@given(
    st.dictionaries(
        st.sampled_from(["comment", "requestedAttributes", "languages", "spanAnnotations", "x"]),
        JSON,
    )
)
def test_any_json_is_read_or_refused(body: dict[str, Any]) -> None:
    try:
        asked = AnalyzeRequest.from_json(body)
    except BadComment:
        return
    assert asked.text.strip()
    assert asked.attributes
