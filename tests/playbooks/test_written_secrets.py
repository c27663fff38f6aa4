from __future__ import annotations

import pytest

from playbooks.content_files import ContentFile
from playbooks.written_secrets import secret_problems

KEY = "0123456789abcdef0123"


def found(text: str) -> list[tuple[int, int, str]]:
    file = ContentFile(name="rules/a.yaml", place="a.yaml", text=text)
    return [(problem.line, problem.column, problem.message) for problem in secret_problems(file)]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("-----BEGIN RSA PRIVATE KEY-----", "a private key"),
        ("AKIA" + "A1" * 8, "an access key"),
        (f"sk-{KEY}", "a key of an API"),
        (f"ghp_{KEY}{KEY}", "a token"),
        (f"xoxb-{KEY}", "a token"),
        (f"whsec_{KEY}", "a token"),
        ("eyJhbGciOiJub25l.eyJzdWIiOiJub2JvZHki.", "a token"),
        (f"Bearer {KEY}", "a token"),
        (f"SEC{KEY}{KEY}", "the secret of a robot"),
        ("https://hooks.slack.com/services/T0/B0/x", "the address of a robot"),
        ("https://open.feishu.example/open-apis/bot/v2/hook/ab", "the address of a robot"),
        (f"https://robot.example/send?access_token={KEY}", "a token"),
        ("https://user:hunter2@example.com/", "a password"),
        (f"secret: {KEY}", "a password"),
    ],
)
def test_it_is_found_and_not_repeated(line: str, kind: str) -> None:
    ((number, column, message),) = found(f"id: a\nwhy: {line}\n")
    assert (number, column) == (2, 6) or kind == "a password" or column > 6
    assert kind in message
    assert line not in message
    assert KEY not in message


@pytest.mark.parametrize(
    "line",
    [
        "password: ask the duty officer",
        "12:30 @全体值班",
        "https://example.com/a?page=2&sort=time",
        "SECURITY and secrets are not secrets",
        "验证码 123456 不要告诉任何人",
        "token: short",
    ],
)
def test_words_about_secrets_are_none(line: str) -> None:
    assert found(line) == []


def test_one_problem_a_line() -> None:
    assert len(found(f"sk-{KEY} sk-{KEY}\nsk-{KEY}")) == 2
