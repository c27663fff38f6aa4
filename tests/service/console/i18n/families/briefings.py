"""Words of the pages of briefings that code makes up."""

from __future__ import annotations

from service.briefings import Kind, Language, SectionId, State

FAMILIES = {
    "briefings.kinds": set(Kind),
    "briefings.states": set(State),
    "briefings.languages": set(Language),
    "briefings.sections": set(SectionId),
    "briefings.past": {"prepared", "edited", "approved", "delivered", "discarded"},
}
FORMED = {"briefings": {"up", "down"}}
