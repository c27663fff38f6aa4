"""The posts that targeted sentiment learns from: read, grouped by what they copy, and split."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from nlp.data_files import rows
from nlp.spread.core_text import core_text
from nlp.text.normalizer import normalize
from nlp.training.corpora import lines
from nlp.training.errors import BadCorpus

FOLDS = 5
# The fold of what is held out.
TEST = FOLDS

_GRAM = 8
# Two posts are one text when the smaller shares this much of its 8-grams.
_SHARED = 0.3
_HELD_OUT = 0.2
# A campaign that copies one text hundreds of times would be most of a held-out part.
_LARGEST_HELD_OUT = 100


@dataclass(frozen=True, slots=True)
class NamedPost:
    """A post, whom it names, and whom its bad news is about; `part` is given by our own table."""

    text: str
    entities: tuple[str, ...]
    blamed: frozenset[str]
    negative: bool = True
    part: str = ""


def read_finance(data: Path) -> list[NamedPost]:
    """The posts of `entity/finance_negative`. Raises BadCorpus with file:line."""
    path = data / "entity" / "finance_negative.jsonl.gz"
    found = []
    for number, row in enumerate(lines(path), 1):
        try:
            text, label = str(row["text"]), str(row["label"])
            entities, blamed = row["entities"], frozenset(row["negative_entities"])
        except (KeyError, TypeError) as error:
            raise BadCorpus(f"{path}:{number}: {error} is missing or no list") from error
        if not isinstance(entities, list) or not blamed <= set(entities):
            raise BadCorpus(f"{path}:{number}: negative_entities {sorted(blamed)} not of entities")
        found.append(NamedPost(text, tuple(entities), blamed, label == "negative"))
    return found


def read_own(table: Traversable | None = None) -> list[NamedPost]:
    """Our own sentences about fictional brands (labelled/targeted.tsv). Raises BadCorpus."""
    source = table or resources.files("nlp.training").joinpath("labelled", "targeted.tsv")
    found = []
    for number, cells in rows(source):
        if len(cells) != 4 or cells[3] not in ("train", "test"):
            raise BadCorpus(f"{source}:{number}: a row is text, entities, negative, train or test")
        entities = tuple(cells[1].split("|"))
        blamed = frozenset(name for name in cells[2].split("|") if name)
        absent = [name for name in entities if name not in cells[0]]
        if absent or not blamed <= set(entities):
            raise BadCorpus(f"{source}:{number}: {absent or sorted(blamed)} not named in the text")
        found.append(NamedPost(cells[0], entities, blamed, True, cells[3]))
    return found


def copy_groups(texts: Sequence[str]) -> list[int]:
    """A group for each text; texts that share three tenths of their 8-grams are of one group.

    The number of a group is the place of its first text.
    """
    cores = [core_text(normalize(text).text) for text in texts]
    grams = [
        {core[start : start + _GRAM] for start in range(len(core) - _GRAM + 1)} or {core}
        for core in cores
    ]
    holders: dict[str, list[int]] = defaultdict(list)
    parents = list(range(len(texts)))

    def root(place: int) -> int:
        while parents[place] != place:
            parents[place] = parents[parents[place]]
            place = parents[place]
        return place

    for place, held in enumerate(grams):
        for other, shared in Counter(o for gram in held for o in holders[gram]).items():
            if shared >= _SHARED * min(len(held), len(grams[other])):
                one, two = root(place), root(other)
                parents[max(one, two)] = min(one, two)
        for gram in held:
            holders[gram].append(place)
    return [root(place) for place in range(len(texts))]


def folds(groups: Sequence[int], *, seed: int) -> list[int]:
    """The fold of each row: TEST for a fifth of them, 0 to 4 for the rest; groups stay whole.

    Groups of more than a hundred rows are never held out.
    """
    sizes = Counter(groups)
    order = sorted(sizes)
    random.Random(seed).shuffle(order)  # noqa: S311 a split, not a secret
    fold: dict[int, int] = {}
    held = 0
    for group in order:
        size = sizes[group]
        if size <= _LARGEST_HELD_OUT and held + size <= _HELD_OUT * len(groups):
            fold[group] = TEST
            held += size
    load = [0] * FOLDS
    for group in sorted((group for group in order if group not in fold), key=lambda g: -sizes[g]):
        fold[group] = load.index(min(load))
        load[fold[group]] += sizes[group]
    return [fold[group] for group in groups]
