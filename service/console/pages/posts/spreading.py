"""How far a post was passed on: its tree as a graph, and how alike its copies act."""

from __future__ import annotations

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.bootstrap import Container
from service.console.charts import Edge, Node, show, spread_graph
from service.console.format import short_time
from service.console.session import Visit
from service.console.theme import plain, put
from service.posts import PostSpread, Tree
from service.stores import StoredPost

_NODES = 120
_TAIL = 6


async def read_spread(container: Container, post_id: str, principal: Principal) -> PostSpread:
    """The tree that a post is part of. Raises Forbidden, PostNotFound, StoreError."""
    principal.require(Action.READ, Resource.POST)
    return await container.spreads.of_post(post_id, now=container.clock.now())


def draw_spread(visit: Visit, post: StoredPost, found: PostSpread) -> None:
    """Figures first; the graph where anybody passed it on."""
    words, cascade = visit.words, found.tree.cascade
    if not found.whole:
        plain(words("posts.spread_cut"), "p", "soon small")
    if cascade.posts < 2:
        plain(words("posts.not_passed_on"), "p", "soft")
    else:
        with ui.element("div").classes("line small soft"):
            plain(words("spread.posts", count=f"{cascade.posts:,}"), classes="strong")
            plain(words("spread.depth", count=cascade.depth))
            plain(words("spread.recent", count=found.tree.recent))
            plain(words("spread.followers", count=f"{cascade.reach.followers:,}"))
        _draw_graph(visit, post, found.tree)
    if found.copies is not None and found.copies.posts > 1:
        with ui.element("div").classes("line small soft"):
            plain(words("posts.copies", count=f"{found.copies.posts:,}"), classes="strong")
            coordination = found.copies.coordination
            plain(words("spread.authors", count=f"{coordination.authors:,}"))
            score = plain(words("spread.coordination", score=f"{coordination.score:.0%}"))
            put(score, title=words("spread.coordination_hint"))


def _draw_graph(visit: Visit, post: StoredPost, tree: Tree) -> None:
    words = visit.words
    nodes = sorted(tree.cascade.nodes, key=lambda node: (-node.below, node.level, node.id))[:_NODES]
    shown = [
        Node(
            id=node.id,
            label=_who(visit, post, tree, node.id),
            weight=float(node.below + 1),
            group=min(node.level, 5),
        )
        for node in nodes
    ]
    edges = [Edge(edge.parent, edge.child) for edge in tree.cascade.edges]
    head = (words("spread.node"), words("spread.size"), words("spread.from"))
    show(visit, spread_graph(words("spread.graph"), shown, edges, head=head))
    if len(tree.cascade.nodes) > len(nodes):
        every = f"{len(tree.cascade.nodes):,}"
        plain(words("spread.graph_cut", shown=len(nodes), all=every), "p", "soft small")


def _who(visit: Visit, asked: StoredPost, tree: Tree, post_id: str) -> str:
    """An author by the end of their pseudonym, with the time of the post."""
    post = tree.posts.get(post_id)
    if post is None:
        return visit.words("spread.unstored")
    name = f"…{post.author[-_TAIL:]}" if post.author else visit.words("spread.unnamed")
    here = f"{visit.words('posts.this_one')} " if post_id == asked.id else ""
    return f"{here}{name} {short_time(post.at, visit.zone)}"
