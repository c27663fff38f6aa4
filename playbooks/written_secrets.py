"""Secrets that somebody wrote into a file: keys, tokens, passwords, addresses that carry one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from playbooks.content_files import ContentFile
from playbooks.errors import ContentProblem
from playbooks.mistakes import Mistake

# each is one that a provider gives out, or a word that says what follows it
_SHAPES: tuple[tuple[str, str], ...] = (
    ("a private key", r"-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----"),
    ("an access key", r"\bAKIA[0-9A-Z]{16}\b"),
    ("a key of an API", r"\bsk-[A-Za-z0-9_-]{20,}"),
    ("a token", r"\bgh[pousr]_[A-Za-z0-9]{30,}|\bxox[abprs]-[A-Za-z0-9-]{10,}|\bwhsec_\S{16,}"),
    ("a token", r"\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\."),
    ("a token", r"\b[Bb]earer [A-Za-z0-9._~+/-]{20,}"),
    ("the secret of a robot", r"\bSEC[0-9a-f]{32,}"),
    ("the address of a robot", r"https://hooks\.slack\.com/services/\w+|/open-apis/bot/v2/hook/\w"),
    ("a token", r"[?&](?:access_token|api_?key|key|secret|sign|token)=[A-Za-z0-9_%-]{16,}"),
    ("a password", r"[a-z]://[^\s/:@]{1,64}:[^\s/@]{1,128}@"),
    (
        "a password",
        r"\b(?:[Pp]assword|passwd|[Ss]ecret|[Aa]pi_?key|[Tt]oken)\s?[:=]\s?[\"']?[\w+/-]{16,}",
    ),
)
_SECRET = re.compile("|".join(f"(?P<s{place}>{one[1]})" for place, one in enumerate(_SHAPES)))


def secret_problems(file: ContentFile) -> Iterator[ContentProblem]:
    """One problem for each line with a secret; what the secret is stays unsaid."""
    for number, line in enumerate(file.text.split("\n"), start=1):
        found = _SECRET.search(line)
        if found is not None:
            kind = _SHAPES[int(str(found.lastgroup)[1:])][0]
            yield ContentProblem(
                file.place,
                number,
                found.start() + 1,
                f"this looks like {kind}: content is read by many, keep secrets in a channel",
                code=Mistake.SECRET_IN_CLEAR,
            )
