"""Names of private persons: only where the text says that a name comes, or gives one a title."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.pii.surnames import AMBIGUOUS, COMPOUND, PLAIN, SURNAMES, TITLES, WORDS
from nlp.text.normalizer import NormalText

_HAN = "\u3400-\u9fff"
_COLON = r"(?: ?(?:[:=(]|是:?|为:?) ?| )"
# A form's field: the name follows with or without a colon.
_FIELD = re.compile(
    r"(?:姓名|联系人|收件人|收货人|寄件人|发件人|签收人|取件人|订票人|预订人|户名|持卡人|收款人|付款人"
    rf"|经办人|投保人|被保险人|申请人|报案人|投诉人|举报人)(?:{_COLON}|叫)?"
)
# Words of running text and of the news: only a colon makes a field of them.
_LABEL = re.compile(
    r"(?:患者|病人|家属|当事人|车主|业主|租客|房东|乘客|旅客|住客|监护人|考生|学生|本人|顾客"
    r"|客户|买家|卖家|司机|失主|死者|伤者|受害人|联系|名字) ?[:=] ?"
)
_CALLED = re.compile(
    r"(?:我叫做?|我的名字(?:叫|是)|我名字(?:叫|是)|名叫|本人叫|[他她]叫|[真本]名叫?是?|大名叫"
    r"|(?:儿子|女儿|孩子|老公|老婆|爸爸?|妈妈?|朋友|同事|妹妹?|弟弟?|哥哥?|姐姐?)叫"
    r"|(?:大家|你|您)好[,!。 ]{0,2}我是)"
)
_CALLING = re.compile("[叫名]|好[,!。 ]{0,2}我是")  # each of them holds one of these
# Titles of customers and of those who serve them. Doctors, teachers and professors are spoken of in
# public by name: of 146 such finds in 20,000 posts nearly all were persons in the news.
_FORM = "先生|女士|小姐|太太|经理|店长|师傅|阿姨|大姐|大哥|叔叔"
_TITLED = re.compile(_FORM)
_TITLE = re.compile(TITLES)
_ENGLISH = re.compile(r"(?<![a-z])my name is ([a-z]{2,15}(?: [a-z]{2,15}){1,2})(?![a-z])")
_DOTTED = re.compile(rf"[{_HAN}]{{2,6}}[·•・][{_HAN}]{{2,6}}(?:[·•・][{_HAN}]{{2,6}})?")
# What may go on after a name: an end, or a word that opens the rest of the sentence.
_AFTER = re.compile(r"[今来住在是的电手身和与及说年从先女小老也就很都吗呢吧啊呀男性联微现家出生于]")
_NOT_GIVEN = frozenset(
    "的了我你他她它们是在不这那某今现住从老总姓吗呢吧么啊呀哦和与及或被把给跟对就都也还又很太说要去来到个些位点下上没无"
)
_BEFORE_TITLED = re.compile(rf"(?:^|[^{_HAN}]|[找叫与和跟给为向请约是由谢系知让被对及位的到见问])$")
# The press and the stage speak of public persons so.
_PUBLIC_BEFORE = re.compile(
    r"(?:创始人|董事长|总裁|ceo|主席|总统|总理|部长|大使|院士|导演|演员|歌手|作家|画家|作曲家|主持人|嘉宾"
    r"|教练|球星|影帝|影后|艺人|发言人|专家|代表|委员|作者|诗人|纪念|致敬|缅怀|悼念|#|【)[:, ]?$"
)
_PUBLIC_AFTER = re.compile(
    r"(?:在?接受采访|表示|指出|认为|强调|透露|介绍|宣布|出席|发表|主演|执导|饰演|逝世|去世|的?作品)"
)


def names(normal: NormalText) -> Iterator[tuple[int, int]]:
    """Yields the spans of the normal form that are names of private persons.

    A name is a surname of the table with one or two characters more (or names with a middle dot),
    after a form's field, after 我叫 and its like, or before a title. A surname with a title is
    nobody in particular, and a name in running text may be anybody's; both stay.
    """
    text = normal.text
    for pattern, apart in ((_FIELD, True), (_LABEL, True), (_CALLED, False)):
        if pattern is _CALLED and _CALLING.search(text) is None:
            continue
        for cue in pattern.finditer(text):
            end = _name_end(text, cue.end(), apart=apart)
            if end is not None:
                yield cue.end(), end
    for match in _TITLED.finditer(text):
        span = _titled(text, match.start())
        if span is not None:
            yield span
    if "my name is" in text:
        for match in _ENGLISH.finditer(text):
            yield from _capitalised(normal, *match.span(1))


def _capitalised(normal: NormalText, first: int, stop: int) -> Iterator[tuple[int, int]]:
    """The two or three words from `first` on that are written with capitals."""
    while (words := normal.text[first:stop].split(" "))[1:]:
        start, end = normal.original_span(first, stop)
        if all(word[:1].isupper() for word in normal.original[start:end].split()):
            yield first, stop
            return
        stop -= len(words[-1]) + 1


def _name_end(text: str, start: int, *, apart: bool) -> int | None:
    """Where the name that begins at `start` ends; None when none does."""
    dotted = _DOTTED.match(text, start)
    if dotted is not None:
        return dotted.end()
    surname = _surname(text, start)
    if surname == 0:
        return None
    given = start + surname
    ambiguous = text[start] in AMBIGUOUS and surname == 1
    for size in (2, 1):
        end = given + size
        if not _is_name(text, start, given, end):
            continue
        after = text[end : end + 1]
        ended = not after or not "\u3400" <= after <= "\u9fff"
        if ended or (not (ambiguous and not apart) and _AFTER.match(text, end)):
            return end
    return None


def _titled(text: str, end: int) -> tuple[int, int] | None:
    """The name of two or three characters (four with a compound surname) before a title."""
    for first in range(max(0, end - 4), end - 1):
        surname = _surname(text, first)
        given = first + surname
        if not 1 <= end - given <= 2 or surname == 0:
            continue
        if surname == 1 and text[first] not in PLAIN:
            continue
        before = text[max(0, first - 6) : first]
        if not _is_name(text, first, given, end) or not _BEFORE_TITLED.search(before):
            continue
        title = _TITLE.match(text, end)
        after = end if title is None else title.end()
        if not _PUBLIC_BEFORE.search(before) and not _PUBLIC_AFTER.match(text, after):
            return first, end
    return None


def _surname(text: str, start: int) -> int:
    if text[start : start + 2] in COMPOUND:
        return 2
    return 1 if text[start : start + 1] in SURNAMES else 0


def _is_name(text: str, start: int, given: int, end: int) -> bool:
    if end > len(text):
        return False
    rest = text[given:end]
    return (
        all("\u3400" <= character <= "\u9fff" for character in rest)
        and _NOT_GIVEN.isdisjoint(rest)
        and _TITLE.match(text, given) is None
        and _TITLE.match(text, end - 1) is None
        and text[start:end] not in WORDS
        and text[start : start + 2] not in WORDS
    )
