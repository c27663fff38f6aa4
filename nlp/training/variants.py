"""Writes data/variants/t2s.tsv: traditional characters with their one simplified form.

Run as `python -m nlp.training.variants`; needs the dev extra (opencc).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

TABLE = Path(__file__).parent.parent / "data" / "variants" / "t2s.tsv"

# Blocks of Han ideographs: extension A and the unified block, compatibility, planes 2 and 3.
_HAN_BLOCKS = (
    range(0x3400, 0xA000),
    range(0xF900, 0xFB00),
    range(0x20000, 0x2FA20),
    range(0x30000, 0x323B0),
)


def simplified_pairs(convert: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Yields (traditional, simplified) for each Han character that `convert` changes one to one."""
    for block in _HAN_BLOCKS:
        for code in block:
            character = chr(code)
            converted = convert(character)
            if converted != character and len(converted) == 1:
                yield character, converted


def write_table(path: Path, convert: Callable[[str], str]) -> int:
    """Writes the table to `path` and returns its number of rows."""
    rows = [f"{old}\t{new}\n" for old, new in simplified_pairs(convert)]
    path.write_text("traditional\tsimplified\n" + "".join(rows), encoding="utf-8", newline="\n")
    return len(rows)


if __name__ == "__main__":
    from opencc import OpenCC  # the dev extra: only the person who rebuilds the table needs it

    write_table(TABLE, OpenCC("t2s").convert)
