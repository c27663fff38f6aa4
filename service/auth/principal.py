"""On whose behalf something is done, and the one question asked of them: may they?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from service.auth.errors import RoleMissing
from service.auth.roles import PERMISSIONS, Action, Resource, Role, allows
from service.errors import Forbidden


class PrincipalKind(StrEnum):
    """`link` is somebody who holds a signed acknowledge link; `system` is Fengsui itself."""

    USER = "user"
    KEY = "key"
    SYSTEM = "system"
    LINK = "link"


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Someone who acts. `monitors` limits what they reach, None is every monitor."""

    id: str
    kind: PrincipalKind
    name: str
    roles: frozenset[Role] = frozenset()
    monitors: frozenset[str] | None = None

    def may(self, action: Action, resource: Resource, *, monitor: str | None = None) -> bool:
        """May they, on data of that monitor (None: of no monitor in particular)?"""
        if self.kind is PrincipalKind.SYSTEM:
            return True
        if monitor is not None and self.monitors is not None and monitor not in self.monitors:
            return False
        return allows(self.roles, action, resource)

    def require(self, action: Action, resource: Resource, *, monitor: str | None = None) -> None:
        """Raise Forbidden unless they may; RoleMissing, naming what would be needed, for want of
        a role."""
        if self.may(action, resource, monitor=monitor):
            return
        if allows(self.roles, action, resource):
            raise Forbidden(f"{self.name} does not work on monitor {monitor}")
        needed = frozenset(PERMISSIONS.get((action, resource), ()))
        named = ", ".join(sorted(needed)) or "none has it"
        raise RoleMissing(
            f"{self.name} may not {action} {resource}; roles that may: {named}", needed=needed
        )

    def require_person(self, otherwise: str) -> None:
        """Raise Forbidden, saying `otherwise`, unless they are a person who is signed in.

        Where two people must agree, somebody's API key would else be the second.
        """
        if self.kind is not PrincipalKind.USER:
            raise Forbidden(f"{self.name} is no account: {otherwise}")


SYSTEM = Principal(id="system", kind=PrincipalKind.SYSTEM, name="system")
"""Fengsui itself, and the operator at the command line of its machine."""
