"""The table of figures on dev, one line a domain."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nlp.training.corpora import Row
from nlp.training.mixture import domain_key
from nlp.training.scores import accuracy, calibration_error, interval, macro_f1, macro_recall
from nlp.training.tags import without_tags

_FIGURE: Mapping[str, Callable[..., float]] = {
    "sentiment/weibo3": macro_f1,
    "sentiment/car3": macro_f1,
    "sentiment/tweeteval": macro_recall,
    "emotion/ewect_usual": macro_f1,
    "emotion/ewect_virus": macro_f1,
    "abuse/cold": macro_f1,
}
TAGLESS = "sentiment/weibo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One domain's figure with its 95 % interval, and the calibration error; all in [0, 1]."""

    domain: str
    rows: int
    figure: str
    value: float
    low: float
    high: float
    calibration: float


def shown(rows: Sequence[Row]) -> list[Row]:
    """Rows as they are judged: the emoticon tags that gave weibo its labels are removed."""
    return [
        Row(without_tags(row.text) or row.text, row.task, row.domain, row.label)
        if domain_key(row) == TAGLESS
        else row
        for row in rows
    ]


def table(rows: Sequence[Row], probabilities: Mapping[str, np.ndarray]) -> list[Line]:
    """A line a domain; `probabilities[task]` (rows, labels) over all `rows`."""
    places = sorted(_by_domain(rows).items())
    return [_line(domain, rows, held, probabilities) for domain, held in places]


def mean_figure(rows: Sequence[Row], probabilities: Mapping[str, np.ndarray]) -> float:
    """The mean over domains of what `table` gives as their values, without its intervals."""
    return float(
        np.mean(
            [
                _FIGURE.get(domain, accuracy)(*_decided(rows, held, probabilities))
                for domain, held in _by_domain(rows).items()
            ]
        )
    )


def _by_domain(rows: Sequence[Row]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        places.setdefault(domain_key(row), []).append(number)
    return places


def _decided(
    rows: Sequence[Row], held: Sequence[int], probabilities: Mapping[str, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    said = probabilities[rows[held[0]].task][held]
    return np.array([rows[place].label for place in held]), said.argmax(1)


def _line(
    domain: str, rows: Sequence[Row], held: Sequence[int], probabilities: Mapping[str, np.ndarray]
) -> Line:
    figure = _FIGURE.get(domain, accuracy)
    gold, said = _decided(rows, held, probabilities)
    low, high = interval(figure, gold, said)
    return Line(
        domain=domain,
        rows=len(held),
        figure=figure.__name__,
        value=figure(gold, said),
        low=low,
        high=high,
        calibration=calibration_error(probabilities[rows[held[0]].task][held], gold),
    )


def printed(lines: Sequence[Line]) -> str:
    """The table for a person, figures in per cent."""
    head = f"{'domain':28} {'rows':>5} {'figure':12} {'value':>6}  {'95 % interval':13}  {'ECE':>5}"
    return "\n".join(
        [
            head,
            *(
                f"{line.domain:28} {line.rows:5d} {line.figure:12} {100 * line.value:6.2f}  "
                f"{100 * line.low:5.1f} – {100 * line.high:5.1f}  {100 * line.calibration:5.2f}"
                for line in lines
            ),
        ]
    )
