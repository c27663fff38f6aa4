"""The learning loop: what people corrected, candidates compared, one step to another and back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path

from nlp import Analyzer, Lexicon
from nlp.lexicon import LiveLexicon
from service.backtest import Candidate as Rewritten
from service.backtest import Outcome, Scene, Tell, read_scene, run_backtest
from service.backtest.comparison import compare
from service.bootstrap.backtesting import Backtesting
from service.bootstrap.ground import Ground
from service.bootstrap.reading import Reading, open_encoder_at, served_by
from service.bootstrap.rehearsing import rehearser
from service.bootstrap.rewording import Build, laid_over, read_anew
from service.bootstrap.ruling import Ruling
from service.bootstrap.threads import in_thread
from service.learning import (
    Candidate,
    CorrectionDesk,
    Evaluator,
    Exchange,
    Gathering,
    Kind,
    Learning,
    SetExport,
    Span,
    SwitchDesk,
    Trials,
)
from service.learning.candidate import fingerprint_of
from service.moderation import load_policies, open_analyzer, served_folder
from service.monitors import Brands


def open_learning(
    ground: Ground,
    *,
    brands: Brands,
    ruling: Ruling,
    reading: Reading,
    backtesting: Backtesting,
    build: Build,
) -> Learning:
    """The loop over this installation."""
    database, clock, settings = ground.database, ground.clock, ground.settings
    gathering = Gathering(database, ground.store)
    folder = served_folder(settings)
    evaluator = Evaluator(
        database,
        clock,
        gathering=gathering,
        readers=_Readers(ground, brands=brands, reading=reading),
        rehearsing=_Rehearsing(ground, reading=reading, backtesting=backtesting, build=build),
        policy=lambda: load_policies(settings.policies_dir).named(None),
    )
    return Learning(
        corrections=CorrectionDesk(
            database=database,
            store=ground.store,
            clock=clock,
            scenarios=ground.library.scenarios.keys(),
        ),
        export=SetExport(database, clock, gathering=gathering),
        evaluator=evaluator,
        trials=Trials(evaluator, clock),
        switches=SwitchDesk(
            database,
            clock,
            gathering=gathering,
            exchange=Exchange(
                lexicon=reading.lexicon.desk,
                rules=ruling.desk,
                open_at=partial(open_encoder_at, settings),
                settled=None if folder is None else fingerprint_of(folder),
                threads=not ground.virtual,
            ),
        ),
        models=reading.models,
        follower=reading.follower,
    )


class _Readers:
    """Analysers beside the one that serves."""

    def __init__(self, ground: Ground, *, brands: Brands, reading: Reading) -> None:
        self._ground = ground
        self._brands = brands
        self._reading = reading

    async def serving(self) -> Analyzer:
        await self._reading.models.refresh()
        return self._reading.analyzer

    async def of(self, candidate: Candidate) -> Analyzer:
        words = await self._brands.words()
        return await asyncio.to_thread(self._built, candidate, words)

    def _built(self, candidate: Candidate, words: tuple[str, ...]) -> Analyzer:
        settings, reading = self._ground.settings, self._reading
        encoder, lexicon = reading.models.encoder, reading.lexicon.live.current
        if candidate.kind is Kind.ENCODER:
            encoder = open_encoder_at(settings, Path(candidate.place))
        elif candidate.words is not None:
            now = {entry.id: entry for entry in lexicon.entries}
            lexicon = Lexicon(laid_over(now, candidate.words))
        return open_analyzer(settings, words, encoder=encoder, lexicon=LiveLexicon(lexicon))


class _Rehearsing:
    """Stored posts through what serves and through a candidate."""

    def __init__(
        self, ground: Ground, *, reading: Reading, backtesting: Backtesting, build: Build
    ) -> None:
        self._ground = ground
        self._reading = reading
        self._backtesting = backtesting
        self._build = build

    async def scene(self, span: Span, *, tell: Callable[[int, int], None]) -> Scene:
        return await read_scene(
            self._backtesting.place,
            since=span.since,
            until=span.until,
            monitor=span.monitor,
            tell=tell,
        )

    async def play(self, scene: Scene, candidate: Candidate, *, tell: Tell) -> Outcome:
        if self._ground.virtual:
            return await self._played(scene, candidate, tell=tell)
        # Playing takes all of a core: on the event loop it would stop the response clock.
        work = partial(self._played, scene, candidate, tell=tell)
        return await in_thread(work, name="evaluation")

    async def _played(self, scene: Scene, candidate: Candidate, *, tell: Tell) -> Outcome:
        rehearse = rehearser(self._ground.settings.data_dir)
        if candidate.kind is not Kind.ENCODER:
            return await run_backtest(
                scene,
                Rewritten(rules=candidate.rules, lexicon=candidate.words),
                rehearse=rehearse,
                reread=self._backtesting.reread,
                tell=tell,
            )
        # Both sides are read anew: stored posts may be of an older model than the one that serves.
        sides = []
        library = scene.rules.library
        for name, folder in (
            ("current", self._reading.models.place),
            ("candidate", Path(candidate.place)),
        ):
            posts = await read_anew(
                scene.posts,
                scene.stage,
                settings=served_by(self._ground.settings, folder),
                build=self._build,
                entries=self._reading.lexicon.live.current.entries,
                tell=partial(tell, f"reading, {name}"),
            )
            sides.append(
                await rehearse(posts, scene.stage, library, taped=False, tell=partial(tell, name))
            )
        before, after = sides
        return Outcome(
            scene=scene,
            candidate=Rewritten(),
            before=before,
            after=after,
            comparison=compare(before.incidents, after.incidents),
        )
