"""The risk of monitors, read when somebody asks."""

from __future__ import annotations

from service.bootstrap.ground import Ground
from service.bootstrap.ruling import Ruling
from service.monitoring import Baselines, RiskReading, Situations
from service.monitoring.outlook import Outlook


def open_risks(ground: Ground, ruling: Ruling, outlook: Outlook) -> RiskReading:
    """A reading over the post store, under the rules of the moment."""
    situations = Situations(
        store=ground.store,
        baselines=Baselines(ground.store, ground.settings.zone),
        library=lambda: ruling.directory.library,
        outlook=outlook,
    )
    return RiskReading(
        store=ground.store, situations=situations, library=lambda: ruling.directory.library
    )
