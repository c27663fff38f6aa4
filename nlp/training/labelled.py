"""Our own labelled sets: scenario, intent, moderation, for which there is no public corpus."""

from __future__ import annotations

import csv
import zlib
from collections.abc import Mapping
from importlib import resources
from importlib.resources.abc import Traversable

from nlp.text.normalizer import normalize
from nlp.training.corpora import LABELS, Row
from nlp.training.errors import BadCorpus

FOLDS = 5
FILES: Mapping[str, tuple[str, ...]] = {
    "scenario": ("scenario_a.tsv", "scenario_b.tsv", "scenario_c.tsv", "scenario_d.tsv"),
    "intent": ("intent.tsv", "intent_b.tsv", "intent_c.tsv"),
    "moderation": ("moderation_a.tsv", "moderation_b.tsv", "moderation_c.tsv"),
}
OWN = "own"
"""The domain of every row of these sets."""
_COLUMNS = ["text", "label", "register"]


def read_labelled(folder: Traversable | None = None) -> list[Row]:
    """Every row of the sets, texts in their normal form; `folder` holds other sets than ours.

    Raises BadCorpus with file:line.
    """
    place = folder or resources.files("nlp.training").joinpath("labelled")
    return [
        row
        for task, files in FILES.items()
        for file in files
        for row in _read(place.joinpath(file), task)
    ]


def fold_of(row: Row) -> int:
    """The cross-validation fold of a row: of its text alone, so that a new row moves no other."""
    return zlib.crc32(row.text.encode("utf-8", "surrogatepass")) % FOLDS


def _read(path: Traversable, task: str) -> list[Row]:
    labels, name = LABELS[task], path.name
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadCorpus(
            f"{name}: cannot be read: {error}; restore it from the repository"
        ) from error
    reader = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    if reader.fieldnames != _COLUMNS:
        raise BadCorpus(f"{name}:1: the columns are {reader.fieldnames}, not {_COLUMNS}")
    found = []
    for row in reader:
        if None in row or not (row["text"] or "").strip() or row["label"] not in labels:
            raise BadCorpus(
                f"{name}:{reader.line_num}: {row}: a text and one of {', '.join(labels)}"
            )
        shown = normalize(row["text"]).text
        found.append(Row(shown, task, OWN, labels.index(row["label"])))
    return found
