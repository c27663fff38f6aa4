"""Topics: coherence, diversity, purity of news titles and time, against plain LDA and tomotopy.

    python -m bench.topics [--data ../shared/data] [--posts 24000] [--titles 10] [--weibo 30]

Takes about ten minutes on one core. tomotopy is an outside reference and no dependency: where it
cannot be imported its rows are left out, and a line says so. All rows see the same words, cut and
chosen as in the product, and their figures are of the words by their share in a topic; "shown" is
what people see, the words by relevance.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from nlp import normalize
from nlp.text.tokenizer import JiebaTokenizer
from nlp.topics import (
    FitOptions,
    Pooling,
    TopicModel,
    TopicPost,
    assign,
    coherence,
    content_words,
    diversity,
    fit_topics,
)
from nlp.topics.assignment import mix
from nlp.topics.labels import relevant_terms, shared_terms
from nlp.topics.lda import Priors
from nlp.topics.post import distinct
from nlp.topics.vocabulary import Vocabulary, learn_vocabulary

SEED = 1
_JUDGED = 5_000
_ASSIGNED = 20_000


@dataclass(frozen=True, slots=True)
class Corpus:
    """Posts, and the class of each where somebody has labelled them."""

    name: str
    posts: Sequence[TopicPost]
    labels: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """Figures of one way to topics, None where one does not apply; `learned` is processor time."""

    way: str
    learned: float
    coherence: float
    diversity: float
    shown: tuple[float, float] | None
    purity: float | None

    def __str__(self) -> str:
        shown = "| – " * 2 if self.shown is None else "| {:.3f} | {:.3f} ".format(*self.shown)
        pure = "–" if self.purity is None else f"{self.purity:.3f}"
        return (
            f"| {self.way} | {self.coherence:.3f} | {self.diversity:.3f} {shown}| {pure} "
            f"| {self.learned:.1f} |"
        )


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.topics", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("..") / "shared" / "data")
    parser.add_argument("--posts", type=int, default=24_000)
    parser.add_argument("--titles", type=int, default=10)
    parser.add_argument("--weibo", type=int, default=30)
    given = parser.parse_args(arguments)
    folder = given.data / "topics"
    titles = read_corpus(folder / "news_titles.jsonl.gz", name="news titles")
    weibo = read_corpus(folder / "weibo_2020.jsonl.gz", name="weibo", most=given.posts)
    print_rows(titles, topics=given.titles, ways=(Pooling.NONE, Pooling.LIKENESS))
    print_rows(weibo, topics=given.weibo, ways=(Pooling.NONE, Pooling.AUTHOR, Pooling.LIKENESS))


def read_corpus(path: Path, *, name: str, most: int | None = None) -> Corpus:
    """A corpus, evenly thinned to at most that many posts."""
    with gzip.open(path, "rb") as lines:
        rows = [orjson.loads(line) for line in lines]
    step = 1 if most is None else max(1, len(rows) // most)
    rows = rows[::step][:most]
    tokenizer = JiebaTokenizer()
    posts = [
        TopicPost(
            id=str(number),
            words=content_words(tokenizer.tokens(normalize(row["text"]).text)),
            author=row.get("author"),
        )
        for number, row in enumerate(rows)
    ]
    labels = [row["label"] for row in rows] if rows and "label" in rows[0] else None
    return Corpus(name, posts, labels)


def print_rows(corpus: Corpus, *, topics: int, ways: Sequence[Pooling]) -> None:
    """The table of a corpus."""
    print(f"\n{corpus.name}, {len(corpus.posts):,} posts, {topics} topics")
    print("| way | C_v | diversity | C_v shown | diversity shown | purity | seconds |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    words = [post.words for post in distinct(corpus.posts)]
    vocabulary = learn_vocabulary(words)
    print(measured("gensim, single posts", corpus, partial(plain, words, vocabulary, topics)))
    reference = imported_tomotopy()
    if reference is not None:
        print(tomotopy_row(reference, corpus, words, vocabulary, topics))
    for pooling in ways:
        options = FitOptions(topics=topics, pooling=pooling, seed=SEED)
        way = f"ours, pooled by {pooling.value}"
        print(measured(way, corpus, partial(ours, corpus.posts, options)))
    if reference is None:
        print("(tomotopy is not installed: no row)")
    print_speed(corpus, topics)


def measured(way: str, corpus: Corpus, fit: Callable[[], TopicModel]) -> Row:
    """The row of a model of ours, or in our form."""
    began = time.process_time()
    model = fit()
    learned = time.process_time() - began
    by_share, by_relevance = shared_terms(model), relevant_terms(model)
    shown = [[term.word for term in terms] for terms in by_relevance]
    judged = [post.words for post in thinned(distinct(corpus.posts))]
    counts = [model.vocabulary.counts(post.words) for post in corpus.posts]
    found = None if corpus.labels is None else mix(model, counts).argmax(axis=1).tolist()
    return Row(
        way,
        learned,
        coherence(by_share, judged),
        diversity(by_share),
        (coherence(shown, judged), diversity(shown)),
        None if found is None or corpus.labels is None else purity(found, corpus.labels),
    )


def ours(posts: Sequence[TopicPost], options: FitOptions) -> TopicModel:
    """The product's model."""
    return fit_topics(posts, options).model


def plain(words: Sequence[Sequence[str]], vocabulary: Vocabulary, topics: int) -> TopicModel:
    """gensim's LDA as it comes, over single posts: what most tutorials show."""
    from gensim.models.ldamodel import LdaModel

    counts = [vocabulary.counts(each) for each in words]
    model: Any = LdaModel(
        counts,
        id2word=dict(enumerate(vocabulary.words)),
        num_topics=topics,
        random_state=SEED,
        eval_every=None,
    )
    learned = np.asarray(model.state.sstats, dtype=np.float32)
    priors = Priors(alpha=1 / topics, eta=1 / topics)
    return TopicModel(vocabulary=vocabulary, learned=learned, priors=priors, documents=len(counts))


def imported_tomotopy() -> Any:
    """The library, or None."""
    try:
        return importlib.import_module("tomotopy")
    except ImportError:
        return None


def tomotopy_row(
    library: Any,
    corpus: Corpus,
    words: Sequence[Sequence[str]],
    vocabulary: Vocabulary,
    topics: int,
) -> Row:
    """Collapsed Gibbs sampling over single posts, 500 rounds, one worker."""
    known = set(vocabulary.words)
    model = library.LDAModel(k=topics, seed=SEED)
    began = time.process_time()
    for each in words:
        kept = [word for word in each if word in known]
        if kept:
            model.add_doc(kept)
    model.train(500, workers=1)
    learned = time.process_time() - began
    terms = [
        [word for word, _ in model.get_topic_words(number, top_n=25)] for number in range(topics)
    ]
    judged = [post.words for post in thinned(distinct(corpus.posts))]
    pure = None
    if corpus.labels is not None:
        found = []
        for post in corpus.posts:
            made = model.make_doc([word for word in post.words if word in known] or ["?"])
            found.append(int(np.argmax(model.infer(made)[0])))
        pure = purity(found, corpus.labels)
    return Row(
        "tomotopy, single posts", learned, coherence(terms, judged), diversity(terms), None, pure
    )


def print_speed(corpus: Corpus, topics: int) -> None:
    """Posts a second that are given a topic."""
    options = FitOptions(topics=topics, pooling=Pooling.LIKENESS, seed=SEED, passes=1)
    model = fit_topics(corpus.posts, options).model
    words = [post.words for post in corpus.posts[:_ASSIGNED]]
    began = time.process_time()
    found = assign(model, words)
    spent = time.process_time() - began
    without = sum(item.topic is None for item in found) / len(found)
    print(f"assigned {len(words) / spent:,.0f} posts/s, {without:.0%} of them to no topic")


def purity(found: Sequence[Hashable], labels: Sequence[str]) -> float:
    """Share of posts whose class is the commonest one of their topic."""
    classes: dict[Hashable, Counter[str]] = defaultdict(Counter)
    for topic, label in zip(found, labels, strict=True):
        classes[topic][label] += 1
    return sum(max(counts.values()) for counts in classes.values()) / len(labels)


def thinned(posts: Sequence[TopicPost]) -> Sequence[TopicPost]:
    """At most some thousand posts, evenly spaced: coherence is counted over them."""
    return posts[:: max(1, -(-len(posts) // _JUDGED))]


if __name__ == "__main__":
    main()
