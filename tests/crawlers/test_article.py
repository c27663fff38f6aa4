from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crawlers.article import MAX_ARTICLE_TAGS, Article, extract_article
from crawlers.errors import UnreadableAnswer

DATA = Path(__file__).parent / "sources" / "data" / "news"
NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
WORDS = "雾线电器的客服热线周一上午无法接通，多名用户反映水壶漏水之后无人受理。" * 3


def read(html: str) -> Article:
    return extract_article(html, zone=ZoneInfo("Asia/Shanghai"), now=NOW)


def saved(name: str) -> str:
    return (DATA / f"{name}.html").read_text(encoding="utf-8")


def body(*, head: str = "", top: str = "") -> str:
    return f"<html><head>{head}</head><body>{top}<div><p>{WORDS}</p></div></body></html>"


def test_words_and_facts_are_found_and_the_rest_is_not() -> None:
    article = read(saved("article"))
    assert article.title == "雾线水壶漏水 客服失联"
    assert article.published_at == datetime(2026, 3, 2, 3, 40, tzinfo=UTC)
    assert (article.author, article.lang) == ("李某", "zh-CN")
    assert article.text.count("客服热线周一上午无法接通") == 4
    assert not {"栏目1", "相关新闻", "版权所有", "not words"} & set(article.text.split())
    assert "栏目" not in article.text


def test_a_page_that_is_built_by_script_may_say_all_in_linked_data() -> None:
    article = read(saved("linked_data"))
    assert (article.title, article.author) == ("白鹭咖啡道歉", "王某")
    assert article.published_at == datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    assert article.text.startswith("雾线电器的客服热线")


@pytest.mark.parametrize(
    ("head", "top"),
    [
        ('<meta name="PubDate" content="2026-03-02 11:00:00">', ""),
        ("", '<time datetime="2026-03-02T03:00:00Z">today</time>'),
        ("", "<span>2026年3月2日 11:00 来源:晨报</span>"),
        ('<meta name="pubdate" content="someday">', "<i>2026-03-02 11:00</i>"),
    ],
)
def test_the_date_is_where_the_page_says_it(head: str, top: str) -> None:
    assert read(body(head=head, top=top)).published_at == datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


def test_a_page_without_a_date_has_none_and_its_heading_is_its_title() -> None:
    article = read(body(top="<h1> 雾线 <b>道歉</b> </h1>"))
    assert (article.published_at, article.title, article.lang) == (None, "雾线 道歉", None)


def test_an_author_that_is_an_address_is_none() -> None:
    assert read(body(head='<meta name="author" content="https://x.example/u/1">')).author is None


@pytest.mark.parametrize("html", ["<p>短讯</p>", "<html><title>404</title><p>没有</p></html>"])
def test_a_page_without_an_article_says_so(html: str) -> None:
    with pytest.raises(UnreadableAnswer, match="no article") as caught:
        read(html)
    assert not caught.value.login


def test_a_page_that_asks_to_sign_in_is_marked() -> None:
    with pytest.raises(UnreadableAnswer) as caught:
        read("<title>请登录</title><form><input type=password></form>")
    assert caught.value.login


def test_a_page_of_too_many_tags_is_refused() -> None:
    with pytest.raises(UnreadableAnswer, match="tags"):
        read("<br>" * (MAX_ARTICLE_TAGS + 1))


def test_linked_data_that_never_ends_or_is_endless_is_passed_over() -> None:
    opening = '<script type="application/ld+json">'
    deep = f"{opening}{'[' * 100_000}</script>"
    many = f"{opening}{{}}</script>" * 20
    assert read(body(top=deep + many) + opening).text.startswith("雾线电器")
