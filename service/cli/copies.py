"""`fengsui backup | restore`: consistent copies of the embedded databases and the keys."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import click
from sqlalchemy.engine import make_url

from service.cli.opening import settings_of_environment
from service.settings import Settings

_KEYS = "keys.json"


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def backup(folder: Path) -> None:
    """Copy state, posts and keys into FOLDER while the service runs. Embedded databases only."""
    settings = settings_of_environment()
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise click.ClickException(f"{folder} is not empty; name a new folder")
    for path in _databases(settings):
        with (
            closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(folder / path.name)) as target,
        ):
            source.backup(target)
        click.echo(f"copied {path.name}")
    keys = settings.data_dir / _KEYS
    if keys.exists():
        shutil.copy2(keys, folder / _KEYS)
        (folder / _KEYS).chmod(0o600)
        click.echo(f"copied {_KEYS}: it opens the handles; keep it as safe as the originals")


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
def restore(folder: Path, yes: bool) -> None:
    """Put a backup in place of the present data. Stop the service first."""
    settings = settings_of_environment()
    targets = _databases(settings, must_exist=False)
    missing = [path.name for path in targets if not (folder / path.name).exists()]
    if missing:
        raise click.ClickException(f"{folder} lacks {', '.join(missing)}")
    if not yes:
        click.confirm(f"replace everything in {settings.data_dir} by {folder}?", abort=True)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    for path in targets:
        for leftover in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
            leftover.unlink(missing_ok=True)
        shutil.copy2(folder / path.name, path)
        click.echo(f"restored {path.name}")
    if (folder / _KEYS).exists():
        shutil.copy2(folder / _KEYS, settings.data_dir / _KEYS)
        (settings.data_dir / _KEYS).chmod(0o600)


def _databases(settings: Settings, *, must_exist: bool = True) -> list[Path]:
    url = make_url(settings.state_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise click.ClickException(
            "the state is on PostgreSQL: use pg_dump and pg_restore, and copy the post store's file"
        )
    paths = [Path(url.database), settings.posts_path]
    if must_exist and (gone := [str(path) for path in paths if not path.exists()]):
        raise click.ClickException(f"not there: {', '.join(gone)}")
    return paths
