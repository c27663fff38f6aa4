"""Writes data/background/weibo_2020.tsv: in how many ordinary posts a word stands.

Run as `python -m nlp.training.background POSTS.jsonl.gz`. Only counts ship, no post and no part of
one beyond single words.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path

import rjieba

from nlp.data_files import data_file
from nlp.lexicon import load_tables
from nlp.lexicon.automaton import Automaton
from nlp.text.normalizer import normalize

FOLDER = Path(__file__).parent.parent / "data" / "background"

EVERY = 3
"""One post in so many is read."""
RAREST_WORD = 8
"""A dictionary word in fewer posts is left out; lexicon terms stay from the first one."""
RAREST_PIECE = 46
"""So is a run of two or three ideographs in fewer posts, word or not."""
_WORDS = range(2, 5)
_PIECES = (2, 3)
_IDEOGRAPHS = re.compile("[\u3400-\u9fff]{2,}")


def distinct(texts: Iterable[str]) -> tuple[str, ...]:
    """The normal forms of the texts, equal ones once: a copied post is one post."""
    return tuple(dict.fromkeys(normalize(text).text for text in texts))


def common_words(normals: Iterable[str], *, rarest: int) -> frozenset[str]:
    """Words of jieba's dictionary of 2 to 4 characters that are cut out of `rarest` texts or more.

    The hidden Markov model, which makes words up, is off.
    """
    jieba = rjieba.Jieba()
    counts: Counter[str] = Counter()
    for normal in normals:
        counts.update({word for word in jieba.cut(normal, False) if len(word) in _WORDS})
    return frozenset(word for word, count in counts.items() if count >= rarest and word.isalpha())


def common_pieces(normals: Iterable[str], *, rarest: int) -> frozenset[str]:
    """Runs of two and three ideographs that stand in `rarest` texts or more."""
    counts: Counter[str] = Counter()
    for normal in normals:
        counts.update(
            {
                run[at : at + length]
                for run in _IDEOGRAPHS.findall(normal)
                for length in _PIECES
                for at in range(len(run) - length + 1)
            }
        )
    return frozenset(piece for piece, count in counts.items() if count >= rarest)


def posts_with(words: Collection[str], normals: Iterable[str]) -> Mapping[str, int]:
    """In how many of the texts each word stands, inside other words too, as a matcher sees it."""
    chosen = sorted(words)
    automaton = Automaton(chosen)
    counts: Counter[str] = Counter()
    for normal in normals:
        counts.update({chosen[place] for place, _, _ in automaton.find(normal)})
    return counts


def rows(counts: Mapping[str, int], posts: int) -> Iterator[str]:
    """The lines of the table: its header names the number of posts; the commonest words first."""
    yield f"word\tposts of {posts}"
    for word, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        yield f"{word}\t{count}"


def _read(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in islice(lines, 0, None, EVERY):
            yield json.loads(line)["text"]


def main() -> None:
    normals = distinct(_read(Path(sys.argv[1])))
    terms = {entry.normal for entry in load_tables(data_file("lexicon"))}
    words = common_words(normals, rarest=RAREST_WORD)
    pieces = common_pieces(normals, rarest=RAREST_PIECE)
    counts = posts_with(words | pieces | terms, normals)
    content = "\n".join(rows(counts, len(normals))) + "\n"
    (FOLDER / "weibo_2020.tsv").write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
