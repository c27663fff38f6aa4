"""`fengsui models`: what reads texts here, how a model is made, compared, and switched to."""

from __future__ import annotations

import json
from pathlib import Path

import click

from nlp import NlpError
from nlp.encoder import export_model, read_manifest
from service.cli.corrections import corrections
from service.cli.evaluate import evaluate
from service.cli.models_kept import show_kept
from service.cli.opening import run, settings_of_environment
from service.cli.switch import back, switch
from service.moderation import open_encoder, served_folder
from service.settings import EncoderKind, Settings


@click.group()
def models() -> None:
    """The models that read texts."""


models.add_command(corrections)
models.add_command(evaluate)
models.add_command(switch)
models.add_command(back)


@models.command("list")
def list_models() -> None:
    """Show each model that the settings name: where, version, tasks, size, whether it is whole.

    Then what was switched to and which candidates were evaluated. Exit 2 when one that serves
    cannot be loaded.
    """
    settings = settings_of_environment()
    folder = served_folder(settings)
    if settings.encoder is EncoderKind.TORCH:
        _show_torch(settings)
    if folder is not None:
        _show_served(folder)
    if folder is None and settings.encoder is not EncoderKind.TORCH:
        why = "FENGSUI_ENCODER=lexical" if settings.encoder is EncoderKind.LEXICAL else "none ships"
        click.echo(f"no model ({why}): sentiment comes from words alone")
    missing = open_encoder(settings).missing
    if missing:
        click.echo(f"answered by no model: {', '.join(missing)}")
    run(show_kept(settings))


@models.command("export")
@click.argument("source")
@click.argument("target", type=click.Path(file_okay=False, path_type=Path))
@click.option("--task", required=True, help="sentiment, emotion, intent, abuse or scenario.")
@click.option(
    "--labels",
    required=True,
    help='What its labels are called here: \'{"LABEL_0": "negative", "LABEL_1": "positive"}\'.',
)
@click.option("--longest", default=160, show_default=True, help="Tokens of one window, 8 to 512.")
def export(source: str, target: Path, task: str, labels: str, longest: int) -> None:
    """Make of the Hugging Face classifier SOURCE (a folder) the served int8 model TARGET.

    Needs the extra [torch]; what it writes does not.
    """
    if not 8 <= longest <= 512:
        raise click.ClickException(f"--longest: {longest}; give 8 to 512 tokens")
    mapping = _mapping(labels)
    manifest = export_model(source, target, task=task, labels=mapping, longest=longest)
    click.echo(f"{target}: {manifest.name} {manifest.version}, {_size(target)}")
    click.echo(f"serve it with FENGSUI_ENCODER_PATH={target}", err=True)


def _mapping(text: str) -> dict[str, str]:
    """Their label to ours. Raises ClickException."""
    form = 'give a JSON object such as {"LABEL_0": "negative", "LABEL_1": "positive"}'
    try:
        given = json.loads(text)
    except ValueError as error:
        raise click.ClickException(f"--labels: no JSON ({error}); {form}") from error
    if not isinstance(given, dict) or not given:
        raise click.ClickException(f"--labels: {form}")
    if strange := [name for name, label in given.items() if not isinstance(label, str)]:
        raise click.ClickException(f"--labels: {strange[0]}: its label is no string; {form}")
    return given


def _show_served(folder: Path) -> None:
    try:
        manifest = read_manifest(folder)
    except NlpError:
        click.echo(f"onnx   {folder}: not whole")
        raise
    tasks = ", ".join(sorted(manifest.answers))
    click.echo(f"onnx   {folder}: {manifest.identity}, {tasks}, {_size(folder)}, sha256 ok")


def _show_torch(settings: Settings) -> None:
    for model in settings.encoder_models:
        labels = ", ".join(sorted(set(model.labels.values())))
        click.echo(f"torch  {model.path}: {model.task} ({labels})")


def _size(folder: Path) -> str:
    size = sum(path.stat().st_size for path in folder.iterdir() if path.is_file())
    return f"{size / 1e6:.1f} MB"
