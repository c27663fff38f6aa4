"""docs/measures.md: every measure and every fact that is made of one, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from playbooks.facts import FACTS, FactSpec
from playbooks.measures import MEASURES, Measure
from playbooks.post_parts import EVERY, PARTS

_HEAD = """# Measures

What a rule may read. `fengsui measures` writes this page from `playbooks/measures.py` and
`playbooks/post_parts.py`, where each number is defined once. Counts are of the posts of the segment
(monitor × scenario, or the whole monitor) that were published inside the window that ends now. A
post counts in every part that it belongs to. An unknown value (None) fulfils no comparison."""
_PARTS = """
## Parts of the posts
Categories are those of the lexicon; a `_pattern` is what a post says, whatever its words
(`pattern:<id>` among the categories of a stored post)."""


def measures_page() -> str:
    """The whole page."""
    lines = [_HEAD]
    lines += ["", f"## Base measures ({len(MEASURES)})"]
    lines += _table(("measure", "名称", "unit", "what", "说明", "from", "windows"), _measures())
    lines += [_PARTS]
    lines += _table(("part", "名称", "posts are", "from"), _parts())
    lines += ["", f"## Indicators ({len(FACTS)})"]
    lines += _table(("fact", "名称", "name", "unit"), map(_fact, FACTS.values()))
    return "\n".join(lines) + "\n"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for cells in (head, ("---",) * len(head), *rows):
        yield f"| {' | '.join(cells)} |"


def _measures() -> Iterator[tuple[str, ...]]:
    for measure in MEASURES:
        zh, _ = measure.title(EVERY)
        yield (
            f"`{measure.id}`",
            zh,
            measure.unit,
            measure.says,
            measure.says_zh,
            measure.source,
            _windows(measure),
        )


def _windows(measure: Measure) -> str:
    return ", ".join("now" if window is None else window for window in measure.windows)


def _parts() -> Iterator[tuple[str, ...]]:
    for part in PARTS:
        zh, en = part.zh or "全部", part.en or "all"
        yield f"`{part.id}`" if part.id else "", zh, en, part.source


def _fact(spec: FactSpec) -> tuple[str, ...]:
    window = "" if spec.window is None else f", {spec.window}"
    return f"`{spec.name}`", f"{spec.zh}{window}", f"{spec.en}{window}", spec.unit
