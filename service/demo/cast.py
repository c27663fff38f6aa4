"""Who speaks in the demo: a crowd of made-up accounts, the brand's own, and the press."""

from __future__ import annotations

from random import Random

from service.demo.draft import Person
from service.demo.phrasebook import Phrasebook

CROWD = 3200
REGULARS = 260
REGULAR_SHARE = 0.3

OFFICIAL = Person(
    id="u-chengyu", name="澄屿官方", followers=684_200, verified=True, channel="owned"
)
MOTHER = Person(id="u-tuanzi", name="糯米团子的妈妈", followers=1_243)
EVENING_PAPER = Person(
    id="u-jiangwan", name="江湾晚报", followers=1_862_000, verified=True, channel="news"
)
LOCAL_VOICES = (
    Person(id="u-local1", name="江湾身边事", followers=231_400, verified=True),
    Person(id="u-local2", name="民生热线君", followers=96_300, verified=True),
    Person(id="u-local3", name="吃喝情报局", followers=412_700, verified=True),
    Person(id="u-local4", name="妈妈帮江湾站", followers=58_900, verified=True),
)
DESKS = {
    "news:jiangwan": Person(
        id="n-jiangwan", name="江湾晚报网", followers=0, verified=True, channel="news"
    ),
    "news:drinks": Person(
        id="n-drinks", name="饮品观察", followers=0, verified=True, channel="news"
    ),
    "news:morning": Person(
        id="n-morning", name="望江早报", followers=0, verified=True, channel="news"
    ),
}


class Cast:
    """The crowd; some regulars speak often, everybody else now and then."""

    def __init__(self, rng: Random) -> None:
        book = Phrasebook.load("people.yaml")
        names: dict[str, None] = {}
        while len(names) < CROWD:
            names[book.say("name", rng)] = None
        self._people = [
            Person(
                id=f"u{number:04d}",
                name=name,
                followers=min(int(rng.lognormvariate(4.6, 1.5)), 480_000),
                verified=rng.random() < 0.02,
            )
            for number, name in enumerate(names)
        ]

    def anyone(self, rng: Random) -> Person:
        """Somebody of the crowd."""
        if rng.random() < REGULAR_SHARE:
            return self._people[rng.randrange(REGULARS)]
        return rng.choice(self._people)


def echo(person: Person, rng: Random, *, heat: float = 1.0) -> tuple[int, int, int]:
    """Reposts, comments and likes that a post of this author finds; `heat` scales all three."""
    reach = heat * (person.followers + 60) ** 0.45
    likes = int(reach * rng.expovariate(1.1))
    return int(likes * rng.random() * 0.2), int(likes * rng.random() * 0.4), likes
