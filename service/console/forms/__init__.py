"""Forms: sent at once and once, refused at their fields, and nothing typed is ever lost."""

from __future__ import annotations

from service.console.forms.drafts import clear_draft, draft
from service.console.forms.form import Form
from service.console.forms.values import Stored, Values

__all__ = ["Form", "Stored", "Values", "clear_draft", "draft"]
