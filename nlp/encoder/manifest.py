"""manifest.json: what a served model's folder holds and how its outputs are to be read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated, ClassVar, Final

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from nlp.encoder.heads import VECTOR, label_fault
from nlp.errors import BadModel, ModelMissing

MANIFEST: Final = "manifest.json"
MODEL: Final = "model.onnx"
TOKENIZER: Final = "tokenizer.json"
_STRICT: Final = ConfigDict(extra="forbid", strict=True)
_AGAIN = "fetch or export the model again"

_Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
_Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_Finite = Annotated[float, Field(allow_inf_nan=False)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """One task: its labels in the order of the logits, and its calibration.

    probabilities = softmax(scale * logits + bias); `scale` is 1 / temperature. `threshold` is the
    probability from which a scenario or a category is listed.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    labels: tuple[str, ...]
    scale: Annotated[_Finite, Field(gt=0)] = 1.0
    bias: tuple[_Finite, ...] = ()
    threshold: Annotated[float, Field(gt=0, lt=1)] = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Companion:
    """The n-gram model beside the network: its file, its hashing, its weight a task."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    file: _Name
    buckets: Annotated[int, Field(ge=2, le=1 << 32)]
    orders: Annotated[tuple[Annotated[int, Field(ge=1, le=16)], ...], Field(min_length=1)]
    weights: Mapping[str, _Finite]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A served model. `files` maps each name to its sha256; `vector` is a width, 0 without one.

    `longest` and `overlap` are tokens of a window, ends included in `longest`.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    name: _Name
    version: _Name
    files: Mapping[_Name, _Digest]
    tasks: Annotated[Mapping[str, Head], Field(min_length=1)]
    longest: Annotated[int, Field(ge=8)]
    overlap: Annotated[int, Field(ge=0)] = 32
    vector: Annotated[int, Field(ge=0)] = 0
    pad_id: Annotated[int, Field(ge=0)] = 0
    companion: Companion | None = None

    @property
    def answers(self) -> frozenset[str]:
        """The tasks, and `vector` where there is one."""
        return frozenset((*self.tasks, VECTOR) if self.vector else self.tasks)

    @property
    def identity(self) -> str:
        """`name-version-digest`: another whenever weights, labels or calibration are others."""
        content = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)
        return f"{self.name}-{self.version}-{hashlib.sha256(content.encode()).hexdigest()[:8]}"


_READER = TypeAdapter(Manifest)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a model's folder, every file's sha256 checked.

    Raises ModelMissing without a folder or manifest, BadModel naming file, key and remedy.
    """
    path = folder / MANIFEST
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelMissing(
            f"{path}: {error.strerror}; FENGSUI_ENCODER_PATH must name the folder of a served "
            "model (`fengsui models export` makes one)"
        ) from error
    try:
        manifest = _READER.validate_json(content)
    except ValidationError as error:
        faults = [
            f"{path}: {'.'.join(map(str, fault['loc'])) or 'file'}: {fault['msg']}"
            for fault in error.errors(include_url=False)
        ]
        raise BadModel("\n".join(faults) + f"; correct it, or {_AGAIN}") from error
    _check(manifest, path)
    for name, digest in manifest.files.items():
        _check_digest(folder / name, digest)
    return manifest


def write_manifest(folder: Path, manifest: Manifest) -> Manifest:
    """Writes manifest.json for the files that `manifest.files` names, with the digests they have.

    Returns it with those digests. Raises ModelMissing for a file that is not there, BadModel where
    the manifest contradicts itself.
    """
    digests = {name: digest_of(folder / name) for name in manifest.files}
    sealed = replace(manifest, files=digests)
    _check(sealed, folder / MANIFEST)
    text = json.dumps(asdict(sealed), ensure_ascii=False, indent=2)
    (folder / MANIFEST).write_text(text + "\n", "utf-8")
    return sealed


def digest_of(path: Path) -> str:
    """The file's sha256, 64 hexadecimal digits. Raises ModelMissing."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelMissing(f"{path}: {error.strerror}; its manifest names it: {_AGAIN}") from error


def _check_digest(path: Path, expected: str) -> None:
    if (found := digest_of(path)) != expected:
        raise BadModel(
            f"{path}: sha256 is {found[:12]}…, the manifest says {expected[:12]}…: "
            f"the file is corrupt or of another version; {_AGAIN}"
        )


def _check(manifest: Manifest, path: Path) -> None:
    """What no type says. Raises BadModel with every fault."""
    faults = []
    for task, head in manifest.tasks.items():
        if fault := label_fault(task, head.labels):
            faults.append(f"tasks.{task}: {fault}")
        if len(head.bias) not in (0, len(head.labels)):
            faults.append(
                f"tasks.{task}.bias: {len(head.bias)} numbers for {len(head.labels)} labels; "
                "give one a label, or none"
            )
    if manifest.overlap > manifest.longest // 2:
        faults.append(f"overlap: {manifest.overlap} is over half of longest, {manifest.longest}")
    wanted = {MODEL, TOKENIZER}
    if (companion := manifest.companion) is not None:
        wanted.add(companion.file)
        if companion.buckets & (companion.buckets - 1):
            faults.append(f"companion.buckets: {companion.buckets} is no power of two")
        if strange := sorted(set(companion.weights) - set(manifest.tasks)):
            faults.append(f"companion.weights: {', '.join(strange)}: not among tasks")
    if absent := sorted(wanted - set(manifest.files)):
        faults.append(f"files: {', '.join(absent)} not listed")
    if faults:
        raise BadModel("\n".join(f"{path}: {fault}" for fault in faults))
