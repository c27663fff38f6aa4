"""Imports in the console: looked at before anything is stored, refused where they lie."""

from __future__ import annotations

from nicegui import ui
from nicegui.elements.upload_files import SmallFileUpload

from service.auth import SYSTEM, Role
from service.ingest.imports import ImportOptions, ImportState
from service.jobs import advance
from tests.support.console_scene import ConsoleScene, Viewer

GOOD = "编号,正文,发布时间\n1,晨屿咖啡凉了,2024-02-29 08:00\n2,云雀好喝,2024-02-29 09:00\n3,,昨天\n"


async def bring(page: Viewer, name: str, content: bytes) -> None:
    """What the browser does when a file was chosen."""
    (receiver,) = page.of(ui.upload)
    with receiver.client:
        await receiver.handle_uploads([SmallFileUpload(name, "text/csv", content)])


async def test_a_file_is_previewed_with_its_bad_rows_then_imported(scene: ConsoleScene):
    page = await scene.look("/imports", await scene.person("lin", Role.ANALYST))
    await bring(page, "posts.csv", GOOD.encode())
    await page.until(lambda: any("还不知道哪一列是" in text for text in page.texts))
    assert (await scene.container.imports.page()).items == ()
    page.send("import-options", source="weibo", channel="", timezone="", sheet="", map="")
    await page.until(lambda: "import-begin" in page.keys)
    assert any("其中 1 行有错" in text for text in page.texts)
    assert any("晨屿咖啡凉了" in text for text in page.texts)
    page.press("import-begin")
    await page.until(lambda: any("/imports/imp_" in script for script in page.scripts))
    (run,) = (await scene.container.imports.page()).items
    assert (run.posts, run.rejected, run.state) == (2, 1, ImportState.RUNNING)


async def test_an_upload_that_is_not_what_it_claims_is_refused_clearly(scene: ConsoleScene):
    page = await scene.look("/imports", await scene.person("lin", Role.ANALYST))
    for name, content in (
        ("posts.xlsx", b"PK\x03\x04 this is no workbook"),
        ("posts.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
        ("old.xls", b"\xd0\xcf\x11\xe0 and so on"),
    ):
        await bring(page, name, content)
        shown = f"文件：{name}"
        await page.until(lambda shown=shown: shown in page.texts)
        assert "这个文件读不了" in page.texts
        assert "import-begin" not in page.keys
    assert (await scene.container.imports.page()).items == ()


async def test_a_viewer_is_offered_no_import(scene: ConsoleScene):
    page = await scene.look("/imports", await scene.person("kan", Role.VIEWER))
    assert page.of(ui.upload) == []


async def test_an_import_is_followed_until_it_is_stored(scene: ConsoleScene):
    options = ImportOptions.of(name="p.csv", source="weibo", zone=scene.container.settings.zone)
    run = await scene.container.imports.begin(SYSTEM, GOOD.encode(), options)
    page = await scene.look(f"/imports/{run.id}", await scene.person("lin", Role.ANALYST))
    assert "已保存 0 / 2 条" in page.texts
    jobs = [job for job in scene.container.upkeep if job.name == "import"]
    assert jobs != []
    await advance(scene.clock, jobs, scene.clock.now())
    await page.until(lambda: "已保存 2 / 2 条" in page.texts)
    assert any("新增 2" in text for text in page.texts)
    assert any(text.startswith("p.csv:4") for text in page.texts)
