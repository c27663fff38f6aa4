"""One thing wrong, or to be looked at, in a statement: where, why, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from playbooks.schema import Text


class Code(StrEnum):
    """What kind of finding it is; stable, for machines."""

    MISSING_VARIABLE = "missing_variable"
    NEVER_SAY = "never_say"
    ABSOLUTE_CLAIM = "absolute_claim"
    BLAME_AFFECTED = "blame_affected"
    BLAME_OTHERS = "blame_others"
    CONDITIONAL_APOLOGY = "conditional_apology"
    UNVERIFIED_FACT = "unverified_fact"
    PROMISE = "promise"
    HARSH_TONE = "harsh_tone"
    TONE_MISMATCH = "tone_mismatch"
    REGISTER_CLASH = "register_clash"
    REGISTER_MISSING = "register_missing"


class Weight(StrEnum):
    """Nothing is approved with a blocking finding; advice is for people to weigh."""

    BLOCKING = "blocking"
    ADVICE = "advice"


class PromiseKind(StrEnum):
    """What is promised: a thing for nothing, money back, damages, a remedy, or a date."""

    GIFT = "gift"
    REFUND = "refund"
    COMPENSATION = "compensation"
    REMEDY = "remedy"
    DATE = "date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`start` and `end` are half open, in code points of the text; `surface` stands there.

    `promise` is set for the code `promise` alone; `clause` is then the clause it is made in.
    """

    code: Code
    start: int
    end: int
    surface: str
    why: Text
    do: Text
    weight: Weight
    promise: PromiseKind | None = None
    clause: str | None = None


def finding_json(finding: Finding) -> dict[str, Any]:
    """The finding as JSON; `finding_of` reads it again."""
    return {
        "code": finding.code.value,
        "start": finding.start,
        "end": finding.end,
        "surface": finding.surface,
        "why": {"zh": finding.why.zh, "en": finding.why.en},
        "do": {"zh": finding.do.zh, "en": finding.do.en},
        "weight": finding.weight.value,
        "promise": None if finding.promise is None else finding.promise.value,
        "clause": finding.clause,
    }


def finding_of(data: Mapping[str, Any]) -> Finding:
    """The finding that `finding_json` wrote."""
    promise = data["promise"]
    return Finding(
        code=Code(data["code"]),
        start=data["start"],
        end=data["end"],
        surface=data["surface"],
        why=Text.model_validate(data["why"]),
        do=Text.model_validate(data["do"]),
        weight=Weight(data["weight"]),
        promise=None if promise is None else PromiseKind(promise),
        clause=data["clause"],
    )


@dataclass(frozen=True, slots=True)
class _Explained:
    weight: Weight
    why: Text
    do: Text


def _explained(weight: Weight, why: str, why_en: str, do: str, do_en: str) -> _Explained:
    return _Explained(weight, Text(zh=why, en=why_en), Text(zh=do, en=do_en))


_BLOCKING, _ADVICE = Weight.BLOCKING, Weight.ADVICE
_EXPLAINED: Mapping[Code, _Explained] = {
    Code.MISSING_VARIABLE: _explained(
        _BLOCKING,
        "这里还没有填",
        "this is not filled in yet",
        "填上已核实的内容；确实不知道就改写句子，说明正在核实",
        "fill in what is verified; where nothing is known, reword and say it is being checked",
    ),
    Code.NEVER_SAY: _explained(
        _BLOCKING,
        "本场景列为不能说的话",
        "this scenario lists it among what must never be said",
        "删掉，改说查到了什么、正在做什么",
        "delete it; say what was found and what is being done",
    ),
    Code.ABSOLUTE_CLAIM: _explained(
        _BLOCKING,
        "绝对化的说法没法举证，一个反例就推翻，也可能违反广告法",
        "an absolute claim cannot be proven; one counter-example undoes it, and it may be unlawful",
        "换成能拿出依据的范围：查了什么、查了多少、结论是什么",
        "give the range there is proof for - what was examined, how much of it, with what result",
    ),
    Code.BLAME_AFFECTED: _explained(
        _BLOCKING,
        "把责任推给受影响的人",
        "it puts the blame on those affected",
        "只写自己查到的和自己要做的；使用方法放进单独的提示",
        "write what you found and will do; instructions for use go into a notice of their own",
    ),
    Code.BLAME_OTHERS: _explained(
        _ADVICE,
        "听起来像把责任推给别人",
        "it reads as passing the blame to somebody else",
        "先说自己的责任；确需提到第三方，写明依据并由法务看过",
        "own responsibility first; name a third party only with proof that legal has seen",
    ),
    Code.CONDITIONAL_APOLOGY: _explained(
        _ADVICE,
        "带条件的道歉等于没有道歉",
        "an apology with an `if` is read as none",
        "去掉“如果”，直接说给谁造成了什么",
        "drop the `if`; say what was done to whom",
    ),
    Code.UNVERIFIED_FACT: _explained(
        _BLOCKING,
        "事件的评估和证据里没有这个数字或日期",
        "neither the assessment nor the evidence of the incident has this figure or date",
        "核对后连同来源登记为事实，或者删掉",
        "check it and record it as a fact with its source, or take it out",
    ),
    Code.PROMISE: _explained(
        _ADVICE,
        "这是一项承诺，要有人负责、有期限，并由法务看过",
        "this is a promise: it takes an owner, a date, and legal's approval",
        "在承诺台账里指定负责人和期限",
        "name its owner and its date in the ledger of promises",
    ),
    Code.HARSH_TONE: _explained(
        _BLOCKING,
        "读起来像在骂人",
        "it reads as abuse",
        "换成平静的陈述",
        "say it calmly",
    ),
    Code.TONE_MISMATCH: _explained(
        _ADVICE,
        "语气与公众的情绪不合",
        "the tone does not answer what people feel",
        "按建议的语域重写这一句",
        "write this sentence again in the register that is advised",
    ),
    Code.REGISTER_CLASH: _explained(
        _ADVICE,
        "与应有的语域冲突",
        "it clashes with the register that is advised",
        "删掉或换一种说法",
        "delete it, or say it another way",
    ),
    Code.REGISTER_MISSING: _explained(
        _ADVICE,
        "全文没有一句合乎应有的语域",
        "nothing in the text is in the register that is advised",
        "参照建议的开头和结尾补上一句",
        "add a sentence after the opening and closing that are advised",
    ),
}


def found(
    code: Code,
    text: str,
    start: int,
    end: int,
    *,
    why: Text | None = None,
    weight: Weight | None = None,
    promise: PromiseKind | None = None,
    clause: str | None = None,
) -> Finding:
    """A finding at `[start, end)` of `text`, explained as its code is unless told otherwise."""
    explained = _EXPLAINED[code]
    return Finding(
        code=code,
        start=start,
        end=end,
        surface=text[start:end],
        why=why or explained.why,
        do=explained.do,
        weight=weight or explained.weight,
        promise=promise,
        clause=clause,
    )
