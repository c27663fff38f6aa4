"""Words that do harm in a statement: what must never be said, absolute claims, passed blame."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from unicodedata import normalize

from playbooks.schema import NeverSay
from playbooks.statements.finding import Code, Finding, Weight, found

_ABSOLUTE = re.compile(
    r"绝对(?:安全|没有|不会|不存在|合格|可靠|无害|放心)|百分之百|百分百|100\s*[%％](?:的)?(?:安全|合格|有效|放心|没有)"
    r"|零(?:风险|缺陷|事故)|万无一失|毫无问题|完全(?:没有问题|合格|安全|无害)|永远不会|绝无(?:可能|仅有)?|不可能出现"
    r"|\b(?:absolutely|completely|100\s*%|totally) safe\b|\bzero risk\b"
    r"|\bnever (?:again|happen)\b|\bno risk (?:at all|whatsoever)\b",
    re.IGNORECASE,
)
_BLAME_AFFECTED = re.compile(
    r"(?:用户|消费者|顾客|客户|当事人|家属|旅客|乘客|患者|员工)(?:本人|自身|自己|自行)?(?:的)?(?:使用不当|操作不当|误操作|误解|理解有误|不当使用|保管不善|疏忽|过错|体质|无理|情绪激动)"
    r"|(?:使用|操作|保管|食用|安装)不当(?:所致|造成|引起|导致)?|大家误解|过度解读|个人体质|体质原因"
    r"|\buser error\b|\bmisuse\b|\bmisunderst\w+ (?:by|of) (?:the )?(?:customers?|users?)\b",
    re.IGNORECASE,
)
_BLAME_OTHERS = re.compile(
    r"(?:系|是|属于|由于|因为?|由)[^，。；！？\n]{0,8}?(?:第三方|供应商|代理商|经销商|外包(?:人员|公司)?|临时工|实习生|个别员工|合作方|加盟商|门店个人)[^，。；！？\n]{0,8}?(?:所为|造成|导致|原因|责任|行为|失误|问题)"
    r"|别有用心|恶意(?:解读|抹黑|剪辑|炒作|中伤)|有人(?:恶意)?带节奏|不可抗力|竞争对手|水军|黑公关"
    r"|\bthird[- ]party (?:fault|failure|error)\b"
    r"|\bour (?:supplier|contractor)'?s? (?:fault|mistake|error)\b",
    re.IGNORECASE,
)
_CONDITIONAL = re.compile(
    r"(?:如果?|若|倘若|如有|若有|假如)[^，。；！？\n]{0,16}?(?:不便|不适|冒犯|困扰|误会|伤害)[^。；！？\n]{0,12}?(?:抱歉|歉意|道歉|致歉|对不起|谅解)"
    r"|(?:抱歉|歉意|道歉|致歉)[^。；！？\n]{0,12}?(?:如果?|若|倘若)[^。；！？\n]{0,16}"
    r"|\b(?:sorry|apologi[sz]e|regret)\b[^.;!?\n]{0,20}\bif\b[^.;!?\n]{1,40}",
    re.IGNORECASE,
)
_PATTERNS = (
    (Code.ABSOLUTE_CLAIM, _ABSOLUTE),
    (Code.BLAME_AFFECTED, _BLAME_AFFECTED),
    (Code.BLAME_OTHERS, _BLAME_OTHERS),
    (Code.CONDITIONAL_APOLOGY, _CONDITIONAL),
)
_PIECES = re.compile(r"[、/]")
_LONG_PIECE = 3
"""A shorter word is said in other senses too: of one, people are only told."""
_QUOTES = {"“": "”", "「": "」", "『": "』", "《": "》"}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the text, half open in code points, that somebody else has found."""

    start: int
    end: int


def worded(text: str) -> Iterator[Finding]:
    """Absolute claims, passed blame and apologies with an `if`, by patterns of our own."""
    for code, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield _quoted_or(code, text, match.start(), match.end())


def absolute(text: str, spots: Iterable[Spot]) -> Iterator[Finding]:
    """Absolute claims that a lexicon has found."""
    for spot in spots:
        yield _quoted_or(Code.ABSOLUTE_CLAIM, text, spot.start, spot.end)


def never_said(text: str, banned: Iterable[NeverSay]) -> Iterator[Finding]:
    """What a scenario forbids, however it is punctuated; each explained as the scenario does."""
    folded, places = _folded(text)
    for item in banned:
        for piece in _PIECES.split(item.zh):
            wanted = _folded(piece)[0]
            if not wanted:
                continue
            at = folded.find(wanted)
            while at >= 0:
                start, end = places[at], places[at + len(wanted) - 1] + 1
                soft = len(wanted) < _LONG_PIECE or _is_quoted(text, start, end)
                weight = Weight.ADVICE if soft else Weight.BLOCKING
                yield found(Code.NEVER_SAY, text, start, end, why=item.why, weight=weight)
                at = folded.find(wanted, at + len(wanted))


def _quoted_or(code: Code, text: str, start: int, end: int) -> Finding:
    """A finding that only advises where the words are quoted: people may have to name them."""
    weight = Weight.ADVICE if _is_quoted(text, start, end) else None
    return found(code, text, start, end, weight=weight)


def _is_quoted(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 30) : start], text[end : end + 30]
    for opening, closing in _QUOTES.items():
        at = before.rfind(opening)
        if at >= 0 and closing not in before[at:] and closing in after:
            return True
    return False


def _folded(text: str) -> tuple[str, list[int]]:
    """Letters and digits alone, in one form, and where each stood."""
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for folded in normalize("NFKC", character).casefold():
            if folded.isalnum():
                characters.append(folded)
                places.append(place)
    return "".join(characters), places
