"""Words of the console: none missing, none left over, the same in both languages."""

from __future__ import annotations

import ast
import importlib.util
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import service.console
from playbooks import Text
from service.console.i18n import Language, Words, load_words, preferred
from service.console.i18n.catalogue import merged
from service.console.pages import PLACES

SOURCE = Path(service.console.__file__).parent
DECLARED = Path(__file__).parent / "families"
OPEN_FAMILIES = {"error", "timeline"}
"""Families with a fallback: what other packages may yet add is shown by its id."""


@cache
def declared() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """`FAMILIES` and `FORMED` of every file in `families/`: keys that code makes up.

    FAMILIES is what `words.choice("family", member)` chooses from; FORMED what f-strings put
    together, beside other keys of the same family that code names in full.
    """
    families: dict[str, set[str]] = {}
    formed: dict[str, set[str]] = {}
    for path in sorted(DECLARED.glob("*.py")):
        if path.name == "__init__.py":
            continue
        spec = importlib.util.spec_from_file_location(f"families_{path.stem}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for name, into in (("FAMILIES", families), ("FORMED", formed)):
            for family, members in getattr(module, name, {}).items():
                into.setdefault(family, set()).update(str(member) for member in members)
    return families, formed


def made_up() -> set[str]:
    families, formed = declared()
    return {
        f"{family}.{member}"
        for every in (families, formed)
        for family, members in every.items()
        for member in members
    }


class Use:
    """One place in the code that asks for words."""

    def __init__(self, path: Path, call: ast.Call) -> None:
        self.where = f"{path.relative_to(SOURCE)}:{call.lineno}"
        self.call = call
        self.first = call.args[0] if call.args else None

    @property
    def key(self) -> str | None:
        """The key, where it is written out."""
        if isinstance(self.first, ast.Constant) and isinstance(self.first.value, str):
            return self.first.value
        return None

    @property
    def prefix(self) -> str | None:
        """What an f-string begins with."""
        if not isinstance(self.first, ast.JoinedStr) or not self.first.values:
            return None
        head = self.first.values[0]
        if isinstance(head, ast.Constant) and isinstance(head.value, str):
            return head.value
        return ""

    @property
    def filled(self) -> set[str] | None:
        """The places it fills; None where it passes on a mapping."""
        if any(keyword.arg is None for keyword in self.call.keywords):
            return None
        return {str(keyword.arg) for keyword in self.call.keywords}


@cache
def trees() -> tuple[tuple[Path, ast.Module], ...]:
    return tuple(
        (path, ast.parse(path.read_text(encoding="utf-8"))) for path in sorted(SOURCE.rglob("*.py"))
    )


def last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def uses(kind: str = "") -> Iterator[Use]:
    """Calls of words (`words(...)`, `visit.words(...)`), or of one of its methods."""
    for path, tree in trees():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            if kind:
                method = isinstance(node.func, ast.Attribute) and node.func.attr == kind
                asked = method and last_name(node.func.value) in ("words", "_words")
            else:
                asked = last_name(node.func) in ("words", "_words")
            if asked:
                yield Use(path, node)


@cache
def quoted() -> frozenset[str]:
    """Every string of the code: some keys are kept in tables."""
    return frozenset(
        node.value
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def literal() -> set[str]:
    return {use.key for use in (*uses(), *uses("raw")) if use.key is not None}


def places(words: Words, key: str) -> set[str]:
    parsed = string.Formatter().parse(words.raw(key))
    return {field for _, field, _, _ in parsed if field is not None}


def test_both_languages_have_the_same_words():
    zh, en = load_words(Language.ZH).keys, load_words(Language.EN).keys
    assert sorted(zh ^ en) == []


def test_both_languages_have_the_same_places_to_fill():
    zh, en = load_words(Language.ZH), load_words(Language.EN)
    assert [key for key in zh.keys & en.keys if places(zh, key) != places(en, key)] == []


def test_every_place_is_filled_by_whoever_asks_and_nothing_else_is():
    zh = load_words(Language.ZH)
    wrong = [
        f"{use.where}: {use.key} has {sorted(places(zh, use.key))}, gets {sorted(use.filled)}"
        for use in uses()
        if use.key in zh.keys and use.filled is not None
        # Without values a text is given as it stands: the browser fills its own places.
        if use.key is not None and use.filled and places(zh, use.key) != use.filled
    ]
    assert wrong == []


def test_no_text_with_places_to_fill_is_shown_unfilled():
    zh = load_words(Language.ZH)
    wrong = [
        f"{use.where}: {use.key}"
        for use in uses()
        if use.key in zh.keys and use.filled == set() and use.key is not None
        if places(zh, use.key) - {""}
    ]
    assert wrong == []


def test_no_word_is_missing():
    missing = (literal() | made_up()) - load_words(Language.ZH).keys
    assert not missing, "\n".join(sorted(missing))


def test_no_word_is_left_over():
    left = load_words(Language.ZH).keys - literal() - quoted() - made_up() - titles()
    left = {key for key in left if key.split(".")[0] not in OPEN_FAMILIES}
    assert not left, "\n".join(sorted(left))


def titles() -> set[str]:
    return {f"{place.name}.title" for place in PLACES}


def test_every_family_that_code_chooses_from_is_declared():
    families, formed = declared()
    unknown = [
        f"{use.where}: {use.key}"
        for use in uses("choice")
        if use.key is not None and use.key not in families and use.key not in OPEN_FAMILIES
    ]
    assert not unknown, "\n".join(unknown)
    made = {f"{name}." for name in (*families, *formed, *OPEN_FAMILIES)}
    unformed = [
        f"{use.where}: {use.prefix}" for use in uses() if use.prefix and use.prefix not in made
    ]
    assert not unformed, "\n".join(unformed)


def test_every_file_has_one_top_key_its_own_name():
    for language in Language:
        folder = SOURCE / "i18n" / language.value
        assert merged(folder), language


@pytest.mark.parametrize(
    ("chosen", "accepted", "expected"),
    [
        (None, "", Language.ZH),
        ("en", "zh-CN", Language.EN),
        ("xx", "en-GB,en;q=0.9", Language.EN),
        (None, "fr-FR, en;q=0.8, zh;q=0.7", Language.EN),
        (None, "ja", Language.ZH),
        (None, "zh-TW", Language.ZH),
    ],
)
def test_a_choice_goes_before_the_browser_and_chinese_comes_last(
    chosen: str | None, accepted: str, expected: Language
):
    assert preferred(chosen, accepted) is expected


def test_content_is_told_in_the_language_with_chinese_where_there_is_no_other():
    en, zh = load_words(Language.EN), load_words(Language.ZH)
    assert en.of(Text(zh="召回", en="Recall")) == "Recall"
    assert en.of(Text(zh="召回")) == "召回"
    assert zh.of({"zh": "召回", "en": "Recall"}) == "召回"
    assert en.of({"zh": "召回", "en": None}) == "召回"


def test_an_unknown_key_is_an_error_and_an_unknown_member_is_shown_as_it_is():
    words = load_words(Language.EN)
    with pytest.raises(KeyError, match="nothing"):
        words("nothing.such")
    assert words.choice("state", "brand_new") == "brand_new"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"nav.yaml": "nav:\n  on: [x]\n"}, r"nav\.True is \['x'\], not text"),
        ({"nav.yaml": "nav:\n  a: yes\n"}, r"nav\.a is True"),
        ({"nav.yaml": "other:\n  a: x\n"}, "nav.yaml must have one top key, nav"),
        ({"nav.yaml": "nav:\n  a: x\n  a: y\n"}, "line 3: a is given twice"),
        ({"nav.yaml": "nav: [\n"}, "nav.yaml: "),
    ],
)
def test_a_spoilt_file_is_named(tmp_path: Path, files: dict[str, str], said: str):
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=said):
        merged(tmp_path)
