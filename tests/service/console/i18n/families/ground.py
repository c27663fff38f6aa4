"""Words of the frame, the sign-in pages and the shared parts that code makes up."""

from __future__ import annotations

from service.auth import Role
from service.console.health import Health
from service.console.places import Section
from service.console.session import Theme

FAMILIES = {
    "theme": set(Theme),
    "health": set(Health),
    "user_role": set(Role),
}
FORMED = {
    "frame.section": set(Section),
    "theme": set(Theme),
    "unit": {"day", "hour", "minute", "second", "left", "late"},
    "sign_in.problem": {"refused"},
    "password.problem": {"refused", "differs", "weak"},
}
