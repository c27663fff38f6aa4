"""Drills: a recorded crisis played into the queue, marked as such, and the team's score sheet."""

from __future__ import annotations

from service.drill.acting import Acting, Doors
from service.drill.ending import Endings
from service.drill.model import GOING_ON, TAIL, Drill, DrillState, Tape
from service.drill.office import DrillOffice
from service.drill.player import DrillPlayer
from service.drill.preparing import DrillPreparation
from service.drill.script import Script, read_script
from service.drill.taping import Taping
from service.drill.view import drill_view

__all__ = [
    "GOING_ON",
    "TAIL",
    "Acting",
    "Doors",
    "Drill",
    "DrillOffice",
    "DrillPlayer",
    "DrillPreparation",
    "DrillState",
    "Endings",
    "Script",
    "Tape",
    "Taping",
    "drill_view",
    "read_script",
]
