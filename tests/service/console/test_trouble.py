"""What went wrong, in words."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from service.auth import Role, RoleMissing
from service.console.i18n import Language, load_words
from service.console.trouble import trouble_of
from service.errors import Conflict, Forbidden, NotFound, Overloaded, ServiceError
from service.stores.errors import StoreError

WORDS = load_words(Language.ZH)


@pytest.mark.parametrize(
    ("error", "status", "again", "said"),
    [
        (NotFound("no brand x"), 404, False, "这里没有这样东西"),
        (Forbidden("not yours"), 403, False, "你没有这项权限"),
        (Conflict("changed"), 409, False, "别人刚刚改过，请看最新情况再操作"),
        (Overloaded("busy", retry_after=3), 503, True, "数据暂时取不到"),
        (StoreError("the node is gone"), 503, True, "数据暂时取不到"),
    ],
)
def test_a_refusal_says_what_it_is_in_its_own_words(
    error: ServiceError, status: int, again: bool, said: str
):
    with capture_logs() as logs:
        trouble = trouble_of(error, WORDS, where="/x")
    assert (trouble.status, trouble.again, trouble.title) == (status, again, said)
    assert trouble.detail == error.detail
    assert trouble.reference == ""
    assert logs == []


def test_a_missing_role_is_named_in_the_visitor_s_words():
    error = RoleMissing("lin may not delete api_key", needed=frozenset({Role.ADMIN, Role.LEAD}))
    assert trouble_of(error, WORDS, where="/x").detail.startswith("需要以下角色之一：管理员、主管")


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (KeyError("secret-of-ours"), 500, "抱歉，这里出错了"),
        (ServiceError("a path of ours"), 500, "抱歉，这里出错了"),
        (OperationalError("select 1", {}, OSError("no file")), 503, "数据库暂时连不上"),
        (ConnectionRefusedError("5432"), 503, "数据库暂时连不上"),
    ],
)
def test_what_nobody_foresaw_is_in_the_log_and_only_its_reference_on_the_page(
    error: Exception, status: int, said: str
):
    with capture_logs() as logs:
        trouble = trouble_of(error, WORDS, where="/brands")
    assert (trouble.status, trouble.title, trouble.detail) == (status, said, "")
    (entry,) = logs
    assert entry["event"] == "console.page_failed"
    assert entry["reference"] == trouble.reference
    assert entry["where"] == "/brands"
    assert len(trouble.reference) == 8
