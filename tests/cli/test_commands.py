"""The command line: what it sets up, shows and says when something is wrong."""

import re
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from orchestrator.database.blacklist import Listing
from orchestrator.database.connection import open_database
from orchestrator.database.models import Agent, AgentStateInterval, ApiToken, BlacklistEntry, CallEventRow, User
from orchestrator.database.number_lists import add_entry
from orchestrator.database.tokens import digest
from orchestrator.domain.blacklist import Direction
from orchestrator.domain.checks import problems
from orchestrator.domain.config import HANG_UP, TenantConfig
from orchestrator.store import keys
from orchestrator.store.codec import from_json
from orchestrator.store.connection import connect
from tests.cli.conftest import Zuoxi
from tests.workers.stories import NINE, connected_call, stream
from workers.jobs import write_events


def _config(redis_url: str) -> TenantConfig:
    return from_json(TenantConfig, connect(redis_url).get(keys.config("demo")))


def test_init_makes_what_is_missing_and_keeps_what_is_there(zuoxi: Zuoxi, data_dir: Path) -> None:
    """OPS-1: directory 0700, secrets 0600 and different from each other, tables, music; again changes nothing."""
    assert zuoxi("init").exit_code == 0
    secrets = [data_dir / name for name in ("secret_key", "esl_password", "directory_secret")]
    before = {path: path.read_text() for path in secrets}
    assert {oct(path.stat().st_mode & 0o777) for path in secrets} == {"0o600"}
    assert data_dir.stat().st_mode & 0o077 == 0
    assert len(set(before.values())) == 3
    assert (data_dir / "sounds/music/8000/default.wav").is_file()
    again = zuoxi("init")
    assert (again.exit_code, "up to date" in again.output) == (0, True)
    assert before == {path: path.read_text() for path in secrets}


def test_the_demo_can_log_in_and_is_in_force(zuoxi: Zuoxi, data_dir: Path, redis_url: str) -> None:
    """OPS-1: 20 agents, three queues, four numbers; passwords are shown once, kept for the owner alone, hashed else."""
    zuoxi("init")
    shown = zuoxi("demo")
    assert shown.exit_code == 0, shown.output
    logins = data_dir / "demo-logins.txt"
    assert logins.stat().st_mode & 0o077 == 0
    table = [line.split() for line in logins.read_text().splitlines()[1:]]
    assert [login for login, *_ in table] == ["admin", "supervisor", "operator", *(str(n) for n in range(1001, 1021))]
    login, password, *_ = table[-1]
    assert PasswordHasher().verify(User.get(User.login == login).password, password)
    config = _config(redis_url)
    targets = {number: owned.route.target for number, owned in config.numbers.items()}
    assert targets == {"4000": "sales", "4001": "sales", "4002": "support", "4003": "vip"}
    assert (config.numbers["4000"].hours, list(config.hours)) == ("office", ["office"])
    assert problems(config) == []
    assert len(config.agents) == 20
    assert all(agent.queues for agent in config.agents.values())
    assert len(connect(redis_url).hgetall(keys.agents("demo"))) == 20


def test_a_second_demo_changes_nothing_but_the_version(zuoxi: Zuoxi, data_dir: Path, redis_url: str) -> None:
    """OPS-1: log-ins and passwords stay."""
    zuoxi("init")
    zuoxi("demo")
    kept, version = (data_dir / "demo-logins.txt").read_text(), _config(redis_url).version
    again = zuoxi("demo")
    assert "there already" in again.output
    assert (data_dir / "demo-logins.txt").read_text() == kept
    assert _config(redis_url).version == version + 1


def test_a_number_is_given_to_a_company(zuoxi: Zuoxi, redis_url: str) -> None:
    """NUM-1: at once it is the company's, to be routed; nobody else can have it, and what is no number is refused."""
    zuoxi("init")
    zuoxi("demo")
    assert zuoxi("numbers", "add", "+862188880000", "--tenant", "demo").exit_code == 0
    assert _config(redis_url).numbers["+862188880000"].route == HANG_UP
    assert connect(redis_url).hget(keys.NUMBERS, "+862188880000") == "demo"
    version = _config(redis_url).version
    for number, tenant, why in (
        ("+862188880000", "demo", "belongs to demo"), ("4001", "demo", "belongs to demo"),
        ("4009", "nobody", "no tenant 'nobody'"), ("40a9", "demo", "is no number"), ("", "demo", "is no number"),
    ):  # fmt: skip
        refused = zuoxi("numbers", "add", number, "--tenant", tenant)
        assert (refused.exit_code, why in refused.output) == (1, True), refused.output
    assert _config(redis_url).version == version
    listed = zuoxi("numbers", "list").output.splitlines()
    assert len(listed) == 5
    assert "4001                 demo                 queue sales" in listed


def test_a_number_is_taken_away(zuoxi: Zuoxi, redis_url: str) -> None:
    """NUM-1: from the next call on it is nobody's; only its owner's can be taken."""
    zuoxi("init")
    zuoxi("demo")
    assert zuoxi("numbers", "remove", "4003", "--tenant", "demo").exit_code == 0
    assert "4003" not in _config(redis_url).numbers
    assert connect(redis_url).hget(keys.NUMBERS, "4003") is None
    refused = zuoxi("numbers", "remove", "4003", "--tenant", "demo")
    assert (refused.exit_code, "doesn't own 4003" in refused.output) == (1, True)


def test_a_change_is_in_force_when_it_is_published(zuoxi: Zuoxi, redis_url: str) -> None:
    """OPS-1: an agent renamed and one removed in the tables are so for the next call."""
    zuoxi("init")
    zuoxi("demo")
    Agent.update(name="新名").where(Agent.key == "1001").execute()
    User.delete().where(User.login == "1020").execute()
    Agent.delete().where(Agent.key == "1020").execute()
    assert zuoxi("publish", "demo").exit_code == 0
    config = _config(redis_url)
    assert config.agents["1001"].name == "新名"
    assert "1020" not in config.agents
    assert "1020" not in connect(redis_url).hgetall(keys.agents("demo"))


def test_publishing_puts_the_blacklist_into_force(zuoxi: Zuoxi, redis_url: str) -> None:
    """BLACK-1, OPS-1: what is in force is what the database says, whatever Redis has lost or kept."""
    zuoxi("init")
    zuoxi("demo")
    listing = Listing(number="138*", entry="+86138*", direction=Direction.IN)
    add_entry(BlacklistEntry, "demo", listing, "1", 1)
    redis = connect(redis_url)
    redis.zadd(keys.blacklist("demo", "out"), {"+86139*": 1})
    assert "blacklist entries: 1" in zuoxi("publish", "demo").output
    assert redis.zrange(keys.blacklist("demo", "in"), 0, -1) == ["+86138*"]
    assert not redis.exists(keys.blacklist("demo", "out"))


def test_an_agent_who_is_removed_was_one_until_then(zuoxi: Zuoxi, redis_url: str) -> None:
    """LOG-1: the last interval of the state log ends with the removal, not before."""
    zuoxi("init")
    zuoxi("demo")
    User.delete().where(User.login == "1020").execute()
    Agent.delete().where(Agent.key == "1020").execute()
    zuoxi("publish", "demo")
    entries = connect(redis_url).xrange(keys.events("demo"))
    write_events("demo", [[stream_id, fields["n"], fields["e"]] for stream_id, fields in entries])
    row = AgentStateInterval.get(AgentStateInterval.agent == "1020")
    assert row.started < row.ended


def test_publishing_an_unknown_company_says_so(zuoxi: Zuoxi) -> None:
    """OPS-1: one sentence, exit status 1."""
    zuoxi("init")
    result = zuoxi("publish", "nobody")
    assert (result.exit_code, "no tenant 'nobody'" in result.output) == (1, True)


def test_a_token_is_printed_once_listed_and_revoked(zuoxi: Zuoxi) -> None:
    """API-1: the text is that of the stored hash and appears nowhere else."""
    zuoxi("init")
    zuoxi("demo", "--no-publish")
    text = zuoxi("token", "create", "--user", "admin", "--name", "crm", "--expires-days", "30").output.strip()
    stored = ApiToken.get(ApiToken.sha256 == digest(text))
    assert stored.expires - stored.created == 30 * 86_400_000_000
    listed = zuoxi("token", "list", "--user", "admin").output
    assert "crm" in listed
    assert text not in listed
    again = zuoxi("token", "create", "--user", "admin", "--name", "crm")
    assert (again.exit_code, "already" in again.output) == (1, True)
    assert zuoxi("token", "revoke", "--user", "admin", "--name", "crm").exit_code == 0
    assert ApiToken.select().count() == 0
    assert zuoxi("token", "revoke", "--user", "admin", "--name", "crm").exit_code == 1


def test_status_shows_owners_agents_queues_and_jobs(zuoxi: Zuoxi, redis_url: str) -> None:
    """OPS-1: who owns which switch; a company's agents by state and callers by queue."""
    zuoxi("init")
    zuoxi("demo")
    connect(redis_url).set(keys.lease("one"), "7 host:12")
    output = zuoxi("status").output
    assert "switch one: owned by host:12 (token 7)" in output
    assert "20 offline" in output
    assert re.search(r"vip +0 waiting, 0 agents ready", output)
    assert "0 waiting, 0 failed, 0 workers; no worker serves records, billing" in output


def test_a_calls_story_is_told_line_by_line(zuoxi: Zuoxi, data_dir: Path) -> None:
    """OPS-1: every event in order, in the company's time zone; SAFE-2: no control character reaches the terminal."""
    zuoxi("init")
    zuoxi("demo", "--no-publish")
    open_database(f"sqlite:///{data_dir}/zuoxi.db")
    write_events("demo", [list(message) for message in stream(connected_call("c1", NINE))])
    row = CallEventRow.get(CallEventRow.type == "call_arrived")
    row.json = row.json.replace("王", "\\u001b]0;\\u009b")
    row.save()
    story = zuoxi("call", "c1")
    lines = story.output.splitlines()
    assert "call_arrived" in lines[1]
    assert lines[1].startswith("2026-01-05 17:00:00.000000")
    assert "call_ended" in lines[-1]
    assert all(line.isprintable() for line in lines)


def test_an_unknown_call_is_said_to_be_unknown(zuoxi: Zuoxi) -> None:
    """OPS-1: one sentence, exit status 1."""
    zuoxi("init")
    result = zuoxi("call", "c9")
    assert (result.exit_code, "c9" in result.output) == (1, True)


def test_doctor_names_each_fault_and_its_remedy(zuoxi: Zuoxi, data_dir: Path) -> None:
    """OPS-1: before and after init; a secret that others can read; a Redis that keeps nothing."""
    before = zuoxi("doctor")
    assert before.exit_code == 1
    assert re.search(r"FAIL data directory .*: missing: run `zuoxi init`", before.output)
    assert re.search(r"FAIL default music: .*16000/default.wav.* missing: run `zuoxi init`", before.output)
    zuoxi("init")
    (data_dir / "secret_key").chmod(0o644)
    after = zuoxi("doctor").output
    assert re.search(rf"FAIL {data_dir}/secret_key: others can read it: chmod 600", after)
    assert f"ok   {data_dir}/esl_password" in after
    assert "FAIL Redis append-only file: off" in after
    assert "ok   database tables" in after
    assert "FAIL workers: none serves records, billing" in after
    assert f"ok   sounds in {data_dir}/sounds" in after
    assert "ok   default music" in after
    assert "ok   speech engine espeak-" in after


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"ENGINE": "piper", "PIPER_PROGRAM": "no-such-program"}, "ZUOXI_SPEECH_PIPER_PROGRAM"),
        ({"ENGINE": "http"}, "ZUOXI_SPEECH_HTTP_URL"),
        ({"ENGINE": "loud"}, "'espeak', 'piper' or 'http'"),
        ({"PIPER_MODELS": "no JSON"}, "piper_models"),
    ],
)
def test_doctor_looks_at_the_speech_engine(
    zuoxi: Zuoxi, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], says: str
) -> None:
    """TTS-1, OPS-1: what the engine lacks is named before anybody wants a prompt spoken."""
    for name, value in settings.items():
        monkeypatch.setenv(f"ZUOXI_SPEECH_{name}", value)
    zuoxi("init")
    failed = re.search(r"FAIL speech engine: (.*)", zuoxi("doctor").output, re.DOTALL)
    assert failed
    assert says in failed[1]


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("ZUOXI_WEB_PORT", "abc", "ZUOXI_WEB_PORT makes no sense"),
        ("ZUOXI_REDIS_URL", "redis://:secret@127.0.0.1:1/0", "redis://:...@127.0.0.1:1/0 failed"),
    ],
)
def test_a_wrong_setting_is_one_sentence(
    zuoxi: Zuoxi, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, says: str
) -> None:
    """OPS-1: the variable is named, no traceback, no password shown."""
    monkeypatch.setenv(variable, value)
    result = zuoxi("status")
    assert (result.exit_code, says in result.output) == (1, True), result.output
    assert "secret" not in result.output
    assert "Traceback" not in result.output


def test_a_command_line_that_makes_no_sense_is_told_apart(zuoxi: Zuoxi) -> None:
    """OPS-1: exit status 2 for an unknown command or option."""
    assert zuoxi("dance").exit_code == 2
    assert zuoxi("token", "create", "--user", "admin", "--name", "x", "--expires-days", "0").exit_code == 2


def test_numbers_belong_to_trunks(zuoxi: Zuoxi, redis_url: str) -> None:
    """NUM-1: the operator says by which trunk a number goes out; it is in force at once, and kept while used."""
    zuoxi("init")
    zuoxi("demo")
    assert zuoxi("trunks", "set", "pstn", "--rewrite", "+86=0", "--rewrite", "+=00").exit_code == 0
    assert zuoxi("trunks", "assign", "4001", "pstn", "--tenant", "demo").exit_code == 0
    trunk = _config(redis_url).trunk_of("4001")
    assert trunk is not None
    assert trunk.dialled("+8613800138000") == "013800138000"
    assert zuoxi("trunks", "set", "pstn").exit_code == 0
    assert _config(redis_url).trunks["pstn"].rewrite == ()
    for words, why in (
        (("remove", "pstn"), "4001, 4002, 4003 belong to pstn"), (("set", "a b"), "is no gateway"),
        (("set", "pstn", "--rewrite", "86"), "is no rule"),
        (("assign", "4001", "gone", "--tenant", "demo"), "no trunk"),
        (("assign", "4999", "pstn", "--tenant", "demo"), "doesn't own"), (("remove", "gone"), "no trunk"),
    ):  # fmt: skip
        refused = zuoxi("trunks", *words)
        assert (refused.exit_code, why in refused.output) == (1, True), refused.output
    assert "pstn" in zuoxi("trunks", "list").output
    for number in ("4000", "4001", "4002", "4003"):
        zuoxi("trunks", "assign", number, "--tenant", "demo")
    assert zuoxi("trunks", "remove", "pstn").exit_code == 0
    assert _config(redis_url).trunk_of("4001") is None
