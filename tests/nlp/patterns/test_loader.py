"""From files to a pattern set, or to every mistake with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.lexicon import Entry, Variants
from nlp.patterns import BadPattern, PatternSet, compile_patterns, load_patterns
from nlp.text.normalizer import normalize

SHARED = "classes:\n  will: [要, 会]\nguards:\n  denied: {of: will}\n"
HEAD = "id: p\ntitle: {zh: 甲, en: A}\nseverity: 3\n"
EXAMPLES = "examples: {positive: [甲], negative: [乙]}\n"


def pattern(body: str) -> bytes:
    return (HEAD + body + EXAMPLES).encode()


def compiled(body: str, *, shared: str = SHARED) -> PatternSet:
    return compile_patterns([("classes.yaml", shared.encode()), ("p.yaml", pattern(body))])


def mistakes(body: str, *, shared: str = SHARED) -> list[str]:
    with pytest.raises(BadPattern) as caught:
        compiled(body, shared=shared)
    return [str(issue) for issue in caught.value.issues]


def entry(term: str, category: str) -> Entry:
    return Entry(
        id="lex_x_1",
        term=term,
        normal=term,
        category=category,
        severity=3,
        scenario=None,
        variants=Variants.FOLD,
        requires_any=(),
        requires_not=(),
        allow=(),
        hits=(),
        misses=(),
        note="",
    )


def test_a_pattern_of_its_own_and_shared_classes() -> None:
    found = compiled("classes: {go: [走]}\nrules:\n  - {id: r, form: '@will @go*'}\n")

    hits = found.match(normalize("我要走"))

    assert [(hit.pattern, hit.rule, hit.surface) for hit in hits] == [("p", "r", "要走")]


def test_what_is_known_of_a_pattern() -> None:
    one = compiled("held: true\nscenario: outage\nrules:\n  - {id: r, form: 走*}\n").patterns["p"]

    assert (one.id, one.title_zh, one.title_en, one.severity) == ("p", "甲", "A", 3)
    assert (one.held, one.scenario, one.positive, one.negative) == (
        True,
        "outage",
        ("甲",),
        ("乙",),
    )


def test_a_class_may_take_terms_of_the_lexicon() -> None:
    body = "classes: {bad: {lexicon: [outage]}}\nrules:\n  - {id: r, form: '@bad*'}\n"
    entries = [entry("宕机", "outage"), entry("退款", "refund_refusal")]

    found = compile_patterns([("p.yaml", pattern(body))], lexicon=entries)

    assert [hit.surface for hit in found.match(normalize("宕机了退款"))] == ["宕机"]


def test_the_version_follows_content_and_lexicon() -> None:
    body = "classes: {bad: {words: [a], lexicon: [outage]}}\nrules:\n  - {id: r, form: '@bad*'}\n"
    files = [("p.yaml", pattern(body))]

    plain = compile_patterns(files).version

    assert plain.startswith("patterns-")
    assert compile_patterns(files).version == plain
    assert compile_patterns(files, lexicon=[entry("宕机", "outage")]).version != plain
    assert compile_patterns([("p.yaml", pattern(body + "# 1\n"))]).version != plain


def test_a_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_bytes(pattern("rules:\n  - {id: r, form: 走*}\n"))
    (tmp_path / "notes.txt").write_text("nothing")

    assert set(load_patterns(tmp_path).patterns) == {"p"}


def test_a_folder_is_compiled_once_until_it_or_the_terms_change(tmp_path: Path) -> None:
    body = "classes: {bad: {words: [a], lexicon: [outage]}}\nrules:\n  - {id: r, form: '@bad*'}\n"
    file = tmp_path / "p.yaml"
    file.write_bytes(pattern(body))
    first = load_patterns(tmp_path, lexicon=[entry("宕机", "outage")])
    assert load_patterns(tmp_path, lexicon=[entry("宕机", "outage")]) is first
    assert load_patterns(tmp_path).version != first.version
    file.write_bytes(pattern(body.replace("[a]", "[崩溃]")))
    changed = load_patterns(tmp_path, lexicon=[entry("宕机", "outage")])
    assert [hit.surface for hit in changed.match(normalize("宕机后崩溃"))] == ["宕机", "崩溃"]


def test_broken_files_are_named_each_time(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_bytes(b"x: [")
    for _ in range(2):
        with pytest.raises(BadPattern, match="not YAML"):
            load_patterns(tmp_path)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("rules:\n  - {id: r, form: '@gone*'}\n", "p.yaml:5: rule 'r': there is no class"),
        ("rules:\n  - {id: r, form: 'a b'}\n", "p.yaml:5: rule 'r': mark one slot"),
        ("unless: [gone]\nrules:\n  - {id: r, form: a*}\n", "there is no guard 'gone'"),
        ("rules:\n  - {id: r, form: a*, ignore: [denied]}\n", "it ignores 'denied'"),
        (
            "guards: {g: {of: gone}}\nrules:\n  - {id: r, form: a*}\n",
            "guard 'g': there is no class",
        ),
        ("classes: {a: {include: [a]}}\nrules:\n  - {id: r, form: '@a*'}\n", "includes itself"),
        ("classes: {a: {allow: [b]}}\nrules:\n  - {id: r, form: '@a*'}\n", "has no words"),
        ("expressions: {e: '[0-9]'}\nrules:\n  - {id: r, form: '@e*'}\n", "must be words"),
        ("expressions: {e: '('}\nrules:\n  - {id: r, form: '@e b*'}\n", "RE2 refuses"),
        ("rules:\n  - {id: r, form: a*}\n  - {id: r, form: b*}\n", "p.yaml:6: two rules"),
        ("rules: []\n", "`rules`"),
        ("", "`rules` is missing"),
        ("colour: red\nrules:\n  - {id: r, form: a*}\n", "p.yaml:4: unknown key `colour`"),
        ("scenario: war\nrules:\n  - {id: r, form: a*}\n", "'war' is no scenario"),
        ("classes: {a: {lexicon: [war]}}\nrules:\n  - {id: r, form: a*}\n", "no lexicon category"),
        ("classes: [a]\nrules:\n  - {id: r, form: a*}\n", "`classes`"),
    ],
)
def test_a_mistake_is_refused_with_its_line(body: str, said: str) -> None:
    found = mistakes(body)

    assert len(found) == 1
    assert said in found[0]


def test_all_mistakes_of_all_files_at_once() -> None:
    with pytest.raises(BadPattern) as caught:
        compile_patterns([("a.yaml", b"x: ["), ("b.yaml", b"- 1"), ("p.yaml", pattern(""))])

    assert [issue.file for issue in caught.value.issues] == ["a.yaml", "b.yaml", "p.yaml"]


def test_a_broken_shared_file_is_the_only_thing_reported() -> None:
    body = "unless: [denied]\nrules:\n  - {id: r, form: '@will*'}\n"

    assert [line[:13] for line in mistakes(body, shared="classes: {will: 5}\n")] == [
        "classes.yaml:"
    ]


def test_the_id_is_the_name_of_the_file() -> None:
    with pytest.raises(BadPattern, match=r"q\.yaml:1: id 'p' in a file named 'q\.yaml'"):
        compile_patterns([("q.yaml", pattern("rules:\n  - {id: r, form: a*}\n"))])
