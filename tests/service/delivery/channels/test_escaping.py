"""Text of others is letters and nothing else, in every mark-up."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.delivery.channels.escaping import Escape, address, chat, plain, slack, unlinked, web
from tests.service.delivery.channels.pages import HOSTILE

PIECES = st.sampled_from(
    [
        "@所有人", "@all", "<at id=all></at>", "<at user_id=\"all\">", "<!channel>", "<!here>",
        "<@U123>", "[x](http://evil.example)", "![p](https://evil.example/p)", "http://a.example",
        "\u202e", "\u2066", "\u200b", "\ufeff", "\u00ad", "\x00", "\x1b[2J", "\n", "\r\n# ",
        "\u2028", "**b**", "`c`", "~~s~~", "> q", "1. ", "- ", "<font color=red>", "</font>",
        "<script>", "&lt;", "&", "\"", "'", "奶茶", "a.b", "evil.com", "\ud83d", "😀", "﷽",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=8).map("".join))
ESCAPES = [plain, unlinked, chat, slack, web]


@pytest.mark.parametrize("escape", ESCAPES, ids=lambda escape: escape.__name__)
@given(text=TEXTS)
@example(text=HOSTILE)
def test_nothing_invisible_is_left(escape: Escape, text: str) -> None:
    harmless = escape(text)
    assert not {unicodedata.category(char) for char in harmless} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert harmless == harmless.strip()
    harmless.encode("utf-8")


@given(text=TEXTS)
@example(text=HOSTILE)
def test_chat_has_no_sign_of_markdown(text: str) -> None:
    harmless = chat(text)
    assert not set(harmless) & set("@<>[]*_`~#|\\&")
    assert "://" not in harmless
    assert not re.match(r"(?:[-+=]+|\d+[.)]) ", harmless)


@given(text=TEXTS)
@example(text=HOSTILE)
def test_slack_has_its_entities_only(text: str) -> None:
    harmless = slack(text)
    assert not set(harmless) & set("@<>*_`~")
    assert all(
        harmless.startswith(("&amp;", "&lt;", "&gt;"), found.start())
        for found in re.finditer("&", harmless)
    )


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@given(text=TEXTS)
@example(text=HOSTILE)
def test_html_reads_as_the_plain_text_and_has_no_tag(text: str) -> None:
    parser = _Tags()
    parser.feed(f'<p title="{web(text)}">{web(text)}</p>')
    parser.close()
    assert parser.tags == ["p"]
    assert parser.text == plain(text)


@pytest.mark.parametrize(
    ("text", "harmless"),
    [
        ("奶茶里有异物", "奶茶里有异物"),
        ("价格 3.5 倍", "价格 3.5 倍"),
        ("a\u200bb\u202ec", "abc"),
        ("一\n\n二", "一 二"),
        ("见 http://evil.com/x", "见 http：//evil．com/x"),
        ("去 evil.com 看", "去 evil．com 看"),
        ("[点我](http://x.cn)", "［点我](http：//x．cn)".replace("]", "］")),
        ("@所有人", "＠所有人"),
        ("\U000323af\U000e0001\ufffe\u3164\ue000", "\U000323af"),
        ("- 项", "-\u3000 项"),
    ],
)
def test_ordinary_words_stay(text: str, harmless: str) -> None:
    assert chat(text) == harmless


@given(url=st.text(max_size=80))
def test_an_address_cannot_end_its_mark(url: str) -> None:
    assert not set(address(url)) & set(" \"'()<>[]\\`{|}\n")
    assert address(url).isascii()


def test_an_ordinary_address_is_left_alone() -> None:
    url = "https://f.example:8600/a/AbC-_1.x?y=1&z=%20"
    assert address(url) == url
