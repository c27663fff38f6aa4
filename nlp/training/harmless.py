"""Everyday posts that teach the heads of our own sets what `none` looks like outside them.

Half of our sentences break a rule or tell of a crisis; of real posts hardly any does. Without these
rows the heads find one in every fourth post.
"""

from __future__ import annotations

from collections.abc import Sequence

from nlp.encoder.heads import MODERATION, NONE, SCENARIO, SENTIMENT
from nlp.training.corpora import LABELS, Row

HARMLESS = "everyday"
"""The domain of these rows."""


def harmless_rows(rows: Sequence[Row], *, most: int) -> list[Row]:
    """`most` rows a task, evenly taken: half of posts that nobody judged, half of reviews.

    No review that complains is `none` of the scenarios, so that only the others are taken there.
    A few in a hundred posts are not harmless after all: smoothing bears that.
    """
    posts = [row.text for row in rows if not row.task]
    reviews = [row for row in rows if row.task == SENTIMENT]
    content = [row for row in reviews if row.label != LABELS[SENTIMENT].index("negative")]
    found = []
    for task, kind in ((MODERATION, reviews), (SCENARIO, content)):
        none = LABELS[task].index(NONE)
        texts = _spread(posts, most // 2) + _spread([row.text for row in kind], most - most // 2)
        found += [Row(text, task, HARMLESS, none) for text in texts]
    return found


def _spread(texts: Sequence[str], most: int) -> list[str]:
    taken = min(most, len(texts))
    return [texts[number * len(texts) // taken] for number in range(taken)]
