"""Pairs of texts that are copies and pairs that are not, made from real posts by a seed.

A positive is a post and the same post edited in one way. Negatives are the nearest posts by tf-idf
of character 2- and 3-grams, posts under one hashtag, any two posts, and two fillings of one
template. Among the first two, pairs of which half of the shorter text stands in the longer one are
copies in the wild and left out: nobody has judged them. What is quoted counts, hashtags do not.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher

from opencc import OpenCC
from pypinyin import lazy_pinyin
from sklearn.feature_extraction.text import TfidfVectorizer

from nlp import normalize
from nlp.spread.core_text import core_text

Pair = tuple[str, str]
_HAN = re.compile("[\u4e00-\u9fff]")
_HASHTAG = re.compile("#[^#]*#")
_ASIDE = re.compile(r"#[^#]*#|https?\S+|@\S+|O网页链接|\[[^\]]*\]")
_NAMES = ("小鹿Olive", "风起长林", "aaa王老师", "圆滚滚-", "路人甲")
_EMOJI = ("😂", "👍", "[泪]", "🙏🏻", "❤️", "[doge]")
_TEMPLATES = (
    "{p}新增{n}例报告！2020年{m}月{d}日0-24时，{p}无新增输入病例，{q}报告病例{n}例，累计出院{k}例",
    "【{p}天气】{m}月{d}日白天多云，最高气温{n}度，风力{k}级，出门请注意",
    "{p}到{q}的航班{k}次延误{n}分钟，预计{d}点起飞，请旅客耐心等候",
    "今天是我在{p}打卡的第{k}天，跑了{n}公里，配速{d}分",
)
_TO_TRADITIONAL = OpenCC("s2t")
LEAST_SHARED = 0.5
_TILE = 4
_COMPARED = 20_000
"""Posts among which the nearest are looked for."""


class Edits:
    """Ways to edit a text, each seeded by the whole run."""

    def __init__(self, posts: Sequence[str], draw: random.Random) -> None:
        self._posts, self._draw = posts, draw
        self._sounds: dict[str, list[str]] = defaultdict(list)
        for character in sorted({one for post in posts[:20_000] for one in _HAN.findall(post)}):
            self._sounds[lazy_pinyin(character)[0]].append(character)
        self.kinds: dict[str, Callable[[str], str]] = {
            "quoted": lambda text: f"{draw.choice(('转发微博', '', '转'))}{self._quote()}{text}",
            "comment, quoted": lambda text: f"{self._comment()}{self._quote()}{text}",
            "comment before": lambda text: f"{self._comment()}，{text}",
            "comment after": lambda text: f"{text}{draw.choice('，。 ')}{self._comment()}",
            "end cut, 10-40 %": lambda text: text[: int(len(text) * draw.uniform(0.6, 0.9))],
            "half cut": lambda text: text[: len(text) // 2],
            "emoji": self._with_emoji,
            "traditional": _TO_TRADITIONAL.convert,
            "symbols between": self._with_symbols,
            "full width": _widened,
            "homophones, 4 %": self._with_homophones,
            "words changed": self._with_words,
            "three at once": self._with_three,
        }

    def _quote(self) -> str:
        return f"//@{self._draw.choice(_NAMES)}:"

    def _comment(self) -> str:
        while True:
            said = re.split("[，。！？!,]", _ASIDE.sub("", self._draw.choice(self._posts)))[0]
            if 2 <= len(said.strip()) <= 20:
                return said.strip()

    def _with_emoji(self, text: str) -> str:
        for _ in range(self._draw.randint(1, 4)):
            place = self._draw.randint(0, len(text))
            text = text[:place] + self._draw.choice(_EMOJI) + text[place:]
        return text

    def _with_symbols(self, text: str) -> str:
        return "".join(
            one + (self._draw.choice("*·.|~ ") if self._draw.random() < 0.15 else "")
            for one in text
        )

    def _with_homophones(self, text: str) -> str:
        characters = list(text)
        places = [place for place, one in enumerate(characters) if _HAN.match(one)]
        for place in self._draw.sample(places, k=-(-len(places) // 25)):
            alike = self._sounds[lazy_pinyin(characters[place])[0]]
            others = [one for one in alike if one != characters[place]]
            if others:
                characters[place] = self._draw.choice(others)
        return "".join(characters)

    def _with_words(self, text: str) -> str:
        characters = list(text)
        for _ in range(max(1, len(text) // 40)):
            place = self._draw.randrange(len(characters))
            word = self._draw.choice(("大家", "今天", "真的", "我们", "可以"))
            characters[place : place + 2] = word
        return "".join(characters)

    def _with_three(self, text: str) -> str:
        some = ("comment after", "end cut, 10-40 %", "emoji", "symbols between", "traditional")
        for kind in self._draw.sample((*some, "words changed", "quoted"), k=3):
            text = self.kinds[kind](text)
        return text


def positives(posts: Sequence[str], *, each: int, seed: int) -> dict[str, list[Pair]]:
    """By kind of edit: `each` posts of 16 letters or more, and as many short ones ("short …").

    Short posts have 6 to 25 letters beside their hashtags, which are cut off.
    """
    draw = random.Random(seed)
    edits = Edits(posts, draw)
    plain = [post for post in draw.sample(posts, k=len(posts)) if "//" not in post]
    usual = [post for post in plain[: 4 * each] if len(_letters(post)) >= 16][:each]
    bare = (_HASHTAG.sub("", post).strip() for post in plain[4 * each :])
    short = [post for post in bare if 6 <= len(_letters(post)) <= 25][:each]
    return {
        f"{size}{kind}": [(post, edit(post)) for post in texts]
        for size, texts in (("", usual), ("short, ", short))
        for kind, edit in edits.kinds.items()
    }


def negatives(posts: Sequence[str], *, each: int, seed: int) -> dict[str, list[Pair]]:
    """By kind, about `each` pairs of different posts."""
    draw = random.Random(seed)
    tagged = defaultdict(list)
    for post in posts:
        for tag in set(_HASHTAG.findall(post)):
            tagged[tag].append(post)
    usual = [tag for tag, under in tagged.items() if 5 <= len(under) < 500]
    same_tag = (draw.sample(tagged[draw.choice(usual)], 2) for _ in range(2 * each))
    drawn = (draw.sample(posts, 2) for _ in range(each))
    return {
        "nearest by tf-idf": list(
            _different(_nearest(draw.sample(posts, k=min(_COMPARED, len(posts))), each))
        )[:each],
        "one hashtag": list(_different((one, other) for one, other in same_tag))[:each],
        "any two": [(one, other) for one, other in drawn],
        "one template": [
            (_filled(template, draw), _filled(template, draw))
            for template in _TEMPLATES
            for _ in range(each // len(_TEMPLATES))
        ],
    }


def _nearest(posts: Sequence[str], count: int) -> Iterator[Pair]:
    table = TfidfVectorizer(analyzer="char", ngram_range=(2, 3)).fit_transform(posts)
    for place in range(count):
        likeness = (table @ table[place].T).toarray().ravel()
        likeness[place] = -1
        for other in likeness.argsort()[:-6:-1]:
            yield posts[place], posts[other]


def _different(pairs: Iterator[Pair]) -> Iterator[Pair]:
    for one, other in pairs:
        if is_different(one, other):
            yield one, other


def is_different(one: str, other: str) -> bool:
    """Whether less than half of the shorter one's words, hashtags aside, stands in the other.

    In the same order in pieces of two characters or more (difflib), or in any order in pieces of
    four or more (greedy tiling). False when one has no words: nobody can tell.
    """
    left, right = (_everything_said(_HASHTAG.sub("", text)) for text in (one, other))
    if not left or not right:
        return False
    enough = LEAST_SHARED * min(len(left), len(right))
    blocks = SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
    if sum(block.size for block in blocks if block.size > 1) >= enough:
        return False
    return _tiled(left, right) < enough


def _everything_said(text: str) -> str:
    """The letters of a text and of all that it quotes, without names, links and a site's words."""
    said = re.split(r"//\s?@[^:]{1,30}:", normalize(text).text)
    return "".join(core_text(part) for part in said)


def _tiled(left: str, right: str) -> int:
    """How many characters are shared, the longest pieces first, each once (Wise 1993)."""
    ours, theirs = list(left), list(right)
    shared = 0
    while True:
        piece = SequenceMatcher(None, ours, theirs, autojunk=False).find_longest_match()
        if piece.size < _TILE:
            return shared
        shared += piece.size
        # What stands in their places equals nothing.
        ours[piece.a : piece.a + piece.size] = [f"left of {shared}"]
        theirs[piece.b : piece.b + piece.size] = [f"right of {shared}"]


def _filled(template: str, draw: random.Random) -> str:
    return template.format(
        p=draw.choice(("山东", "河北", "上海", "武汉", "广东", "浙江")),
        q=draw.choice(("青岛", "福州", "合肥", "长沙")),
        n=draw.randint(1, 99),
        k=draw.randint(100, 999),
        m=draw.randint(1, 12),
        d=draw.randint(1, 28),
    )


def _widened(text: str) -> str:
    return "".join(
        chr(ord(one) + 0xFEE0) if "!" <= one <= "~" and one not in "@:/#[]" else one for one in text
    )


def _letters(text: str) -> str:
    return core_text(normalize(text).text)
