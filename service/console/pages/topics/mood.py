"""Topics over time with their mood, and which of them carry an emotion."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from nicegui import ui

from nlp.encoder.heads import EMOTION, LABELS
from nlp.topics import MoodBucket
from service.auth import Action, Principal, Resource
from service.console.charts import Point, Series, bar, heat_map, show
from service.console.deeds import go
from service.console.i18n import Words
from service.console.pages.board.charts import bucket_labels
from service.console.scope import Scope, select
from service.console.session import BASE, Visit
from service.console.states import empty, later
from service.console.theme import link, plain, put
from service.indicators import Bucket, Window
from service.topics import TopicMood, TopicVersion

ANGRY = "angry"
_SHOWN = 6
"""Topics with a series of their own: the biggest."""
_LEAST = 5
"""Fewer posts of a topic in a bucket have no mood."""
_WIDTHS = {
    Bucket.HOUR: timedelta(hours=1),
    Bucket.DAY: timedelta(days=1),
    Bucket.WEEK: timedelta(days=7),
}


def mood_panel(visit: Visit, scope: Scope, version: TopicVersion, path: str) -> None:
    """The panels of a version that is ready, for the monitor and time of the scope."""
    words = visit.words
    emotion = emotion_of(visit)
    with ui.element("section").classes("panel stack"):
        with ui.element("div").classes("line"):
            plain(words("topics.mood_title"), "h2", "grow")
            said = words("topics.by_version", number=version.number)
            link(f"{BASE}/topics/{version.number}", said)
        form = put(ui.element("form"), method="get", action=f"{BASE}{path}")
        with form.classes("scope line"):
            kept = {"monitor": scope.monitor.id, **scope.span.query()}
            for name, value in kept.items():
                put(ui.element("input"), type="hidden", name=name, value=value)
            emotions = {item: words.choice("emotion", item) for item in LABELS[EMOTION]}
            select(words("topics.emotion"), "emotion", emotions, emotion)
            with put(ui.element("button"), type="submit", data_key="emotion").classes("act"):
                plain(words("scope.show"))
        later(
            visit,
            partial(_read, visit, scope, version, emotion),
            partial(_draw, visit, scope, version, emotion),
        )


def emotion_of(visit: Visit) -> str:
    """The emotion that the address asks about; anger where it names none."""
    asked = visit.query.get("emotion", "")
    return asked if asked in LABELS[EMOTION] else ANGRY


async def _read(
    visit: Visit, scope: Scope, version: TopicVersion, emotion: str, principal: Principal
) -> TopicMood:
    monitor = scope.monitor.id
    principal.require(Action.READ, Resource.TOPIC, monitor=monitor)
    principal.require(Action.READ, Resource.POST, monitor=monitor)
    return await visit.container.topics.readings.mood(
        version,
        since=scope.window.since,
        until=scope.window.until,
        width=_WIDTHS[scope.span.bucket],
        emotion=emotion,
        monitor=monitor,
    )


def _draw(
    visit: Visit, scope: Scope, version: TopicVersion, emotion: str, found: TopicMood
) -> None:
    words = visit.words
    if not found.counted:
        empty(words("topics.no_posts"), words("topics.no_posts_hint"))
        return
    labels = labels_of(version)
    sizes: Counter[int | None] = Counter()
    for bucket in found.buckets:
        sizes[bucket.topic] += bucket.posts
    biggest = [topic for topic, _ in sizes.most_common() if topic is not None][:_SHOWN]
    with ui.element("div").classes("halves"):
        with ui.element("div").classes("stack"):
            _course(visit, scope, version, found, biggest)
        with ui.element("div").classes("stack"):
            _heat(visit, scope, found, biggest, labels)
    if found.counted < found.posts:
        counted, posts = f"{found.counted:,}", f"{found.posts:,}"
        plain(words("topics.counted", counted=counted, posts=posts), "p", "soft small")
    _carriers(visit, scope, version, emotion, found)


def _course(
    visit: Visit,
    scope: Scope,
    version: TopicVersion,
    found: TopicMood,
    biggest: list[int],
) -> None:
    """Posts by topic over time, stacked; a part leads to its posts."""
    words, labels = visit.words, labels_of(version)
    starts = _starts(scope)
    counts = _by_topic(found)
    rest = [topic for topic in counts if topic is not None and topic not in biggest]
    series = [
        Series(labels.get(topic, f"#{topic}"), _row(counts, topic, starts)) for topic in biggest
    ]
    keys: list[int | None] = list(biggest)
    if rest:
        summed = [sum(counts[topic].get(start, 0) for topic in rest) for start in starts]
        series.append(Series(words("topics.rest"), summed))
    if None in counts:
        series.append(Series(words("topics.unfitting"), _row(counts, None, starts)))
    windows = [_window(scope, start) for start in starts]
    chart = bar(
        words("topics.course"),
        bucket_labels(windows, scope.span.bucket, visit.zone),
        series,
        stacked=True,
    )
    names = {one.name: topic for one, topic in zip(series, keys, strict=False)}

    async def drill(point: Point) -> None:
        topic = names.get(point.series)
        more = {} if topic is None else {"topic": f"{version.number}:{topic}"}
        go(visit, scope.posts(more, window=windows[point.index]))

    show(visit, chart, on_point=drill)


def _heat(
    visit: Visit,
    scope: Scope,
    found: TopicMood,
    biggest: list[int],
    labels: Mapping[int, str],
) -> None:
    """The negative share of each topic over time; empty where too few posts tell."""
    words = visit.words
    starts = _starts(scope)
    windows = [_window(scope, start) for start in starts]
    moods: dict[tuple[int | None, datetime], MoodBucket] = {
        (item.topic, item.start): item for item in found.buckets
    }
    values = [[_negative(moods.get((topic, start))) for start in starts] for topic in biggest]
    chart = heat_map(
        words("topics.mood_heat"),
        bucket_labels(windows, scope.span.bucket, visit.zone),
        [labels.get(topic, f"#{topic}") for topic in biggest],
        values,
        unit="%",
    )
    show(visit, chart)
    plain(words("topics.mood_least", least=_LEAST), "p", "soft small")


def _negative(item: MoodBucket | None) -> float | None:
    rated = 0 if item is None else sum(item.sentiments.values())
    if item is None or rated < _LEAST:
        return None
    return round(100 * item.sentiments.get("negative", 0) / rated, 1)


def _carriers(
    visit: Visit, scope: Scope, version: TopicVersion, emotion: str, found: TopicMood
) -> None:
    """Which topic holds how much of the emotion."""
    words, labels = visit.words, labels_of(version)
    named = words.choice("emotion", emotion)
    plain(words("topics.carriers", emotion=named), "h3", "strong")
    if not found.carriers:
        plain(words("topics.no_carriers", emotion=named), "p", "soft")
        return
    with ui.element("table").classes("figures"):
        with ui.element("thead"), ui.element("tr"):
            for name in ("topic", "of_emotion", "in_topic", "lift", "posts"):
                plain(words(f"topics.{name}"), "th").props('scope="col"')
        with ui.element("tbody"):
            for item in found.carriers[:12]:
                with ui.element("tr"):
                    with ui.element("td").classes("wrap"):
                        label = topic_said(words, labels, item.topic)
                        filters = {"emotion": emotion}
                        if item.topic is not None:
                            filters["topic"] = f"{version.number}:{item.topic}"
                        link(scope.posts(filters), label, "foreign")
                    plain(f"{item.of_emotion:.0%}", "td")
                    plain(f"{item.in_topic:.0%}", "td")
                    plain(f"{item.lift:.2f}", "td")
                    plain(f"{item.with_emotion:,} / {item.posts:,}", "td")
    plain(words("topics.carriers_hint"), "p", "soft small")


def labels_of(version: TopicVersion) -> dict[int, str]:
    """What each topic is called: its first terms."""
    findings: Mapping[str, list[Mapping[str, object]]] = version.findings or {"topics": []}
    return {int(str(item["id"])): str(item["label"]) for item in findings["topics"]}


def topic_said(words: Words, labels: Mapping[int, str], topic: int | None) -> str:
    """The label of a topic; None is what fits none."""
    return words("topics.unfitting") if topic is None else labels.get(topic, f"#{topic}")


def _by_topic(found: TopicMood) -> dict[int | None, dict[datetime, int]]:
    counts: defaultdict[int | None, dict[datetime, int]] = defaultdict(dict)
    for item in found.buckets:
        counts[item.topic][item.start] = item.posts
    return dict(counts)


def _row(
    counts: Mapping[int | None, Mapping[datetime, int]], topic: int | None, starts: list[datetime]
) -> list[float | None]:
    return [counts.get(topic, {}).get(start, 0) for start in starts]


def _starts(scope: Scope) -> list[datetime]:
    """Where the buckets begin: at the beginning of the window, and so on."""
    width = _WIDTHS[scope.span.bucket]
    number = -(-scope.window.length // width)
    return [scope.window.since + place * width for place in range(number)]


def _window(scope: Scope, start: datetime) -> Window:
    until = min(start + _WIDTHS[scope.span.bucket], scope.window.until)
    return Window(since=start, until=until)
