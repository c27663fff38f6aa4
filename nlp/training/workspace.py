"""Where a training run keeps what outlives it: pruned bases, checkpoints, soft labels."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

import torch
from tokenizers import Tokenizer

from nlp.training.bases import Base, read_bge, read_e5
from nlp.training.corpora import Row, read_rows, read_unlabelled
from nlp.training.errors import BadRecipe
from nlp.training.labelled import read_labelled
from nlp.training.network import Network, from_base
from nlp.training.recipe import Recipe
from nlp.training.vocabulary import frequent_emoji, prune_unigram, prune_wordpiece

_FOR_VOCABULARY = 150_000
_EMOJI_LEAST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """The folders of one machine: corpora, pretrained models, and `work`, which may be deleted.

    `labelled` holds other sets of scenarios and intents than those of the package.
    """

    data: Path
    e5: Path
    bge: Path
    work: Path
    labelled: Traversable | None = None

    def train_rows(self, *, unlabelled: int = 0) -> list[Row]:
        """The rows of the public corpora, then `unlabelled` posts that nobody judged."""
        rows = read_rows(self.data, "train")
        return rows + (read_unlabelled(self.data, most=unlabelled) if unlabelled else [])

    def labelled_rows(self) -> list[Row]:
        """The rows of our own sets. Raises BadCorpus."""
        return read_labelled(self.labelled)

    def base(self, name: str, vocabulary: int) -> Base:
        """A pretrained base with its pruned vocabulary; made once, then read. Raises BadBase."""
        path = self.work / f"base-{name}-{vocabulary}.pt"
        if not path.exists():
            texts = [row.text for row in self.train_rows(unlabelled=_FOR_VOCABULARY)]
            if name == "e5":
                base = prune_unigram(read_e5(self.e5), texts, keep=vocabulary)
            else:
                emoji = frequent_emoji(texts, least=_EMOJI_LEAST)
                base = prune_wordpiece(read_bge(self.bge), texts, keep=vocabulary, added=emoji)
            self.work.mkdir(parents=True, exist_ok=True)
            fields = {name: getattr(base, name) for name in Base.__slots__ if name != "tokenizer"}
            part = path.with_suffix(".part")
            torch.save({**fields, "tokenizer": base.tokenizer.to_str()}, part)
            part.replace(path)
        stored = torch.load(path, weights_only=True)
        return Base(**{**stored, "tokenizer": Tokenizer.from_str(stored["tokenizer"])})

    def start(self, recipe: Recipe) -> tuple[Network, Tokenizer]:
        """The network that a recipe begins with and its tokenizer. Raises BadBase, BadRecipe."""
        if recipe.base not in ("e5", "bge"):
            network, tokenizer = self.finished(recipe.base, keep_layers=recipe.layers)
            _check(recipe, longest=network.config.max_position_embeddings)
            return network, tokenizer
        base = self.base(recipe.base, recipe.vocabulary)
        _check(recipe, longest=base.positions, layers=base.layers)
        network = from_base(base, keep_layers=recipe.layers, longest=recipe.longest)
        return network, base.tokenizer

    def finished(
        self, run: str, *, keep_layers: tuple[int, ...] | None = None
    ) -> tuple[Network, Tokenizer]:
        """The network of an earlier run, perhaps with some of its layers only. Raises BadRecipe."""
        folder = self.work / run
        try:
            checkpoint = torch.load(folder / "checkpoint.pt", weights_only=True)
            config = json.loads((folder / "config.json").read_text("utf-8"))
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except OSError as error:
            raise BadRecipe(
                f"run {run!r} has left nothing in {folder}: {error}; fit it first"
            ) from error
        if not checkpoint["done"]:
            raise BadRecipe(f"run {run!r} stopped at step {checkpoint['step']}; fit it to its end")
        state = checkpoint["network"]
        kept = keep_layers or tuple(range(config["num_hidden_layers"]))
        prefix = "trunk.encoder.layer."
        weights = {name: value for name, value in state.items() if not name.startswith(prefix)}
        for new, old in enumerate(kept):
            of = f"{prefix}{old}."
            weights |= {
                f"{prefix}{new}.{name.removeprefix(of)}": value
                for name, value in state.items()
                if name.startswith(of)
            }
        network = Network.from_config({**config, "num_hidden_layers": len(kept)})
        missing, unexpected = network.load_state_dict(weights, strict=False)
        # A head that the earlier run did not have starts fresh; anything else is a mistake.
        if unexpected or not all(name.startswith("heads.") for name in missing):
            raise BadRecipe(f"run {run!r}: missing {missing}, unexpected {unexpected}")
        return network.eval(), tokenizer

    def keep(self, run: str, network: Network, tokenizer: Tokenizer) -> Path:
        """The folder of a run, with its configuration and tokenizer written."""
        folder = self.work / run
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.json").write_text(json.dumps(network.config.to_dict()), "utf-8")
        tokenizer.no_truncation()
        tokenizer.save(str(folder / "tokenizer.json"))
        return folder


def _check(recipe: Recipe, *, longest: int, layers: int | None = None) -> None:
    """Raises BadRecipe where a recipe asks for more than its base has."""
    if recipe.longest > longest:
        raise BadRecipe(f"longest: {recipe.longest}; {recipe.base} has {longest} positions")
    if layers is not None and max(recipe.layers) >= layers:
        raise BadRecipe(f"layers: {recipe.layers}; {recipe.base} has 0 to {layers - 1}")
