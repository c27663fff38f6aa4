"""Voices: what was said most, chosen by how far it spread and by nothing else."""

from __future__ import annotations

from service.briefings import links
from service.briefings.content import Note, Section, SectionId, Voices
from service.briefings.figure import Cited, Unit, counted
from service.briefings.gathering import Asked, Desks
from service.briefings.quoting import cited, is_quotable
from service.indicators.needs import LEAST_POSTS
from service.stores import PostQuery, SortOrder, StoredPost

MOST = 6
_GROUPS = 40
_READ = 10
"""Posts of a group among which its first words are looked for."""


async def voices(desks: Desks, asked: Asked) -> Section:
    """Of each of the largest groups of copies its first post of the period, one an author.

    Copies are folded into one voice that says how many they are. Of fewer than LEAST_POSTS posts
    nobody is quoted: that would tell of one person, and not of what is said.
    """
    whole = PostQuery(monitors=asked.ids, since=asked.window.since, until=asked.window.until)
    if await desks.store.count(whole) < LEAST_POSTS:
        return Section(id=SectionId.VOICES, pieces=(Note(word="not_enough_data"),))
    chosen: list[Cited] = []
    authors: set[str] = set()
    for group, copies in await desks.store.counts_by_copy_group(whole, limit=_GROUPS):
        post = await _first(desks, asked, group)
        if post is None or post.author in authors:
            continue
        if post.author is not None:
            authors.add(post.author)
        link = links.posts(asked.ids, asked.window, copy_group=group)
        chosen.append(cited(post, spread=counted(copies, Unit.COPIES, link)))
        if len(chosen) == MOST:
            break
    if not chosen:
        return Section(id=SectionId.VOICES, pieces=(Note(word="no_voices"),))
    return Section(
        id=SectionId.VOICES, pieces=(Voices(items=tuple(chosen)), Note(word="how_voices"))
    )


async def _first(desks: Desks, asked: Asked, group: str) -> StoredPost | None:
    query = PostQuery(
        monitors=asked.ids,
        copy_groups=(group,),
        since=asked.window.since,
        until=asked.window.until,
    )
    page = await desks.store.search(query, limit=_READ, sort=SortOrder.OLDEST)
    return next((item.post for item in page.items if is_quotable(item.post)), None)
