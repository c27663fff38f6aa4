"""Clusters that need no server: one that plays back answers, one that keeps a document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from service.stores.elastic.cluster import Answer, Cluster
from service.stores.errors import StoreError


class ScriptedBulk(Cluster):
    """Answers bulk requests from a script: an answer or an error for each; then all is done."""

    def __init__(self, script: Sequence[Answer | StoreError] = ()) -> None:
        self.where = "http://fake:9200"
        self.script = list(script)
        self.sent: list[list[str]] = []
        """Ids of each request."""

    async def bulk(self, lines: Sequence[bytes]) -> Answer:
        actions = [orjson.loads(line.split(b"\n")[0]) for line in lines]
        verbs = [next(iter(action)) for action in actions]
        self.sent.append([action[verb]["_id"] for action, verb in zip(actions, verbs, strict=True)])
        if self.script:
            answer = self.script.pop(0)
            if isinstance(answer, StoreError):
                raise answer
            return answer
        return done(*({verb: {"status": 201}} for verb in verbs))


def done(*items: Mapping[str, Any]) -> Answer:
    return Answer(status=200, body={"items": list(items)})


class OneDocument(Cluster):
    """Keeps documents by path, replaced only by who names the number of what was read."""

    def __init__(self) -> None:
        self.where = "http://fake:9200"
        self.documents: dict[str, tuple[int, Any]] = {}
        self.intruders = 0
        """So many writes of somebody else come between a read and a write."""

    async def call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        accept: Any = (),
    ) -> Answer:
        seq_no, source = self.documents.get(path, (-1, None))
        if method == "GET":
            if source is None:
                return Answer(status=404, body={})
            found = {"_source": source, "_seq_no": seq_no, "_primary_term": 1}
            return Answer(status=200, body=found)
        asked = params or {}
        if self.intruders:
            self.intruders -= 1
            return Answer(status=409, body={})
        if source is not None and asked.get("if_seq_no") != seq_no:
            return Answer(status=409, body={})
        self.documents[path] = (seq_no + 1, orjson.loads(orjson.dumps(body)))
        return Answer(status=201, body={})
