"""Words of the channels' pages whose keys code makes up."""

from service.delivery.model import SendOutcome
from service.monitors import ChannelKind

_ADDRESSED = set(ChannelKind) - {ChannelKind.RECORDING}

FAMILIES = {
    "channels.kinds": set(ChannelKind),
    "channels.about": set(ChannelKind),
    "channels.states": {"on", "off"},
    "channels.url_hint": _ADDRESSED,
    "channels.outcome": set(SendOutcome),
}
FORMED = {"channels.secret_hint": _ADDRESSED}
