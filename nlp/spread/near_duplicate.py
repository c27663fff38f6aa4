"""Keys under which copies of one text meet.

`exact` hashes the letters and digits of the text. Texts that share bands are compared by their
sketches, kept in `simhash`: a copy holds most of the shorter text in the longer one. See
`nlp.spread.sketch` for both. Bands of this version never equal those of earlier ones, so that keys
of two versions meet by `exact` alone.
"""

from __future__ import annotations

import hashlib

from nlp.analysis import CopyKey
from nlp.spread.core_text import compared, letters
from nlp.spread.sketch import distance, sketched

VERSION = "containment-2"


def copy_key(normal: str) -> CopyKey:
    """The key of a text in normal form.

    A text without words of its own has the empty `exact` and is nobody's copy; a very short one
    has no bands and is a copy only of its equal.
    """
    speech = compared(normal)
    core = letters(speech)
    if not core:
        return CopyKey(exact="", simhash=0, bands=())
    digest = hashlib.blake2b(core.encode("utf-8", "surrogatepass"), digest_size=12)
    sketch, bands = sketched(speech)
    return CopyKey(exact=digest.hexdigest(), simhash=sketch, bands=bands)


def is_copy(left: CopyKey, right: CopyKey) -> bool:
    """Whether two texts are copies of one another, exactly or nearly."""
    if not left.exact or not right.exact:
        return False
    if left.exact == right.exact:
        return True
    shared = len(set(left.bands).intersection(right.bands))
    return distance(left.simhash, right.simhash, shared=shared) is not None
