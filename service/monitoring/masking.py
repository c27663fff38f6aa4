"""Numbers and addresses of private persons, masked in what is frozen as evidence.

Mobile numbers of mainland China, id card numbers, bank card numbers and e-mail addresses: what a
text can be searched for without knowing its meaning. `nlp.pii` replaces this module later.
"""

from __future__ import annotations

import re

MASK = "*"

# Full-width forms are one code point each, like what they stand for: spans stay where they are.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_MOBILE = re.compile(r"(?<![0-9])(?:\+?86[ -]?)?1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}(?![0-9])")
_ID_CARD = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9A-Za-z])")
# A pattern for each length: a digit that stands beside a card must not hide it.
_BANK_CARDS = tuple(
    re.compile(rf"(?<![0-9])[0-9](?:[ -]?[0-9]){{{length - 1}}}(?![0-9])")
    for length in (16, 17, 18, 19)
)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"


def masked(text: str) -> str:
    """The text with every such number and address replaced, one MASK for one code point."""
    narrow = text.translate(_NARROW)
    spans = [match.span() for pattern in (_EMAIL, _MOBILE) for match in pattern.finditer(narrow)]
    spans += [match.span() for match in _ID_CARD.finditer(narrow) if _is_id_card(match[0])]
    for pattern in _BANK_CARDS:
        spans += [match.span() for match in pattern.finditer(narrow) if _is_bank_card(match[0])]
    characters = list(text)
    for start, end in spans:
        characters[start:end] = MASK * (end - start)
    return "".join(characters)


def _is_id_card(number: str) -> bool:
    """The check character of GB 11643: weighted sum of 17 digits modulo 11 (ISO 7064, MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _ID_WEIGHTS, strict=True))
    return _ID_CHECKS[total % 11] == number[17].upper()


def _is_bank_card(written: str) -> bool:
    """The check digit of ISO/IEC 7812 (Luhn): every second digit from the right is doubled."""
    digits = [int(character) for character in reversed(written) if character not in " -"]
    doubled = [digit * 2 for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(value // 10 + value % 10 for value in doubled)) % 10 == 0
