"""Words of the page of causes that code makes up."""

from __future__ import annotations

from service.indicators.causes import Daily, Per
from service.indicators.causes.crossed import Unsaid

FAMILIES = {
    "causes.pers": set(Per),
    "causes.factors": set(Daily),
    "causes.unsaid": set(Unsaid),
}
FORMED = {
    "causes": {"cause", "factor", "band", "seen", "expected", "lift", "chance"}
    | {"distinct", "new", "returning", "verified"}
}
