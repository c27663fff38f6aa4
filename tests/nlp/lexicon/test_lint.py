"""Entries against their own examples."""

from nlp.lexicon import COLUMNS, Lexicon, lint, parse_tables


def lexicon(*rows: str) -> Lexicon:
    return Lexicon(parse_tables([("t.tsv", "\n".join(("\t".join(COLUMNS), *rows)).encode())]))


def found(*rows: str) -> list[str]:
    return [str(issue) for issue in lint(lexicon(*rows))]


def test_good_examples_raise_nothing() -> None:
    assert found("lex_a\t爆炸\tinjury\t5\t\t\t\t爆炸头\t爆炸了\t爆炸头|没有爆炸\t") == []


def test_a_hit_that_does_not_is_explained() -> None:
    assert "negation:没有" in found("lex_a\t爆炸\tinjury\t5\t\t\t\t\t没有爆炸\t晴天\t")[0]
    assert "not in it" in found("lex_a\t爆炸\tinjury\t5\t\t\t\t\t炸了\t晴天\t")[0]


def test_a_miss_that_hits_is_reported() -> None:
    assert "must not hit" in found("lex_a\t爆炸\tinjury\t5\t\t\t\t\t爆炸\t爆炸头\t")[0]


def test_a_covered_hit_counts() -> None:
    rows = (
        "lex_a\t爆炸\tinjury\t5\t\t\t\t\t手机爆炸\t晴\t",
        "lex_b\t手机爆炸\tinjury\t5\t\t\t\t\t手机爆炸\t晴\t",
    )
    assert found(*rows) == []
