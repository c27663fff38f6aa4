"""Who passed it on: the largest trees and copy groups of the incident's posts."""

from __future__ import annotations

from nicegui import ui

from nlp.pii import masked
from nlp.spread import Prediction
from service.auth import Action, Principal, Resource
from service.console.charts import Edge, Node, show, spread_graph
from service.console.format import measure, short_time, span
from service.console.pages.incident.crowd import draw_mood, read_mood
from service.console.pages.incident.growth import crowd_of
from service.console.pages.incident.sheet import IncidentSheet
from service.console.panels import scroller
from service.console.states import later
from service.console.theme import plain, put
from service.incidents import Kind
from service.posts import CopyGroup, CrowdSpread, Tree

_NODES = 200
_QUOTED = 120
_TAIL = 6
"""The last signs of a pseudonym, by which people tell two apart."""


def draw_spread(page: IncidentSheet) -> None:
    """Mood and spread, each fetched by itself: the one does not wait for the other."""
    words = page.words
    if page.incident.kind is not Kind.CRISIS:
        with ui.element("section").classes("panel"):
            plain(words("spread.no_posts"), classes="soft")
        return
    later(
        page.visit,
        lambda principal: read_mood(page, principal),
        lambda mood: draw_mood(page, mood),
    )
    later(
        page.visit,
        lambda principal: read_spread(page, principal),
        lambda found: show_spread(page, found),
    )


async def read_spread(page: IncidentSheet, principal: Principal) -> CrowdSpread:
    """The first 10,000 posts at most are read. Raises Forbidden, StoreError."""
    principal.require(Action.READ, Resource.POST, monitor=page.incident.monitor_id)
    container = page.board.container
    now = container.clock.now()
    return await container.spreads.of_posts(crowd_of(page.incident, now=now), now=now)


def show_spread(page: IncidentSheet, found: CrowdSpread) -> None:
    """The largest tree as a graph, the others in figures, then the copies."""
    words = page.words
    with ui.element("section").classes("panel stack"):
        plain(words("spread.trees"), "h2")
        if found.read < found.posts:
            said = words("spread.cut", read=f"{found.read:,}", posts=f"{found.posts:,}")
            plain(said, "p", "soon small")
        if not found.trees:
            plain(words("spread.no_trees"), classes="soft")
        for place, (root, tree) in enumerate(found.trees):
            _draw_tree(page, root, tree, drawn=place == 0)
    with ui.element("section").classes("panel stack"):
        plain(words("spread.copies"), "h2")
        if not found.groups:
            plain(words("spread.no_copies"), classes="soft")
        for group in found.groups:
            _draw_group(page, group)


def _draw_tree(page: IncidentSheet, root: str, tree: Tree, *, drawn: bool) -> None:
    words, cascade = page.words, tree.cascade
    began = tree.posts.get(root)
    with ui.element("article").classes("post"):
        quoted = words("spread.unstored") if began is None else masked(began.text)[:_QUOTED]
        plain(quoted, "p", "soft" if began is None else "foreign")
        with ui.element("div").classes("line small soft"):
            plain(words("spread.posts", count=f"{cascade.posts:,}"), classes="strong")
            plain(words("spread.depth", count=cascade.depth))
            plain(words("spread.recent", count=tree.recent))
            if cascade.speed is not None:
                to_half = span(cascade.speed.to_half, words)
                plain(words("spread.to_half", span=to_half))
            plain(words("spread.followers", count=f"{cascade.reach.followers:,}"))
            if isinstance(tree.prediction, Prediction):
                guess = tree.prediction
                said = words("spread.predicted", size=guess.size, low=guess.low, high=guess.high)
                plain(said, classes="strong")
        if drawn:
            _draw_graph(page, tree)
        _draw_spreaders(page, tree)


def _draw_graph(page: IncidentSheet, tree: Tree) -> None:
    words = page.words
    nodes = sorted(tree.cascade.nodes, key=lambda node: (-node.below, node.level, node.id))[:_NODES]
    shown = [
        Node(
            id=node.id,
            label=_who(page, tree, node.id),
            weight=float(node.below + 1),
            group=min(node.level, 5),
        )
        for node in nodes
    ]
    edges = [Edge(edge.parent, edge.child) for edge in tree.cascade.edges]
    head = (words("spread.node"), words("spread.size"), words("spread.from"))
    show(page.visit, spread_graph(words("spread.graph"), shown, edges, head=head))
    if len(tree.cascade.nodes) > len(nodes):
        said = words("spread.graph_cut", shown=len(nodes), all=f"{len(tree.cascade.nodes):,}")
        plain(said, "p", "soft small")


def _who(page: IncidentSheet, tree: Tree, post_id: str) -> str:
    """An author by the end of their pseudonym, with the time of the post."""
    post = tree.posts.get(post_id)
    if post is None:
        return page.words("spread.unstored")
    name = f"…{post.author[-_TAIL:]}" if post.author else page.words("spread.unnamed")
    return f"{name} {short_time(post.at, page.zone)}"


def _draw_spreaders(page: IncidentSheet, tree: Tree) -> None:
    words, spreaders = page.words, tree.cascade.spreaders[:5]
    if not spreaders:
        return
    with scroller(words("spread.trees")), ui.element("table").classes("figures"):
        with ui.element("thead"), ui.element("tr"):
            for key in ("spread.who", "spread.below", "spread.fans", "spread.negative"):
                plain(words(key), "th").props('scope="col"')
        with ui.element("tbody"):
            for one in spreaders:
                with ui.element("tr"):
                    plain(_who(page, tree, one.post_id), "td", "foreign")
                    plain(f"{one.below:,}", "td")
                    plain(measure(one.followers), "td")
                    share = one.mood.share
                    plain("–" if share is None else f"{share:.0%}", "td")


def _draw_group(page: IncidentSheet, group: CopyGroup) -> None:
    words, found = page.words, group.coordination
    with ui.element("article").classes("post"):
        plain(masked(group.sample or "")[:_QUOTED], "p", "foreign")
        with ui.element("div").classes("line small soft"):
            plain(words("spread.posts", count=f"{group.posts:,}"), classes="strong")
            plain(words("spread.texts", count=group.texts))
            plain(words("spread.authors", count=f"{found.authors:,}"))
            if group.first_at is not None and group.last_at is not None:
                lasted = span(group.last_at - group.first_at, words)
                plain(words("spread.lasted", span=lasted))
            score = plain(words("spread.coordination", score=f"{found.score:.0%}"))
            put(score, title=words("spread.coordination_hint"))
        with put(ui.element("details"), data_key=f"signs-{group.group}").classes("more"):
            plain(words("spread.signs"), "summary", "small")
            for part in found.parts:
                value = "–" if part.value is None else f"{part.value:.0%}"
                named = words.choice("spread.sign", part.sign.value)
                plain(f"{named} · {value} × {part.weight:.0%}", "div", "small soft")
