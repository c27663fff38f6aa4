"""A seeded corpus of feeds as the web serves them: every dialect, encoding and common mistake.

All names are made up. A case says how many entries a reader must find, or None where the document
is damaged beyond a promise; it must then still end in a result or a named error.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from html import escape
from random import Random

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

_ZH = (
    ("青岚电器回应空调异响:已安排上门检测", "多位用户反映空调夜间异响,<b>客服</b>称48小时内上门。"),
    ("云杉茶饮门店被曝使用过期原料", "记者走访发现后厨标签被撕,市监局已介入。<br/>门店暂停营业。"),
    ("网友吐槽:退款三次都被拒", "“客服踢皮球”,单号 & 截图都有 —— 求曝光😡"),
    ("远帆汽车召回部分车型", "因制动软件缺陷,召回 1,204 辆。<p>车主可预约升级。</p>"),
    ("星瓶矿泉水检出异物?厂家:已送检", "<p>第三方报告 3 个工作日内公布</p><p>线下已下架</p>"),
)
_EN = (
    ("Qinglan answers complaints over noisy units", "Service visits within <em>48 hours</em>."),
    ("Yunshan Tea shop closed after inspection", "Labels were missing &mdash; tests follow."),
    ("Refund refused three times, buyer says", "“Nobody answers” & nobody refunds <3"),
    ("Yuanfan recalls 1,204 cars", "<ul><li>brake software</li><li>free update</li></ul>"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedCase:
    """One document; `entries` is what a reader must find, None for damaged ones."""

    name: str
    body: bytes
    content_type: str
    entries: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    number: int
    title: str
    html: str
    at: datetime

    @property
    def link(self) -> str:
        return f"https://news.example/a/{self.number}.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Style:
    """How one site writes its feed; every renderer reads of it what its dialect has."""

    cdata: bool
    guid: str
    dates: str
    extras: bool
    relative: bool


def build_corpus(seed: int = 20260302, *, rounds: int = 14) -> list[FeedCase]:
    """All cases of a seed: well-formed ones in `rounds` styles a dialect, then damaged ones."""
    random = Random(seed)
    whole = [
        case
        for name, render in RENDERERS.items()
        for number in range(rounds)
        for case in _encoded(f"{name}-{number}", render, random)
    ]
    damaged = [
        replace(case, name=f"{case.name}-{kind}", body=damage(case.body, random), entries=None)
        for kind, damage in DAMAGES.items()
        for case in random.sample(whole, 8)
    ]
    return whole + damaged


def _encoded(name: str, render: Callable[..., str], random: Random) -> Iterator[FeedCase]:
    """The same document in the encodings its language is served in; some of them lie."""
    chinese = random.random() < 0.6
    items = _items(random, chinese)
    style = _Style(
        cdata=random.random() < 0.5,
        guid=random.choice(("url", "bare", "urn", "none")),
        dates=random.choice(("rfc822", "iso", "plain", "cst", "none")),
        extras=random.random() < 0.5,
        relative=random.random() < 0.3,
    )
    json_feed = name.startswith("json")
    encodings = [("utf-8", "utf-8"), ("utf-8-sig", "utf-8")]
    if chinese and not json_feed:
        encodings += [("gb18030", "gbk"), ("gb18030", "gb2312"), ("utf-16", "utf-16")]
        encodings += [("utf-8", "gbk"), ("gb18030", "utf-8"), ("gb18030", "iso-8859-1")]
    elif not json_feed:
        encodings += [("utf-16", "utf-16"), ("utf-8", "iso-8859-1"), ("utf-8", "us-ascii")]
    for real, declared in random.sample(encodings, min(3, len(encodings))):
        text = render(items, style, random)
        if not json_feed:
            text = f'<?xml version="1.0" encoding="{declared}"?>\n{text}'
        mime = "application/feed+json" if json_feed else random.choice(_TYPES)
        yield FeedCase(
            name=f"{name}-{real}-as-{declared}",
            body=text.encode(real),
            content_type=mime.format(declared),
            entries=len(items),
        )


_TYPES = (
    "application/rss+xml; charset={}",
    "text/xml",
    "application/xml",
    "text/html; charset=utf-8",
    "text/plain",
    "",
)


def _items(random: Random, chinese: bool) -> list[_Item]:
    texts = _ZH if chinese else _EN
    count = random.randint(1, 7)
    return [
        _Item(
            number=random.randint(10_000, 99_999) * 10 + number,
            title=random.choice(texts)[0],
            html=random.choice(texts)[1] + f" #{number}",
            at=START - timedelta(minutes=37 * number),
        )
        for number in range(count)
    ]


def _date(at: datetime, style: _Style) -> str:
    shanghai = at + timedelta(hours=8)
    return {
        "rfc822": at.strftime("%a, %d %b %Y %H:%M:%S GMT"),
        "iso": at.isoformat(),
        "plain": shanghai.strftime("%Y-%m-%d %H:%M:%S"),
        "cst": shanghai.strftime("%a, %d %b %Y %H:%M:%S CST"),
        "none": "",
    }[style.dates]


def _wrapped(html: str, style: _Style) -> str:
    return f"<![CDATA[{html}]]>" if style.cdata else escape(html)


def _guid(item: _Item, style: _Style, tag: str) -> str:
    value = {
        "url": item.link,
        "bare": str(item.number),
        "urn": f"urn:uuid:00000000-0000-4000-8000-{item.number:012d}",
        "none": "",
    }[style.guid]
    if not value:
        return ""
    attribute = ' isPermaLink="false"' if tag == "guid" and style.guid != "url" else ""
    return f"<{tag}{attribute}>{value}</{tag}>"


def _element(tag: str, text: str) -> str:
    return f"<{tag}>{text}</{tag}>" if text else ""


def _link(item: _Item, style: _Style) -> str:
    return f"/a/{item.number}.html" if style.relative else item.link


def _rss(items: list[_Item], style: _Style, random: Random, *, version: str) -> str:
    spaces = ""
    if style.extras and version == "2.0":
        spaces = (
            ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
            ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
            ' xmlns:media="http://search.yahoo.com/mrss/"'
            ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
            ' xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
        )
    parts = [f'<rss version="{version}"{spaces}><channel><title>News 要闻</title>']
    parts.append("<link>https://news.example/</link><description>d</description>")
    parts.append("<language>zh-cn</language><ttl>15</ttl>" if style.extras else "")
    for item in items:
        parts.append(f"<item><title>{_wrapped(item.title, style)}</title>")
        parts.append(f"<link>{_link(item, style)}</link>")
        parts.append(_element("description", _wrapped(item.html, style)))
        if version in ("2.0", "0.92"):
            parts.append(_element("pubDate", _date(item.at, style)))
        if version == "2.0":
            parts.append(_guid(item, style, "guid"))
        if spaces:
            parts.append(f"<content:encoded><![CDATA[{item.html}<p>more</p>]]></content:encoded>")
            parts.append("<dc:creator>刘记者</dc:creator><slash:comments>12</slash:comments>")
            parts.append('<media:content url="https://news.example/p.jpg" type="image/jpeg"/>')
            parts.append("<itunes:duration>12:30</itunes:duration>")
        parts.append("</item>" + random.choice(("\n", "")))
    return "".join(parts) + "</channel></rss>"


def _rss091(items: list[_Item], style: _Style, random: Random) -> str:
    doctype = (
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"'
        ' "http://my.netscape.example/publish/formats/rss-0.91.dtd">\n'
    )
    return doctype + _rss(items, style, random, version="0.91")


def _rss092(items: list[_Item], style: _Style, random: Random) -> str:
    return _rss(items, style, random, version="0.92")


def _rss20(items: list[_Item], style: _Style, random: Random) -> str:
    return _rss(items, style, random, version="2.0")


def _rdf(items: list[_Item], style: _Style, *, space: str) -> str:
    parts = [
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"',
        f' xmlns="{space}" xmlns:dc="http://purl.org/dc/elements/1.1/">',
        "<channel><title>News</title><link>https://news.example/</link></channel>",
    ]
    for item in items:
        parts.append(f'<item rdf:about="{item.link}"><title>{_wrapped(item.title, style)}</title>')
        parts.append(f"<link>{item.link}</link>{_element('dc:date', _date(item.at, style))}")
        parts.append(f"<description>{_wrapped(item.html, style)}</description></item>")
    return "".join(parts) + "</rdf:RDF>"


def _rss090(items: list[_Item], style: _Style, random: Random) -> str:
    return _rdf(items, style, space="http://my.netscape.com/rdf/simple/0.9/")


def _rss10(items: list[_Item], style: _Style, random: Random) -> str:
    return _rdf(items, style, space="http://purl.org/rss/1.0/")


def _atom(items: list[_Item], style: _Style, *, space: str, old: bool) -> str:
    version = ' version="0.3"' if old else ""
    date = "issued" if old else "published"
    parts = [f'<feed xmlns="{space}"{version} xml:lang="zh-CN"><title>News</title>']
    for item in items:
        parts.append(f'<entry><title type="html">{_wrapped(item.title, style)}</title>')
        parts.append(f'<link rel="alternate" type="text/html" href="{_link(item, style)}"/>')
        parts.append(_guid(item, style, "id"))
        parts.append(_element(date, _date(item.at, style)))
        parts.append("<author><name>陈评论员</name></author>")
        kind = 'mode="escaped" type="text/html"' if old else 'type="html"'
        tag = "content" if style.extras else "summary"
        parts.append(f"<{tag} {kind}>{_wrapped(item.html, style)}</{tag}></entry>")
    return "".join(parts) + "</feed>"


def _atom03(items: list[_Item], style: _Style, random: Random) -> str:
    return _atom(items, style, space="http://purl.org/atom/ns#", old=True)


def _atom10(items: list[_Item], style: _Style, random: Random) -> str:
    return _atom(items, style, space="http://www.w3.org/2005/Atom", old=False)


def _json(items: list[_Item], style: _Style, *, version: str) -> str:
    rows = []
    for item in items:
        row: dict[str, object] = {"id": item.number if style.guid == "bare" else item.link}
        row["url"] = _link(item, style)
        row["title"] = item.title
        row["content_text" if style.cdata else "content_html"] = item.html
        if style.dates != "none":
            row["date_published"] = item.at.isoformat()
        if version == "1.1":
            row["authors"] = [{"name": "何编辑", "url": "https://news.example/u/1"}]
        else:
            row["author"] = {"name": "何编辑"}
        rows.append(row)
    feed = {"version": f"https://jsonfeed.org/version/{version}", "title": "News", "items": rows}
    return json.dumps(feed, ensure_ascii=style.extras)


def _json10(items: list[_Item], style: _Style, random: Random) -> str:
    return _json(items, style, version="1")


def _json11(items: list[_Item], style: _Style, random: Random) -> str:
    return _json(items, style, version="1.1")


RENDERERS: dict[str, Callable[[list[_Item], _Style, Random], str]] = {
    "rss-0.90": _rss090,
    "rss-0.91": _rss091,
    "rss-0.92": _rss092,
    "rss-1.0": _rss10,
    "rss-2.0": _rss20,
    "atom-0.3": _atom03,
    "atom-1.0": _atom10,
    "json-1.0": _json10,
    "json-1.1": _json11,
}


def _cut(body: bytes, random: Random) -> bytes:
    return body[: random.randint(1, len(body) - 1)]


def _flip(body: bytes, random: Random) -> bytes:
    changed = bytearray(body)
    for _ in range(max(1, len(body) // 100)):
        changed[random.randrange(len(body))] = random.randrange(256)
    return bytes(changed)


def _crossed(body: bytes, random: Random) -> bytes:
    return body.replace(b"</title>", b"</tilte>", 1).replace(b"</item>", b"", 1)


def _bare_signs(body: bytes, random: Random) -> bytes:
    return body.replace(b"#", b" & < &nbsp; &bogus; ")


def _control(body: bytes, random: Random) -> bytes:
    return body.replace(b" ", b"\x0b\x00 ", 20)


def _junk(body: bytes, random: Random) -> bytes:
    return b"Warning: mysql_connect() in /srv/feed.php on line 3<br />\n\n" + body


def _doubled(body: bytes, random: Random) -> bytes:
    return body + body


def _bomb(body: bytes, random: Random) -> bytes:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE rss [<!ENTITY l0 "lol">{levels}]><rss><channel><title>&l11;</title>'
    return bomb.encode() + body


DAMAGES: dict[str, Callable[[bytes, Random], bytes]] = {
    "cut": _cut,
    "flipped": _flip,
    "crossed-tags": _crossed,
    "bare-signs": _bare_signs,
    "control-characters": _control,
    "junk-before": _junk,
    "doubled": _doubled,
    "entity-bomb": _bomb,
}
