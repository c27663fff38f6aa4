"""Words of brands that code makes up."""

from __future__ import annotations

from service.monitors import BrandKind

FAMILIES = {"brands.kinds": set(BrandKind)}
