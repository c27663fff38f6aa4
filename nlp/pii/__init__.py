"""Personal information in a text: where it stands, and the text without it."""

from nlp.pii.finding import find_pii
from nlp.pii.kind import Pii, PiiKind
from nlp.pii.redaction import MASK, redacted

__all__ = ["MASK", "Pii", "PiiKind", "find_pii", "redacted"]
