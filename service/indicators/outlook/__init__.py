"""What is to be expected: the volume of the next 90 days, and the people that it takes."""

from __future__ import annotations

from service.indicators.outlook.outlook import Outlook, Outlooks, Staffing

__all__ = ["Outlook", "Outlooks", "Staffing"]
