"""A file of posts is chosen in a browser, looked at, put right, and stored."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from service.auth import Role
from service.ingest.imports import ImportState
from service.jobs import advance
from service.stores import PostQuery
from tests.support.console_walk import Walk

ROWS = ("1,晨屿咖啡凉了,2024-02-29 08:00", "2,云雀好喝,2024-02-29 09:00", "3,,昨天")
TABLE = "\n".join(("编号,正文,发布时间", *ROWS))


@pytest.mark.timeout(300)
async def test_a_file_from_its_choice_to_the_store(walk: Walk):
    scene, page = walk.scene, walk.page
    await walk.sign_in("lin", Role.ANALYST)
    await walk.go("/imports")
    chooser = page.locator("input[type=file][data-upload]")

    fake = {"name": "posts.xlsx", "mimeType": "application/zip", "buffer": b"PK\x03\x04 nothing"}
    await chooser.set_input_files([fake])
    await expect(page.get_by_text("这个文件读不了")).to_be_visible()

    good = {"name": "posts.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}
    await chooser.set_input_files([good])
    await expect(page.get_by_text("还不知道哪一列是")).to_be_visible()
    await page.get_by_label("来源").fill("weibo")
    await page.get_by_role("button", name="再看一次").click()
    await expect(page.get_by_text("其中 1 行有错")).to_be_visible()
    await walk.shot("import-preview")
    await walk.accessible()
    await page.get_by_role("button", name="导入", exact=True).click()
    await page.wait_for_url("**/console/imports/imp_*")
    (storing,) = (job for job in scene.container.upkeep if job.name == "import")
    await advance(scene.clock, [storing], scene.clock.now())
    await expect(page.get_by_text("已保存 2 / 2 条")).to_be_visible()
    await walk.calm()

    (run,) = (await scene.container.imports.page()).items
    assert (run.state, run.posts, run.rejected) == (ImportState.DONE, 2, 1)
    found = await scene.container.store.search(PostQuery(), limit=10)
    assert {item.post.text for item in found.items} == {"晨屿咖啡凉了", "云雀好喝"}
