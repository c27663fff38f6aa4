"""A text that stands in a lane, by the sizes of its parts."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(eq=False)
class Text:
    name: str
    sizes: list[int]
    arrived: float = 0.0
    taken: int = 0
    gone: bool = False
    weight: int = field(init=False)

    def __post_init__(self) -> None:
        self.weight = sum(self.sizes)
