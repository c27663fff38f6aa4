"""What is watched, where it comes from and who is told: the things that people configure."""

from __future__ import annotations

from dataclasses import dataclass

from service.auth import KeyRing
from service.bootstrap.books import Books
from service.bootstrap.ground import Ground
from service.monitors import (
    BrandDirectory,
    Brands,
    Channels,
    DurableCheckpoints,
    Importer,
    MonitorDirectory,
    Monitors,
    Sources,
)
from service.rules import RuleDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Brands, monitors, sources, channels; the directories follow them for the jobs."""

    brands: Brands
    monitors: Monitors
    sources: Sources
    channels: Channels
    importer: Importer
    checkpoints: DurableCheckpoints
    directory: MonitorDirectory
    brand_directory: BrandDirectory


def open_catalogue(ground: Ground, keyring: KeyRing, rules: RuleDesk, books: Books) -> Catalogue:
    """The catalogues over the state database."""
    database, clock = ground.database, ground.clock
    ranks = {tier: rank for rank, tier in enumerate(ground.library.tiers.ids, start=1)}
    brands = Brands(database, clock, keyring)
    monitors = Monitors(database, clock, keyring)
    sources = Sources(database, clock, keyring)
    channels = Channels(database, clock, keyring, ranks=ranks)
    return Catalogue(
        brands=brands,
        monitors=monitors,
        sources=sources,
        channels=channels,
        importer=Importer(
            database,
            brands=brands,
            monitors=monitors,
            sources=sources,
            channels=channels,
            rules=rules,
            further=books.sections(),
        ),
        checkpoints=DurableCheckpoints(database),
        directory=MonitorDirectory(database, monitors),
        brand_directory=BrandDirectory(database, brands),
    )
