"""Every word of the console, in Chinese and English."""

from __future__ import annotations

from service.console.i18n.catalogue import Language, Words, load_words, preferred

__all__ = ["Language", "Words", "load_words", "preferred"]
