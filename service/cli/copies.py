"""`fengsui backup | restore`: state, posts and, if wanted, the keys."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import click

from service.auth import KeyRing
from service.auth.key_file import read as read_keys
from service.backup import (
    Manifest,
    NotEmpty,
    Restored,
    back_up,
    occupied,
    pack,
    read_manifest,
    unpacked,
)
from service.backup import (
    restore as put_back,
)
from service.backup.manifest import KEYS
from service.backup.packing import SUFFIX
from service.backup.putting import admit
from service.backup.taking import put_key_file
from service.bootstrap import open_database, open_store
from service.cli.opening import run, settings_of_environment
from service.clock import SystemClock
from service.settings import Settings


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--with-keys/--without-keys",
    "with_keys",
    default=None,
    help="Whether keys.json goes along; asked on a terminal.",
)
def backup(target: Path, with_keys: bool | None) -> None:
    """Write state and posts to TARGET while the service runs: a new folder, or FILE.tar."""
    settings = settings_of_environment()
    keys = _keys_to_take(settings, with_keys)
    if target.suffix != SUFFIX:
        manifest = run(_back_up(settings, target, keys))
    elif target.exists():
        raise click.ClickException(f"{target} is there already; name a new file")
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
            manifest = run(_back_up(settings, Path(folder), keys))
            pack(Path(folder), target)
    click.echo(
        f"{target}: {sum(manifest.tables.values())} rows and {manifest.posts} posts "
        f"of {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC"
    )
    if manifest.has_keys:
        click.echo("its keys.json opens every handle in it: keep it as safe as the original")
    elif manifest.keys is not None:
        where = "FENGSUI_SECRET_KEY" if settings.secret_key else f"{settings.data_dir / KEYS}"
        click.echo(f"without keys: it is of no use without {where}, kept elsewhere")


@click.command()
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--replace", is_flag=True, help="Throw away what is there; asks first.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def restore(source: Path, replace: bool, yes: bool) -> None:
    """Bring back the backup SOURCE, a folder or FILE.tar. Stop the service first."""
    settings = settings_of_environment()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with unpacked(source, scratch=settings.data_dir) as folder:
        manifest = read_manifest(folder)
        admit(manifest, fingerprint=_fingerprint(settings, folder, manifest))
        if there := run(_occupied(settings)):
            _allow(there, settings, manifest, replace=replace, yes=yes)
            _remove_post_file(settings)
        _put_keys(settings, folder, manifest)
        done = run(_restore(settings, folder, manifest))
    _tell(done, manifest)
    if not done.audit.ok:
        sys.exit(1)


def _keys_to_take(settings: Settings, with_keys: bool | None) -> Path | None:
    path = settings.data_dir / KEYS
    if settings.secret_key is not None:
        if with_keys:
            raise click.UsageError("there is no key file: the keys are in FENGSUI_SECRET_KEY")
        return None
    if not path.exists():
        return None
    if with_keys is None:
        if not sys.stdin.isatty():
            raise click.UsageError("say --with-keys or --without-keys")
        with_keys = click.confirm("take keys.json along, which opens the handles?", err=True)
    return path if with_keys else None


async def _back_up(settings: Settings, folder: Path, keys: Path | None) -> Manifest:
    database, store = open_database(settings), open_store(settings)
    try:
        return await back_up(
            folder, database=database, store=store, clock=SystemClock(), keys=keys, tell=_progress
        )
    finally:
        await store.close()
        await database.close()


async def _occupied(settings: Settings) -> tuple[str, ...]:
    database, store = open_database(settings), open_store(settings)
    try:
        return await occupied(database, store)
    finally:
        await store.close()
        await database.close()


async def _restore(settings: Settings, folder: Path, manifest: Manifest) -> Restored:
    database, store = open_database(settings), open_store(settings)
    try:
        return await put_back(
            folder,
            manifest,
            database=database,
            store=store,
            clock=SystemClock(),
            scratch=settings.data_dir,
            tell=_progress,
        )
    finally:
        await store.close()
        await database.close()


def _allow(
    there: tuple[str, ...], settings: Settings, manifest: Manifest, *, replace: bool, yes: bool
) -> None:
    what = " and ".join(there)
    if not replace:
        raise NotEmpty(
            f"not empty: {what}. Restore into an empty system, or say --replace to throw it away"
        )
    if not yes:
        made_at = f"{manifest.made_at:%Y-%m-%d %H:%M} UTC"
        click.confirm(f"throw away {what}, and put back {made_at}?", abort=True, err=True)


def _remove_post_file(settings: Settings) -> None:
    """A new file keeps the order of storing; one that was emptied goes on counting."""
    if settings.post_nodes:
        return
    path = settings.posts_path
    for leftover in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        leftover.unlink(missing_ok=True)


def _fingerprint(settings: Settings, folder: Path, manifest: Manifest) -> str | None:
    """Of the keys that the restored installation will have."""
    if settings.secret_key is not None:
        return KeyRing.from_secret(settings.secret_key.get_secret_value()).fingerprint
    path = folder / KEYS if manifest.has_keys else settings.data_dir / KEYS
    return KeyRing(read_keys(path)).fingerprint if path.exists() else None


def _put_keys(settings: Settings, folder: Path, manifest: Manifest) -> None:
    """Keys that were there are kept under another name: something may still need them."""
    if settings.secret_key is not None or not manifest.has_keys:
        return
    path = settings.data_dir / KEYS
    if path.exists():
        if path.read_bytes() == (folder / KEYS).read_bytes():
            return
        aside = path.with_name(f"{KEYS}.before-{manifest.made_at:%Y%m%dT%H%M%S}")
        path.rename(aside)
        click.echo(f"the keys that were here are now {aside}", err=True)
    put_key_file(folder / KEYS, path)


def _tell(done: Restored, manifest: Manifest) -> None:
    click.echo(
        f"restored {done.rows} rows and {done.posts} posts "
        f"of {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC"
    )
    silenced = done.silenced
    if silenced.deliveries or silenced.events:
        click.echo(
            f"not sent again: {silenced.deliveries} deliveries, now dead letters, and "
            f"{silenced.events} events without any"
        )
    if done.audit.ok:
        click.echo(f"audit chain: {done.audit.sealed} rows hold")
    elif done.audit.first_bad is not None:
        bad = done.audit.first_bad
        click.echo(f"audit chain: broken at row {bad.sequence}: {bad.reason}", err=True)


def _progress(line: str) -> None:
    click.echo(line, err=True)
