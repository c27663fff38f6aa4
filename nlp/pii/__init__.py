"""Personal information in a text: where it stands, and the text without it."""

from nlp.pii.finding import VERSION, find_pii
from nlp.pii.kind import Pii, PiiKind
from nlp.pii.masking import masked
from nlp.pii.redaction import MASK, redacted

__all__ = ["MASK", "VERSION", "Pii", "PiiKind", "find_pii", "masked", "redacted"]
