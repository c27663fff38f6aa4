"""Signatures of Standard Webhooks, against its vector and its own library."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
import standardwebhooks
from hypothesis import given, settings
from hypothesis import strategies as st

from service.delivery import decode_secret, generate_secret, sign, verify
from service.delivery.errors import BadSecret, BadSignature
from service.delivery.signing import signed_headers

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
AT = datetime.fromtimestamp(1614265330, UTC)
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_official_vector() -> None:
    assert sign([SECRET], message_id=ID, at=AT, body=BODY) == SIGNATURE


def test_rotation_signs_with_every_secret_newest_first() -> None:
    new = generate_secret()
    both = sign([new, SECRET], message_id=ID, at=AT, body=BODY).split()
    assert both == [sign([new], message_id=ID, at=AT, body=BODY), SIGNATURE]


def test_a_receiver_with_either_secret_verifies() -> None:
    new = generate_secret()
    headers = signed_headers([new, SECRET], message_id=ID, at=AT, body=BODY)
    for secret in (new, SECRET):
        verify([secret], headers=headers, body=BODY, now=AT)


@settings(max_examples=30)
@given(data=st.dictionaries(st.text(max_size=5), st.text(max_size=20), max_size=4))
def test_the_library_of_the_standard_verifies_ours(data: dict[str, str]) -> None:
    secret = generate_secret()
    now = datetime.now(UTC)  # noqa: TID251 - the library reads the wall clock itself
    body = json.dumps(data, ensure_ascii=False).encode()
    headers = signed_headers([secret], message_id=ID, at=now, body=body)
    assert standardwebhooks.Webhook(secret).verify(body, headers) == data


def test_a_secret_is_random_and_of_the_standard_form() -> None:
    one, two = generate_secret(), generate_secret()
    assert one != two
    assert one.startswith("whsec_")
    assert len(decode_secret(one)) == 32


@pytest.mark.parametrize(
    ("secret", "message"),
    [
        ("whsec_not base64!", "base64"),
        ("whsec_" + base64.b64encode(b"short").decode(), "holds 5"),
        ("whsec_" + base64.b64encode(bytes(65)).decode(), "holds 65"),
        ("whsec_密钥", "base64"),
    ],
)
def test_a_bad_secret_is_refused_without_being_repeated(secret: str, message: str) -> None:
    with pytest.raises(BadSecret, match=message) as caught:
        decode_secret(secret)
    assert secret.removeprefix("whsec_") not in str(caught.value)


def headers(**changes: str) -> dict[str, str]:
    given = signed_headers([SECRET], message_id=ID, at=AT, body=BODY)
    return given | {name.replace("_", "-"): value for name, value in changes.items()}


@pytest.mark.parametrize(
    ("offered", "body", "now"),
    [
        (headers(), BODY + b" ", AT),
        (headers(webhook_id="msg_other"), BODY, AT),
        (headers(webhook_timestamp="1614265331"), BODY, AT),
        (headers(webhook_timestamp="soon"), BODY, AT),
        (headers(webhook_timestamp="²"), BODY, AT),
        (headers(webhook_signature=""), BODY, AT),
        (headers(webhook_signature="v1a," + SIGNATURE[3:]), BODY, AT),
        (headers(webhook_signature="v1,é"), BODY, AT),
        ({"webhook-id": ID}, BODY, AT),
        (headers(), BODY, AT + timedelta(minutes=6)),
        (headers(), BODY, AT - timedelta(minutes=6)),
    ],
)
def test_a_forged_changed_or_old_webhook_is_refused(
    offered: dict[str, str], body: bytes, now: datetime
) -> None:
    with pytest.raises(BadSignature):
        verify([SECRET], headers=offered, body=body, now=now)


def test_without_a_secret_there_is_no_signature() -> None:
    assert "webhook-signature" not in signed_headers([], message_id=ID, at=AT, body=BODY)
