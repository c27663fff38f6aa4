"""A suite of disguised terms, made from other sources than the matcher's tables.

Sounds come from pypinyin; look-alikes, parts and emoji from the short lists here, written by hand
from what people use. Every case stands in one of the entry's own example sentences.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import rjieba
from pypinyin import Style, lazy_pinyin, pinyin

from nlp.lexicon import Entry, Variants

_HAN = re.compile("[\u4e00-\u9fff]+")
_SYMBOLS = "*#~^_-|/·.+=※★◆●→"
_EMOJI_NOISE = "😂🤣😊👍🌈🍉🎈⚡"


def _pairs(text: str) -> dict[str, str]:
    """The first character of each word to the rest of it."""
    return {word[0]: word[1:] for word in text.split()}


_LOOKS = _pairs(
    "微徽 日曰 己已 干千 未末 土士 人入 天夭 大太 治冶 赢羸 刺剌 撤撒 拔拨 析折 侯候 兔免 "
    "晴睛 渴喝 贷货 赌睹 骗编 枪抢 妓技 贩版 贱践 操澡 弹掸 薄簿 票栗 假暇 仿访 伪为 账帐 "
    "代伐 投没 股服 赚嫌 割剖 爆瀑 捅桶 群郡 拒柜 规现 抄炒 抵低 欺期 诱透 诉拆 我找 你称 "
    "减咸 癌岩 瘦搜 炮泡 迷谜 吸极 报极 权杈 脑恼 肥肌 根恨 债绩 证征 购沟 裸课 "
)
_PARTS = _pairs(
    "强弓虽 好女子 诈言乍 骗马扁 赌贝者 博十尃 权木又 法氵去 枪木仓 鸡又鸟 操扌喿 杀乂木 "
    "奸女干 妓女支 贷代贝 信亻言 炸火乍 投扌殳 群君羊 钱钅戋 证讠正 领令页 粉米分 期其月 "
    "弹弓单 账贝长 购贝勾 销钅肖 税禾兑 治氵台 疗疒了 码石马 秘禾必 刷尸刂 "
    "加力口 和禾口 明日月 如女口 始女台 味口未 吃口乞 吸口及 唱口昌 鸣口鸟 短矢豆 轻车圣 "
    "轮车仑 软车欠 转车专 红纟工 级纟及 约纟勺 线纟戋 组纟且 细纟田 给纟合 结纟吉 统纟充 "
    "败贝攵 贩贝反 财贝才 贴贝占 赔贝咅 割害刂 利禾刂 别另刂 到至刂 劝又力 动云力 助且力 "
    "功工力 勒革力 打扌丁 找扌戈 报扌𠬝 拒扌巨 招扌召 抢扌仓 据扌居 接扌妾 挂扌圭 "
)
_EMOJI = {
    "马": "🐴", "妈": "🐴", "鸡": "🐔", "狗": "🐶", "猪": "🐷", "牛": "🐮", "草": "🌿", "操": "🌿",
    "药": "💊", "刀": "🔪", "枪": "🔫", "钱": "💰", "血": "🩸", "车": "🚗", "花": "🌸", "火": "🔥",
    "心": "❤", "手": "✋", "酒": "🍷", "烟": "🚬", "冰": "🧊", "蛋": "🥚", "屎": "💩", "死": "💀",
    "家": "🏠", "加": "➕", "床": "🛏", "水": "💧", "茶": "🍵", "肉": "🥩", "鱼": "🐟", "龟": "🐢",
    "鸭": "🦆", "票": "🎫", "卡": "💳", "锁": "🔒", "星": "⭐", "月": "🌙", "日": "☀", "雨": "☔",
}  # fmt: skip
_MARTIAN = {
    "我": "莪", "你": "伱", "好": "恏", "不": "卟", "是": "媞", "到": "菿", "人": "亾", "天": "兲",
    "作": "莋", "伤": "慯", "爱": "嬡", "无": "嘸", "买": "荬", "私": "俬", "交": "茭", "男": "侽",
    "死": "迉", "国": "囯", "开": "幵", "群": "羣", "微": "嶶", "信": "訫", "加": "珈", "家": "傢",
    "色": "铯", "分": "汾", "全": "恮", "回": "囬", "店": "扂", "小": "仦", "少": "尐", "生": "泩",
}  # fmt: skip
_TRADITIONAL = _pairs(
    "赌賭 诈詐 骗騙 贷貸 发發 开開 强強 药藥 证證 办辦 网網 号號 换換 钱錢 单單 资資 们們 妈媽 "
    "马馬 鸡雞 枪槍 弹彈 门門 买買 卖賣 货貨 团團 国國 会會 员員 实實 业業 险險 费費 账賬 赔賠 "
    "赚賺 杀殺 脑腦 残殘 废廢 贱賤 猪豬 乌烏 龟龜 婊婊 维維 权權 伤傷 毁毀 爱愛 报報 车車 机機 "
    "录錄 视視 频頻 约約 炮砲 习習 关關 头頭 体體 疗療 减減 医醫 显顯 无無 时時 虚虛 拟擬 币幣 "
)
_CYRILLIC: dict[int, int] = str.maketrans("aceopxyikmnt", "асеорхуікмпт")
_LEET: dict[int, int] = str.maketrans("aeiost", "431057")
_WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})


@dataclass(frozen=True, slots=True)
class Case:
    """A text in which the entry is written as `surface`, by a technique."""

    technique: str
    entry: Entry
    surface: str
    text: str


Disguise = Callable[[str, random.Random], str | None]
"""A term to its disguise, or None where the technique does not apply."""


def cases(entries: Iterable[Entry], *, each: int, seed: int = 1) -> Iterator[Case]:
    """Up to `each` cases of every technique, over entries drawn by the seed."""
    pool = [entry for entry in entries if entry.variants is Variants.FOLD and _example(entry)]
    for technique, disguise in TECHNIQUES.items():
        chance = random.Random(f"{seed}{technique}")
        chance.shuffle(pool)
        made = 0
        for entry in pool:
            surface = disguise(entry.normal, chance)
            if surface is None or surface == entry.normal:
                continue
            example = _example(entry)
            yield Case(technique, entry, surface, example.replace(entry.term, surface, 1))
            made += 1
            if made == each:
                break


def _example(entry: Entry) -> str:
    return next((text for text in entry.hits if entry.term in text), "")


def _is_han(term: str) -> bool:
    return _HAN.fullmatch(term) is not None


def _gapped(term: str, between: Callable[[], str], chance: random.Random, *, all_: bool) -> str:
    places = range(1, len(term))
    chosen = set(places) if all_ else set(chance.sample(places, chance.randint(1, len(places))))
    return "".join((between() if i in chosen else "") + c for i, c in enumerate(term))


def _inserted(signs: str, most: int) -> Disguise:
    def disguise(term: str, chance: random.Random) -> str | None:
        if not _is_han(term):
            return None

        def between() -> str:
            return "".join(chance.choice(signs) for _ in range(chance.randint(1, most)))

        return _gapped(term, between, chance, all_=chance.random() < 0.5)

    return disguise


def _latin_inserted(term: str, chance: random.Random) -> str | None:
    if not re.fullmatch("[a-z]{3,}", term):
        return None
    sign = chance.choice("*.-_ ")
    return sign.join(term)


def _vertical(term: str, _: random.Random) -> str | None:
    return "\n" + "\n".join(term) + "\n" if _is_han(term) else None


def _repeated(term: str, chance: random.Random) -> str | None:
    if not _is_han(term):
        return None
    place = chance.randrange(len(term))
    return term[:place] + term[place] * chance.randint(3, 6) + term[place + 1 :]


def _homophone(term: str, chance: random.Random) -> str | None:
    """One character in three by a common one of the same sound; ordinary words may not result."""
    if not _is_han(term):
        return None
    sounds = lazy_pinyin(term, v_to_u=False)
    written = list(term)
    for place in chance.sample(range(len(term)), max(1, len(term) // 3)):
        others = [c for c in _by_sound().get(sounds[place], "") if c != term[place]]
        if not others:
            return None
        written[place] = chance.choice(others)
    surface = "".join(written)
    place = 0
    for word in rjieba.cut(surface, False):
        same = surface[place : place + len(word)] == term[place : place + len(word)]
        if len(word) > 1 and not same:
            return None
        place += len(word)
    return surface


@cache
def _by_sound() -> dict[str, str]:
    """Common characters by their only reading; those that are words of every sentence left out."""
    found: dict[str, str] = {}
    for high in range(0xB0, 0xD8):
        for low in range(0xA1, 0xFF):
            character = bytes((high, low)).decode("gb2312", "ignore")
            if not character or rjieba.suggest_freq(character) >= 15_000:
                continue
            (sounds,) = pinyin(character, style=Style.NORMAL, heteronym=True, v_to_u=False)
            if len(sounds) == 1:
                found[sounds[0]] = found.get(sounds[0], "") + character
    return found


def _spelled(*, whole: bool) -> Disguise:
    def disguise(term: str, chance: random.Random) -> str | None:
        if not _is_han(term) or len(term) < (3 if whole else 2):
            return None
        sounds = lazy_pinyin(term, v_to_u=False)
        if any(len(sound) < 2 for sound in sounds):
            return None
        if whole:
            return chance.choice(("", " ")).join(sounds)
        place = chance.randrange(len(term))
        return term[:place] + sounds[place] + term[place + 1 :]

    return disguise


def _swapped(table: dict[str, str]) -> Disguise:
    def disguise(term: str, chance: random.Random) -> str | None:
        places = [place for place, character in enumerate(term) if character in table]
        if not _is_han(term) or not places:
            return None
        place = chance.choice(places)
        return term[:place] + table[term[place]] + term[place + 1 :]

    return disguise


def _latin(table: dict[int, int]) -> Disguise:
    def disguise(term: str, _: random.Random) -> str | None:
        return term.translate(table) if re.fullmatch("[a-z ]{4,}", term) else None

    return disguise


def _marked(term: str, _: random.Random) -> str | None:
    return "".join(character + "\u0336" for character in term) if _is_han(term) else None


def _invisible(term: str, chance: random.Random) -> str | None:
    return chance.choice("\u200b\u200d\u2060\ufeff\u202e\u00ad").join(term)


def _toned(term: str, chance: random.Random) -> str | None:
    """With marks or figures for the tones, run together, apart or with the first letter large."""
    if not _is_han(term) or len(term) < 3:
        return None
    style = chance.choice((Style.TONE, Style.TONE3))
    sounds = lazy_pinyin(term, style=style, v_to_u=False)
    if any(len(sound) < 2 for sound in sounds):
        return None
    return chance.choice((" ", "-", "")).join(sounds).replace("ü", "v")


def _letter_by_letter(term: str, _: random.Random) -> str | None:
    sounds = _spelled(whole=True)(term, random.Random(1))
    return None if sounds is None else " ".join(sounds.replace(" ", ""))


def _traditional(term: str, _: random.Random) -> str | None:
    return "".join(_TRADITIONAL.get(c, c) for c in term) if _is_han(term) else None


def _starred(term: str, chance: random.Random) -> str | None:
    """A sign of a sentence between the first two characters of three or more."""
    if not _is_han(term) or len(term) < 3:
        return None
    return chance.choice("。，、！…;").join(term)


def _spelled_one(term: str, chance: random.Random) -> str | None:
    """One character in letters, wherever it is an ideograph."""
    place = chance.randrange(len(term))
    (sound,) = lazy_pinyin(term[place], v_to_u=False)
    if len(sound) < 2 or not _is_han(term):
        return None
    return term[:place] + sound + term[place + 1 :]


def _leet_rest(term: str, _: random.Random) -> str | None:
    return term.translate({ord("s"): "5", ord("l"): "1"})


def _spread(term: str, chance: random.Random) -> str | None:
    """A blank, a sign, a blank between all characters."""
    return chance.choice((" . ", " - ", " * ", " / ")).join(term) if _is_han(term) else None


def _moved(first: int) -> Disguise:
    """The letters of another block, which run from `first`."""

    def disguise(term: str, _: random.Random) -> str | None:
        if not re.fullmatch("[a-z ]{4,}", term):
            return None
        return "".join(c if c == " " else chr(first + ord(c) - ord("a")) for c in term)

    return disguise


def _both(one: Disguise, other: Disguise) -> Disguise:
    """Two characters or more by the first technique, what is left by the second."""

    def disguise(term: str, chance: random.Random) -> str | None:
        made = one(term, chance)
        return None if made is None or made == term else other(made, chance)

    return disguise


def _sown(signs: str) -> Disguise:
    """One sign between any two characters, whatever they are."""
    return lambda term, chance: chance.choice(signs).join(term)


def _wrapped(term: str, chance: random.Random) -> str | None:
    """In the signs that turn the direction of writing."""
    if not _is_han(term):
        return None
    first, last = chance.choice(("\u202d\u202c", "\u2066\u2069", "\u202a\u202c"))
    place = chance.randrange(1, len(term))
    return first + term[:place] + last + first + term[place:] + last


TECHNIQUES: dict[str, Disguise] = {
    "symbols": _inserted(_SYMBOLS, 2),
    "spaces": _inserted(" \u3000", 2),
    "emoji noise": _inserted(_EMOJI_NOISE, 2),
    "digits": _inserted("0123456789", 1),
    "letters apart": _latin_inserted,
    "vertical": _vertical,
    "repeated": _repeated,
    "homophone": _homophone,
    "pinyin": _spelled(whole=True),
    "part pinyin": _spelled(whole=False),
    "look-alike": _swapped(_LOOKS),
    "split": _swapped(_PARTS),
    "emoji": _swapped(_EMOJI),
    "martian": _swapped(_MARTIAN),
    "cyrillic": _latin(_CYRILLIC),
    "leet": _latin(_LEET),
    "width": lambda term, _: term.translate(_WIDE),
    "case": lambda term, _: term.swapcase(),
    "marks": _marked,
    "invisible": _invisible,
    "toned pinyin": _toned,
    "letter by letter": _letter_by_letter,
    "traditional": _traditional,
    "pauses": _starred,
    "spread": _spread,
    "bidi": _wrapped,
    "squared": _moved(0x1F170),
    "circled": _moved(0x24D0),
    "mathematical": _moved(0x1D4EA),
    "regional": _moved(0x1F1E6),
    "traditional + symbols": _both(_traditional, _sown("*_.~|")),
    "traditional + emoji": _both(_traditional, _sown(_EMOJI_NOISE)),
    "homophone + symbol": _both(_homophone, _sown("*-_.")),
    "homophone + invisible": _both(_homophone, _sown("\u200b\u200d")),
    "look-alike + symbol": _both(_swapped(_LOOKS), _sown("*-_.")),
    "split + invisible": _both(_swapped(_PARTS), _sown("\u200b\u2060")),
    "split + homophone": _both(_homophone, _swapped(_PARTS)),
    "emoji + space": _both(_swapped(_EMOJI), _sown(" ")),
    "martian + symbol": _both(_swapped(_MARTIAN), _sown("*-_.")),
    "martian + traditional": _both(_swapped(_MARTIAN), _traditional),
    "pinyin + homophone": _both(_homophone, _spelled_one),
    "repeated + symbol": _both(_repeated, _sown("*")),
    "cyrillic + leet": _both(_latin(_CYRILLIC), _leet_rest),
    "width + invisible": _both(lambda term, _: term.translate(_WIDE), _sown("\u200b")),
}
