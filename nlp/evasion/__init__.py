"""Terms that hide: spelled otherwise, taken apart, padded, and still found."""

from nlp.evasion.finder import Finder, Occurrence, finder_version
from nlp.evasion.technique import Technique

__all__ = ["Finder", "Occurrence", "Technique", "finder_version"]
