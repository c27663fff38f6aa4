"""Trackers read from YAML: every mistake with its file and line, secrets by the names of variables.

A file is one tracker. `shape: jira` lays one of the shipped mappings under it: what the file says
itself counts, and of `values`, `states` and `moves` each entry by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import structlog
from pydantic import ValidationError

from playbooks import Document, read_document
from service.monitors import BadConfig
from service.trackers.tracker import Tracker, TrackerForm

_SHAPES = Path(__file__).with_name("shapes")
_MERGED = frozenset({"values", "states", "moves"})
_SUFFIXES = frozenset({".yaml", ".yml"})
_LARGEST = 200_000

log = structlog.get_logger(__name__)


def shapes() -> tuple[str, ...]:
    """The shipped mappings, by name."""
    return tuple(sorted(path.stem for path in _SHAPES.glob("*.yaml")))


def is_tracker(path: Path) -> bool:
    """Whether that is a file of one tracker, by its first key that begins a line; or a folder of
    nothing else.
    """
    if path.is_dir():
        files = [file for file in path.iterdir() if file.suffix in _SUFFIXES]
        return bool(files) and all(map(is_tracker, files))
    if path.suffix not in _SUFFIXES:
        return False
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    return any(line.startswith("tracker:") for line in text.splitlines())


def checked(path: Path) -> tuple[str, ...]:
    """The names of the trackers in a file or folder, without their secrets. Raises BadConfig."""
    if path.is_dir():
        return tuple(load_trackers(path, {}))
    return (load_tracker(path, {}).id,)


def load_tracker(path: Path, environ: Mapping[str, str]) -> Tracker:
    """The tracker of a file. Raises BadConfig with every mistake as (`file:line`, message).

    A variable that is not set is none: the tracker is there, and nothing can be handed over to it.
    """
    form = _form(path)
    token = _secret(environ, form.token_env)
    secret = None if form.secret_env is None else _secret(environ, form.secret_env)
    return Tracker(form=form, token=token, secrets=tuple((secret or "").split()))


def load_trackers(folder: Path | None, environ: Mapping[str, str]) -> Mapping[str, Tracker]:
    """Every tracker of a folder, by id; none without one. Raises BadConfig."""
    if folder is None:
        return {}
    if not folder.is_dir():
        raise BadConfig([(str(folder), "no such folder; FENGSUI_TRACKERS_DIR names one of YAML")])
    found: dict[str, Tracker] = {}
    errors: list[tuple[str, str]] = []
    for path in sorted(folder.iterdir()):
        if path.suffix not in _SUFFIXES:
            continue
        try:
            tracker = load_tracker(path, environ)
        except BadConfig as error:
            errors += error.errors
            continue
        if tracker.id in found:
            errors.append((f"{path}:1", f"tracker {tracker.id!r} is in another file too"))
        found[tracker.id] = tracker
        if tracker.token is None:
            log.warning("handover.no_token", tracker=tracker.id, variable=tracker.form.token_env)
    if errors:
        raise BadConfig(errors)
    return found


def _form(path: Path) -> TrackerForm:
    document = _document(path)
    data = dict(document.data)
    shape = data.pop("shape", None)
    if shape is not None:
        if shape not in shapes():
            known = ", ".join(shapes())
            raise _bad(document, [(("shape",), f"no shape {shape!r}; there are {known}")])
        data = _laid_over(_document(_SHAPES / f"{shape}.yaml").data, data)
    try:
        return TrackerForm.model_validate(data)
    except ValidationError as error:
        raise _bad(document, _mistakes(error)) from None


def _document(path: Path) -> Document:
    try:
        if path.stat().st_size > _LARGEST:
            raise BadConfig([(f"{path}:1", f"at most {_LARGEST:,} bytes")])
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfig([(f"{path}:1", f"cannot be read: {error}")]) from error
    document, problems = read_document(text, place=str(path))
    if problems:
        raise BadConfig(
            [(f"{item.file}:{item.line}:{item.column}", item.message) for item in problems]
        )
    if document is None or not isinstance(document.data, dict):
        raise BadConfig([(f"{path}:1", "a tracker is a mapping that begins with `tracker: NAME`")])
    return document


def _laid_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**below, **above}
    for name in _MERGED & below.keys() & above.keys():
        if isinstance(above[name], dict):
            merged[name] = {**below[name], **above[name]}
    return merged


def _mistakes(error: ValidationError) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for item in error.errors(include_input=False, include_url=False):
        path = tuple(part for part in item["loc"] if isinstance(part, str | int))
        name = ".".join(map(str, path))
        yield path, f"{name}: {item['msg']}" if name else item["msg"]


def _bad(document: Document, mistakes: Any) -> BadConfig:
    problems = [document.problem(path, message) for path, message in mistakes]
    return BadConfig(
        [(f"{item.file}:{item.line}:{item.column}", item.message) for item in problems]
    )


def _secret(environ: Mapping[str, str], name: str) -> str | None:
    """The value of a variable, or what its twin `NAME_FILE` names."""
    if value := environ.get(name, "").strip():
        return value
    file = environ.get(f"{name}_FILE", "").strip()
    if not file:
        return None
    try:
        return Path(file).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfig([(f"{name}_FILE", f"cannot be read: {error}")]) from error
