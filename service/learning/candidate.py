"""What might serve instead: a model's folder, rows over the lexicon, rules over those in force."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import orjson

from nlp.encoder import read_manifest
from nlp.encoder.manifest import MANIFEST
from playbooks import Document, document_of
from service.errors import InvalidInput
from service.lexicon import Imported, read_import
from service.monitors import read_rules

_SHORT = 8


class Kind(StrEnum):
    """What is exchanged."""

    ENCODER = "encoder"
    LEXICON = "lexicon"
    RULES = "rules"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """`name` is what people switch to; `fingerprint` is SHA-256 over all that it consists of.

    `content` is what a file said, kept so that what was compared is what is switched to; None for
    a model, which stays in its folder.
    """

    kind: Kind
    name: str
    fingerprint: str
    place: str
    content: str | None = None
    words: Imported | None = None
    rules: tuple[Document, ...] = ()


def encoder_candidate(folder: Path) -> Candidate:
    """The served model of a folder, every file's sha256 checked. Raises ModelMissing, BadModel."""
    manifest = read_manifest(folder)
    return Candidate(
        kind=Kind.ENCODER,
        name=manifest.identity,
        fingerprint=fingerprint_of(folder),
        place=str(folder.resolve()),
    )


def fingerprint_of(folder: Path) -> str:
    """Of a model: over its manifest, which has the sha256 of its files. Raises OSError."""
    return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()


def lexicon_candidate(content: bytes, *, file: Path) -> Candidate:
    """Rows as `lexicon import` takes them. Raises InvalidInput naming file and line."""
    words = read_import(content, file=str(file))
    if words.issues:
        raise InvalidInput(
            f"{file} is refused as a whole; mend these lines",
            errors=[(f"{item.file}:{item.line}", item.message) for item in words.issues],
        )
    digest = hashlib.sha256(content).hexdigest()
    return Candidate(
        kind=Kind.LEXICON,
        name=_named(file, digest),
        fingerprint=digest,
        place=str(file.resolve()),
        content=content.decode("utf-8-sig"),
        words=words,
    )


def rules_candidate(path: Path) -> Candidate:
    """A section `rules` as `apply` takes it; whether they hold is seen when they are played.

    Raises BadConfig.
    """
    rules = tuple(read_rules(path))
    if not rules:
        raise InvalidInput(f"{path} has no rules", errors=[(str(path), "a section `rules`")])
    return written_candidate(rules, path=path)


def written_candidate(rules: tuple[Document, ...], *, path: Path) -> Candidate:
    """Rules that were read already, at least one; `path` is where they stood."""
    content = orjson.dumps([document.data for document in rules], option=orjson.OPT_SORT_KEYS)
    digest = hashlib.sha256(content).hexdigest()
    return Candidate(
        kind=Kind.RULES,
        name=_named(path, digest),
        fingerprint=digest,
        place=str(path.resolve()),
        content=content.decode(),
        rules=rules,
    )


def kept_candidate(
    *, kind: Kind, name: str, fingerprint: str, place: str, content: str | None
) -> Candidate:
    """The candidate of an evaluation, as it was then; a model is looked at where it lies now.

    Raises ModelMissing, BadModel for a model that is gone or broken.
    """
    if kind is Kind.ENCODER or content is None:
        return encoder_candidate(Path(place))
    given: dict[str, Any] = {
        "kind": kind,
        "name": name,
        "fingerprint": fingerprint,
        "place": place,
        "content": content,
    }
    if kind is Kind.LEXICON:
        return Candidate(**given, words=read_import(content.encode(), file=place))
    rules = tuple(document_of(data, place=f"{name}:{data['id']}") for data in orjson.loads(content))
    return Candidate(**given, rules=rules)


def _named(file: Path, digest: str) -> str:
    return f"{file.stem[:100]}@{digest[:_SHORT]}"
