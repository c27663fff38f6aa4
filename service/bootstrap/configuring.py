"""Configuration tried out: applied to an installation that is gone afterwards."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from service.auth import SYSTEM, KeyRing
from service.bootstrap.books import open_books
from service.bootstrap.catalogue import open_catalogue
from service.bootstrap.content import library_of
from service.bootstrap.ground import Ground, open_database, open_store, prepare
from service.bootstrap.ruling import open_ruling
from service.clock import Clock
from service.monitors import Applied
from service.settings import load_settings

_KEY = "tried-out-" * 4


async def try_config(path: Path, *, overlays: tuple[str, ...], clock: Clock) -> Applied:
    """What `fengsui apply` would make of a file or folder in an empty installation; nothing stays.

    `overlays` of the content lie under its rules and tiers. Raises BadConfig with every mistake as
    (`file:line`, message), ContentErrors for an overlay.
    """
    with tempfile.TemporaryDirectory(prefix="fengsui-check-") as folder:
        settings = load_settings(
            {
                "FENGSUI_DATA_DIR": folder,
                "FENGSUI_SECRET_KEY": _KEY,
                "FENGSUI_CONTENT_OVERLAYS": ",".join(overlays),
            }
        )
        database = open_database(settings, virtual=True)
        store = open_store(settings, virtual=True)
        try:
            await prepare(database, store, virtual=True)
            ground = Ground(
                settings=settings,
                clock=clock,
                database=database,
                store=store,
                library=library_of(settings),
                chance=random.SystemRandom().random,
                virtual=True,
                leaving=False,
            )
            keyring = KeyRing.from_secret(_KEY)
            rules = (await open_ruling(ground)).desk
            catalogue = open_catalogue(ground, keyring, rules, open_books(ground, keyring))
            return await catalogue.importer.apply(SYSTEM, path)
        finally:
            await store.close()
            await database.close()
