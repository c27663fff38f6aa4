"""Who is behind a complaint: for those who may know, with a reason, and with a trace."""

from __future__ import annotations

import pytest

from service.audit import AuditFilter, entries
from service.auth import Handle, Handles, KeyRing
from service.complaints import ComplaintRevealing
from service.errors import Forbidden, InvalidInput
from tests.support.complaint_scene import LIN, RUI, ComplaintScene, complaining

SAID = "客服13812345678不给退款"


async def test_a_lead_sees_whom_to_answer(local: ComplaintScene) -> None:
    ring = KeyRing.from_secret("a secret of at least thirty-two characters")
    handles = Handles(local.database, local.clock, ring)
    author = ring.pseudonym("weibo", "1234567890")
    async with local.database.write() as connection:
        await handles.remember(
            connection, [Handle(author=author, source="weibo", id="1234567890", name="小满")]
        )
    (found,) = await local.notice(complaining(author=author, text=SAID))
    assert found.text is not None
    assert "13812345678" not in found.text
    revealing = ComplaintRevealing(local.hand, store=local.shelf, handles=handles)

    shown = await revealing.reveal(LIN, found.id, reason="要私信回复本人")
    assert (shown.text, shown.whole) == (SAID, True)
    assert shown.author is not None
    assert shown.author.name == "小满"
    with pytest.raises(Forbidden):
        await revealing.reveal(RUI, found.id, reason="要私信回复本人")
    with pytest.raises(InvalidInput):
        await revealing.reveal(LIN, found.id, reason="看")

    local.shelf.posts.clear()
    left = await revealing.reveal(LIN, found.id, reason="要私信回复本人")
    assert (left.text, left.whole) == (found.text, False)
    async with local.database.read() as connection:
        page = await entries(connection, where=AuditFilter(subject_id=found.id))
    actions = [item.action for item in reversed(page.items)]
    assert actions == [
        "complaint.opened",
        "complaint.revealed",
        "complaint.reveal_refused",
        "complaint.revealed",
    ]


async def test_who_is_not_named_stays_so(local: ComplaintScene) -> None:
    ring = KeyRing.from_secret("a secret of at least thirty-two characters")
    handles = Handles(local.database, local.clock, ring)
    (found,) = await local.notice(complaining(author=None))
    revealing = ComplaintRevealing(local.hand, store=local.shelf, handles=handles)
    shown = await revealing.reveal(LIN, found.id, reason="要私信回复本人")
    assert shown.author is None
