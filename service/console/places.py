"""Places: what the console has, in which section of the menu, and who may go there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from service.auth import Action, Principal, Resource

Permission = tuple[Action, Resource]


class Section(StrEnum):
    """A part of the menu."""

    DUTY = "duty"
    INSIGHT = "insight"
    AFTERMATH = "aftermath"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A page of the console with all its addresses.

    `name` is the top key of its words, whose `title` is the label in the menu. `path` is its
    address below `/console`; `deeper` are the other addresses of the same module, such as
    `/brands/{brand_id}`. `may` is what one must be allowed to do; None is open to whoever is
    signed in. `menu` False keeps it out of the menu, `under` names the place that is then marked.
    `bare` is for a screen on the wall: neither bar nor menu around it.
    """

    name: str
    path: str
    section: Section
    may: Permission | None = None
    deeper: tuple[str, ...] = ()
    menu: bool = True
    under: str = ""
    bare: bool = False

    @property
    def paths(self) -> tuple[str, ...]:
        """Every address of the place."""
        return (self.path, *self.deeper)

    def open_to(self, principal: Principal) -> bool:
        """Whether they may go there at all; what they may do there is asked again."""
        return self.may is None or principal.may(*self.may)
