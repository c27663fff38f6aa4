"""The public corpora as rows: one task, one domain, one label, the text in its normal form.

The files are described in `shared/data/README.md`. Rows of the training split whose normal form
also stands in the dev split are left out, so that no figure on dev was obtained by training on it.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlp.encoder.heads import ABUSE, EMOTION, INTENT, MODERATION, NONE, SCENARIO, SENTIMENT
from nlp.encoder.heads import LABELS as SERVED_LABELS
from nlp.lexicon import MODERATION as CATEGORIES
from nlp.lexicon import SCENARIOS
from nlp.text.normalizer import normalize
from nlp.training.errors import BadCorpus
from nlp.training.tags import words_only

LABELS: Mapping[str, tuple[str, ...]] = {
    **{task: SERVED_LABELS[task] for task in (SENTIMENT, EMOTION, ABUSE, INTENT)},
    SCENARIO: (*SCENARIOS, NONE),
    # The last two are patterns, which no word list tells.
    MODERATION: (*sorted(CATEGORIES), "doxxing", "paid_posting", NONE),
}
TASKS = tuple(LABELS)
PUBLIC = (SENTIMENT, EMOTION, ABUSE)
"""The tasks that have public corpora; for the others we wrote sets of our own (`labelled`)."""
UNLABELLED = -1
_TELLING = 6
"""Letters from which the same words make the same post; `好评` written twice is no copy."""
# Gratitude is no label of ours; of the seven, a grateful writer is nearest to a happy one.
_RENAMED = {"gratitude": "happy"}


@dataclass(frozen=True, slots=True)
class Row:
    """One text. `label` indexes `LABELS[task]`; UNLABELLED where nobody has judged."""

    text: str
    task: str
    domain: str
    label: int


def read_rows(data: Path, split: str) -> list[Row]:
    """The rows of `train` or `dev`, in the order of the files, without what stands in both.

    A text of dev is never trained on; a post of dev that train holds in another dress (other
    tags, other punctuation) is not judged. Raises BadCorpus with file:line on a line that is not of
    the shape described.
    """
    train, dev = all_rows(data, "train"), all_rows(data, "dev")
    held_out = {row.text for row in dev}
    train = [row for row in train if row.text not in held_out]
    if split == "train":
        return train
    seen = {words for row in train if len(words := words_only(row.text)) >= _TELLING}
    return [row for row in dev if words_only(row.text) not in seen]


def read_unlabelled(data: Path, *, most: int) -> list[Row]:
    """Posts that nobody labelled, evenly taken over the months, once each."""
    texts = {
        text: None
        for line in lines(data / "topics" / "weibo_2020.jsonl.gz")
        if len(text := normalize(str(line["text"])).text.strip()) >= 6
    }
    posts = list(texts)
    taken = min(most, len(posts))
    places = (number * len(posts) // taken for number in range(taken))
    return [Row(posts[place], "", "unlabelled", UNLABELLED) for place in places]


def all_rows(data: Path, split: str) -> list[Row]:
    """Every row of the files of a split, in their order. Raises BadCorpus with file:line."""
    return [row for task in PUBLIC for row in _read(data / task / f"{split}.jsonl.gz", task)]


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a gzip JSONL file. Raises BadCorpus with file:line."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                try:
                    found = json.loads(line)
                except ValueError as error:
                    raise BadCorpus(f"{path}:{number}: not JSON: {error}") from error
                if not isinstance(found, dict):
                    raise BadCorpus(f"{path}:{number}: {found!r} is no object; a row is one")
                yield found
    # A file cut short ends in EOFError, one that is no gzip inside in zlib.error.
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise BadCorpus(f"{path}: cannot be read: {error}; see shared/data/README.md") from error


def _read(path: Path, task: str) -> Iterator[Row]:
    known = LABELS[task]
    for number, line in enumerate(lines(path), 1):
        text, label, domain = (str(line.get(key, "")) for key in ("text", "label", "domain"))
        label = _RENAMED.get(label, label)
        if not text.strip() or not domain or label not in known:
            raise BadCorpus(
                f"{path}:{number}: text {text[:20]!r}, label {label!r}, domain {domain!r}; "
                f"a row of {task} has all three, and a label of {', '.join(known)}"
            )
        yield Row(normalize(text).text, task, domain, known.index(label))
