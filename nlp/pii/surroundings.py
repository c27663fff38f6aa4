"""What stands around a number and tells what it is, or what it is not."""

from __future__ import annotations

import re
from bisect import bisect_right

_REACH = 16
_LINK = (
    r"(?:[ :;,.=+➕\-—~()\[\]【】「」<>|→➡👉↓⬇☎📞📱📲]|号码|号|码|是|为|同|id|no|is|number){0,8}$"
)
_PHONE = re.compile(
    r"(?:手机|电话|联系方式|联系|座机|固话|热线|传真|致电|来电|拨打|打给|咨询|短信|的号码|☎|📞|📱|📲"
    r"|(?<![a-z])(?:tel|phone|mobile|call|fax|cell|whatsapp|mob))" + _LINK
)
_HOTLINE = re.compile(r"(?:热线|客服|客服电话|总机|举报电话|监督电话|服务电话|hotline)" + _LINK)
_IDENTIFIER = re.compile(
    r"(?:订单|单号|运单|快递|物流|编号|序列号|流水|工单|票号|案号|会议|房间|条码|条形码|批号|批次|货号"
    r"|款号|型号|版本|凭证|证书|受理|交易|保单|发票|学号|工号|群号|群|邮编|验证码|代码|备案|档案|合同"
    r"|商品|产品|设备|积分|金额|取件码|(?<![a-z])(?:isbn|imei|sn|uid|mid|id|order|no|tracking|ems"
    r"|sku|upc|ean|version|build))" + _LINK
)
_CREDIT_CODE = re.compile(r"(?:信用代码|税号|注册号)" + _LINK)
_ID_CARD = re.compile(r"(?:身份证|证件|(?<![a-z])(?:sfz|id card))" + _LINK)
_QUANTITY = re.compile(
    r" ?(?:[元万亿%股票步]|块钱|美元|美金|日元|港币|人次|人在|人民币|个|次播放|次阅读|次浏览|条评论"
    r"|公里|千米|积分|kg|km|mah|ml|mb|gb|kb|tb|byte|usd|rmb|cny|hz|px|\.[0-9]{1,2}(?![0-9.]))"
)
_MONEY = re.compile(r"(?:[¥$€£]|rmb|usd|(?<![0-9.])0\.) ?$")
_LETTER = re.compile(r"[a-z_]")
_LETTERS_BEFORE = re.compile(
    r"(?<![a-z_])(?:tel|phone|mobile|mob|cell|call|fax|wx|vx|v|qq|q|wechat|weixin|whatsapp|id|sfz"
    r"|[tmp])$"
)
_LETTERS_AFTER = re.compile(r"(?:wx|vx|v|qq|q|wechat|weixin|tel|phone|mobile)(?![a-z0-9])")
# A number that was masked in part is not read again: its rest stands behind or before the stars.
# The normal form keeps two stars of a run, so what lies beyond them tells masks from emphasis.
_STARS_BEFORE = re.compile(r"(?:[0-9a-z]\*{1,2}[ \-.·]?|\*[ \-.·]{1,3}\*{1,2}[ \-.·]{1,3})$")
_STARS_AFTER = re.compile(r"[ \-.·]?\*{1,2}[0-9a-z]|[ \-.·]{1,3}\*{1,2}[ \-.·]{1,3}\*")
_ADDRESS_LINE = re.compile(r"(?:https?://|www\.|(?<![a-z])t\.cn/)[!-~]{1,2000}")
_PHONE_FIELD = re.compile(r"(?:mobile|phone|tel|cell)=(?:\+|%2b)?$")
_FILE = re.compile(r"\.(?:jpe?g|png|gif|mp[34]|pdf|docx?|xlsx?|zip|html?)(?![a-z])")


class Surroundings:
    """The text around numbers, in the digit view; every question looks a bounded way."""

    __slots__ = ("_links", "view")

    def __init__(self, view: str) -> None:
        self.view = view
        self._links: list[tuple[int, int]] | None = None

    def _before(self, start: int) -> str:
        return self.view[max(0, start - _REACH) : start]

    def is_phone(self, start: int) -> bool:
        """Whether what comes is announced as a telephone number."""
        return _PHONE.search(self._before(start)) is not None

    def is_hotline(self, start: int) -> bool:
        """Whether what comes is announced as the number of an organisation, not of a person."""
        return _HOTLINE.search(self._before(start)) is not None

    def is_identifier(self, start: int) -> bool:
        """Whether what comes is announced as an order, a parcel, a serial number or the like."""
        return _IDENTIFIER.search(self._before(start)) is not None

    def is_credit_code(self, start: int) -> bool:
        """Whether what comes is announced as a company's registration code."""
        return _CREDIT_CODE.search(self._before(start)) is not None

    def is_id_card(self, start: int) -> bool:
        """Whether what comes is announced as an identity card."""
        return _ID_CARD.search(self._before(start)) is not None

    def is_quantity(self, start: int, end: int) -> bool:
        """Whether a unit follows, a currency sign leads, or the number is a decimal."""
        return (
            _QUANTITY.match(self.view, end) is not None
            or _MONEY.search(self._before(start)) is not None
        )

    def stands_free(self, start: int, end: int) -> bool:
        """Whether the number is a word of its own: no part of a token, a link or a masked one."""
        view = self.view
        before = self._before(start)
        if start > 0 and _LETTER.match(view, start - 1) and not _LETTERS_BEFORE.search(before):
            return False
        if _LETTER.match(view, end) and not _LETTERS_AFTER.match(view, end):
            return False
        if _STARS_BEFORE.search(before) or _STARS_AFTER.match(view, end):
            return False
        if _FILE.match(view, end):
            return False
        return not self._in_link(start) or _PHONE_FIELD.search(before) is not None

    def _in_link(self, start: int) -> bool:
        if self._links is None:
            self._links = [match.span() for match in _ADDRESS_LINE.finditer(self.view)]
        at = bisect_right(self._links, (start, len(self.view)))
        return at > 0 and start < self._links[at - 1][1]
