from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from nlp import CopyKey, copy_key, is_copy
from nlp.spread.sketch import distance
from service.moderation.hold_index import Hold, HoldIndex, HoldLabel, HoldState
from tests.support.clock import START
from tests.support.judgement_scene import LONG


def hold(hold_id: str, key: CopyKey, **fields: object) -> Hold:
    made = Hold(
        id=hold_id,
        kind="post",
        blocking=True,
        state=HoldState.PENDING,
        labels=(HoldLabel(label="medical_claim", score=0.8, source="pattern", held=True),),
        risk_level="high",
        key=key,
        policy="default@x",
        caller="shop",
        created_at=START,
        updated_at=START,
    )
    return replace(made, **fields)  # type: ignore[arg-type]  # the names are those of the class


def test_an_equal_text_is_found_whatever_its_length() -> None:
    index = HoldIndex()
    index.put([hold("h1", copy_key("短句"))])
    [match] = index.find(copy_key("短句!"))
    assert (match.hold.id, match.distance) == ("h1", 0)
    assert not index.find(copy_key("另一句"))


def test_a_near_copy_is_found_with_its_distance() -> None:
    index = HoldIndex()
    index.put([hold("h1", copy_key(LONG))])
    [match] = index.find(copy_key(LONG + "哦"))
    assert 0 < match.distance <= 10
    assert not index.find(copy_key("今天天气真好我们一起去公园里面放风筝吧大家都来"))


def test_a_text_without_words_is_nobodys_copy() -> None:
    index = HoldIndex()
    index.put([hold("h1", copy_key(LONG))])
    assert not index.find(CopyKey(exact="", simhash=0, bands=()))


def test_the_nearest_comes_first_then_the_oldest() -> None:
    index = HoldIndex()
    key, near = copy_key(LONG), copy_key(LONG + "哦")
    later = START + timedelta(hours=1)
    index.put([hold("near", near), hold("late", key, created_at=later), hold("early", key)])
    assert [match.hold.id for match in index.find(key)] == ["early", "late", "near"]


def test_what_has_become_of_a_hold_takes_its_place() -> None:
    index = HoldIndex()
    key = copy_key(LONG)
    index.put([hold("h1", key)])
    index.put([hold("h1", key, state=HoldState.LIFTED)])
    [match] = index.find(key)
    assert match.hold.state is HoldState.LIFTED
    assert len(index) == 1


def test_a_dropped_hold_is_gone_and_the_others_stay() -> None:
    index = HoldIndex()
    key = copy_key(LONG)
    index.put([hold("h1", key), hold("h2", key)])
    index.drop("h1")
    index.drop("h1")
    assert [match.hold.id for match in index.find(key)] == ["h2"]
    index.drop("h2")
    assert (index.find(key), len(index), index.get("h2")) == ([], 0, None)


def test_only_what_was_decided_grows_old() -> None:
    index = HoldIndex()
    index.put([hold("waits", copy_key("a")), hold("old", copy_key("b"), decided_at=START)])
    assert index.decided_before(START + timedelta(days=1)) == ["old"]


@given(
    cuts=st.lists(st.integers(0, len(LONG) - 1), max_size=6),
    insert=st.text(alphabet="好看了吗0", max_size=6),
)
def test_whatever_is_found_is_a_copy_and_nearest_first(cuts: list[int], insert: str) -> None:
    index = HoldIndex()
    index.put(hold(f"h{place}", copy_key(LONG[place:] + insert)) for place in cuts)
    key = copy_key(LONG)
    found = index.find(key)
    assert all(is_copy(key, match.hold.key) for match in found)
    assert [match.distance for match in found] == sorted(match.distance for match in found)
    for match in found:
        other = match.hold.key
        shared = len(set(key.bands).intersection(other.bands))
        bits = distance(key.simhash, other.simhash, shared=shared)
        assert match.distance == (0 if other.exact == key.exact else bits)
