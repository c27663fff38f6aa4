"""`fengsui user add | reset`, `key add | rotate`: access, by the operator of the machine."""

from __future__ import annotations

import click

from service.audit import record
from service.auth import SYSTEM, Role, reencrypt
from service.cli.opening import opened, run, settings_of_environment
from service.errors import NotFound

_ROLES = click.Choice([role.value for role in Role])


@click.group()
def user() -> None:
    """People who may sign in."""


@user.command("add")
@click.argument("name")
@click.option("--role", "roles", type=_ROLES, multiple=True, required=True, help="May be repeated.")
def add_user(name: str, roles: tuple[str, ...]) -> None:
    """Make an account and print its one-time password."""

    async def work() -> None:
        async with opened(settings_of_environment()) as container:
            made = await container.users.create(
                SYSTEM, name=name, roles=[Role(role) for role in roles]
            )
            click.echo(made.password)
            click.echo(f"{name} must change it at the first sign-in", err=True)

    run(work())


@user.command("reset")
@click.argument("name")
def reset_user(name: str) -> None:
    """Give an account a new one-time password; its sessions end."""

    async def work() -> None:
        async with opened(settings_of_environment()) as container:
            found = await container.users.find(name)
            if found is None:
                raise NotFound(f"there is no user {name!r}")
            made = await container.users.reset(SYSTEM, found.id)
            click.echo(made.password)

    run(work())


@click.group()
def key() -> None:
    """API keys for programs, and the key that keeps handles and secrets."""


@key.command("add")
@click.argument("name")
@click.option("--role", "roles", type=_ROLES, multiple=True, required=True, help="May be repeated.")
def add_key(name: str, roles: tuple[str, ...]) -> None:
    """Make a key and print it; it is shown this once."""

    async def work() -> None:
        async with opened(settings_of_environment()) as container:
            made = await container.keys.create(
                SYSTEM, name=name, roles=[Role(role) for role in roles]
            )
            click.echo(made.token)

    run(work())


@key.command("rotate")
def rotate_key() -> None:
    """Encrypt handles, secrets and imports that wait under a new key, and forget the old ones.

    May be stopped and run anew. Pseudonyms of authors do not change.
    """

    async def work() -> None:
        async with opened(settings_of_environment()) as container:
            container.keyring.rotate()
            rows = await reencrypt(container.database, container.keyring)
            dropped = container.keyring.forget_old()
            async with container.database.write() as connection:
                await record(
                    connection,
                    at=container.clock.now(),
                    actor=SYSTEM.id,
                    action="encryption.rotated",
                    subject_type="keyring",
                    subject_id=container.keyring.fingerprint,
                    data={"rows": rows, "dropped": dropped},
                )
            click.echo(f"{rows} rows encrypted anew, {dropped} old keys forgotten")

    run(work())
