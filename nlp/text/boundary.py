"""Word boundaries where a script has them: `app` is not in `happy`, but 爆炸 is in 手机爆炸了."""

from __future__ import annotations

# Below Thai stand the scripts that part words with spaces; from there on (Thai, kana, Han, Hangul
# with its particles) a term is looked for as a substring.
_FIRST_UNSPACED = "\u0e00"


def is_word_character(character: str) -> bool:
    """Whether the character belongs to a word of a script written with spaces between words."""
    return character < _FIRST_UNSPACED and (character.isalnum() or character == "_")


def is_spaced_script(text: str) -> bool:
    """Whether every character is of a script written with spaces between words, or before it."""
    return all(character < _FIRST_UNSPACED for character in text)


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether text[start:end] does not cut into a spaced word on either side; `start < end`."""
    if start > 0 and is_word_character(text[start]) and is_word_character(text[start - 1]):
        return False
    return not (
        end < len(text) and is_word_character(text[end - 1]) and is_word_character(text[end])
    )
