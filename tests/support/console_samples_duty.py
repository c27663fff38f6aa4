"""Samples of review and of the search for posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from nlp import normalize, search_tokens, whole_text
from service.moderation.case import CaseLabel
from service.moderation.review.intake import case_id
from service.stores import StoredPost
from tests.support.console_scene import ConsoleScene
from tests.support.review_scene import case
from tests.support.stored_posts import stored_post


async def _items(scene: ConsoleScene, said: Sequence[str]) -> list[str]:
    """Texts of one author before people, the first of them left by nobody yet."""
    made = []
    for place, text in enumerate(said):
        one = case(
            text,
            item_id=str(place),
            at=scene.clock.now(),
            author="au_sample",
            parent=said[-1],
            session=(said[0],),
            labels=(
                CaseLabel(label="diversion", score=0.8, source="lexicon"),
                CaseLabel(label="spam", score=0.4, source="model"),
            ),
        )
        await scene.container.review.intake.file([one])
        made.append(case_id(one))
    return made


async def _review(scene: ConsoleScene, said: Sequence[str]) -> str:
    await _items(scene, said)
    return "/review"


async def _stream(scene: ConsoleScene, said: Sequence[str]) -> str:
    await _items(scene, said)
    return "/review/stream"


async def _item(scene: ConsoleScene, said: Sequence[str]) -> str:
    first, *_ = await _items(scene, said)
    return f"/review/items/{first}"


async def _stored(scene: ConsoleScene, said: Sequence[str]) -> list[str]:
    posts = [_post(scene, place, text) for place, text in enumerate(said, start=1)]
    await scene.container.store.upsert(posts)
    return [post.id for post in posts]


def _post(scene: ConsoleScene, number: int, text: str) -> StoredPost:
    at = scene.clock.now() - timedelta(hours=2, minutes=number)
    post = stored_post(
        number,
        text,
        title=text[:80],
        source=text[:60] or "weibo",
        url=text[:200],
        author=f"au_{number}",
        sentiment=("negative", "positive", "neutral")[number % 3],
        severity=number % 5,
        published_at=at,
        fetched_at=at,
        stored_at=at,
        copy_group=f"g{number // 2}",
    )
    normal = normalize(whole_text(text, title=post.title)).text
    return replace(post, search_tokens=search_tokens(normal))


async def _posts(scene: ConsoleScene, said: Sequence[str]) -> str:
    await _stored(scene, said)
    return "/posts?q=*"


async def _one_post(scene: ConsoleScene, said: Sequence[str]) -> str:
    first, *_ = await _stored(scene, said)
    return f"/posts/{first}"


DUTY_SAMPLES = {
    "/review": _review,
    "/review/stream": _stream,
    "/review/items/{review_id}": _item,
    "/posts": _posts,
    "/posts/{post_id}": _one_post,
}
"""By path, as the place has it."""
