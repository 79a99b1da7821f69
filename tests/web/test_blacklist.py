"""The blacklist over the API: what may be entered, who may, and that it counts for the next call."""

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from orchestrator.database.blacklist import Listing
from orchestrator.database.models import AuditRow, BlacklistEntry, CallRecord, Tenant
from orchestrator.domain.blacklist import Direction
from orchestrator.service.errors import NumberBlockedError
from orchestrator.store import keys
from orchestrator.store.blacklist import RedisBlacklistWriter
from tests.support.redis_server import free_port
from tests.web.conftest import LogIn, Person
from tests.web.live_calls import LiveCalls
from webui.app import Web
from webui.blacklist import blacklists

FUTURE = 4_000_000_000_000_000
PERSON = "13800138000"


@pytest.fixture
def admin(log_in: LogIn) -> Person:
    return log_in("admin@acme")


def add(person: Person, number: str, direction: str = "in", **more: object) -> dict[str, object]:
    """Add an entry and return it."""
    answer = person.post("/blacklist", json={"number": number, "direction": direction, **more})
    assert answer.status_code == 201, answer.text
    entry: dict[str, object] = answer.json
    return entry


def numbers(person: Person, **query: object) -> list[str]:
    answer = person.get("/blacklist", query_string=query)
    assert answer.status_code == 200, answer.text
    return [item["number"] for item in answer.json["items"]]


def published(web: Web, tenant: str, way: str) -> set[str]:
    return set(web.services.redis.zrange(keys.blacklist(tenant, way), 0, -1))


def test_an_entry_is_what_was_entered(admin: Person, web: Web) -> None:
    """BLACK-1: as written, with its one spelling, who entered it and when, and no calls refused yet."""
    entry = add(admin, "0138 0013 8000", "both", description="骚扰电话", expires=FUTURE)
    assert entry.items() >= {
        "number": "0138 0013 8000", "entry": "+8613800138000", "direction": "both", "description": "骚扰电话",
        "expires": FUTURE, "created_by_name": "Admin@Acme", "hits": 0, "last_hit": None,
    }.items()  # fmt: skip
    assert admin.get("/blacklist").json == {"items": [entry], "next": None}
    assert published(web, "acme", "in") == published(web, "acme", "out") == {"+8613800138000"}
    assert web.services.redis.zscore(keys.blacklist("acme", "in"), "+8613800138000") == FUTURE // 1000
    (audit,) = AuditRow.select().where(AuditRow.area == "blacklist")
    assert (audit.key, audit.before, audit.after["description"]) == ("+8613800138000", None, "骚扰电话")


def test_it_counts_for_the_next_call(admin: Person, live: LiveCalls) -> None:
    """BLACK-1: the caller is refused at once, the record says so, and the entry counts it; removed, he is let in."""
    entry = add(admin, "138*")
    live.wait("acme", "c1", caller=PERSON)
    live.hang_up("acme", "c1")
    live.write_records("acme")
    (call,) = admin.get("/calls", query_string={"outcome": "blocked"}).json["items"]
    assert (call["call"], call["blocked_by"], call["caller"], call["answered"]) == ("c1", "+86138*", PERSON, None)
    (listed,) = admin.get("/blacklist").json["items"]
    assert (listed["hits"], listed["last_hit"]) == (1, call["ended"])
    assert [event["type"] for event in admin.get("/calls/c1/story").json["items"]][:2] == [
        "call_arrived",
        "call_blocked",
    ]
    assert admin.delete(f"/blacklist/{entry['id']}").status_code == 204
    live.wait("acme", "c2", caller=PERSON)
    assert [item["id"] for item in admin.get("/calls/live").json["items"]] == ["c2"]


def test_numbers_that_may_not_be_called(admin: Person, web: Web, live: LiveCalls) -> None:  # noqa: ARG001
    """BLACK-1, OUT-1: an entry of direction out refuses a number before anything rings."""
    add(admin, PERSON, "out")
    check = web.services.use_cases().blacklist.calling
    with pytest.raises(NumberBlockedError):
        check("acme", "o1", "400acme", f"+86 {PERSON}")
    check("other", "o2", "400other", PERSON)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", ""), ("number", "1" * 21), ("number", "abc"), ("number", "*"), ("number", "13*8"),
        ("number", "138\n139"), ("number", "${x}"), ("number", 13800138000), ("direction", "sideways"),
        ("description", "x" * 51), ("description", "a\u0000b"), ("expires", 1), ("expires", -1), ("expires", "soon"),
        ("hits", 5),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(admin: Person, field: str, value: object) -> None:
    """BLACK-1, SAFE-2: a number has at most 20 characters, a description 50; the bad field is named, nothing added."""
    answer = admin.post("/blacklist", json={"number": PERSON, "direction": "in", field: value})
    assert (answer.status_code, answer.json["error"]["id"]) == (422, "invalid")
    assert list(answer.json["error"]["fields"]) == [field]
    assert answer.json["error"]["fields"][field]
    assert numbers(admin) == []


def test_limits_are_exact(admin: Person) -> None:
    """BLACK-1: 20 characters and 50 characters are taken."""
    add(admin, "+86 (138) 0013 - 8000"[:20], description="描" * 50)


@pytest.mark.parametrize("again", ["+8613800138000", "0138-0013-8000", "0086 13800138000"])
def test_a_number_is_listed_once(admin: Person, again: str) -> None:
    """BLACK-1: another way to write it is the same number, whatever the direction; the refusal says so."""
    add(admin, PERSON, "in")
    answer = admin.post("/blacklist", json={"number": again, "direction": "out"})
    assert (answer.status_code, answer.json["error"]["id"]) == (409, "already_listed")
    assert "+8613800138000" in answer.json["error"]["message"]
    assert numbers(admin) == [PERSON]


def test_changing_an_entry(admin: Person, web: Web) -> None:
    """BLACK-1: every field may change, also the number; one that another entry has is refused and changes nothing."""
    entry, other = add(admin, PERSON, "in"), add(admin, "139*", "out")
    changed = {"number": "137*", "direction": "out", "description": "new", "expires": FUTURE}
    answer = admin.put(f"/blacklist/{entry['id']}", json=changed)
    assert (answer.status_code, answer.json["entry"]) == (200, "+86137*")
    assert answer.json.items() >= changed.items()
    assert (published(web, "acme", "in"), published(web, "acme", "out")) == (set(), {"+86137*", "+86139*"})
    taken = admin.put(f"/blacklist/{other['id']}", json={**changed, "number": "0137*"})
    assert (taken.status_code, taken.json["error"]["id"]) == (409, "already_listed")
    assert published(web, "acme", "out") == {"+86137*", "+86139*"}


def test_an_entry_that_has_expired_may_be_described_anew(admin: Person, web: Web) -> None:
    """BLACK-1: its own expiry is no mistake; another one in the past is."""
    entry = add(admin, PERSON, expires=FUTURE)
    BlacklistEntry.update(expires=5).execute()
    same = {"number": PERSON, "direction": "in", "description": "was a mistake", "expires": 5}
    assert admin.put(f"/blacklist/{entry['id']}", json=same).status_code == 200
    assert admin.put(f"/blacklist/{entry['id']}", json={**same, "expires": 6}).status_code == 422
    assert published(web, "acme", "in") == set()


def test_the_list_is_found_by_what_is_known(admin: Person) -> None:
    """BLACK-1: by a part of the number in any spelling, by description, by direction; newest first, page by page."""
    add(admin, "0138 0013 8000", "in", description="prank 100%")
    add(admin, "+8613911112222", "out")
    add(admin, "010-12345678", "both")
    assert numbers(admin) == ["010-12345678", "+8613911112222", "0138 0013 8000"]
    for search, found in (
        ("0138 0013", "0138 0013 8000"), ("13800138000", "0138 0013 8000"), ("8613800", "0138 0013 8000"),
        ("prank", "0138 0013 8000"), ("0%", "0138 0013 8000"), ("1391111", "+8613911112222"),
    ):  # fmt: skip
        assert numbers(admin, search=search) == [found], search
    assert numbers(admin, search="_") == []
    assert numbers(admin, direction="in") == ["010-12345678", "0138 0013 8000"]
    assert numbers(admin, direction="both") == ["010-12345678"]
    first = admin.get("/blacklist", query_string={"limit": 2}).json
    assert numbers(admin, limit=2, cursor=first["next"]) == ["0138 0013 8000"]


def test_supervisors_look_and_agents_do_not(log_in: LogIn) -> None:
    """ROLE-1: `blacklist.view` and `blacklist.edit` are apart."""
    supervisor, agent = log_in("supervisor@acme"), log_in("agent@acme")
    assert supervisor.get("/blacklist").status_code == 200
    assert supervisor.post("/blacklist", json={"number": PERSON, "direction": "in"}).status_code == 403
    assert supervisor.delete("/blacklist/1").status_code == 403
    assert agent.get("/blacklist").status_code == 403
    assert agent.get("/blacklist/export").status_code == 403


def test_the_list_of_another_tenant_does_not_exist(admin: Person, log_in: LogIn, web: Web) -> None:
    """SAFE-3: it is not shown, not changed, not removed, and the same number can be listed twice."""
    entry, stranger = add(admin, PERSON), log_in("admin@other")
    assert numbers(stranger) == []
    assert "138" not in stranger.get("/blacklist/export").text
    body = {"number": "139*", "direction": "out"}
    assert stranger.put(f"/blacklist/{entry['id']}", json=body).status_code == 404
    assert stranger.delete(f"/blacklist/{entry['id']}").status_code == 404
    add(stranger, PERSON)
    assert published(web, "acme", "in") == {"+8613800138000"}
    assert numbers(admin) == [PERSON]


@pytest.mark.parametrize("id_", ["0", "999999", "-1", "1e3", "x", "9" * 40, "１"])
def test_what_is_not_there_is_not_found(admin: Person, id_: str) -> None:
    """SAFE-2: any id that names no entry is answered with 404."""
    assert admin.delete(f"/blacklist/{id_}").status_code == 404
    assert admin.put(f"/blacklist/{id_}", json={"number": PERSON, "direction": "in"}).status_code == 404


def test_without_redis_nothing_is_changed(admin: Person, web: Web) -> None:
    """BLACK-1: an entry that can't be put into force is not in the list either; one that can't be removed stays."""
    entry, services = add(admin, PERSON), web.services
    nowhere = RedisBlacklistWriter(Redis(port=free_port()), services.clock)
    cut_off = blacklists(services.database, nowhere, services.clock)
    for attempt in (
        lambda: cut_off.add("acme", "1", Listing(number="139*", direction=Direction.IN)),
        lambda: cut_off.change("acme", "1", int(str(entry["id"])), Listing(number="139*", direction=Direction.IN)),
        lambda: cut_off.remove("acme", "1", int(str(entry["id"]))),
    ):
        with pytest.raises(RedisConnectionError):
            attempt()
    assert numbers(admin) == [PERSON]
    assert AuditRow.select().count() == 1


def test_the_country_decides_what_numbers_mean(admin: Person, web: Web) -> None:
    """BLACK-1: a tenant elsewhere writes numbers as people there do."""
    Tenant.update(country="US").where(Tenant.id == "acme").execute()
    add(admin, "(415) 555-2671")
    assert published(web, "acme", "in") == {"+14155552671"}


def test_publishing_puts_the_whole_list_into_force_again(admin: Person, web: Web) -> None:
    """BLACK-1, SAFE-1: after a loss of Redis; what has expired meanwhile is left out."""
    add(admin, PERSON, "in")
    add(admin, "139*", "both")
    add(admin, "137*", "in", expires=FUTURE)
    BlacklistEntry.update(expires=5).where(BlacklistEntry.entry == "+86137*").execute()
    web.services.redis.delete(keys.blacklist("acme", "in"), keys.blacklist("acme", "out"))
    web.services.redis.zadd(keys.blacklist("acme", "out"), {"+86136*": float("inf")})
    assert web.services.blacklists.publish("acme") == 2
    assert published(web, "acme", Direction.IN) == {"+8613800138000", "+86139*"}
    assert published(web, "acme", Direction.OUT) == {"+86139*"}


def test_records_without_a_block_name_no_entry(admin: Person, live: LiveCalls) -> None:
    """CDR-1: other calls have no entry."""
    live.wait("acme", "c1")
    live.hang_up("acme", "c1")
    live.write_records("acme")
    assert CallRecord.get().blocked_by is None
    assert admin.get("/calls").json["items"][0]["blocked_by"] is None
