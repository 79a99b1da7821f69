"""freeswitch-conf on a real FreeSWITCH: it starts clean, stays private, and never leaves a caller alone."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from esl_handlers.switch_commands import Music
from orchestrator.domain.music import DEFAULT_MUSIC
from tests.freeswitch.conftest import FALLBACK_AFTER
from tests.support.real_esl import EslClient, EslRefusedError
from tests.support.real_switch import DOMAIN, RealSwitch, find_freeswitch, why_missing
from tests.support.sip_call import State
from tests.support.sip_loop import SipLoop
from tests.support.sip_phone import Phone

ERRORS = re.compile(r".*\[(?:ERR|CRIT|ALERT)\].*")


def listening(process_id: int) -> set[str]:
    """Local addresses of the process's listening TCP and all UDP sockets, as the kernel's tables have them."""
    inodes = {link.readlink().name for link in Path(f"/proc/{process_id}/fd").iterdir() if link.is_symlink()}
    found = set()
    for table in ("tcp", "udp", "tcp6", "udp6"):
        for row in Path("/proc/net", table).read_text().splitlines()[1:]:
            cells = row.split()
            if f"socket:[{cells[9]}]" in inodes and (cells[3] == "0A" or "udp" in table):
                found.add(cells[1].partition(":")[0])
    return found


def test_starts_without_errors(switch: RealSwitch) -> None:
    """OPS-1: the configuration loads without a single error line."""
    with switch.connect() as client:
        assert client.api("module_exists mod_sofia") == "true"
        assert client.api("module_exists mod_xml_curl") == "false"
    assert "list trunks" in switch.startup_log
    assert ERRORS.findall(switch.startup_log) == []


def test_everything_listens_on_loopback(switch: RealSwitch) -> None:
    """SAFE-4: as delivered, no socket of the switch is reachable from another machine."""
    assert switch.process is not None
    assert listening(switch.process.pid) == {"0100007F"}


def test_wrong_password_is_refused(switch: RealSwitch) -> None:
    """SAFE-2: the event socket lets nobody in who doesn't know its password."""
    with pytest.raises(EslRefusedError, match="invalid"):
        EslClient(switch.esl, "guess")


def test_text_of_callers_never_runs_as_a_command(esl: EslClient, caller: Phone) -> None:
    """SAFE-2: ${api(...)} in an application's argument is not executed."""
    caller.dial("4001")
    channel = esl.wait("CHANNEL_PARK")["Unique-ID"]
    esl.execute(channel, "set", "cc_probe=${global_getvar(core_uuid)}")
    done = esl.wait("CHANNEL_EXECUTE_COMPLETE", Unique_ID=channel, Application="set")
    assert esl.api("global_getvar core_uuid") not in done.get("variable_cc_probe", "")


def test_secrets_are_not_left_as_global_variables(esl: EslClient, switch: RealSwitch) -> None:
    """SAFE-2: no ${...} can read the event socket's password or the directory's secret."""
    assert switch.password not in esl.api("global_getvar")


def test_park_event_carries_what_routing_needs(esl: EslClient, caller: Phone) -> None:
    """CALL-1: an inbound call shows up as one parked channel with numbers, direction, time and our variables."""
    call = caller.dial("02188880000", display='"Zhang San"')
    parked = esl.wait("CHANNEL_PARK")
    assert parked["variable_cc_did"] == parked["Caller-Destination-Number"] == "02188880000"
    assert parked["Caller-Caller-ID-Number"] == "13800138000"
    assert parked["Caller-Caller-ID-Name"] == "Zhang San"
    assert (parked["Call-Direction"], parked["Answer-State"]) == ("inbound", "ringing")
    assert parked["Caller-Context"] == "public"
    assert int(parked["Caller-Channel-Created-Time"]) > 10**15
    assert parked["variable_sip_call_id"] == call.call_id
    kept = ("media_timeout", "park_after_bridge", "hangup_after_bridge", "uuid_bridge_park_on_cancel")
    assert [parked[f"variable_{name}"] for name in kept] == ["60000", "true", "false", "true"]
    assert parked["variable_force_transfer_context"] == "cc_transfer"


def test_nobody_attached_caller_hears_announcement(esl: EslClient, caller: Phone) -> None:
    """CALL-1: without an orchestrator the caller hears ringing, an announcement with no silence in it, the end."""
    call = caller.dial("4001").wait(State.RINGING)
    call.wait(State.UP, FALLBACK_AFTER + 3)
    caller.loop.wait("the announcement", call.ear.hears_something)
    heard_from = time.monotonic()
    call.wait(State.ENDED, 20)
    assert call.ended_by == "them"
    assert call.ended_at - call.answered_at > 5
    assert call.ear.gaps(heard_from, call.ended_at, longer_than=1.0) == []
    ended = esl.wait("CHANNEL_HANGUP_COMPLETE", variable_sip_call_id=call.call_id)
    assert ended["Hangup-Cause"] == "NORMAL_TEMPORARY_FAILURE"


def test_a_taken_call_does_not_fall_back(esl: EslClient, caller: Phone) -> None:
    """CALL-1: once the dead-man task is deleted, the call stays parked beyond the time of the fallback."""
    call = caller.dial("4001")
    channel = esl.wait("CHANNEL_PARK")["Unique-ID"]
    assert esl.api(f"sched_del {channel}") == "+OK Deleted: 1"
    assert esl.api(f"uuid_answer {channel}").startswith("+OK")
    call.wait(State.UP)
    esl.execute(channel, "playback", f"silence_stream://{1000 * (FALLBACK_AFTER + 1)}")
    esl.wait("CHANNEL_EXECUTE_COMPLETE", FALLBACK_AFTER + 4, Application="playback", Unique_ID=channel)
    assert call.state is State.UP


def test_default_music_is_heard_without_gaps(switch: RealSwitch, esl: EslClient, caller: Phone) -> None:
    """QUEUE-1: the default waiting music never falls silent, not where it begins again either."""
    music = Music(f"{switch.folder}/sounds/{DEFAULT_MUSIC.path}", DEFAULT_MUSIC.ms, DEFAULT_MUSIC.ms - 3000)
    call = caller.dial("4001")
    channel = esl.wait("CHANNEL_PARK")["Unique-ID"]
    esl.api(f"sched_del {channel}")
    esl.api(f"uuid_answer {channel}")
    esl.execute(channel, "playback", music.text())
    call.wait(State.UP)
    caller.loop.wait("music", lambda: call.ear.hears_something(1.0))
    start = time.monotonic()
    caller.loop.wait("six seconds of music", lambda: time.monotonic() > start + 6)
    assert call.ear.gaps(start, start + 6, longer_than=0.25) == []


def test_agents_own_call_parks_with_the_agent_named(esl: EslClient, phone: Callable[[str], Phone]) -> None:
    """OUT-1: a call dialled on an agent's phone parks in context internal and says which user placed it."""
    agent = phone("1001").register()
    agent.dial("13900139000")
    parked = esl.wait("CHANNEL_PARK")
    assert parked["Caller-Context"] == "internal"
    assert parked["variable_sip_auth_username"] == "1001"
    assert parked["variable_cc_role"] == "out"
    assert parked["Caller-Destination-Number"] == "13900139000"


def test_without_a_password_nobody_gets_in(tmp_path: Path) -> None:
    """SAFE-2: with an empty password the event socket opens to no known password, FreeSWITCH's own default included."""
    if find_freeswitch() is None:
        pytest.skip(why_missing())
    switch = RealSwitch(tmp_path, password="")
    switch.prepare()
    with pytest.raises(EslRefusedError, match="invalid"):
        switch.start()
    try:
        for guess in ("", "ClueCon"):
            with pytest.raises(EslRefusedError):
                EslClient(switch.esl, guess)
    finally:
        switch.stop()


def test_fallback_can_end_at_an_emergency_number(tmp_path: Path, sip_loop: SipLoop) -> None:
    """CALL-1: with a fallback number, the caller hears the announcement and is then connected to it over a trunk."""
    if find_freeswitch() is None:
        pytest.skip(why_missing())
    switch = RealSwitch(tmp_path, {"FALLBACK_AFTER": "1", "FALLBACK_DIAL": "sofia/gateway/pstn/02112345678"})
    emergency = Phone(sip_loop, "emergency", "", ("127.0.0.1", 9), DOMAIN, 750)
    switch.add_trunk("pstn", emergency.address[1])
    with emergency, switch, Phone(sip_loop, "13800138000", "", switch.trunk, DOMAIN, 450) as caller:
        call = caller.dial("4001").wait(State.UP, 5)
        answered = emergency.next_call(timeout=15).wait(State.UP)
        assert answered.invite is not None
        assert answered.invite.first.startswith("INVITE sip:02112345678@")
        call.wait_to_hear(emergency.hertz)
        answered.wait_to_hear(caller.hertz)
        answered.hang_up()
        call.wait(State.ENDED)


def test_strangers_cannot_send_calls(tmp_path: Path, sip_loop: SipLoop) -> None:
    """SAFE-4: a call from outside the carriers' networks is refused before anything rings."""
    if find_freeswitch() is None:
        pytest.skip(why_missing())
    switch = RealSwitch(tmp_path, {"TRUNK_SOURCES": "203.0.113.0/24"})
    with switch, Phone(sip_loop, "13800138000", "", switch.trunk, DOMAIN, 450) as stranger:
        call = stranger.dial("4001")
        stranger.loop.wait("the refusal", lambda: call.state is State.ENDED)
        assert call.code == 403
        for user in ("1001", "4001"):
            call = stranger.dial(user, to=switch.phones)
            stranger.loop.wait("the refusal", lambda call=call: call.state is State.ENDED)
            assert call.code in (403, 407)
