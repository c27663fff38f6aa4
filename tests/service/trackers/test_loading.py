"""Trackers read from YAML, and every mistake in them with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.monitors import BadConfig
from service.trackers import Standing, load_tracker, load_trackers, shapes
from service.trackers.loading import is_tracker
from tests.service.trackers.conftest import ENVIRON, written
from tests.support.providers.tracker import SECRET, TOKEN

ADDRESS = "https://tracker.example"


def file(folder: Path, text: str, name: str = "jira.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def mistakes(path: Path) -> list[str]:
    with pytest.raises(BadConfig) as caught:
        load_tracker(path, ENVIRON)
    return [message for _, message in caught.value.errors]


@pytest.mark.parametrize("shape", shapes())
def test_every_shipped_shape_can_be_used(tmp_path: Path, shape: str) -> None:
    tracker = load_tracker(file(tmp_path, written(shape, ADDRESS)), ENVIRON)
    assert (tracker.id, tracker.token, tracker.secrets) == (shape, TOKEN, (SECRET,))
    assert tracker.proving is not None
    assert TOKEN not in repr(tracker)


def test_two_shapes_are_shipped() -> None:
    assert shapes() == ("github", "jira")


def test_what_the_file_says_counts(tmp_path: Path) -> None:
    text = written("jira", ADDRESS, values="{project: TEA}", states="{doing: [Working]}")
    tracker = load_tracker(file(tmp_path, text), ENVIRON)
    assert tracker.form.values["project"] == "TEA"
    assert tracker.form.values["to_done"] == "31"
    assert tracker.standing_of("  working ") is Standing.DOING
    assert tracker.standing_of("In Progress") is None
    assert tracker.standing_of("已完成") is Standing.DONE


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    token = file(tmp_path, "from-a-file\n", "token")
    environ = {"TRACKER_TOKEN_FILE": str(token)}
    tracker = load_tracker(file(tmp_path, written("jira", ADDRESS)), environ)
    assert (tracker.token, tracker.proving) == ("from-a-file", None)
    with pytest.raises(BadConfig, match="TRACKER_TOKEN_FILE"):
        load_tracker(tmp_path / "jira.yaml", {"TRACKER_TOKEN_FILE": str(tmp_path / "none")})


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"shape": "trello"}, "no shape 'trello'; there are github, jira"),
        ({"address": "tracker.example"}, "give an address like https://tracker.example"),
        ({"token_env": "FENGSUI_TOKEN"}, "settings of the service"),
        ({"values": "{key: x}"}, "values: key mean something else"),
        ({"states": "{open: [Done]}"}, "'done' stands for two things"),
        ({"states": "{open: []}"}, "states.open: the tracker's words for it are needed"),
        ({"moves": "{done: []}"}, "moves.done: the calls that bring a ticket there are needed"),
        ({"headers": "{Authorization: 'Bearer ${title}'}"}, "no field 'title'"),
        ({"create": "{method: POST, path: '/${key}', key: key}"}, "create.path: no field 'key'"),
        ({"create": "{method: POST, path: /, key: key, url: '${title}'}"}, "create.url"),
        ({"find": "{method: GET, path: /, key: 'a['}"}, "no JMESPath expression"),
        ({"read": "{method: DELETE, path: /, state: s}"}, "'GET', 'POST', 'PUT' or 'PATCH'"),
        ({"poll_minutes": "0", "inbound": "null"}, "nothing would ever come back"),
        ({"colour": "red"}, "Extra inputs are not permitted"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, more: dict[str, str], said: str) -> None:
    assert any(said in text for text in mistakes(file(tmp_path, written("jira", ADDRESS, **more))))


def test_webhooks_need_a_secret(tmp_path: Path) -> None:
    text = "\n".join(
        line for line in written("jira", ADDRESS).splitlines() if not line.startswith("secret_env")
    )
    assert any("secret_env" in said for said in mistakes(file(tmp_path, text)))


def test_a_mistake_has_its_line(tmp_path: Path) -> None:
    path = file(tmp_path, written("jira", ADDRESS, poll_minutes="often"))
    with pytest.raises(BadConfig) as caught:
        load_tracker(path, ENVIRON)
    assert caught.value.errors[0][0].startswith(f"{path}:6:")


@pytest.mark.parametrize("text", ["", "- tracker", "tracker: [", "a: 1\na: 2"])
def test_what_is_no_mapping(tmp_path: Path, text: str) -> None:
    assert mistakes(file(tmp_path, text))


def test_what_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "jira.yaml"
    path.write_bytes(b"tracker: \xff")
    assert "cannot be read" in mistakes(path)[0]
    path.write_bytes(b"tracker: x #" + b"a" * 200_000)
    assert mistakes(path) == ["at most 200,000 bytes"]


def test_a_folder_of_trackers(tmp_path: Path) -> None:
    file(tmp_path, written("jira", ADDRESS))
    file(tmp_path, written("github", ADDRESS), "other.yml")
    file(tmp_path, "not a tracker", "notes.txt")
    assert sorted(load_trackers(tmp_path, {})) == ["github", "jira"]
    assert load_trackers(None, {}) == {}
    file(tmp_path, written("jira", ADDRESS), "twice.yaml")
    file(tmp_path, "tracker: x", "wrong.yaml")
    with pytest.raises(BadConfig) as caught:
        load_trackers(tmp_path, {})
    said = [message for _, message in caught.value.errors]
    assert any("in another file too" in text for text in said)
    assert any("address" in text for text in said)
    with pytest.raises(BadConfig, match="no such folder"):
        load_trackers(tmp_path / "none", {})


def test_files_of_trackers_are_known_by_their_key(tmp_path: Path) -> None:
    assert is_tracker(file(tmp_path, "# ours\ntracker: jira"))
    assert not is_tracker(file(tmp_path, "monitors: []\n", "monitors.yaml"))
    assert not is_tracker(file(tmp_path, "tracker: jira", "jira.txt"))
    assert not is_tracker(tmp_path), "not all of it"
    (tmp_path / "monitors.yaml").unlink()
    assert is_tracker(tmp_path)
    (tmp_path / "broken.yaml").write_bytes(b"\xff")
    assert not is_tracker(tmp_path / "broken.yaml")
