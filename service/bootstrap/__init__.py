"""The one place that names concrete classes: everything the service is made of, put together.

`ground` is what all parts stand on; one module a part; `assembly` fits them into the container.
"""

from __future__ import annotations

from service.bootstrap.assembly import build
from service.bootstrap.container import Container
from service.bootstrap.content import library_of, overlays_of
from service.bootstrap.ground import open_database, open_store, prepare

__all__ = [
    "Container",
    "build",
    "library_of",
    "open_database",
    "open_store",
    "overlays_of",
    "prepare",
]
