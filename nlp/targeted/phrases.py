"""Turns of phrase that say who is blamed, praised, or only the place where one complains.

In a pattern `T` is the entity looked at, `O` another one (named or 别家), `G` a short gap inside a
clause. Normal forms have no capitals, so the three letters are free.
"""

from __future__ import annotations

import re

from nlp.targeted.slots import GAP, OTHER, OWN

_BAD = (
    "(?:差|烂|贵|慢|坑|难|吵|卡|费|脏|旧|糙|弱|垃圾|离谱|不如|麻烦|敷衍|拉胯|缩水|恶心|黑心|糟"
    "|多毛病)"
)
_GOOD = (
    "(?:好|强|快|稳|香|省|静|便宜|实惠|良心|靠谱|舒服|耐用|实在|干净|新鲜|清楚|大方|厚道|放心|准时)"
)
_REACH = f"[^{GAP}。!?;]{{0,8}}"

CLEAR = 1.5
HINT = 0.7

# What somebody who knows the language expects a phrase to do to the log-odds that the bad news is
# about T; training starts from it and corrects it as far as examples go.
PHRASES: dict[str, tuple[str, float]] = {
    # Comparison: who is the standard, and which way it points.
    "standard_good": (f"(?:比|跟|和|同)(?:起|着)?T(?!G{_BAD})G{_GOOD}", HINT),
    "standard_bad": (f"比(?:起|着)?T(?:还|更|都|要)?G{_BAD}", -CLEAR),
    "subject_bad": (f"T{_REACH}比(?:起)?O(?:还|更|都|要)?G{_BAD}", CLEAR),
    "subject_good": (f"T{_REACH}比(?:起)?O(?!G{_BAD})G{_GOOD}", -CLEAR),
    "standard": ("(?:比起|相比|对比|比不上|比不了|赶不上)T", 0.0),
    "compared_with": ("(?:跟|和|同|与)TG比", 0.0),
    "not_as_good_as": ("(?:不如|不及|比不上|比不了|赶不上)T", -CLEAR),
    "worse_than_other": ("TG(?:不如|不及|比不上|比不了|赶不上|差远|没法比)", CLEAR),
    "unlike_own": ("(?:不像|哪像|不似)T", -CLEAR),
    "like_own": ("(?:像|跟|和)TG(?:一样|这样|那样|这种|似的)", 0.0),
    "unlike_other": ("T[^。!?;]{0,10}(?:不像|哪像)O", CLEAR),
    "on_the_other_hand": ("(?:反观|再看|再看看|看看人家|人家|而|至少|起码|好歹)T", -HINT),
    "against_other": ("T[^。!?]{0,30}(?:反观|再看|看看人家|人家)O", HINT),
    "still_better": (f"(?:还是|果然|终究|到底是)TG(?:{_GOOD}|行|适合|值)", -CLEAR),
    "at_least": ("T(?:家|那边|那会儿)?(?:好歹|至少|起码|倒是|反倒|反而|虽然|尽管)", -HINT),
    "no_such_fault": (
        "T(?:的|家|那边)?G(?:没事|没问题|没毛病|合格|正常|没这|没坏|没修过|没出过|没坑过|就没有|就不会"
        "|从来没|从没|从不|没有这|都没有|没掉过|啥事没有)",
        -CLEAR,
    ),
    "except_own": ("(?:除了|除开|唯独)T", 0.0),
    # Change of custom.
    "left": ("(?:从|把|由|弃)TG(?:换|转|跳|搬|改|退|卖)", CLEAR),
    "left_for_other": (
        "T[^。!?;]{0,20}(?:换成|换到|换了|换回|转投|转到|改用|改买|改坐|投奔|跳到)O",
        CLEAR,
    ),
    "taken_instead": (
        "(?:换成|换到|换了|换回|转投|转去|改用|改买|改坐|改喝|改吃|改住|投奔|跳到|回到|去)T",
        -HINT,
    ),
    "never_again": (
        "(?:再也不|再不|不会再|不想再|别|别再|千万别|不要|谁再|谁还|拒绝|抵制|远离|避雷|避坑|拉黑"
        "|卸载|退了|告别|再见)(?:去|买|用|坐|住|点|吃|喝|碰|选|信|找|订|装|玩|考虑)?(?:了)?T",
        CLEAR,
    ),
    "rather_own": (
        "(?:早知道|宁可|宁愿|建议|以后|下次|推荐|安利|果断|当初)(?:就|都|还是|该|真该|咬牙|只|直接)*"
        "(?:去|买|用|坐|住|点|吃|喝|选|找|订|要|上|续)?T",
        -CLEAR,
    ),
    "relief": ("(?:幸好|幸亏|还好|好在|多亏|感谢|谢谢)GT", -CLEAR),
    # Blame.
    "victim_of": ("被TG(?:坑|骗|气|割|拒|耍|宰|忽悠|套路|恶心|踢|封|拖|扣)", CLEAR),
    "accused": (
        "(?:投诉|举报|起诉|状告|控诉|吐槽|怒喷|实名举报|声讨|谴责|约谈|处罚|告了)(?:了)?T",
        HINT,
    ),
    "accused_of": (
        "TG(?:涉嫌|被罚|被通报|被约谈|被曝|被投诉|被立案|被查|被起诉|被点名|被检出|不合格|爆雷|暴雷"
        "|跑路|倒闭|失联|诈骗|造假|欺诈|违规|召回)",
        CLEAR,
    ),
    "refuses": ("TG(?:拒绝|不认|不肯|不赔|不退|不保|不管|不理|装死|推给|推脱|甩锅)", CLEAR),
    "really_own_fault": ("(?:真正|其实)[^。!?;]{0,10}是T|(?:都怪|全怪|就)T", HINT),
    # The place, the means, the helper, the messenger.
    "venue": (
        "(?:向|在|到|去|上|找|通过|打给|拨打|给)T(?:上|那里|平台)?G"
        "(?:投诉|举报|反映|反馈|维权|曝光|求助|发帖|爆料|申诉|登记)",
        -CLEAR,
    ),
    "venue_takes": (
        "T(?:平台|上|那边)?G(?:介入|受理|报道|调查|采访|披露|暗访|刊文|评测|联系上|帮我|帮忙)",
        -CLEAR,
    ),
    "bought_at": ("(?:在|从|上)T(?:上)?G(?:买|下单|订|抢|拍下|看到|入手|叫|点|寄)", 0.0),
    "sold_by_other": ("TG(?:买|下单|订|入手|叫|点)(?:的|了)?GO", -HINT),
    "means": ("(?:用|拿|刷|开着|坐在|等)TG(?:拍|录|付|支付|导航|发|查|扫|搜|寄|里)", -HINT),
    "paid_back_by": ("TG(?:秒退|退款|赔付|补偿|补发|免费|主动|秒回|耐心|全退|全额退)", -CLEAR),
    # Cleared or wronged.
    "cleared": ("(?:与|和|跟|同)TG(?:无关|没关系|没有关系|不相干)", -CLEAR),
    "not_own_fault": ("(?:不怪|不能怪|怪不得|不能全怪|别怪|误会|错怪|不是)T", -CLEAR),
    "denies": ("TG(?:否认|辟谣|澄清)", -HINT),
    "smeared": ("(?:碰瓷|抹黑|造谣|诬陷|拉踩|黑|抄袭|抄|模仿|照搬|侵权|剽窃|蹭)(?:了)?T", -CLEAR),
    "smears": ("TG(?:抄袭|抄|照搬|剽窃|碰瓷|拉踩|侵权|造谣|抹黑)", CLEAR),
    "cuts_ties": ("TG(?:终止|解约|停止合作|暂停合作|解除)", -HINT),
    # Kinship and lists.
    "owner_of": ("TG(?:旗下|子公司|全资|控股)G?O", 0.0),
    "owned_by": ("OG(?:旗下|子公司|全资|控股)(?:的)?T", 0.0),
    "alias_of": ("(?:简称|即|又名|原名|平台名称为|\\()T|T(?:\\(|,)?(?:简称|即|又名|原名)", 0.0),
    "listed": ("O[、,/和与及跟&]T|T[、,/和与及跟&]O", 0.0),
    "praised": (f"TG(?:真|太|很|挺|非常|确实|还是|就)(?:是)?{_GOOD}", -CLEAR),
    "condemned": (f"TG(?:真|太|很|挺|非常|确实|就|越来越)(?:是)?{_BAD}", CLEAR),
}

_OTHER = f"(?:{OTHER}|别家|别人家|别的牌子|其他家|其它家|隔壁|竞品|同行)"
_SYMBOLS = {"T": OWN, "O": _OTHER, "G": f"[^{GAP}{OWN}{OTHER},。!?;]{{0,8}}"}


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile("".join(_SYMBOLS.get(symbol, symbol) for symbol in pattern))


_PATTERNS = tuple(
    (_compiled(pattern), name in ("venue", "venue_takes", "bought_at"))
    for name, (pattern, _) in PHRASES.items()
)


def phrases_in(view: str, *, accompanied: bool) -> list[bool]:
    """Whether each of PHRASES, in their order, stands in a view (see slots.seen_by).

    Unless the entity is `accompanied` by another one, nobody else is there to complain about: 向
    (to) T 投诉 (complain) then means that T is the culprit, not the venue.
    """
    return [
        (accompanied or not needs_company) and pattern.search(view) is not None
        for pattern, needs_company in _PATTERNS
    ]
