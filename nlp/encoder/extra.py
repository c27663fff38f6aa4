"""Optional extras: what is missing is said in words, not as a stack of imports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from nlp.errors import ExtraMissing

EXTRAS: Final[Mapping[str, frozenset[str]]] = {
    "torch": frozenset({"torch", "transformers", "onnx"}),
}
"""The libraries of each extra that may be absent."""


@contextmanager
def needs_extra(extra: str) -> Iterator[None]:
    """Within, a library of `extra` that cannot be found raises ExtraMissing with the remedy."""
    try:
        yield
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        if library not in EXTRAS[extra]:
            raise
        raise ExtraMissing(library, extra=extra) from error
