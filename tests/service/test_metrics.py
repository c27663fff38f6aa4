from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

from service import metrics

MADE_UP_BY_STRANGERS = {"id", "url", "path", "user", "author", "host", "query", "text"}


def every() -> list[Counter | Gauge | Histogram]:
    found = [getattr(metrics, name) for name in dir(metrics)]
    return [item for item in found if isinstance(item, Counter | Gauge | Histogram)]


def test_every_metric_is_ours_by_name_and_says_what_it_is() -> None:
    described = [next(iter(item.describe())) for item in every()]
    assert len(described) >= 20
    assert all(item.name.startswith("fengsui_") for item in described)
    assert all(item.documentation.endswith(".") for item in described)


def test_no_label_can_be_made_up_by_a_stranger() -> None:
    labels = {label for item in every() for label in item._labelnames}
    assert not labels & MADE_UP_BY_STRANGERS
