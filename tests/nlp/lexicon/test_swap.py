"""Matching while another lexicon is swapped in: every answer is wholly of one of them."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier, Event

from hypothesis import given, settings
from hypothesis import strategies as st

from nlp import load_analyzer, load_lexicon, normalize
from nlp.component import Draft
from nlp.components import LexiconComponent
from nlp.lexicon import Lexicon, LiveLexicon

TERMS = ("黑店宰客", "霸王条款", "偷工减料", "假货横行", "拉肚子", "骗子公司")
TEXT = "这家黑店宰客，霸王條款，偷 工 减 料，假货横行，喝完拉肚子，骗子公司"
MATCHERS = 3


def edition(severity: int) -> Lexicon:
    """A lexicon all of whose entries have one severity, so that a mixture of two would show."""
    pattern = load_lexicon().entries[0]
    return Lexicon(
        replace(
            pattern,
            id=f"lex_{place}",
            term=term,
            normal=term,
            severity=severity,
            requires_any=(),
            requires_not=(),
            allow=(),
        )
        for place, term in enumerate(TERMS)
    )


EDITIONS = tuple(edition(severity) for severity in range(1, 6))
BY_VERSION = {lexicon.version: lexicon.match(TEXT) for lexicon in EDITIONS}


@settings(max_examples=10)
@given(st.integers(0, 2**32 - 1))
def test_each_answer_is_of_the_version_that_it_names(seed: int) -> None:
    live = LiveLexicon(EDITIONS[0])
    component = LexiconComponent(live)
    start, done = Barrier(MATCHERS + 1), Event()

    def match() -> list[Draft]:
        drafts: list[Draft] = []
        start.wait()
        while not done.is_set() or len(drafts) < 20:
            batch = [Draft(text=TEXT, normal=normalize(TEXT)) for _ in range(2)]
            component.run(batch)
            drafts += batch
        return drafts

    chance = random.Random(seed)
    with ThreadPoolExecutor(MATCHERS) as pool:
        matching = [pool.submit(match) for _ in range(MATCHERS)]
        start.wait()
        for _ in range(200):
            live.swap(chance.choice(EDITIONS))
        done.set()
        drafts = [draft for each in matching for draft in each.result()]
    assert all(draft.hits == BY_VERSION[draft.versions["lexicon"]] for draft in drafts)


def test_readings_that_are_kept_do_not_keep_hits() -> None:
    live = LiveLexicon(EDITIONS[0])
    analyzer = load_analyzer(lexicon=live, backends=())
    before = analyzer.analyze(TEXT)
    live.swap(EDITIONS[4])
    after = analyzer.analyze(TEXT)
    assert (before.severity, after.severity) == (1, 5)
    assert (before.versions["lexicon"], after.versions["lexicon"]) == (
        EDITIONS[0].version,
        EDITIONS[4].version,
    )
