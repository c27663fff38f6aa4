"""Words of accounts, roles, API keys and the audit trail whose keys code makes up."""

from service.auth import PERMISSIONS, Action, Resource, Role
from service.console.i18n import Language, load_words
from service.console.pages.api_keys_place import STATES

_WORDS = load_words(Language.ZH).keys


def _within(family: str) -> set[str]:
    """Members of a family that falls back on the id: those that have a word."""
    return {key.removeprefix(f"{family}.") for key in _WORDS if key.startswith(f"{family}.")}


FAMILIES = {
    "users.states": {"active", "locked", "one_time", "disabled"},
    "api_keys.states": set(STATES),
    "audit.faults": {"unjoined", "changed", "missing"},
    "audit.subjects": _within("audit.subjects"),
    "audit.deeds": _within("audit.deeds"),
    "roles.resources": set(Resource),
    "roles.actions": set(Action),
    "roles.about": set(Role),
}
FORMED = {
    "users": {
        key for act in ("reset", "sign_out", "enable", "disable") for key in (act, f"{act}_hint")
    },
    "roles.particular": _within("roles.particular")
    & {f"{action.value}_{resource.value}" for action, resource in PERMISSIONS},
}
