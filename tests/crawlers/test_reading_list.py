from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from crawlers.reading_list import MAX_SEEN, ReadingList, Waiting, choose_pages
from crawlers.sitemap import SitemapEntry

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def entry(number: int, *, changed: str | None = "2026-03-02T03:00:00Z") -> SitemapEntry:
    return SitemapEntry(url=f"https://press.example/{number}", changed=changed)


def chosen(*entries: SitemapEntry, seen: dict[str, str] | None = None) -> list[str]:
    pages = choose_pages(
        entries,
        seen=seen or {},
        wanted=lambda url: not url.endswith("9"),
        oldest=NOW - timedelta(hours=2),
        zone=UTC,
        now=NOW,
    )
    return [waiting.entry.url[-1] for waiting in pages]


def test_pages_come_newest_first_and_undated_ones_last() -> None:
    assert chosen(
        entry(1, changed=None), entry(2, changed="2026-03-02T02:30:00Z"), entry(3), entry(9)
    ) == ["3", "2", "1"]


def test_old_pages_and_those_read_are_left_out_until_they_change() -> None:
    read = Waiting(entry=entry(2))
    seen = {read.key: read.mark}
    old = entry(1, changed="2026-03-01")
    assert chosen(old, entry(2), seen=seen) == []
    assert chosen(entry(2, changed="2026-03-02T03:30:00Z"), seen=seen) == ["2"]


def test_a_page_that_is_listed_twice_is_read_once() -> None:
    assert chosen(entry(1), entry(1)) == ["1"]


def test_a_cursor_brings_the_list_back() -> None:
    known = ReadingList(
        seen={"a": "b"},
        queue=(Waiting(entry=entry(1), tries=1), Waiting(entry=entry(2, changed=None))),
        validators={"etag": "x"},
        failing=2,
    )
    assert ReadingList.resume(json.loads(json.dumps(known.to_cursor()))) == known


def test_what_did_not_fit_is_not_hidden_by_an_unchanged_sitemap() -> None:
    assert ReadingList(more=True, validators={"etag": "x"}).to_cursor()["validators"] == {}


def test_a_foreign_cursor_is_a_new_beginning() -> None:
    foreign = {"seen": 1, "queue": [1, {"url": 2}], "more": "yes", "failing": "x"}
    assert ReadingList.resume(foreign) == ReadingList()
    assert ReadingList.resume(None) == ReadingList()


def test_a_page_that_is_done_is_remembered_within_bounds() -> None:
    full = {str(number): "" for number in range(MAX_SEEN)}
    waiting = Waiting(entry=entry(1))
    cursor = ReadingList(seen=full, queue=(waiting,)).done(waiting).to_cursor()
    assert (len(cursor["seen"]), cursor["queue"]) == (MAX_SEEN, [])
    assert cursor["seen"][waiting.key] == waiting.mark


def test_a_page_is_put_off_twice_and_then_given_up() -> None:
    known = ReadingList(queue=(Waiting(entry=entry(1)), Waiting(entry=entry(2))))
    once = known.put_off()
    assert [(w.entry.url[-1], w.tries) for w in once.queue] == [("2", 0), ("1", 1)]
    last = ReadingList(queue=(Waiting(entry=entry(1), tries=2),)).put_off()
    assert (last.queue, len(last.seen)) == ((), 1)
