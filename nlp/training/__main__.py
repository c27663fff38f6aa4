"""The stages of training, one command each: `python -m nlp.training STAGE …`."""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from nlp.errors import NlpError
from nlp.training import stages
from nlp.training.workspace import Workspace


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a stage; exit 2 with one line on what is missing or wrong."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(message)s")
    chosen = _parser().parse_args(arguments)
    space = Workspace(data=chosen.data, e5=chosen.e5, bge=chosen.bge, work=chosen.work)
    try:
        print(stages.run(space, chosen, now=time.monotonic))
    except NlpError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m nlp.training", description=__doc__)
    shared = Path("..") / "shared"
    parser.add_argument("--data", type=Path, default=shared / "data")
    parser.add_argument("--bge", type=Path, default=shared / "models" / "bge-small-zh-v1.5")
    parser.add_argument("--e5", type=Path, default=Path("var/training/e5-small-q4.bin"))
    parser.add_argument("--work", type=Path, default=Path("var/training"))
    parser.add_argument("--threads", type=int, default=2)
    names = parser.add_subparsers(required=True, dest="stage")
    stage = names.add_parser("fit", help="train by a recipe, going on from its checkpoint")
    stage.add_argument("recipe", type=Path)
    stage = names.add_parser("folds", help="cross-validate our own sets by a recipe, fold by fold")
    stage.add_argument("recipe", type=Path)
    stage = names.add_parser("evaluate", help="print the table of figures of a run on dev")
    stage.add_argument("run")
    names.add_parser("linear", help="train the n-gram model and print its figures on dev")
    stage = names.add_parser("serve", help="calibrate a run and write the folder that is served")
    stage.add_argument("run")
    stage.add_argument("target", type=Path)
    stage.add_argument("--version", required=True)
    stage.add_argument(
        "--without", action="append", default=[], help="a task that is not good enough to serve"
    )
    stage.add_argument("--folds", help="the run whose held-out logits calibrate our own heads")
    return parser


if __name__ == "__main__":
    sys.exit(main())
