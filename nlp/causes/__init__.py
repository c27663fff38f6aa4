"""Causes: what a post complains of, inside its scenario, by curated words."""

from __future__ import annotations

from nlp.causes.finder import CauseFinder, load_causes
from nlp.causes.table import Cause, Term, read_tables

__all__ = ["Cause", "CauseFinder", "Term", "load_causes", "read_tables"]
