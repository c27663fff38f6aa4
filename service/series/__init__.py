"""Series: numbers by time that complaints are set against, such as orders, weather or crashes."""

from __future__ import annotations

from service.series.model import MOST_POINTS, Point, Series, Written, read_points
from service.series.repository import SeriesBook

__all__ = ["MOST_POINTS", "Point", "Series", "SeriesBook", "Written", "read_points"]
