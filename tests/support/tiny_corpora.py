"""A miniature of the public corpora and of our own labelled sets, in the shape of the real files.

What decides a label is one word, so that a network of a few thousand weights can learn it.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from nlp.lexicon import SCENARIOS
from nlp.training.corpora import LABELS
from nlp.training.labelled import FILES

THINGS = ("房间", "早餐", "屏幕", "物流", "音质", "座椅", "客服")
MOODS: Mapping[str, str] = {
    "positive": "好极了",
    "neutral": "一般般",
    "negative": "太差了",
    "happy": "开心",
    "gratitude": "谢谢",
    "angry": "气死我",
    "sad": "难过",
    "fear": "害怕",
    "surprise": "没想到",
    "disgust": "恶心",
    "clean": "你说得对",
    "abusive": "你这蠢货",
}
_EMOTIONS = ("neutral", "gratitude", "happy", "angry", "sad", "fear", "surprise", "disgust")
_DOMAINS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "sentiment": {
        "chnsenticorp": ("positive", "negative"),
        "weibo": ("positive", "negative"),
        "weibo3": ("positive", "neutral", "negative"),
    },
    "emotion": {"ewect_usual": _EMOTIONS},
    "abuse": {"cold": ("clean", "abusive")},
}
_TAGS = {"positive": "[哈哈]", "negative": "[泪]"}
LEAKED = "早餐好极了但晚餐太差了"
"""Stands in dev; in train with an invisible character, which the normal form drops."""
DOMAINS = frozenset(f"{task}/{domain}" for task, of in _DOMAINS.items() for domain in of)
COLUMNS = ("text", "label", "register")


def write_corpora(folder: Path) -> Path:
    """Writes sentiment, emotion and abuse (train, dev) and topics/weibo_2020 below `folder`."""
    for task, domains in _DOMAINS.items():
        for split, each in (("train", 6), ("dev", 3)):
            rows = list(_rows(domains, each, first=0 if split == "train" else 100))
            if task == "sentiment":
                text = LEAKED if split == "dev" else LEAKED.replace("但", "\u200b但")
                rows.append({"text": text, "label": "positive", "domain": "chnsenticorp"})
            write_rows(folder / task / f"{split}.jsonl.gz", rows)
    posts = [{"date": "2020-02-01", "author": "a", "text": "短"}]
    posts += [
        {"date": "2020-02-01", "author": "a", "text": f"今天{THINGS[n % 7]}第{n}号的照片😂"}
        for n in range(20)
    ]
    write_rows(folder / "topics" / "weibo_2020.jsonl.gz", [*posts, posts[-1]])
    return folder


def write_rows(path: Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    """Writes gzip JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return path


def write_labelled(folder: Path, *, each: int = 5) -> Path:
    """Writes files under the names of our own sets, `each` rows a label in all."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in (file for files in FILES.values() for file in files):
        write_set(folder / name, [])
    scenarios = [*SCENARIOS, "none"]
    write_set(folder / "scenario_a.tsv", _labelled(scenarios[:6], each))
    write_set(folder / "scenario_b.tsv", _labelled(scenarios[6:], each))
    write_set(folder / "intent.tsv", _labelled(LABELS["intent"], each))
    write_set(folder / "moderation_a.tsv", _labelled(LABELS["moderation"], each))
    return folder


def write_set(path: Path, rows: Iterable[tuple[str, str]]) -> Path:
    """Writes a set of (text, label) rows with its header."""
    lines = ["\t".join(COLUMNS), *(f"{text}\t{label}\tweibo" for text, label in rows)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def all_texts(folder: Path) -> list[str]:
    """Every text below `folder`, for the pieces of a tiny tokenizer."""
    texts: list[str] = []
    for path in sorted(folder.rglob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            texts += [json.loads(line)["text"] for line in file]
    for path in sorted(folder.rglob("*.tsv")):
        texts += [line.split("\t")[0] for line in path.read_text("utf-8").splitlines()[1:]]
    return texts


def _rows(
    domains: Mapping[str, tuple[str, ...]], each: int, *, first: int
) -> Iterator[dict[str, str]]:
    for domain, labels in domains.items():
        for number in range(first, first + each):
            for label in labels:
                mood = MOODS[label]
                text = f"{domain[:2]}{THINGS[number % len(THINGS)]}{mood}{number}"
                if domain == "weibo":
                    text += _TAGS[label]
                yield {"text": text, "label": label, "domain": domain}


def _labelled(labels: Iterable[str], each: int) -> list[tuple[str, str]]:
    return [(f"{label}的第{n}条{THINGS[n % 7]}", label) for label in labels for n in range(each)]
