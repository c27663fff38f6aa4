"""Words of the queue that code makes up."""

from __future__ import annotations

from service.console.pages.queue_deeds import LENGTHS
from service.console.pages.queue_views import SHIPPED

FAMILIES = {
    "queue.silence_for": {str(length) for length in LENGTHS},
    "queue.sound": {"on", "off", "waiting"},
    "queue.view": set(SHIPPED),
    "queue.holder": {"me", "nobody"},
    "queue.drill": {"real", "drill"},
    "queue.tally": {"open", "new", "overdue"},
}
