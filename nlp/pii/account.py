"""WeChat and QQ accounts, which only their announcement gives away."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.pii.surroundings import Surroundings

_LINK = (
    r"((?:[ :;,.=\-—~()\[\]【】「」\"'|/→➡👉↓⬇⭐❤♥+➕]|账号|帐号|号码|号|是|为|同|我|搜|联系"
    r"|(?<![a-z])i[ds]){0,10})"
)
_WECHAT = re.compile(
    r"(?:微信|薇信|威信|徽信|微芯|维信|wei ?信|v ?信|❤信|[微薇威]❤|卫星号|微:|薇:|绿泡泡"
    r"|加 ?(?:我|个)?(?:[微薇威]信?(?!博)|卫星号?|v信?)|[+➕] ?(?:[微薇]信?|v信?)"
    r"|(?<![a-z])(?:weixin|we ?chat|vx|wx|v(?=[:❤♥])))" + _LINK
)
# A cheap look first: one of these stands in every announcement.
_WECHAT_HINT = re.compile("[微薇威徽维卫信v绿w]")
_QQ_HINT = re.compile("[q扣球秋抠企🐧]")
_WECHAT_ID = re.compile(r"[a-z][a-z0-9_-]{5,19}(?![a-z0-9_@*-]|\.[a-z])")
_NUMBER_ID = re.compile(r"[1-9](?:[ \-.]?[0-9]){5,10}(?![0-9a-z_*])")
_QQ = re.compile(
    r"(?:(?<![a-z])(?:qq ?number|q ?q|q(?=[:号]))|扣扣|球球|秋秋|抠抠|企鹅号|企鹅(?=:)|扣号|🐧"
    r"|加 ?(?:我|个)?[q扣抠]|[+➕] ?[q扣])" + _LINK
)
_QQ_ID = re.compile(r"[1-9](?:[ \-.]?[0-9]){4,10}(?![0-9a-z_*]|\.[0-9])")
_GROUP = re.compile(r"群|频道|公众|视频号|小程序|服务号|订阅号")
_STRONG = re.compile(r"[:=→➡👉⬇↓]|号|id|是|为|is")
_MARK = re.compile(r"[0-9_]")
# What follows the word WeChat in running text without being anybody's account.
_COMMON = re.compile(
    r"(?:gh_|wechat|weixin|android|iphone|ipad|ios|windows|macos|harmony|official|facebook|twitter"
    r"|instagram|whatsapp|telegram|paypal|alipay|payment|account|version|version|update|download"
    r"|https?|number|emoji|google|huawei|xiaomi|public|please|support|service|verified|mini-?program"
    r"|messages?|moments|groups?|friends?|contact|and-|pay[0-9]|open|users?|tencent|unknown|beijing)"
)
_OFFICIAL = frozenset(("10000", "10001"))  # Tencent's own


def wechats(around: Surroundings) -> Iterator[tuple[int, int]]:
    """Yields the spans of the view that are WeChat accounts: announced, six to twenty characters.

    An account of letters alone or of digits alone needs a colon, 号 or the like before it. Public
    accounts, groups and features (公众号, 支付) are nobody's.
    """
    view = around.view
    if _WECHAT_HINT.search(view) is None:
        return
    for cue in _WECHAT.finditer(view):
        start = cue.end()
        if _GROUP.search(view[max(0, cue.start() - 8) : start]):
            continue
        strong = _STRONG.search(cue[1]) is not None or cue[0][0] in "加+➕"
        found = _WECHAT_ID.match(view, start)
        if found is not None:
            glued = "a" <= view[start - 1] <= "z"
            if glued or _COMMON.match(found[0]):
                continue
            if strong or _MARK.search(found[0]):
                yield found.span()
            continue
        found = _NUMBER_ID.match(view, start)
        announced = strong or cue[0].startswith("vx")
        if found is not None and announced and _is_number(around, *found.span()):
            yield found.span()


def qqs(around: Surroundings) -> Iterator[tuple[int, int]]:
    """Yields the spans of the view that are QQ numbers: announced, five to eleven digits."""
    view = around.view
    if _QQ_HINT.search(view) is None:
        return
    for cue in _QQ.finditer(view):
        found = _QQ_ID.match(view, cue.end())
        if found is None or _GROUP.search(view[max(0, cue.start() - 4) : cue.end()]):
            continue
        digits = re.sub("[^0-9]", "", found[0])
        if digits not in _OFFICIAL and _is_number(around, *found.span()):
            yield found.span()


def _is_number(around: Surroundings, start: int, end: int) -> bool:
    return not around.is_quantity(start, end) and around.stands_free(start, end)
