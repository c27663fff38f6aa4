"""Back-tests over this installation: what they read, what plays them, who carries them out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from nlp.lexicon import Entry
from service.backtest import BacktestJob, BacktestOffice, Installation, Reread, Stage
from service.bootstrap.catalogue import Catalogue
from service.bootstrap.ground import Ground
from service.bootstrap.reading import Reading, served_by
from service.bootstrap.rehearsing import rehearser
from service.bootstrap.rewording import Build, rereader
from service.bootstrap.ruling import Ruling
from service.bootstrap.scratch import scratch_room, sweep
from service.lexicon import Imported
from service.stores import StoredPost


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtesting:
    """`place` is what is read, `reread` reads its posts with other words."""

    office: BacktestOffice
    place: Installation
    reread: Reread
    job: BacktestJob


def open_backtesting(
    ground: Ground, *, catalogue: Catalogue, ruling: Ruling, reading: Reading, build: Build
) -> Backtesting:
    """The office and its job; `build` puts together what reads posts anew."""

    def entries() -> Iterable[Entry]:
        return reading.lexicon.live.current.entries

    if not ground.virtual:
        sweep(scratch_room(ground.settings.data_dir))
    office = BacktestOffice(ground.database, ground.clock)
    place = Installation(
        database=ground.database,
        store=ground.store,
        brands=catalogue.brands,
        monitors=catalogue.monitors,
        rules=lambda: ruling.directory.in_force,
        zone=ground.settings.zone,
    )

    async def reread(
        posts: Sequence[StoredPost],
        stage: Stage,
        lexicon: Imported,
        *,
        tell: Callable[[int, int], None],
    ) -> list[StoredPost]:
        settings = served_by(ground.settings, reading.models.place)
        return await rereader(build, settings, entries)(posts, stage, lexicon, tell=tell)

    return Backtesting(
        office=office,
        place=place,
        reread=reread,
        job=BacktestJob(
            office=office,
            place=place,
            clock=ground.clock,
            worker=ground.settings.worker_id,
            rehearse=rehearser(ground.settings.data_dir),
            reread=reread,
        ),
    )
