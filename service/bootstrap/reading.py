"""What reads texts: the lexicon of the moment, the models, the analyser, the line before it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from nlp import Analyzer, load_lexicon
from nlp.batching import Limits
from nlp.targeted import load_weights
from service.bootstrap.ground import Ground
from service.db.follower import EVERY, Follower
from service.errors import InvalidInput
from service.learning import EncoderDirectory
from service.lexicon import LexiconLife
from service.moderation import Batched, Encoder, Inline, TextReader, open_analyzer, open_encoder
from service.monitors import Brands
from service.settings import EncoderKind, Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """`reader` is the analyser as API and ingest share it; `models` is the encoder it follows."""

    lexicon: LexiconLife
    encoder: Encoder
    models: EncoderDirectory
    follower: Follower
    """Of `models`: runs in every process that has them."""
    analyzer: Analyzer
    reader: TextReader


async def open_reading(ground: Ground, brands: Brands) -> Reading:
    """Raises BadTable, BadTargetedWeights, and what the opening of the encoder raises."""
    # Read now, so that broken ones stop the start and not the first post that names a rival.
    load_weights()
    lexicon = await LexiconLife.begin(
        load_lexicon(),
        database=ground.database,
        store=ground.store,
        clock=ground.clock,
        zone=ground.settings.zone,
        virtual=ground.virtual,
    )
    models = EncoderDirectory(
        ground.database,
        encoder=open_encoder(ground.settings),
        open_at=partial(open_encoder_at, ground.settings),
        threads=not ground.virtual,
    )
    await models.refresh()
    analyzer = open_analyzer(
        ground.settings, await brands.words(), encoder=models.encoder, lexicon=lexicon.live
    )
    models.feed(analyzer)
    return Reading(
        lexicon=lexicon,
        encoder=models.encoder,
        models=models,
        follower=Follower(
            models,
            name="encoder",
            database=ground.database,
            clock=ground.clock,
            every=None if ground.virtual else EVERY,
        ),
        analyzer=analyzer,
        reader=_reader(analyzer, ground),
    )


def open_encoder_at(settings: Settings, folder: Path | None) -> Encoder:
    """The models of the settings, with the one of that folder in the place of the served one.

    Raises InvalidInput where the settings want none, and what `open_encoder` raises.
    """
    if folder is None:
        return open_encoder(settings)
    if settings.encoder is EncoderKind.LEXICAL:
        raise InvalidInput(
            "FENGSUI_ENCODER=lexical: no model serves here; change the setting to switch models"
        )
    return open_encoder(served_by(settings, folder))


def served_by(settings: Settings, folder: Path | None) -> Settings:
    """The settings under which the model of that folder is the served one."""
    return settings if folder is None else settings.model_copy(update={"encoder_path": folder})


def _reader(analyzer: Analyzer, ground: Ground) -> TextReader:
    if ground.virtual:
        return Inline(analyzer)
    settings = ground.settings
    limits = Limits(
        batch_tokens=settings.batch_tokens,
        max_wait_s=settings.batch_wait_ms / 1000,
        most_items=settings.queue_texts,
        most_tokens=settings.queue_tokens,
    )
    return Batched(analyzer, clock=ground.clock, limits=limits)
