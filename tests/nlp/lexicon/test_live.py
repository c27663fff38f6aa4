"""One lexicon after another, each whole."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from nlp.lexicon import COLUMNS, Lexicon, LiveLexicon, parse_tables


def lexicon(term: str) -> Lexicon:
    row = f"lex_a\t{term}\tinjury\t5\t\t\t\t\t{term}\tb\t"
    return Lexicon(parse_tables([("t.tsv", f"{chr(9).join(COLUMNS)}\n{row}".encode())]))


OLD, NEW = lexicon("爆炸"), lexicon("起火")


def test_a_swap_puts_the_other_in_its_place() -> None:
    live = LiveLexicon(OLD)
    assert (live.current, live.version) == (OLD, OLD.version)
    live.swap(NEW)
    assert (live.current, live.version) == (NEW, NEW.version)


def test_every_answer_is_of_one_lexicon_while_others_are_put_in() -> None:
    live = LiveLexicon(OLD)

    def read(_turn: int) -> tuple[str, tuple[str, ...]]:
        now = live.current
        return now.version, tuple(hit.term for hit in now.match("爆炸，起火"))

    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(read, range(400))
        for turn in range(200):
            live.swap(NEW if turn % 2 else OLD)
        found = set(answers)
    assert found <= {(OLD.version, ("爆炸",)), (NEW.version, ("起火",))}


def test_what_is_derived_follows() -> None:
    live = LiveLexicon(OLD)
    version = live.derive(lambda current: current.version)
    assert version.current == OLD.version
    live.swap(NEW)
    assert version.current == NEW.version


def test_what_cannot_be_derived_stays_and_the_lexicon_serves(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def built(current: Lexicon) -> str:
        if current is NEW:
            raise ValueError("no")
        return current.version

    live = LiveLexicon(OLD)
    version = live.derive(built)
    live.swap(NEW)
    assert live.current is NEW
    assert version.current == OLD.version
    assert "lexicon.derived_failed" in caplog.text
