"""What reads texts: the lexicon of the moment, the models, the analyser, the line before it."""

from __future__ import annotations

from dataclasses import dataclass

from nlp import Analyzer, load_lexicon
from nlp.batching import Limits
from nlp.targeted import load_weights
from service.bootstrap.ground import Ground
from service.lexicon import LexiconLife
from service.moderation import Batched, Encoder, Inline, TextReader, open_analyzer, open_encoder
from service.monitors import Brands


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """`reader` is the analyser as API and ingest share it."""

    lexicon: LexiconLife
    encoder: Encoder
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
    encoder = open_encoder(ground.settings)
    analyzer = open_analyzer(
        ground.settings, await brands.words(), encoder=encoder, lexicon=lexicon.live
    )
    return Reading(
        lexicon=lexicon, encoder=encoder, analyzer=analyzer, reader=_reader(analyzer, ground)
    )


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
