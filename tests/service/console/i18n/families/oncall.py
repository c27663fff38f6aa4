"""Words of the on-call pages whose keys code makes up."""

from service.oncall.model import EVERY_DAY
from service.oncall.roster import Missing

FAMILIES = {
    "oncall.weekday": {str(day) for day in EVERY_DAY},
    "oncall.missing": set(Missing),
    "oncall.chain.number": {
        "repeat",
        "again_min",
        "anew",
        "rest_min",
        "lease_min",
        "reach_min",
        "seat_min",
    },
}
FORMED = {"oncall.chain.number_hint": {"anew", "rest_min"}}
