from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.auth import KeyRing, KeyRingError, Undecipherable, WrongKeys
from service.auth.key_file import open_or_make
from service.db import Database

SECRET = "a secret of at least thirty-two characters"


def test_the_key_file_is_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "data" / "keys.json"
    first = KeyRing.from_file(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert KeyRing.from_file(path).fingerprint == first.fingerprint
    assert [entry.name for entry in path.parent.iterdir()] == ["keys.json"]


def test_two_first_starts_agree(tmp_path: Path) -> None:
    """The slower of two starts finds the faster one's file at the last moment."""
    path = tmp_path / "keys.json"
    faster = open_or_make(path)
    content = path.read_bytes()

    class Late(type(path)):  # type: ignore[misc]  # the concrete Path class is chosen at run time
        def exists(self, **_: object) -> bool:
            return False

    assert open_or_make(Late(path)) == faster
    assert path.read_bytes() == content


def test_pseudonyms_are_stable_and_tell_sources_apart(tmp_path: Path) -> None:
    ring = KeyRing.from_file(tmp_path / "keys.json")
    again = KeyRing.from_file(tmp_path / "keys.json")
    assert ring.pseudonym("weibo", "42") == again.pseudonym("weibo", "42")
    assert ring.pseudonym("weibo", "42").startswith("au_")
    assert len(ring.pseudonym("weibo", "42")) == 23
    assert ring.pseudonym("weibo", "42") != ring.pseudonym("douban", "42")


def test_pseudonyms_of_other_keys_differ(tmp_path: Path) -> None:
    one = KeyRing.from_file(tmp_path / "a.json")
    other = KeyRing.from_file(tmp_path / "b.json")
    assert one.pseudonym("weibo", "42") != other.pseudonym("weibo", "42")


def test_a_secret_gives_the_same_ring_everywhere() -> None:
    one, other = KeyRing.from_secret(SECRET), KeyRing.from_secret(SECRET)
    assert one.fingerprint == other.fingerprint
    assert other.decrypt(one.encrypt("曝光")) == "曝光"


def test_open_prefers_the_secret(tmp_path: Path) -> None:
    assert KeyRing.open(data_dir=tmp_path, secret=SECRET).fingerprint == (
        KeyRing.from_secret(SECRET).fingerprint
    )
    assert not list(tmp_path.iterdir())
    KeyRing.open(data_dir=tmp_path, secret=None)
    assert (tmp_path / "keys.json").exists()


RING = KeyRing.from_secret(SECRET)


@given(st.text())
def test_what_is_encrypted_reads_back(text: str) -> None:
    token = RING.encrypt(text)
    assert RING.decrypt(token) == text
    assert len(text) < 4 or text not in token


@pytest.mark.parametrize("token", ["", "nonsense", "gAAAAA==", "密", "\ud800"])
def test_what_we_did_not_encrypt_is_refused(token: str) -> None:
    with pytest.raises(Undecipherable):
        RING.decrypt(token)


def test_rotation_keeps_old_text_readable_and_pseudonyms_fixed(tmp_path: Path) -> None:
    ring = KeyRing.from_file(tmp_path / "keys.json")
    old, author = ring.encrypt("旧"), ring.pseudonym("weibo", "42")
    ring.rotate()
    assert ring.decrypt(old) == "旧"
    assert ring.pseudonym("weibo", "42") == author


def test_a_forgotten_key_opens_nothing(tmp_path: Path) -> None:
    ring = KeyRing.from_file(tmp_path / "keys.json")
    old = ring.encrypt("旧")
    ring.rotate()
    renewed = ring.renew(old)
    assert ring.forget_old() == 1
    assert ring.decrypt(renewed) == "旧"
    with pytest.raises(Undecipherable, match="gone"):
        ring.decrypt(old)


def test_another_process_sees_a_rotation(tmp_path: Path) -> None:
    one = KeyRing.from_file(tmp_path / "keys.json")
    other = KeyRing.from_file(tmp_path / "keys.json")
    one.rotate()
    assert other.decrypt(one.encrypt("新")) == "新"


def test_a_derived_ring_cannot_be_rotated() -> None:
    with pytest.raises(KeyRingError, match="FENGSUI_SECRET_KEY"):
        KeyRing.from_secret(SECRET).rotate()
    assert KeyRing.from_secret(SECRET).forget_old() == 0


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"version": 1, "pseudonym": "zz", "fernet": []}',
        json.dumps({"version": 1, "pseudonym": "00" * 32, "fernet": []}),
        json.dumps({"version": 1, "pseudonym": "00" * 32, "fernet": ["short"]}),
        json.dumps({"version": 2, "pseudonym": "00" * 32, "fernet": ["A" * 43 + "="]}),
    ],
)
def test_a_broken_key_file_is_named_and_kept(tmp_path: Path, content: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(content)
    with pytest.raises(KeyRingError, match=r"keys\.json is broken"):
        KeyRing.from_file(path)
    assert path.read_text() == content


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(KeyRingError, match="cannot make the key file"):
        KeyRing.from_file(tmp_path / "file" / "keys.json")


def test_a_key_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "keys.json").mkdir()
    with pytest.raises(KeyRingError, match="cannot read the key file"):
        KeyRing.from_file(tmp_path / "keys.json")


async def test_a_database_is_bound_to_its_keys(database: Database, tmp_path: Path) -> None:
    ring = KeyRing.from_file(tmp_path / "keys.json")
    await ring.bind(database)
    await ring.bind(database)
    ring.rotate()
    await ring.bind(database)
    with pytest.raises(WrongKeys, match="put back the key file"):
        await KeyRing.from_file(tmp_path / "others.json").bind(database)
