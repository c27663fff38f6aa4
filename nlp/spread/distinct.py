"""How many different things were seen, in 256 bytes."""

from __future__ import annotations

import math

_REGISTERS = 256
_BIAS = 0.7213 / (1 + 1.079 / _REGISTERS)
_LINEAR_UP_TO = 2.5 * _REGISTERS
_TOP = 1 << 64


class DistinctCount:
    """HyperLogLog (Flajolet et al. 2007): 6.5 % standard error, less for a few hundred things."""

    __slots__ = ("_powers", "_registers", "_zeros")

    def __init__(self) -> None:
        self._registers = bytearray(_REGISTERS)
        self._powers, self._zeros = float(_REGISTERS), _REGISTERS

    def add(self, value: int) -> None:
        """Count a thing by its hash: 96 bits or more, evenly spread; the same one counts once."""
        place, rest = value % _REGISTERS, value // _REGISTERS | _TOP
        rank = (rest & -rest).bit_length()
        before = self._registers[place]
        if rank > before:
            self._registers[place] = rank
            self._powers += 2.0**-rank - 2.0**-before
            self._zeros -= before == 0

    @property
    def estimate(self) -> int:
        raw = _BIAS * _REGISTERS**2 / self._powers
        if raw <= _LINEAR_UP_TO and self._zeros:
            return round(_REGISTERS * math.log(_REGISTERS / self._zeros))
        return round(raw)
