"""Parts of a segment's posts that are counted by themselves: by mood, gravity, voice and matter."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some of the posts, named in Chinese and in English as goes before the word posts.

    `counted` is what facts call their number; `id` what stands before other measures of them.
    """

    id: str
    counted: str
    zh: str
    en: str
    source: str


EVERY = Part(id="", counted="posts", zh="", en="", source="posts")
NEGATIVE = Part(id="negative", counted="negative", zh="负面", en="negative", source="sentiment")
ANGRY = Part(id="angry", counted="angry", zh="愤怒", en="angry", source="emotion")
MOODS = (EVERY, NEGATIVE, ANGRY)


def _voice(name: str, zh: str, en: str, source: str) -> Part:
    return Part(id=name, counted=f"{name}_posts", zh=zh, en=en, source=source)


_VOICES = (
    _voice("severe", "严重（4 级及以上）", "severe (4 and up)", "lexicon"),
    _voice("verified", "认证账号", "verified", "authors"),
    _voice("news", "新闻媒体", "news", "posts"),
    _voice("media", "媒体及认证账号", "media and verified", "posts"),
)

# lexicon categories: a post with a hit of one that counts
_CATEGORIES = {
    "complaint": ("表达投诉的", "complaint"),
    "quality_defect": ("提到质量缺陷的", "quality defect"),
    "injury": ("提到人身伤害的", "injury"),
    "contamination": ("提到污染、异物的", "contamination"),
    "recall": ("提到召回的", "recall"),
    "counterfeit": ("提到假货的", "counterfeit"),
    "refund_refusal": ("提到拒绝退款的", "refund refusal"),
    "price_discrimination": ("提到价格歧视的", "price discrimination"),
    "privacy_leak": ("提到隐私泄露的", "privacy leak"),
    "outage": ("提到故障的", "outage"),
    "misconduct": ("提到失当言行的", "misconduct"),
    "wage_arrears": ("提到欠薪的", "wage arrears"),
    "discrimination": ("提到歧视的", "discrimination"),
    "false_claim": ("提到虚假宣传的", "false claim"),
    "rumour": ("疑似谣言的", "likely rumour"),
    "boycott": ("号召抵制的", "boycott"),
    "collective_action": ("组织维权的", "collective action"),
    "regulator": ("提到监管部门的", "regulator"),
    "media_exposure": ("提到媒体曝光的", "media exposure"),
    "legal_action": ("提到起诉的", "legal action"),
    "abuse": ("含辱骂的", "abusive"),
    "hate": ("含仇恨言论的", "hateful"),
    "violence": ("提到暴力的", "violence"),
    "fraud": ("提到诈骗的", "fraud"),
    "illegal_trade": ("提到非法交易的", "illegal trade"),
    "self_harm": ("提到自伤的", "self-harm"),
}
# semantic patterns: what a post says, not a word in it
_PATTERNS = {
    "exposure_threat": ("扬言曝光的", "exposure threat"),
    "collective_action": ("召集维权的", "gathering"),
    "legal_threat": ("扬言起诉或打 12315 的", "legal threat"),
    "media_contact": ("联系媒体的", "media contact"),
    "bodily_harm_claim": ("自述受伤的", "bodily harm claim"),
    "medical_claim": ("宣称疗效的", "medical claim"),
    "guaranteed_return": ("承诺保本收益的", "guaranteed return"),
    "self_harm": ("流露自伤念头的", "self-harm intent"),
    "violence_threat": ("威胁使用暴力的", "violence threat"),
    "doxxing": ("人肉开盒的", "doxxing"),
    "diversion": ("引流的", "diversion"),
    "paid_posting": ("招募水军的", "paid posting"),
}
CATEGORIES = tuple(_CATEGORIES)
"""The lexicon categories that are counted."""
PATTERNS = tuple(_PATTERNS)
"""The semantic patterns that are counted; their parts are `<pattern>_pattern`."""

PARTS: tuple[Part, ...] = (
    *MOODS,
    *_VOICES,
    *(_voice(name, zh, en, "lexicon") for name, (zh, en) in _CATEGORIES.items()),
    *(_voice(f"{name}_pattern", zh, en, "patterns") for name, (zh, en) in _PATTERNS.items()),
)
