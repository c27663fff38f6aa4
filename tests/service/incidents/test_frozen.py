"""The hash of a frozen post."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from service.incidents.frozen import canonical, digest

SNAPSHOTS = st.dictionaries(
    st.text(max_size=5), st.none() | st.integers() | st.text(max_size=20) | st.booleans()
)


@given(SNAPSHOTS)
def test_the_order_of_keys_says_nothing(snapshot: dict[str, object]) -> None:
    turned = dict(reversed(snapshot.items()))
    assert digest(turned) == digest(snapshot)


@given(SNAPSHOTS, st.text(max_size=5))
def test_every_word_counts(snapshot: dict[str, object], more: str) -> None:
    assert digest(snapshot | {more: "something else that nobody wrote"}) != digest(snapshot)


def test_the_canonical_form_is_what_the_manual_says() -> None:
    assert canonical({"text": "杯子", "a": 1}) == '{"a":1,"text":"杯子"}'.encode()


def test_half_a_character_has_a_hash_too() -> None:
    assert len(digest({"text": "\ud800"})) == 64
