"""The models of the settings, opened: what reads texts here, or why only words do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nlp import Analyzer, load_analyzer
from nlp.encoder import Backend, TorchBackend, load_backend, shipped_model
from nlp.encoder.loading import MODELS
from nlp.lexicon import LiveLexicon
from service.metrics import encoder_degraded
from service.moderation.observation import observe
from service.settings import EncoderKind, Settings

HEADS = ("sentiment", "emotion", "intent", "abuse", "scenario", "moderation")
_STANDING_IN = (
    "sentiment comes from words alone, other heads are missing, and every answer is degraded"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoder:
    """Models in the order in which they are asked: the first one that answers a task does so."""

    backends: tuple[Backend, ...] = ()
    absent: str | None = None
    """Why there is none although one was wanted; None when all is as the settings say."""

    @property
    def degraded(self) -> bool:
        """Whether no model reads at all."""
        return not self.backends

    @property
    def missing(self) -> tuple[str, ...]:
        """Heads that no model answers."""
        answered = {task for backend in self.backends for task in backend.tasks}
        return tuple(head for head in HEADS if head not in answered)


def served_folder(settings: Settings, *, shipped: Path = MODELS) -> Path | None:
    """The folder of the served model: the one of the settings, or the one that ships, or None.

    `shipped` holds the folders of the models that ship.
    """
    if settings.encoder is EncoderKind.LEXICAL:
        return None
    return settings.encoder_path or shipped_model(shipped)


def open_encoder(settings: Settings, *, shipped: Path = MODELS) -> Encoder:
    """Load what the settings name. Only a copy without weights runs on without: a path that leads
    nowhere, corrupt weights or a missing extra must not silently make every answer poorer.

    Raises ModelMissing, BadModel, ExtraMissing, each one line that says what to do.
    """
    if settings.encoder is EncoderKind.LEXICAL:
        return Encoder()
    threads = settings.encoder_threads or None
    backends = [*_torch(settings)]
    folder = served_folder(settings, shipped=shipped)
    if folder is not None:
        backends.append(load_backend(folder, threads=threads))
    if not backends:
        return Encoder(absent=f"no model ships in this copy: {_STANDING_IN}")
    return Encoder(backends=tuple(backends))


def open_analyzer(
    settings: Settings,
    user_words: Iterable[str] = (),
    *,
    encoder: Encoder | None = None,
    lexicon: LiveLexicon | None = None,
) -> Analyzer:
    """The analyser over the models of the settings, or over an encoder that is open already.

    `lexicon` None is the one that ships.

    Raises what `open_encoder` raises, and BadTable.
    """
    chosen = encoder or open_encoder(settings)
    encoder_degraded.set(chosen.degraded)
    return load_analyzer(user_words, lexicon=lexicon, backends=chosen.backends, observe=observe)


def _torch(settings: Settings) -> list[Backend]:
    if settings.encoder is not EncoderKind.TORCH:
        return []
    return [
        TorchBackend.load(model.path, task=model.task, labels=model.labels)
        for model in settings.encoder_models
    ]
