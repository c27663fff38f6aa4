"""Fits on posts of known themes."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from nlp.topics import (
    Fit,
    FitCancelled,
    FitOptions,
    FitProgress,
    FitStage,
    NothingToLearn,
    Pooling,
    TopicModel,
    TopicPost,
    assign,
    dump_model,
    fit_topics,
    load_model,
    update_topics,
)
from nlp.topics.fitting import candidates
from nlp.topics.lda import CHUNK, chunk_of
from nlp.topics.vocabulary import MOST_WORDS, Vocabulary
from tests.support.topic_scene import FOOD, PARCEL, RAIN, THEMES, theme_of, theme_posts

THREE = FitOptions(topics=3)


@pytest.fixture(scope="module")
def fit() -> Fit:
    return fit_topics(theme_posts(), THREE)


def test_each_theme_becomes_a_topic(fit: Fit) -> None:
    themes = [theme_of([term.word for term in topic.terms[:5]]) for topic in fit.topics]
    assert sorted(map(str, themes)) == ["0", "1", "2"]
    assert all(set(topic.label.split(" · ")) <= set(sum(THEMES, ())) for topic in fit.topics)


def test_representatives_are_posts_of_the_topic(fit: Fit) -> None:
    posts = {post.id: post.words for post in theme_posts()}
    for topic in fit.topics:
        theme = theme_of([term.word for term in topic.terms[:5]])
        assert 1 <= len(topic.posts) <= 5
        assert {theme_of(posts[post_id]) for post_id in topic.posts} == {theme}


def test_figures_of_a_fit(fit: Fit) -> None:
    assert (fit.posts, fit.model.topics, fit.pooling) == (180, 3, Pooling.NONE)
    assert 150 < fit.distinct <= 180
    assert fit.documents == fit.distinct
    assert fit.coherence > 0.5
    assert fit.diversity > 0.3
    assert fit.unfitting < 0.1
    assert sum(topic.share for topic in fit.topics) == pytest.approx(1, abs=0.01)


def test_the_same_posts_give_the_same_topics_and_another_seed_others(fit: Fit) -> None:
    again = fit_topics(theme_posts(), THREE)
    assert dump_model(again.model) == dump_model(fit.model)
    assert again.topics == fit.topics
    other = fit_topics(theme_posts(), replace(THREE, seed=2))
    assert dump_model(other.model) != dump_model(fit.model)


@pytest.mark.parametrize("pooling", Pooling)
def test_every_way_of_pooling_fits(pooling: Pooling) -> None:
    found = fit_topics(theme_posts(each=300, words=5), FitOptions(topics=2, pooling=pooling))
    assert found.pooling is pooling
    assert len(found.topics) == 2


def test_the_number_of_topics_is_chosen_by_coherence() -> None:
    found = fit_topics(theme_posts(), FitOptions(lowest=2, highest=6))
    best = max(found.trials, key=lambda trial: (trial.coherence, -trial.topics))
    assert [trial.topics for trial in found.trials] == [2, 3, 4, 5, 6]
    assert found.model.topics == best.topics


def test_few_pools_take_each_post_alone() -> None:
    one_author = [replace(post, author="a") for post in theme_posts(each=10)]
    found = fit_topics(one_author, FitOptions(topics=4, pooling=Pooling.AUTHOR))
    assert (found.pooling, found.documents) == (Pooling.NONE, found.distinct)


@pytest.mark.parametrize(
    ("posts", "topics"),
    [
        ([], 3),
        ([TopicPost(id="a", words=("酸奶", "变质"))], 3),
        ([TopicPost(id=str(n), words=("酸奶", "变质")) for n in range(500)], 3),
        ([TopicPost(id=str(n), words=()) for n in range(500)], 3),
        (theme_posts(each=5), 50),
    ],
    ids=["none", "one", "all equal", "emoji only", "more topics than posts"],
)
def test_too_little_is_said(posts: list[TopicPost], topics: int) -> None:
    with pytest.raises(NothingToLearn, match="different posts"):
        fit_topics(posts, FitOptions(topics=topics))


def test_posts_that_share_no_word_are_said() -> None:
    posts = [TopicPost(id=str(n), words=(f"词{n}",)) for n in range(50)]
    with pytest.raises(NothingToLearn, match="no two words"):
        fit_topics(posts, THREE)


@pytest.mark.parametrize("stage", FitStage)
def test_a_fit_can_be_stopped_at_any_stage(stage: FitStage) -> None:
    def tell(progress: FitProgress) -> bool:
        return progress.stage is not stage

    with pytest.raises(FitCancelled, match=stage.value):
        fit_topics(theme_posts(each=20), FitOptions(lowest=2, highest=3), tell=tell)


def test_progress_goes_to_its_end() -> None:
    told: list[FitProgress] = []

    def tell(progress: FitProgress) -> bool:
        told.append(progress)
        return True

    fit_topics(theme_posts(each=20), THREE, tell=tell)
    assert told[0].stage is FitStage.POOLING
    assert all(0 <= item.done <= item.of for item in told)
    assert told[-1] == FitProgress(stage=FitStage.DESCRIBING, done=1, of=1)


def test_an_update_keeps_the_topics_and_takes_up_new_words(fit: Fit) -> None:
    mixed = [*theme_posts(FOOD, PARCEL, RAIN, each=40, seed=7)]
    updated = update_topics(fit.model, mixed, THREE)
    assert updated.model.topics == 3
    assert set(RAIN) <= set(updated.model.vocabulary.words)
    assert updated.model.documents > fit.model.documents
    before = assign(fit.model, [FOOD, PARCEL])
    after = assign(updated.model, [FOOD, PARCEL])
    assert [item.topic for item in after] == [item.topic for item in before]
    assert updated.model.learned.sum() > fit.model.learned.sum()


def test_an_update_without_any_shared_word_keeps_the_vocabulary(fit: Fit) -> None:
    strange = [TopicPost(id=str(n), words=("酸奶", f"词{n}")) for n in range(40)]
    updated = update_topics(fit.model, strange, THREE)
    assert updated.model.vocabulary.words == fit.model.vocabulary.words


def test_an_update_of_a_model_with_too_many_words_leaves_the_rarest_behind(fit: Fit) -> None:
    vocabulary = fit.model.vocabulary
    rare = tuple(f"罕{n}" for n in range(MOST_WORDS))
    large = TopicModel(
        vocabulary=Vocabulary(
            words=(*rare, *vocabulary.words),
            posts=((1,) * len(rare) + vocabulary.posts),
            of=vocabulary.of,
        ),
        learned=np.pad(fit.model.learned, ((0, 0), (len(rare), 0))),
        priors=fit.model.priors,
        documents=fit.model.documents,
    )
    updated = update_topics(large, theme_posts(seed=5), THREE)
    assert len(updated.model.vocabulary) == MOST_WORDS
    assert set(vocabulary.words) <= set(updated.model.vocabulary.words)
    assert load_model(dump_model(updated.model)).topics == 3
    before, after = (assign(model, [FOOD, PARCEL]) for model in (fit.model, updated.model))
    assert [item.topic for item in after] == [item.topic for item in before]


def test_an_update_needs_posts(fit: Fit) -> None:
    with pytest.raises(NothingToLearn):
        update_topics(fit.model, theme_posts(each=1), THREE)


@pytest.mark.parametrize(
    ("lowest", "highest", "tried"),
    [(5, 5, (5,)), (2, 4, (2, 3, 4)), (10, 50, (10, 14, 19, 26, 36, 50))],
)
def test_numbers_that_are_tried(lowest: int, highest: int, tried: tuple[int, ...]) -> None:
    assert candidates(lowest, highest) == tried


@pytest.mark.parametrize("documents", [0, 1, 7, 119, 513, 10_000, 18_001])
def test_chunks_are_even(documents: int) -> None:
    size = chunk_of(documents, passes=5)
    assert 1 <= size <= 2 * CHUNK
    assert documents % size == 0 or documents % size >= size / 2 or documents <= 12


def test_a_post_of_a_million_words_is_one_post(fit: Fit) -> None:
    many = TopicPost(id="long", words=tuple(np.resize(np.array(FOOD), 1_000_000).tolist()))
    found = assign(fit.model, [many.words, FOOD])
    assert found[0].topic == found[1].topic


def test_importing_topics_loads_neither_gensim_nor_scipy() -> None:
    code = "import nlp.topics, sys; print([m for m in ('gensim', 'scipy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
