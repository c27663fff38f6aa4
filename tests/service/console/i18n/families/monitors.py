"""Words of the monitors' pages whose keys code makes up."""

from service.console.pages.monitors.every import STATES
from service.console.pages.monitors.grammar import _EXAMPLES
from service.console.pages.monitors.mistakes import NAMES

FAMILIES = {
    "monitors.states": set(STATES),
    "monitors.grammar.example": set(_EXAMPLES.values()),
    "monitors.alerts.stage": {"queued", "reading", "current"},
    "monitors.alerts.ended": {"cancelled", "failed"},
}
FORMED = {"monitors.mistake": set(NAMES)}
