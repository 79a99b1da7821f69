"""The live feed of the real web process, as browsers see it."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import socketio.exceptions
import websocket

from orchestrator.store.connection import TextRedis
from tests.support.redis_server import RedisServer
from tests.web.live_calls import LiveCalls
from tests.web.web_process import LIMIT, Browser, WebProcess

Browsers = Callable[[str | None], Browser]


@pytest.fixture(scope="module")
def running(
    redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory, populated: Path
) -> Iterator[WebProcess]:
    """A web process for all tests here: starting one takes seconds."""
    folder = tmp_path_factory.mktemp("web")
    shutil.copy(populated, folder / "zuoxi.db")
    web = WebProcess(folder, redis_server.url, f"sqlite:///{folder}/zuoxi.db").start()
    yield web
    assert web.stop() == 0


@pytest.fixture
def process(running: WebProcess, redis_server: RedisServer, request: pytest.FixtureRequest) -> WebProcess:
    """The web process, at rest, on a fresh Redis with both tenants' configurations."""
    with redis_server.client() as redis:
        wait_until(lambda: not readers(redis))
    request.getfixturevalue("published")
    return running


@pytest.fixture
def browsers(process: WebProcess) -> Iterator[Browsers]:
    """Opens browsers and closes them afterwards."""
    opened: list[Browser] = []

    def open_one(login: str | None) -> Browser:
        opened.append(Browser(process, login))
        return opened[-1]

    yield open_one
    for browser in opened:
        browser.close()


def test_changes_are_on_screen_at_once(browsers: Browsers, live: LiveCalls) -> None:
    """WALL-1: a change committed to Redis reaches a wallboard by itself; tests/e2e/test_pages.py asks how soon."""
    supervisor = browsers("supervisor@acme").connect()
    snapshot = supervisor.watch("seats")
    assert [row["state"] for row in snapshot["rows"]] == ["offline", "offline"]
    live.online("acme", "acme-a1")
    first = supervisor.next("seats")
    assert first["from"] == snapshot["sequence"]
    live.wait("acme", "c1", caller="13912345678")
    message = supervisor.next("seats")
    while message["rows"][0]["state"] != "ringing":
        message = supervisor.next("seats")
    assert message["rows"][0]["caller"] == "13912345678"


def test_board_watched_again_after_a_reconnect(browsers: Browsers, live: LiveCalls) -> None:
    """WALL-3: after a lost connection watching again shows what happened meanwhile, and messages follow on."""
    supervisor = browsers("supervisor@acme").connect()
    before = supervisor.watch("queues")
    supervisor.feed.disconnect()
    live.wait("acme", "c1")
    supervisor.connect()
    after = supervisor.watch("queues")
    assert (before["rows"][0]["waiting"], after["rows"][0]["waiting"]) == (0, 1)
    live.wait("acme", "c2")
    message = supervisor.next("queues")
    assert (message["from"], message["rows"][0]["waiting"]) == (after["sequence"], 2)


def test_agents_own_page_is_told_who_calls(browsers: Browsers, live: LiveCalls) -> None:
    """WEB-2: on connecting the own page hears its seat, then every change: the ringing call with its caller."""
    agent, colleague = browsers("agent@acme").connect(), browsers("agent2@acme").connect()
    assert agent.next("me")["row"]["id"] == "acme-a1"
    assert colleague.next("me")["row"]["id"] == "acme-a2"
    live.online("acme", "acme-a1")
    live.wait("acme", "c1", caller="13912345678")
    seat = agent.next("me")
    while seat["row"]["state"] != "ringing":
        seat = agent.next("me")
    assert (seat["call"]["caller"], seat["call"]["queue"]) == ("13912345678", "q1")
    assert colleague.heard.empty()


def test_boards_need_their_permission(browsers: Browsers) -> None:
    """ROLE-1: an agent connects for the own seat, but is refused the boards, with the reason."""
    agent = browsers("agent@acme").connect()
    for board in ("seats", "queues"):
        assert agent.watch(board)["error"]["id"] == "forbidden"


def test_nobody_connects_without_a_log_in(browsers: Browsers) -> None:
    """ROLE-1: the connection itself needs a log-in."""
    with pytest.raises(socketio.exceptions.ConnectionError):
        browsers(None).connect(headers={"Authorization": "Bearer wrong"})


@pytest.mark.parametrize("board", ["agents", "", None, 7, ["seats"], {"a": 1}, "acme:seats", "seats' OR 1=1 --"])
def test_boards_that_do_not_exist(browsers: Browsers, board: object) -> None:
    """SAFE-2: whatever is named in place of a board is refused, and the connection goes on."""
    supervisor = browsers("supervisor@acme").connect()
    assert supervisor.watch(board)["error"]["id"] == "unknown_board"
    assert supervisor.feed.call("watch", None, timeout=LIMIT)["error"]["id"] == "unknown_board"
    assert "rows" in supervisor.watch("seats")


def test_other_tenants_hear_nothing(browsers: Browsers, live: LiveCalls) -> None:
    """SAFE-3: a board shows the own tenant only, and stays silent for what happens elsewhere."""
    theirs, ours = browsers("supervisor@other").connect(), browsers("supervisor@acme").connect()
    assert {row["id"] for row in theirs.watch("seats")["rows"]} == {"other-a1", "other-a2"}
    ours.watch("seats")
    live.online("acme", "acme-a1")
    ours.next("seats")
    live.online("other", "other-a1")
    assert [row["id"] for row in theirs.next("seats")["rows"]] == ["other-a1"]


def test_log_out_ends_the_live_feed(browsers: Browsers, process: WebProcess) -> None:
    """ROLE-1: with the log-in its connections end, at once."""
    supervisor = browsers("supervisor@acme").connect()
    supervisor.watch("seats")
    assert supervisor.http.delete(f"{process.url}/api/v1/session", timeout=LIMIT).status_code == 204
    supervisor.next("disconnect")


def test_unwatched_board_is_silent(browsers: Browsers, live: LiveCalls) -> None:
    """WALL-3: after `unwatch` nothing more comes of that board."""
    supervisor = browsers("supervisor@acme").connect()
    supervisor.watch("seats")
    supervisor.watch("queues")
    assert supervisor.feed.call("unwatch", {"board": "seats"}, timeout=LIMIT) == {}
    live.online("acme", "acme-a1")
    live.wait("acme", "c1")
    supervisor.next("queues")
    assert "seats" not in {event for event, _ in list(supervisor.heard.queue)}


def readers(redis: TextRedis) -> int:
    """Count the clients that wait for events of a stream."""
    return sum("b" in client["flags"] for client in redis.client_list())


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for a condition."""
    deadline = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)  # between two looks; the loop ends by the condition or the deadline


def test_nobody_watching_means_nothing_read(browsers: Browsers, text_redis: TextRedis) -> None:
    """WALL-3: a tenant's stream is read while somebody watches, by one reader, and no longer."""
    watchers = [browsers("supervisor@acme").connect() for _ in range(2)]
    for watcher in watchers:
        watcher.watch("seats")
        watcher.watch("queues")
    wait_until(lambda: readers(text_redis) == 1)
    for watcher in watchers:
        watcher.feed.disconnect()
    wait_until(lambda: not readers(text_redis))


def test_pages_of_other_sites_cannot_listen(browsers: Browsers, process: WebProcess) -> None:
    """SAFE-2: a WebSocket that another site's page opens with our cookie is closed before a word is said."""
    cookie = f"zuoxi={browsers('supervisor@acme').http.cookies['zuoxi']}"
    address = f"ws://127.0.0.1:{process.port}/socket.io/?EIO=4&transport=websocket"
    own = websocket.create_connection(address, LIMIT, cookie=cookie, origin=process.url)
    assert own.recv().startswith("0{")
    own.close()
    other = websocket.create_connection(address, LIMIT, cookie=cookie, origin="https://evil.example")
    assert other.recv_frame().opcode == websocket.ABNF.OPCODE_CLOSE
    other.close()


def test_failed_start_says_what_is_wrong(process: WebProcess) -> None:
    """OPS-1: a port that is taken, or a missing secret, is one clear sentence and an exit code."""
    second = process.run()
    second.communicate(timeout=LIMIT)
    assert second.returncode == 1
    assert process.said.read_text().splitlines()[-1].startswith(f"Port {process.port} of 127.0.0.1 can't be had")
    third = process.run(ZUOXI_DATA_DIR="nowhere")
    third.communicate(timeout=LIMIT)
    assert (third.returncode, "zuoxi init" in process.said.read_text()) == (1, True)
