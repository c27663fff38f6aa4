"""Replies: filled, in the register of what the person feels, and linted like statements."""

from __future__ import annotations

from typing import Any

import pytest

from playbooks.emotion_matrix import lacks, words_of
from playbooks.statements import Code
from service.complaints import Deed, Reply, ReplyWanted
from service.complaints.drafting import FAMILY, moods
from service.errors import Forbidden, InvalidInput
from tests.support.complaint_scene import RUI, WEI, ComplaintScene, complaining
from tests.support.incident_scene import shipped_library

VALUES = {
    "customer": "王女士",
    "problem": "退款一直没到",
    "next_contact": "今天下午三点电话",
    "contact": "私信，九点到二十一点",
}
LETTERS = sorted(name for name in shipped_library().templates if name.startswith(FAMILY))


async def drafted(scene: ComplaintScene, **named: Any) -> Reply:
    found = await scene.one()
    wanted = ReplyWanted(**named)
    return await scene.replies.draft(RUI, found.id, wanted)


def codes(reply: Reply) -> set[Code]:
    return {item.code for item in reply.linted.findings}


async def test_a_first_answer_owns_up_to_the_angry(local: ComplaintScene) -> None:
    reply = await drafted(local, template="complaint.answer", values=VALUES)
    (found,) = await local.every()
    assert reply.advice is not None
    assert reply.advice.register.id == "owning"
    assert reply.text.startswith("王女士，您好。给您添了这么多麻烦，对不起。")
    assert found.id in reply.text
    assert RUI.name in reply.text
    assert "{{" not in reply.text
    assert reply.linted.blocking == ()


async def test_what_is_missing_blocks_a_draft(local: ComplaintScene) -> None:
    reply = await drafted(local, template="complaint.answer", values={"customer": "王女士"})
    assert Code.MISSING_VARIABLE in codes(reply)
    assert "{{ problem }}" in reply.text


async def test_a_mood_that_nobody_read_draws_no_opening(local: ComplaintScene) -> None:
    (found,) = await local.notice(
        complaining(analysis={"intent": {"label": "complaint", "scores": {"complaint": 0.9}}})
    )
    wanted = ReplyWanted(template="complaint.answer", values=VALUES)
    reply = await local.replies.draft(RUI, found.id, wanted)
    assert reply.advice is None
    assert "register" in reply.linted.degraded
    assert reply.text.splitlines()[0] == "王女士，您好。"


async def test_a_person_may_know_the_mood_better(local: ComplaintScene) -> None:
    reply = await drafted(
        local, template="complaint.answer", values=VALUES, emotion="sad", intensity="strong"
    )
    assert reply.advice is not None
    assert reply.advice.register.id == "consoling"


async def test_ones_own_words_are_looked_at(local: ComplaintScene) -> None:
    text = "亲，我们是国家级品牌！您滚，全额退款三倍。"
    found = codes(await drafted(local, text=text))
    assert found >= {
        Code.ABSOLUTE_CLAIM,
        Code.HARSH_TONE,
        Code.PROMISE,
        Code.REGISTER_MISSING,
    }


async def test_figures_of_the_post_are_known(local: ComplaintScene) -> None:
    (found,) = await local.notice(complaining(text="客服不给退款299元"))
    for text, unknown in (("您说的299元，对不起", False), ("您说的599元，对不起", True)):
        reply = await local.replies.draft(RUI, found.id, ReplyWanted(text=text))
        assert (Code.UNVERIFIED_FACT in codes(reply)) is unknown, text


async def test_the_crisis_lends_its_tier(local: ComplaintScene) -> None:
    await local.crisis("inc_1", tier="red")
    reply = await drafted(local, template="complaint.answer", values=VALUES)
    assert reply.advice is not None
    assert reply.advice.tier == "red"


async def test_a_busy_encoder_leaves_the_words(local: ComplaintScene) -> None:
    local.reader.busy = True
    reply = await drafted(local, text="国家级品牌，对不起")
    assert "tone" in reply.linted.degraded
    assert Code.ABSOLUTE_CLAIM in codes(reply)


@pytest.mark.parametrize(
    ("named", "path"),
    [
        ({}, "text"),
        ({"text": " "}, "text"),
        ({"template": "complaint.none"}, "template"),
        ({"template": "complaint.answer", "values": {"colour": "red"}}, "values.colour"),
        ({"text": "x", "emotion": "bored"}, "emotion"),
        ({"text": "x", "intensity": "loud"}, "intensity"),
    ],
)
async def test_what_cannot_be_drafted(
    local: ComplaintScene, named: dict[str, object], path: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await drafted(local, **named)
    assert path in [name for name, _ in refused.value.errors]


async def test_drafting_changes_nothing_and_is_for_who_works(local: ComplaintScene) -> None:
    found = await local.one()
    wanted = ReplyWanted(text="对不起")
    await local.replies.draft(RUI, found.id, wanted)
    assert await local.now(found) == found
    with pytest.raises(Forbidden):
        await local.replies.draft(WEI, found.id, wanted)
    await local.say(found, Deed.ANSWER)
    assert (await local.replies.draft(RUI, found.id, wanted)).text == "对不起"


def test_there_is_a_letter_for_each_word_to_the_person() -> None:
    assert {"complaint.answer", "complaint.response", "complaint.told"} <= set(LETTERS)
    for name in LETTERS:
        variables = shipped_library().templates[name].variables
        assert {"opening", "closing", "ticket"} <= set(variables), name


def test_personal_words_fit_their_register() -> None:
    matrix = shipped_library().responses
    assert matrix is not None
    registers = {item.id: item for item in matrix.registers}
    assert set(moods()) <= set(registers)
    for name, mood in moods().items():
        for lang in ("zh", "en"):
            said = [getattr(part, lang) for part in (mood.opening, mood.closing)]
            whole = " ".join(said)
            assert not lacks(registers[name], whole, lang), (name, lang)
            avoided = words_of(registers[name].avoids, lang)
            assert not [word for word in avoided if word.lower() in whole.lower()], (name, lang)
            assert "大家" not in whole, "it speaks to one person"
