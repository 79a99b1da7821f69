"""Voicemail over the API: whose mailboxes one sees, who has dealt with a message (QUEUE-1, IVR-1)."""

import json

import pytest

from orchestrator.database.recordings import begin_deletion, write_recordings
from orchestrator.database.voicemails import write_messages
from orchestrator.store.news import CHANNEL, News, Told, voicemails_changed
from tests.web.conftest import LogIn
from tests.web.watchers import NotingRooms
from webui.app import Web
from webui.newsroom import Newsroom, permission_room
from webui.permissions import Permission
from webui.sockets import NEWS_FOR

#: A message for the queue, one for the agent a1, one for the company, one that was found empty, one for a queue that
#: nobody serves.
BOXES = {"1": ("q1", None), "2": (None, "acme-a1"), "3": (None, None), "4": ("q1", None), "5": ("q9", None)}


def _name(digit: str) -> str:
    return f"{digit * 8}-1111-4111-8111-111111111111"


@pytest.fixture(autouse=True)
def _messages(web: object) -> None:  # noqa: ARG001
    rows = []
    for digit, (queue, agent) in BOXES.items():
        name = _name(digit)
        row = {"recording": name, "kind": "voicemail", "call": f"call-{digit}", "queue": queue, "agent": agent}
        times = {"begun": int(digit), "started": 6, "ended": 9, "told_ms": 4000, "pauses": []}
        rows.append({**row, **times, "path": f"acme/20261128/{name}.wav"})
    write_recordings("acme", rows)
    for _ in range(2):
        write_messages("acme", rows)
    begin_deletion("acme", _name("4"), "empty", 10)


def test_the_newest_first_in_ones_own_mailboxes(log_in: LogIn) -> None:
    """QUEUE-1, ROLE-1: supervisors see all, an agent the own mailbox and those of the queues that it serves.

    Other companies see none, and what was found empty nobody.
    """
    page = log_in("supervisor@acme").get("/voicemails").json
    assert [item["recording"][0] for item in page["items"]] == ["5", "3", "2", "1"]
    assert (page["new"], page["next"]) == (4, None)
    own = log_in("agent@acme").get("/voicemails").json
    assert ([item["recording"][0] for item in own["items"]], own["new"]) == (["2", "1"], 2)
    other = log_in("agent2@acme").get("/voicemails").json
    assert ([item["recording"][0] for item in other["items"]], other["new"]) == (["1"], 1)
    agent = log_in("agent@acme")
    assert agent.put(f"/voicemails/{_name('1')}", json={"done": True}).status_code == 200
    for hidden in ("3", "5"):
        assert agent.put(f"/voicemails/{_name(hidden)}", json={"done": True}).status_code == 404
        assert agent.get(f"/voicemails/{_name(hidden)}/peaks").status_code == 404
    assert log_in("admin@other").get("/voicemails").json["items"] == []


def test_somebody_deals_with_a_message(log_in: LogIn) -> None:
    """QUEUE-1: done by whom, with a note, whoever changes the note later; new again; deleted for ever."""
    supervisor, admin, path = log_in("supervisor@acme"), log_in("admin@acme"), f"/voicemails/{_name('1')}"
    done = supervisor.put(path, json={"done": True, "note": " called back "}).json
    assert (done["note"], done["done_by_name"] is not None) == ("called back", True)
    again = admin.put(path, json={"done": True, "note": "twice"}).json
    assert (again["done_by"], again["done_at"], again["note"]) == (done["done_by"], done["done_at"], "twice")
    assert supervisor.get("/voicemails?done=false").json["new"] == 3
    assert [item["note"] for item in supervisor.get("/voicemails?done=true").json["items"]] == ["twice"]
    assert admin.put(path, json={"done": False}).json["done_by"] is None
    assert admin.delete(path).status_code == 204
    assert admin.get("/voicemails").json["new"] == 3
    assert admin.delete(path).status_code == 404


def test_only_what_is_stored_can_be_heard(log_in: LogIn) -> None:
    """REC-1: the same links as of recordings, without the right to hear calls."""
    agent = log_in("agent@acme")
    assert agent.post(f"/voicemails/{_name('2')}/listen").status_code == 409
    assert agent.post(f"/voicemails/{_name('3')}/listen").status_code == 404


def test_pages_hear_of_changes(log_in: LogIn, web: Web) -> None:
    """QUEUE-1, ROLE-1: what a worker or a page changes is told to the pages of all who may see voicemails."""
    news, heard = voicemails_changed("acme"), NotingRooms()
    assert news.permission == Permission.VIEW_VOICEMAIL
    assert news.permission in NEWS_FOR
    with web.services.redis.pubsub(ignore_subscribe_messages=True) as channel:
        channel.subscribe(CHANNEL)
        assert channel.get_message(timeout=5) is None
        log_in("supervisor@acme").put(f"/voicemails/{_name('1')}", json={"done": True})
        log_in("supervisor@acme").delete(f"/voicemails/{_name('2')}")
        told = [channel.get_message(timeout=5) for _ in range(2)]
    assert [Told(**json.loads(one["data"])) for one in told if one] == [news, news]
    Newsroom(News(web.services.redis), heard).pass_on(news)
    assert heard.heard == [(permission_room("acme", "voicemail.view"), "voicemail", {})]
