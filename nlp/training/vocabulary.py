"""Cuts a base's word table to the pieces that its languages need here.

e5 brings 250,037 pieces for a hundred languages; rows that no text of ours reaches are ballast in
memory, in the repository and in every step of the optimiser.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

import torch
from tokenizers import Tokenizer

from nlp.training.bases import Base, unigram
from nlp.training.errors import BadBase

_SPECIAL = 4
"""`<s> <pad> </s> <unk>` stand first in a unigram base and keep their places."""
_BATCH = 2_000
_WHEREVER = {
    "single_word": False,
    "lstrip": False,
    "rstrip": False,
    "normalized": False,
    "special": False,
}
"""A new piece is found inside a word too: `lol😂` and `😂😂` would be unknown otherwise."""


def count_pieces(tokenizer: Tokenizer, texts: Sequence[str]) -> Counter[int]:
    """How often each piece is used over `texts`."""
    used: Counter[int] = Counter()
    for start in range(0, len(texts), _BATCH):
        for encoding in tokenizer.encode_batch_fast(
            list(texts[start : start + _BATCH]), add_special_tokens=False
        ):
            used.update(encoding.ids)
    return used


def prune_unigram(base: Base, texts: Sequence[str], *, keep: int) -> Base:
    """The base with its `keep` most used pieces.

    Single characters that every text may hold (ASCII, the Han characters of GB 2312, emoji) stay
    whether used or not, so that an unseen word falls apart into characters and not into `<unk>`.
    """
    if base.scores is None:
        raise BadBase("a word-piece base has no scores; use prune_wordpiece")
    used = count_pieces(base.tokenizer, texts)
    place = {piece: number for number, piece in enumerate(base.pieces)}
    chosen = dict.fromkeys(range(_SPECIAL))
    chosen |= dict.fromkeys(place[c] for c in _characters(base.pieces) if c in place)
    for number, _ in used.most_common():
        if len(chosen) >= keep:
            break
        chosen[number] = None
    numbers = [*range(_SPECIAL), *sorted(number for number in chosen if number >= _SPECIAL)]
    pieces = [base.pieces[number] for number in numbers]
    scores = [base.scores[number] for number in numbers]
    table = "embeddings.word_embeddings.weight"
    return replace(
        base,
        weights={**base.weights, table: base.weights[table][numbers].clone()},
        pieces=pieces,
        scores=scores,
        tokenizer=unigram(pieces, scores, unknown=3),
    )


def prune_wordpiece(
    base: Base, texts: Sequence[str], *, keep: int, added: Iterable[str] = ()
) -> Base:
    """The base with its `keep` most used pieces, and a new row for each of `added` (emoji, say).

    A new row starts as the mean of the table. The places of the kept pieces close up.
    """
    used = count_pieces(base.tokenizer, texts)
    place = {piece: number for number, piece in enumerate(base.pieces)}
    special = [place[piece] for piece in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")]
    chosen = dict.fromkeys([*special, *(place[c] for c in _characters(base.pieces) if c in place)])
    for number, _ in used.most_common():
        if len(chosen) >= keep:
            break
        chosen[number] = None
    numbers = [*special, *sorted(set(chosen) - set(special))]
    fresh = [piece for piece in added if piece not in place]
    pieces = [*(base.pieces[number] for number in numbers), *fresh]
    name = "embeddings.word_embeddings.weight"
    table = base.weights[name]
    mean = table.mean(0, keepdim=True).expand(len(fresh), -1)
    settings = json.loads(base.tokenizer.to_str())
    settings["model"]["vocab"] = {piece: number for number, piece in enumerate(pieces)}
    settings["added_tokens"] = [
        {**token, "id": pieces.index(token["content"])} for token in settings["added_tokens"]
    ] + [{"id": pieces.index(piece), "content": piece, **_WHEREVER} for piece in fresh]
    for token in settings["post_processor"].get("special_tokens", {}).values():
        token["ids"] = [pieces.index(piece) for piece in token["tokens"]]
    return replace(
        base,
        weights={**base.weights, name: torch.cat([table[numbers], mean])},
        pieces=pieces,
        tokenizer=Tokenizer.from_str(json.dumps(settings)),
    )


def frequent_emoji(texts: Iterable[str], *, least: int) -> list[str]:
    """Symbols of the emoji blocks used at least `least` times, the most used first."""
    used = Counter(c for text in texts for c in text if _is_emoji(c))
    return [character for character, count in used.most_common() if count >= least]


def _is_emoji(character: str) -> bool:
    return "\u2600" <= character <= "\u27bf" or "\U0001f300" <= character <= "\U0001faff"


def _characters(pieces: Sequence[str]) -> list[str]:
    """Pieces of one character that must stay."""
    return [piece for piece in pieces if len(piece) == 1 and _must_stay(piece)]


def _must_stay(character: str) -> bool:
    if character.isascii() or character == "▁" or _is_emoji(character):
        return True
    if not "\u4e00" <= character <= "\u9fff":
        return False
    try:
        return bool(character.encode("gb2312"))
    except UnicodeEncodeError:
        return False
