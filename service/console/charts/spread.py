"""Who copied whom, as a graph."""

from __future__ import annotations

from collections.abc import Sequence

from service.console.charts.kinds import ground
from service.console.charts.model import Chart, Edge, Node, Point, colour, label
from service.console.format import measure

_MOST_NODES = 400
"""Beyond that a graph is a cloud, and slow; the table still has every node."""
_GROUPS = 6


def spread_graph(
    title: str,
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    *,
    head: tuple[str, str, str],
) -> Chart:
    """Nodes and who they have it from; beyond 400 the heaviest are drawn. `head` names the table's
    columns: node, size, from whom. Edges to nodes that are not given are left out."""
    drawn = sorted(nodes, key=lambda node: -node.weight)[:_MOST_NODES]
    place_of = {node.id: place for place, node in enumerate(drawn)}
    heaviest = max([1.0, *(node.weight for node in drawn)])
    names = {node.id: label(node.label) for node in nodes}
    sources: dict[str, list[str]] = {}
    for edge in edges:
        if edge.source in names:
            sources.setdefault(edge.target, []).append(names[edge.source])
    return Chart(
        title=title,
        head=head,
        body=tuple(
            (names[node.id], measure(node.weight), ", ".join(sources.get(node.id, ())))
            for node in nodes
        ),
        points={(0, place): Point("", node.id, place) for place, node in enumerate(drawn)},
        tall=True,
        options=ground()
        | {
            "series": [
                {
                    "type": "graph",
                    "layout": "force",
                    "roam": True,
                    "force": {"repulsion": 90, "edgeLength": [30, 110], "layoutAnimation": False},
                    "edgeSymbol": ["none", "arrow"],
                    "edgeSymbolSize": 7,
                    "lineStyle": {":color": colour("soft"), "opacity": 0.7},
                    "label": {
                        "show": len(drawn) <= 40,
                        "position": "right",
                        "width": 140,
                        "overflow": "truncate",
                        ":color": colour("text"),
                    },
                    # Nodes are told apart by their place: ids and labels are anybody's text.
                    "data": [
                        {
                            "id": str(place),
                            "name": names[node.id],
                            "value": node.weight,
                            "symbolSize": 8 + 34 * (max(node.weight, 0) / heaviest) ** 0.5,
                            "itemStyle": {":color": colour(f"chart-{node.group % _GROUPS + 1}")},
                        }
                        for place, node in enumerate(drawn)
                    ],
                    "links": [
                        {"source": str(place_of[edge.source]), "target": str(place_of[edge.target])}
                        for edge in edges
                        if edge.source in place_of and edge.target in place_of
                    ],
                }
            ]
        },
    )
