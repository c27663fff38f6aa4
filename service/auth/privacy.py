"""The key ring: pseudonyms for authors, and encryption for what must be readable again.

The key of the pseudonyms is never rotated: every stored post carries them. The encryption keys are:
a new one encrypts from then on, the older ones still decrypt until `reencrypt` has gone round.
"""

from __future__ import annotations

import base64
import hmac
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import select

from service.auth import key_file
from service.auth.errors import KeyRingError, Undecipherable, WrongKeys
from service.auth.key_file import Keys
from service.db import Database
from service.db.statement import insert
from service.db.tables import runtime_setting

FINGERPRINT = "keyring.fingerprint"


class KeyRing:
    """Holds the keys of one installation, out of a file or derived from one given secret."""

    def __init__(self, keys: Keys, *, path: Path | None = None) -> None:
        self._path = path
        self._take(keys)

    def _take(self, keys: Keys) -> None:
        self._keys = keys
        self._fernet = MultiFernet([Fernet(key) for key in keys.fernet])

    @classmethod
    def from_file(cls, path: Path) -> KeyRing:
        """The ring of a key file, made with mode 0600 when there is none. Raises KeyRingError."""
        return cls(key_file.open_or_make(path), path=path)

    @classmethod
    def from_secret(cls, secret: str) -> KeyRing:
        """The ring derived (HKDF-SHA256) from `FENGSUI_SECRET_KEY`: the same on every replica."""
        return cls(
            Keys(
                pseudonym=_derive(secret, b"fengsui author pseudonym"),
                fernet=(base64.urlsafe_b64encode(_derive(secret, b"fengsui encryption")).decode(),),
            )
        )

    @classmethod
    def open(cls, *, data_dir: Path, secret: str | None) -> KeyRing:
        """From the secret where one is set, else from `keys.json` in the data folder."""
        return cls.from_file(data_dir / "keys.json") if secret is None else cls.from_secret(secret)

    @property
    def fingerprint(self) -> str:
        """Tells key rings apart without giving anything away: 16 hex digits."""
        return hmac.digest(self._keys.pseudonym, b"fingerprint", "sha256").hex()[:16]

    async def bind(self, database: Database) -> None:
        """Tie the database to these keys at first start. Raises WrongKeys when others made it.

        Writing on with other keys would give each author two pseudonyms, beyond repair.
        """
        async with database.write() as connection:
            await connection.execute(
                insert(connection, runtime_setting)
                .values(name=FINGERPRINT, value=self.fingerprint)
                .on_conflict_do_nothing(index_elements=["name"])
            )
            known = await connection.scalar(
                select(runtime_setting.c.value).where(runtime_setting.c.name == FINGERPRINT)
            )
        if known != self.fingerprint:
            raise WrongKeys(
                f"the database was made with the keys {known}, these are {self.fingerprint}: "
                f"put back the key file ({self._path or 'none in use'}) or FENGSUI_SECRET_KEY"
            )

    def pseudonym(self, source: str, author_id: str) -> str:
        """`au_` and 20 hex digits of HMAC-SHA256 over source and author id."""
        raw = f"{source}\x1f{author_id}".encode("utf-8", "surrogatepass")
        return f"au_{hmac.digest(self._keys.pseudonym, raw, 'sha256').hex()[:20]}"

    def signature(self, purpose: str, data: bytes) -> bytes:
        """16 bytes of HMAC-SHA256 over `data`; what is signed for one purpose is for no other."""
        key = hmac.digest(self._keys.pseudonym, f"signature for {purpose}".encode(), "sha256")
        return hmac.digest(key, data, "sha256")[:16]

    def encrypt(self, text: str) -> str:
        """Text that only this ring opens; it differs each time."""
        return self._fernet.encrypt(text.encode("utf-8", "surrogatepass")).decode("ascii")

    def decrypt(self, token: str) -> str:
        """The text again. Raises Undecipherable when none of the keys opens it."""
        raw = token.encode("utf-8", "surrogatepass")
        try:
            plain = self._fernet.decrypt(raw)
        except InvalidToken:
            plain = self._decrypt_with_newer(raw)
        return plain.decode("utf-8", "surrogatepass")

    def _decrypt_with_newer(self, raw: bytes) -> bytes:
        """Another process may have rotated the file since we read it."""
        if self._path is not None:
            self._take(key_file.read(self._path))
        try:
            return self._fernet.decrypt(raw)
        except InvalidToken:
            raise Undecipherable(
                "a stored secret cannot be opened: it was written with a key that is gone"
            ) from None

    def renew(self, token: str) -> str:
        """The same text under the newest key. Raises Undecipherable."""
        return self.encrypt(self.decrypt(token))

    def rotate(self) -> None:
        """Encrypt with a new key from now on. Raises KeyRingError for keys that are in no file."""
        if self._path is None:
            raise KeyRingError(
                "the keys are derived from FENGSUI_SECRET_KEY; only a key file can be rotated"
            )
        current = key_file.read(self._path)
        fresh = Fernet.generate_key().decode()
        keys = Keys(pseudonym=current.pseudonym, fernet=(fresh, *current.fernet))
        key_file.replace(self._path, keys)
        self._take(keys)

    def forget_old(self) -> int:
        """Drop all but the newest key, after `reencrypt`; answers how many were dropped."""
        if self._path is None:
            return 0
        current = key_file.read(self._path)
        keys = Keys(pseudonym=current.pseudonym, fernet=current.fernet[:1])
        key_file.replace(self._path, keys)
        self._take(keys)
        return len(current.fernet) - 1


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
