"""Pattern files → PatternSet, with every mistake of all files in one go."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources.abc import Traversable
from typing import TypeVar

from pydantic import ValidationError

from nlp.data_files import data_file
from nlp.lexicon.entry import Entry
from nlp.patterns.compiler import PatternCompiler
from nlp.patterns.document import Document, read_document
from nlp.patterns.errors import BadPattern
from nlp.patterns.matcher import Pattern, PatternSet
from nlp.patterns.rule import CompiledRule
from nlp.patterns.schema import Content, PatternFile, SharedFile
from nlp.patterns.vocabulary import VocabularyDraft

SHARED = "classes.yaml"
M = TypeVar("M", bound=Content)


def load_patterns(
    folder: Traversable | None = None, *, lexicon: Iterable[Entry] = ()
) -> PatternSet:
    """The patterns of a folder of YAML files (None: those that ship), compiled.

    `lexicon` gives the terms of classes that name a lexicon category; entries with context rules
    are left out. The last set is kept and given again for the same files and terms; another takes
    some tenths of a second. Raises BadPattern with all mistakes.
    """
    place = data_file("patterns") if folder is None else folder
    items = sorted((item for item in place.iterdir() if item.name.endswith(".yaml")), key=_name)
    return _kept(tuple((item.name, item.read_bytes()) for item in items), _terms(lexicon))


def compile_patterns(
    files: Iterable[tuple[str, bytes]], *, lexicon: Iterable[Entry] = ()
) -> PatternSet:
    """The patterns of (file name, content) pairs; classes.yaml holds what they share.

    Raises BadPattern with all mistakes of all files.
    """
    return _compiled(tuple(files), _terms(lexicon))


def _terms(lexicon: Iterable[Entry]) -> tuple[tuple[str, str], ...]:
    """(category, term) of those that a class may name."""
    return tuple(
        (entry.category, entry.term)
        for entry in lexicon
        if not entry.requires_any and not entry.requires_not
    )


def _compiled(
    files: tuple[tuple[str, bytes], ...], lexicon: tuple[tuple[str, str], ...]
) -> PatternSet:
    terms: dict[str, list[str]] = {}
    for category, term in lexicon:
        terms.setdefault(category, []).append(term)
    digest = hashlib.sha256(repr(sorted(terms.items())).encode("utf-8", "surrogatepass"))
    documents = []
    for name, content in files:
        digest.update(name.encode() + b"\0" + content + b"\0")
        documents.append(read_document(content, file=name))
    patterns = _patterns(documents, terms, version=f"patterns-{digest.hexdigest()[:12]}")
    issues = [issue for document in documents for issue in document.issues]
    if issues:
        raise BadPattern(issues)
    return patterns


# By what the files say, not by their names: a set is never older than they are.
_kept = lru_cache(maxsize=1)(_compiled)


def _patterns(
    documents: list[Document], terms: Mapping[str, Iterable[str]], *, version: str
) -> PatternSet:
    shared = SharedFile()
    sound = [document for document in documents if not document.issues]
    for document in sound:
        if document.file == SHARED:
            shared = _validated(SharedFile, document) or shared
    draft = VocabularyDraft()
    patterns: list[Pattern] = []
    rules: list[tuple[CompiledRule, tuple[str, ...]]] = []
    # names that a broken classes.yaml would have given are not worth a message each
    sharing = all(not item.issues for item in documents if item.file == SHARED)
    for document in sound:
        if document.file == SHARED:
            continue
        spec = _validated(PatternFile, document)
        if spec is None:
            continue
        if f"{spec.id}.yaml" != document.file:
            document.issue(("id",), f"id {spec.id!r} in a file named {document.file!r}")
        for index, rule in enumerate(spec.rules):
            if rule.id in {earlier.id for earlier in spec.rules[:index]}:
                document.issue(("rules", index, "id"), f"two rules are called {rule.id!r}")
        compiler = PatternCompiler(spec, document, shared=shared, draft=draft, terms=terms)
        if sharing:
            rules += compiler.rules()
            compiler.check_guards()
        patterns.append(_pattern(spec))
    return PatternSet(patterns, rules=rules, vocabulary=draft.finished(), version=version)


def _pattern(spec: PatternFile) -> Pattern:
    return Pattern(
        id=spec.id,
        title_zh=spec.title.zh,
        title_en=spec.title.en,
        severity=spec.severity,
        scenario=spec.scenario,
        held=spec.held,
        positive=spec.examples.positive,
        negative=spec.examples.negative,
    )


def _validated(model: type[M], document: Document) -> M | None:
    if not isinstance(document.data, dict):
        document.issue((), "expected `key: value` lines")
        return None
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        for item in error.errors():
            document.issue(item["loc"], _explained(item["type"], item["loc"], item["msg"]))
        return None


def _explained(kind: str, place: tuple[int | str, ...], message: str) -> str:
    name = next((part for part in reversed(place) if isinstance(part, str)), "the file")
    if kind == "missing":
        return f"`{name}` is missing"
    if kind == "extra_forbidden":
        return f"unknown key `{name}`"
    return f"`{name}`: {message.removeprefix('Value error, ')}"


def _name(item: Traversable) -> str:
    return item.name
