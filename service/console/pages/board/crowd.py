"""What was passed on most, and the stories that are being told."""

from __future__ import annotations

from collections.abc import Sequence

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.charts import Edge, Node, Point, show, spread_graph
from service.console.deeds import go
from service.console.pages.stories import headline, story_address
from service.console.scope import Scope
from service.console.session import BASE, Visit
from service.console.theme import link, plain
from service.posts import CrowdSpread
from service.stores import PostQuery
from service.stories import StoryFilter, StorySort, StorySummary

_NODES = 60
_STORIES = 6


async def read_spread(visit: Visit, scope: Scope, principal: Principal) -> CrowdSpread:
    """The largest trees among the posts of the window."""
    principal.require(Action.READ, Resource.POST, monitor=scope.monitor.id)
    query = PostQuery(
        monitors=(scope.monitor.id,), since=scope.window.since, until=scope.window.until
    )
    return await visit.container.spreads.of_posts(query, now=visit.now())


def draw_spread(visit: Visit, scope: Scope, found: CrowdSpread) -> None:
    """The largest tree: who has it from whom; a node leads to its post."""
    words = visit.words
    if not found.trees or found.trees[0][1].cascade.posts < 2:
        plain(words("board.spread"), "h2")
        plain(words("board.no_spread"), "p", "soft")
        return
    tree = found.trees[0][1]
    ranked = sorted(tree.cascade.nodes, key=lambda node: (-node.below, node.level))[:_NODES]
    ids = {node.id for node in ranked}
    nodes = [
        Node(
            id=node.id,
            label=_shown(visit, tree.posts[node.id].text if node.id in tree.posts else None),
            weight=1.0 + node.below,
            group=min(node.level, 5),
        )
        for node in ranked
    ]
    edges = [
        Edge(source=edge.parent, target=edge.child)
        for edge in tree.cascade.edges
        if edge.child in ids and edge.parent in ids
    ]
    head = (words("board.spread_post"), words("board.spread_below"), words("board.spread_from"))
    chart = spread_graph(words("board.spread"), nodes, edges, head=head)

    async def drill(point: Point) -> None:
        if point.name in tree.posts:
            go(visit, f"{BASE}/posts/{point.name}")

    show(visit, chart, on_point=drill)
    size, depth = tree.cascade.posts, tree.cascade.depth
    with ui.element("p").classes("soft small"):
        plain(words("board.spread_said", posts=f"{found.posts:,}", size=size, depth=depth))
        if found.read < found.posts:
            plain(words("board.spread_read", read=f"{found.read:,}"))


def _shown(visit: Visit, text: str | None) -> str:
    return visit.words("board.unstored") if text is None else text[:40]


async def read_stories(
    visit: Visit, scope: Scope, principal: Principal
) -> tuple[StorySummary, ...]:
    """What grows fastest."""
    principal.require(Action.READ, Resource.POST, monitor=scope.monitor.id)
    wanted = StoryFilter(
        monitor=scope.monitor.id,
        since=scope.window.since,
        until=scope.window.until,
        sort=StorySort.GROWTH,
    )
    found, _ = await visit.container.stories.page(wanted, limit=_STORIES)
    return found


def draw_stories(visit: Visit, scope: Scope, found: Sequence[StorySummary]) -> None:
    """Headlines with how large they are."""
    words = visit.words
    with ui.element("div").classes("line"):
        plain(words("board.stories"), "h2", "grow")
        link(scope.address("/stories"), words("board.to_stories"))
    if not found:
        plain(words("board.no_stories"), "p", "soft")
        return
    with ui.element("ul").classes("plain-list stack"):
        for item in found:
            with ui.element("li").classes("tight"):
                link(story_address(item.id), headline(item), "strong foreign")
                said = words(
                    "board.story_said",
                    posts=f"{item.posts:,}",
                    texts=f"{item.texts:,}",
                    pace=f"{item.pace:,.1f}",
                )
                plain(said, classes="soft small")
