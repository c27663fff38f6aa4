"""The official `openai` package gets its moderation from here by its base URL alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import openai
import pytest
import pytest_asyncio
from openai.types import ModerationImageURLInputParam as Image
from openai.types import ModerationTextInputParam as Text

from tests.e2e.compat_server import PER_MINUTE, CompatServer, compat_server

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[CompatServer]:
    async with compat_server(tmp_path_factory.mktemp("openai")) as serving:
        yield serving


@pytest_asyncio.fixture(loop_scope="module")
async def client(
    server: CompatServer, request: pytest.FixtureRequest
) -> AsyncIterator[openai.AsyncOpenAI]:
    """With a key of its own, and so with a quota of its own."""
    key = await server.key(request.node.name)
    async with openai.AsyncOpenAI(
        api_key=key, base_url=f"{server.base}/compat/openai/v1", max_retries=0
    ) as made:
        yield made


async def test_one_text_and_many(client: openai.AsyncOpenAI) -> None:
    one = await client.moderations.create(input="今天天气不错", model="omni-moderation-latest")
    assert one.id.startswith("modr-")
    assert one.model.startswith("fengsui-")
    [result] = one.results
    assert result.flagged is False
    assert not any(result.categories.to_dict().values())
    assert result.category_scores.harassment == 0.0

    many = await client.moderations.create(
        input=["你好", "骂", "我今晚就弄死你全家，你等着", "傻逼"]
    )
    assert [result.flagged for result in many.results] == [False, True, True, True]
    assert [many.results[at].categories.harassment for at in (0, 1, 3)] == [False, True, True]
    assert many.results[1].category_scores.harassment == 1.0
    assert many.results[2].categories.violence is True
    assert many.results[3].categories.violence is False


async def test_parts_are_one_text(client: openai.AsyncOpenAI) -> None:
    said = await client.moderations.create(
        input=[Text(type="text", text="你好"), Text(type="text", text="骂")]
    )
    assert [result.flagged for result in said.results] == [True]


async def test_the_sync_client(server: CompatServer) -> None:
    key = await server.key("sync")

    def ask() -> openai.types.ModerationCreateResponse:
        with openai.OpenAI(api_key=key, base_url=f"{server.base}/compat/openai/v1") as client:
            return client.moderations.create(input="骂")

    said = await asyncio.to_thread(ask)
    assert said.results[0].categories.harassment is True


async def test_spam_is_none_of_their_categories(client: openai.AsyncOpenAI) -> None:
    said = await client.moderations.create(input="加微信领红包")
    assert said.results[0].flagged is False


async def test_an_image_is_a_bad_request(client: openai.AsyncOpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        await client.moderations.create(
            input=[Image(type="image_url", image_url={"url": "https://example.com/a.png"})]
        )
    assert refused.value.param == "input"
    assert refused.value.code == "unsupported_input_type"


async def test_a_wrong_key(client: openai.AsyncOpenAI) -> None:
    with pytest.raises(openai.AuthenticationError) as refused:
        await client.with_options(api_key="fsk_wrong_key").moderations.create(input="x")
    assert refused.value.code == "invalid_api_key"


async def test_the_quota_of_the_key(client: openai.AsyncOpenAI) -> None:
    await client.moderations.create(input=["x"] * PER_MINUTE)
    with pytest.raises(openai.RateLimitError) as refused:
        await client.moderations.create(input="x")
    assert refused.value.code == "rate_limit_exceeded"
    assert int(refused.value.response.headers["Retry-After"]) > 0
