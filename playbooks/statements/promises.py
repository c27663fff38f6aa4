"""What a text promises: gifts, refunds, damages, remedies, and things done by a date.

A pattern is a promise unless it is denied, reported as done, or said to be somebody's demand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from playbooks.statements.clauses import Span, around, sentences
from playbooks.statements.finding import PromiseKind

_KINDS: Mapping[PromiseKind, re.Pattern[str]] = {
    PromiseKind.REFUND: re.compile(
        r"(?:全额|原路|先行|双倍|全部|无条件)?(?:退款|退费|退还|退货|退回(?:款项|费用|货款|差价)|退差价|退一赔[一二三四十\d]+)"
        r"|\brefunds?\b|\bmoney back\b|\breimburse\w*",
        re.IGNORECASE,
    ),
    PromiseKind.COMPENSATION: re.compile(
        r"赔偿|赔付|补偿|先行赔|补发(?:工资|薪资|差额)|(?:承担|垫付|报销|支付)[^，。；！？\n]{0,12}?(?:费用|医疗费|医药费|误工费|交通费|损失|检测费|运费)"
        r"|\bcompensat\w+|\bdamages\b|\bcover\b[^.;!?\n]{0,30}?\b(?:costs?|expenses|bills?)\b",
        re.IGNORECASE,
    ),
    PromiseKind.GIFT: re.compile(
        r"赠送|免费送|送上|附赠|(?:代金|优惠|抵用|购物|礼品|现金|无门槛)[券卡]|礼包|礼品|赠品|红包|(?:延长|赠予|补送)[^，。；！？\n]{0,8}?会员|会员时长"
        r"|\bvouchers?\b|\bcoupons?\b|\bgifts?\b|\bfree of charge\b",
        re.IGNORECASE,
    ),
    PromiseKind.REMEDY: re.compile(
        r"换货|换新|更换(?:新品|产品|商品|同款)?|免费(?:维修|检测|检修|更换|清洗)|上门(?:维修|检测|取件|回收)|召回|恢复(?:服务|账号)"
        r"|\breplac(?:e|ement)\w*\b|\brepair\w*\b|\brecall\w*\b",
        re.IGNORECASE,
    ),
    PromiseKind.DATE: re.compile(
        r"(?:将|会|拟|计划|预计|承诺|保证|力争|最迟|最晚)[^，。；！？\n]{0,4}?(?:于|在)[^，。；！？\n]{1,24}?(?:[日号时点分周月底内前后])"
        r"|(?:[\d一二三四五六七八九十两]+|半)\s*(?:个)?\s*(?:工作日|自然日|小时|分钟|天|日|周|星期|个?月)\s*(?:之内|以内|内)"
        r"|(?:最迟|最晚|不晚于|不迟于)[^，。；！？\n]{1,20}"
        r"|(?:\d{1,2}\s*[日号月时点]|[今明后]天|本周[一二三四五六日末]?|下周[一二三四五六日末]?|月底|年底)[^，。；！？\n]{0,4}?(?:之前|以前|前)(?!的|所|曾|已)"
        r"|\b(?:within|no later than)\b[^.;!?\n]{1,30}"
        r"|\bwill\b[^.;!?\n]{1,60}?\b(?:by|on|before)\b[^.;!?\n]{1,25}",
        re.IGNORECASE,
    ),
}
_DENIED = re.compile(
    r"(?:不|没有?|未|无法|不能|不予|拒绝|暂不|暂无|尚未|无需|无须|绝不|并非|不再|不会|\bnot?\b|\bcannot\b|\bnever\b)[^，。；！？,;!?\n]{0,6}$",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"(?:已|已经|完成了?|均已|都已)[^，。；！？,;!?\n]{0,6}$|\b(?:has|have) (?:been )?(?:\w+ )?$",
    re.IGNORECASE,
)
_DEMANDED = re.compile(
    r"(?:要求|反映|投诉|询问|质疑|关于|网传|称|认为|拒绝|问)[^，。；！？,;!?\n]{0,10}$"
    r"|\b(?:asked?|asking|demand\w*|request\w*|complain\w*)\b[^,.;!?\n]{0,20}$",
    re.IGNORECASE,
)
_PART = re.compile(r"(?:[^，。；！？,;!?\n]|,(?=\d{3}))+")
_BEFORE = 24
"""Code points before a pattern that say what it is."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise at `[start, end)`, in the sentence `clause`."""

    kind: PromiseKind
    start: int
    end: int
    clause: str


def promises(text: str) -> tuple[Promise, ...]:
    """Every promise of the text in order: of each kind one a sentence, the first."""
    whole = list(sentences(text))
    found: dict[tuple[PromiseKind, Span], Promise] = {}
    for kind, pattern in _KINDS.items():
        for match in pattern.finditer(text):
            span = around(whole, match.start())
            if span is None or _is_none(
                kind, text[max(span[0], match.start() - _BEFORE) : match.start()]
            ):
                continue
            place = found.setdefault(
                (kind, span), Promise(kind, match.start(), match.end(), text[slice(*span)])
            )
            if kind is PromiseKind.DATE and match.end() > place.end and match.start() <= place.end:
                found[kind, span] = Promise(kind, place.start, match.end(), place.clause)
    return tuple(sorted(found.values(), key=lambda item: (item.start, item.end, item.kind)))


def promised_spans(text: str) -> Iterator[Span]:
    """Clauses, from comma to comma, that promise something: what stands there is no fact yet."""
    parts = [match.span() for match in _PART.finditer(text)]
    for item in promises(text):
        part = around(parts, item.start) or (item.start, item.end)
        yield part[0], max(part[1], item.end)


def _is_none(kind: PromiseKind, before: str) -> bool:
    """Whether what stands before says that nothing is promised."""
    if kind is PromiseKind.DATE:
        return _DENIED.search(before) is not None
    return any(guard.search(before) for guard in (_DENIED, _DONE, _DEMANDED))
