"""The lexicon in the console: found, tried, saved, retired, imported, rolled back."""

from __future__ import annotations

from datetime import timedelta

from nicegui import ui

from service.auth import SYSTEM, Role
from service.lexicon import EntryState, SaveKind
from tests.support.console_scene import ConsoleScene, Viewer
from tests.support.stored_posts import stored_post

ENTRY: dict[str, str] = {
    "term": "黑店宰客",
    "category": "complaint",
    "severity": "3",
    "scenario": "",
    "variants": "fold",
    "hits": "这家黑店宰客",
    "misses": "今天天气不错",
    "context": "",
    "allow": "",
    "note": "",
}


async def saved(scene: ConsoleScene) -> str:
    """The id of the entry, saved as version 1."""
    cells = {"id": "lex_test_one", **ENTRY}
    record = await scene.container.lexicon.desk.add(SYSTEM, cells, reason="投诉里见过")
    return record.entry.id


def told(page: Viewer) -> str:
    return " ".join(page.texts)


async def test_entries_are_found_by_what_they_say_and_are(scene: ConsoleScene):
    await saved(scene)
    token = await scene.person("lin", Role.ANALYST)
    page = await scene.look("/lexicon?q=黑店", token)
    assert "黑店宰客" in page.texts
    assert "第 1–1 项" not in told(page)
    assert "● 使用中" in page.texts
    nothing = await scene.look("/lexicon?q=黑店&category=abuse", token)
    assert "没有符合条件的" in told(nothing)
    assert "正在使用第 1 版" in told(nothing)


async def test_an_entry_that_nobody_has_changed_is_shown(scene: ConsoleScene):
    shipped = next(iter(scene.container.lexicon.directory.shelf.base))
    token = await scene.person("lin", Role.ANALYST)
    page = await scene.look(f"/lexicon/entries/{shipped}", token)
    assert page.status == 200
    assert "保存" in page.texts


async def test_an_entry_is_tried_before_it_is_saved(scene: ConsoleScene):
    at = scene.clock.now() - timedelta(days=1)
    said = "这家黑店宰客，再也不来"
    post = stored_post(1, said, published_at=at, fetched_at=at, stored_at=at)
    await scene.container.store.upsert([post])
    page = await scene.look("/lexicon/add", await scene.person("lin", Role.ANALYST))
    page.give("try-entry", **ENTRY)
    await page.until(lambda: "会命中的帖子（个人信息已遮盖）" in page.texts)
    assert "1" in page.texts
    assert "黑店宰客" in page.texts
    assert scene.container.lexicon.directory.shelf.number == 0
    page.send("lexicon-new", **ENTRY, reason="投诉里见过")
    await page.until(lambda: scene.container.lexicon.directory.shelf.number == 1)


async def test_what_is_wrong_with_an_entry_is_told_at_its_field(scene: ConsoleScene):
    page = await scene.look("/lexicon/add", await scene.person("lin", Role.ANALYST))
    page.send("lexicon-new", **(ENTRY | {"hits": "与它无关的一句"}), reason="见过")
    await page.until(lambda: page.refused("hits"))
    page.send("lexicon-new", **ENTRY, reason="")
    await page.until(lambda: page.refused("reason"))
    assert scene.container.lexicon.directory.shelf.number == 0
    page.give("try-entry", **(ENTRY | {"hits": "与它无关的一句"}))
    await page.until(lambda: "这样保存会被拒绝：" in page.texts)


async def test_an_entry_is_retired_and_the_press_taken_back(scene: ConsoleScene):
    entry_id = await saved(scene)
    page = await scene.look(f"/lexicon/entries/{entry_id}", await scene.person("lin", Role.ANALYST))
    page.press("retire")
    await page.until(lambda: "停用“黑店宰客”？" in page.texts)
    page.of(ui.textarea)[-1].set_value("误伤太多")
    page.answer("停用")
    shelf = scene.container.lexicon.shelves
    await page.until(lambda: "undo" in page.keys)
    assert (await shelf.current()).records[entry_id].state is EntryState.RETIRED
    page.press("undo")
    await page.until(lambda: "已撤销" in page.told)
    assert (await shelf.current()).records[entry_id].state is EntryState.ACTIVE


async def test_two_people_at_one_entry_see_what_the_other_changed(scene: ConsoleScene):
    entry_id = await saved(scene)
    page = await scene.look(f"/lexicon/entries/{entry_id}", await scene.person("lin", Role.ANALYST))
    await scene.container.lexicon.desk.change(SYSTEM, entry_id, {"severity": "5"}, reason="更重")
    page.send(f"lexicon-{entry_id}", **(ENTRY | {"note": "补充"}), reason="备注")
    await page.until(lambda: "keep-mine" in page.keys)
    assert "别人刚刚改过" in page.texts
    page.press("keep-mine")
    await page.until(lambda: "已保存，从下一条帖子起生效" in page.told)
    now = scene.container.lexicon.directory.shelf.records[entry_id]
    assert (now.entry.note, now.entry.severity, now.version) == ("补充", 3, 3)


async def test_a_roll_back_shows_what_it_changes_and_makes_a_version(scene: ConsoleScene):
    entry_id = await saved(scene)
    token = await scene.person("lin", Role.ANALYST)
    page = await scene.look("/lexicon/versions", token)
    assert "投诉里见过" in page.texts
    page = await scene.look("/lexicon/versions/0", token)
    assert "会移除" in page.texts
    page.send("lexicon-rollback-0", reason="全错了")
    shelves = scene.container.lexicon.shelves
    await page.until(lambda: scene.container.lexicon.directory.shelf.number == 2)
    assert entry_id not in (await shelves.current()).records
    (newest, _) = (await scene.container.lexicon.desk.versions()).items
    assert (newest.kind, newest.reason) == (SaveKind.ROLLED_BACK, "全错了")
    same = await scene.look("/lexicon/versions/2", token)
    assert "现在就是这个样子" in same.texts


async def test_versions_that_are_none_are_said_to_be_gone(scene: ConsoleScene):
    token = await scene.person("lin", Role.ANALYST)
    browser = await scene.http(token)
    for address in ("versions/7", "versions/x", "entries/lex_none"):
        answer = await browser.get(f"/console/lexicon/{address}")
        assert answer.status_code == 404
        assert "这里没有这样东西" in answer.text


async def test_rows_are_tried_then_imported(scene: ConsoleScene):
    page = await scene.look("/lexicon/import", await scene.person("lin", Role.ANALYST))
    rows = {"content": "宰客黑店\n拒不退押金", "format": "list", "category": "complaint"}
    page.send("lexicon-import", **rows, severity="3", reason="", confirm=False)
    await page.until(lambda: "新增: 2" in page.texts)
    assert scene.container.lexicon.directory.shelf.number == 0
    await page.until(lambda: any("answered" in script for script in page.scripts))
    page.send("lexicon-import", **rows, severity="3", reason="行业词表", confirm=True)
    await page.until(lambda: scene.container.lexicon.directory.shelf.number == 1)


async def test_an_exported_table_is_taken_back_as_it_is(scene: ConsoleScene):
    await saved(scene)
    await scene.container.lexicon.directory.refresh()
    token = await scene.person("lin", Role.ANALYST)
    answer = await (await scene.http(token)).get("/console/lexicon/import?export")
    row = next(line for line in answer.text.splitlines() if line.startswith("lex_test_one"))
    table = f"{answer.text.splitlines()[0]}\n{row.replace('lex_test_one', 'lex_test_two')}\n"
    page = await scene.look("/lexicon/import", token)
    asked = {"format": "", "category": "", "severity": "", "reason": "", "confirm": False}
    page.send("lexicon-import", content=table.replace("黑店宰客", "宰客黑店"), **asked)
    await page.until(lambda: "新增: 1" in page.texts)


async def test_bad_rows_are_told_by_their_line(scene: ConsoleScene):
    page = await scene.look("/lexicon/import", await scene.person("lin", Role.ANALYST))
    rows = {"content": "宰客黑店", "format": "list", "severity": "3", "category": ""}
    page.send("lexicon-import", **rows, reason="", confirm=False)
    await page.until(lambda: any(text.startswith("第 0 行") for text in page.texts))
    page.send("lexicon-import", **rows, reason="", confirm=True)


async def test_a_sentence_is_tried_without_being_kept(scene: ConsoleScene):
    await saved(scene)
    await scene.container.lexicon.directory.refresh()
    page = await scene.look("/lexicon", await scene.person("eva", Role.VIEWER))
    page.give("try-text", text="这家黑店宰客")
    await page.until(lambda: "算数" in page.texts)


async def test_a_viewer_reads_and_is_offered_nothing(scene: ConsoleScene):
    entry_id = await saved(scene)
    token = await scene.person("eva", Role.VIEWER)
    page = await scene.look(f"/lexicon/entries/{entry_id}", token)
    assert {"retire", f"submit-lexicon-{entry_id}", "try-entry"}.isdisjoint(page.keys)
    page.send(f"lexicon-{entry_id}", **(ENTRY | {"severity": "5"}), reason="x")
    await page.until(lambda: "你没有这项权限" in page.texts)
    assert (await scene.container.lexicon.shelves.current()).number == 1
    for address in ("add", "import"):
        answer = await (await scene.http(token)).get(f"/console/lexicon/{address}")
        assert answer.status_code == 403
