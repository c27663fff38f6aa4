"""The files of a content folder: which there are, and their text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from playbooks.errors import ContentProblem
from playbooks.mistakes import Mistake

SIZE_LIMIT = 256 * 1024
"""Bytes; the largest file of ours has a few thousand."""

TIERS_FILE = "tiers.yaml"
MATRIX_FILE = "emotion_matrix.yaml"
RISK_FILE = "risk.yaml"
TEMPLATES = "templates"
FOLDERS = {
    "scenarios": ".yaml",
    "rules": ".yaml",
    "ladders": ".yaml",
    "playbooks": ".yaml",
    TEMPLATES: ".md",
    "cases": ".yaml",
    "calendars": ".yaml",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentFile:
    """One file. `name` is its path inside the content, `place` is what an error calls it."""

    name: str
    place: str
    text: str

    @property
    def folder(self) -> str:
        return self.name.rpartition("/")[0]

    @property
    def stem(self) -> str:
        return self.name.rpartition("/")[2].rpartition(".")[0]


def read_files(
    path: Path | None, *, overlays: Iterable[Path] = ()
) -> tuple[tuple[ContentFile, ...], list[ContentProblem]]:
    """Every file of the content, by name; a file of a later folder replaces its namesake.

    None is the content of this package. What cannot be read is a problem, not an exception.
    """
    roots: list[tuple[Traversable, str]] = [
        (files("playbooks") / "content", "playbooks/content") if path is None else (path, str(path))
    ]
    roots += [(overlay, str(overlay)) for overlay in overlays]
    found: dict[str, ContentFile] = {}
    problems: list[ContentProblem] = []
    for root, label in roots:
        if not root.is_dir():
            message = "there is no such folder"
            problems.append(ContentProblem(label, 0, 0, message, code=Mistake.NO_FOLDER))
            continue
        for name, entry in _entries(root):
            read = _read(entry, name=name, place=f"{label}/{name}")
            if isinstance(read, ContentFile):
                found[name] = read
            else:
                problems.append(read)
    return tuple(found[name] for name in sorted(found)), problems


def overlay_folder(name: str) -> Path:
    """The folder of an overlay: one that ships, such as `national`, or any other by its path.

    A folder of one's own with the name of a shipped one is written with a slash: `./national`.
    """
    shipped = files("playbooks") / "content" / "alternatives" / name
    if "/" not in name and name.strip(".") and shipped.is_dir():
        return Path(str(shipped))
    return Path(name)


def version_of(content: Iterable[ContentFile]) -> str:
    """16 hex digits of SHA-256 over names and texts."""
    digest = hashlib.sha256()
    for file in content:
        digest.update(f"{file.name}\x1f{file.text}\x1e".encode())
    return digest.hexdigest()[:16]


def _entries(root: Traversable) -> Iterator[tuple[str, Traversable]]:
    for name in (TIERS_FILE, MATRIX_FILE, RISK_FILE):
        top = root / name
        if top.is_file():
            yield name, top
    for folder in FOLDERS:
        inside = root / folder
        if inside.is_dir():
            for entry in inside.iterdir():
                if not entry.name.startswith("."):
                    yield f"{folder}/{entry.name}", entry


def _read(entry: Traversable, *, name: str, place: str) -> ContentFile | ContentProblem:
    suffix = FOLDERS.get(name.partition("/")[0], ".yaml")
    if not entry.is_file() or not name.endswith(suffix):
        message = f"only {suffix} files belong here"
        return ContentProblem(place, 0, 0, message, code=Mistake.WRONG_FILE)
    raw = entry.read_bytes()
    if len(raw) > SIZE_LIMIT:
        message = f"larger than {SIZE_LIMIT} bytes"
        return ContentProblem(place, 0, 0, message, code=Mistake.FILE_TOO_LARGE)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = "not UTF-8: save the file as UTF-8"
        return ContentProblem(place, line, 1, message, code=Mistake.NOT_UTF8)
    return ContentFile(name=name, place=place, text=text.replace("\r\n", "\n"))
