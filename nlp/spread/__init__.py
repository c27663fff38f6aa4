"""How words spread: copies of one text."""

from nlp.spread.near_duplicate import copy_key, hamming, is_copy

__all__ = ["copy_key", "hamming", "is_copy"]
