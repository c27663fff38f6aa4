"""Words of the sources' pages whose keys code makes up."""

from crawlers import Outcome, kinds
from service.ingest.past import PastState

FAMILIES = {
    "sources.kinds": set(kinds()),
    "sources.states": {"on", "paused"},
    "sources.outcome": set(Outcome),
    "sources.past.state": set(PastState),
}
FORMED = {"sources.day": {"day", "posts", "pulls", "rejected", "lag"}}
