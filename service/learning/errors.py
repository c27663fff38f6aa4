"""What the learning loop refuses.

ServiceError
├── InvalidInput
│   └── BadSet            a set in a file that cannot be read, every line told
└── Conflict
    ├── NotEvaluated      a candidate that nobody has compared on what is known now
    ├── Altered           what is to be switched, or switched back, is not what it was
    └── NothingToUndo     no switch is left that could be taken back
"""

from __future__ import annotations

from service.errors import Conflict, InvalidInput


class BadSet(InvalidInput):
    """A file that is no training set; `errors` are (file:line, what is wrong)."""


class NotEvaluated(Conflict):
    """Evaluate the candidate first, or force the switch and say why."""


class Altered(Conflict):
    """Somebody has changed it since; looking again is cheaper than switching to the unknown."""


class NothingToUndo(Conflict):
    """Every switch has been taken back, or there was none."""
