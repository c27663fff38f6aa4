"""The file that holds the keys: made once, readable by its owner only, replaced as a whole."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet

from service.auth.errors import KeyRingError

VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """`pseudonym` never changes once data exist; of `fernet` the first encrypts, all decrypt."""

    pseudonym: bytes
    fernet: tuple[str, ...]


def new_keys() -> Keys:
    """Random keys of 256 bits."""
    return Keys(pseudonym=secrets.token_bytes(32), fernet=(Fernet.generate_key().decode(),))


def open_or_make(path: Path) -> Keys:
    """The keys of the file, made at a first start; two at once end with the same keys.

    Raises KeyRingError for a file that cannot be read or made, or is not ours.
    """
    if not path.exists():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh = _write_beside(path, new_keys())
            try:
                # link() fails when somebody else was faster; rename would throw their keys away.
                os.link(fresh, path)
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        except OSError as error:
            raise KeyRingError(f"cannot make the key file {path}: {error}") from error
    return read(path)


def read(path: Path) -> Keys:
    """Raises KeyRingError naming the file and what is wrong with it."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        keys = Keys(pseudonym=bytes.fromhex(data["pseudonym"]), fernet=tuple(data["fernet"]))
        for key in keys.fernet:
            Fernet(key)
        if data["version"] != VERSION or len(keys.pseudonym) != 32 or not keys.fernet:
            raise ValueError(f"not a key file of version {VERSION}")
    except OSError as error:
        raise KeyRingError(f"cannot read the key file {path}: {error}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise KeyRingError(
            f"the key file {path} is broken ({type(error).__name__}); restore it from a backup: "
            "without it no author and no channel secret can be read"
        ) from error
    return keys


def replace(path: Path, keys: Keys) -> None:
    """Put new keys in the file's place, all or nothing."""
    _write_beside(path, keys).replace(path)


def _write_beside(path: Path, keys: Keys) -> Path:
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    data = {"version": VERSION, "pseudonym": keys.pseudonym.hex(), "fernet": list(keys.fernet)}
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(data, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    return fresh
