from __future__ import annotations

import pytest

from crawlers.sign_in import describe_page


@pytest.mark.parametrize(
    "html",
    [
        "<title>登录 - 雾线</title>",
        "<form><input type='password'></form>",
        "<TITLE>Captcha required</TITLE>",
    ],
)
def test_a_page_that_asks_to_sign_in_is_known(html: str) -> None:
    assert describe_page(html, wanted="JSON")[1]


def test_any_other_page_is_named_by_its_title() -> None:
    what = "an HTML page instead of JSON: 维护 & 升级"
    assert describe_page("<title>维护 &amp; 升级</title>", wanted="JSON") == (what, False)
    assert describe_page("<p>x</p>", wanted="a feed") == ("an HTML page instead of a feed", False)
