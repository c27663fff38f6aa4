"""Names that lead back to themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def circular(graph: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Names that can be reached from themselves, in the order of the graph."""
    found = []
    for start in graph:
        reached: set[str] = set()
        frontier = list(graph[start])
        while frontier:
            name = frontier.pop()
            if name not in reached:
                reached.add(name)
                frontier += graph.get(name, ())
        if start in reached:
            found.append(start)
    return tuple(found)
