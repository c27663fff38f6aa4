"""Puts components in an order in which each runs after what it needs."""

from __future__ import annotations

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter

from nlp.component import Component
from nlp.errors import BadComponents


def ordered(components: Iterable[Component]) -> tuple[Component, ...]:
    """The components, each after those it needs, otherwise in the order given.

    Raises BadComponents on two of a name, a need that nobody meets, or a circle.
    """
    named: dict[str, Component] = {}
    for component in components:
        if component.name in named:
            raise BadComponents(f"two components are called {component.name!r}; keep one")
        named[component.name] = component
    for component in named.values():
        for need in component.needs:
            if need not in named:
                message = f"component {component.name!r} needs {need!r}, which is not there; add it"
                raise BadComponents(message)
    sorter = TopologicalSorter({name: item.needs for name, item in named.items()})
    try:
        return tuple(named[name] for name in sorter.static_order())
    except CycleError as error:
        circle = " → ".join(error.args[1])
        raise BadComponents(f"components need one another in a circle: {circle}") from error
