"""The event socket protocol: log-in, replies, subscriptions, filters, encodings (traces 14*)."""

import json
import uuid

import pytest

from tests.freeswitch.contract.conftest import SwitchUnderTest
from tests.freeswitch.contract.endpoints import Endpoints
from tests.freeswitch.contract.scenes import arrive
from tests.support.esl_client import EslClient

DENIED = "<API Execute Permission Denied>"
GOODBYE = "Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n"


def test_wrong_password(subject: SwitchUnderTest) -> None:
    """Nothing works before auth; a wrong password is refused, told goodbye and cut off (14e, SAFE-2)."""
    with subject.connect(log_in=False) as client:
        assert client.read_frame().kind == "auth/request"
        assert client.command("api status").reply == "-ERR command not found"
        assert client.command("auth wrong").reply == "-ERR invalid"
        notice = client.read_frame()
        assert (notice.kind, notice.body) == ("text/disconnect-notice", GOODBYE)
        with pytest.raises(ConnectionError):
            client.read_frame()


def test_exit(esl: EslClient, subject: SwitchUnderTest) -> None:
    """`exit` is confirmed, told goodbye, and ends the connection (14d)."""
    with subject.connect() as client:
        assert client.command("exit").reply == "+OK bye"
        assert client.read_frame().body == GOODBYE
        with pytest.raises(ConnectionError):
            client.read_frame()
    assert esl.api("echo hi") == "hi"


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        ("nosuch", "-ERR command not found"),
        ("api", "-ERR command not found"),
        ("bgapi", "-ERR command not found"),
        ("event plain BOGUS_EVENT", "-ERR no keywords supplied"),
        ("event plain", "-ERR no keywords supplied"),
        ("nixevent CHANNEL_PARK", "+OK events nixed"),
        ("noevents", "-ERR not listening for events"),
        ("divert_events on", "-ERR not controlling a session."),
        ("linger", "-ERR not controlling a session"),
        ("log off", "-ERR invalid log level"),
        ("nolog", "-ERR not loging"),
        ("filter Event-Name DTMF", "+OK filter added. [Event-Name]=[DTMF]"),
        ("filter delete all", "+OK filter deleted. [all][]"),
    ],
)
def test_replies(subject: SwitchUnderTest, command: str, reply: str) -> None:
    """The reply texts of the commands without a call (14d)."""
    with subject.connect() as client:
        assert client.command(command).reply == reply


def test_unknown_api_command(esl: EslClient) -> None:
    """An unknown api command names itself (14d)."""
    assert esl.api("nosuchcmd x") == "-ERR nosuchcmd Command not found!\n"


def test_replies_come_in_order(esl: EslClient) -> None:
    """Commands written together are answered one after the other; stray empty lines are ignored."""
    esl.write("\n\n".join(f"api echo {number}" for number in range(20)) + "\n\n\n\n\n")
    assert [esl.next_reply().body for _ in range(20)] == [str(number) for number in range(20)]


def test_a_job_keeps_our_id_and_everybody_hears_of_it(esl: EslClient, subject: SwitchUnderTest) -> None:
    """bgapi honours a client's Job-UUID; the BACKGROUND_JOB reaches every subscriber, in any format (14d)."""
    with subject.connect() as other:
        assert other.command("event json BACKGROUND_JOB").reply == "+OK event listener enabled json"
        job = esl.bgapi("echo hello")
        for client in (esl, other):
            event = client.expect("BACKGROUND_JOB", Job_UUID=job)
            assert (event["Job-Command"], event["Job-Command-Arg"], event.body) == ("echo", "hello", "hello")


def test_subscriptions_add_up_and_custom_comes_last(subject: SwitchUnderTest, ends: Endpoints) -> None:
    """A second `event` adds; after CUSTOM every word is a subclass, so event names there are not subscribed."""
    with subject.connect() as client:
        client.command("event plain CUSTOM sofia::register CHANNEL_PARK")
        client.command("event plain CHANNEL_HANGUP_COMPLETE")
        ends.agent("1003")
        assert client.expect("CUSTOM")["Event-Subclass"] == "sofia::register"
        caller = ends.call_in("4001")
        with subject.connect() as probe:
            probe.command("event plain CHANNEL_PARK")
            while '"uuid"' not in probe.api("show channels as json"):
                pass
        caller.hang_up()
        client.expect("CHANNEL_HANGUP_COMPLETE")
        assert "CHANNEL_PARK" not in {event.name for event in client.events}


def test_filters_are_alternatives(subject: SwitchUnderTest) -> None:
    """Events pass if any filter fits; without filters all pass (14d)."""
    with subject.connect() as client:
        client.command("event plain BACKGROUND_JOB")
        wanted, unwanted = str(uuid.uuid4()), str(uuid.uuid4())
        client.command(f"filter Job-UUID {wanted}")
        client.command("filter Job-Command version")
        for job, command in ((unwanted, "echo no"), (wanted, "echo yes"), (str(uuid.uuid4()), "version")):
            client.command(f"bgapi {command}\nJob-UUID: {job}")
        client.expect("BACKGROUND_JOB", Job_Command="version")
        client.expect("BACKGROUND_JOB", Job_UUID=wanted)
        assert unwanted not in {event["Job-UUID"] for event in client.events}


def test_json_events(subject: SwitchUnderTest, ends: Endpoints) -> None:
    """`event json` frames are one object with the values as they are (14b)."""
    with subject.connect() as client:
        client.command("event json CHANNEL_PARK")
        caller = ends.call_in("4001", "Alice")
        frame = client.read_frame()
        assert frame.kind == "text/event-json"
        document = json.loads(frame.body)
        assert document["Event-Name"] == "CHANNEL_PARK"
        assert document["Caller-Caller-ID-Name"] == "Alice"
        assert document["variable_cc_did"] == "4001"
        caller.hang_up()
        client.api("hupall")


@pytest.mark.parametrize(
    ("display", "name"),
    [
        ("张三丰", "张三丰"),
        ("Bob%0AEvil-Header: injected", "Bob\nEvil-Header: injected"),
        ("%0aUnique-ID: 00000000-0000-0000-0000-000000000000%0aEvent-Name: CHANNEL_HANGUP_COMPLETE",
         "\nUnique-ID: 00000000-0000-0000-0000-000000000000\nEvent-Name: CHANNEL_HANGUP_COMPLETE"),
    ],
)  # fmt: skip
def test_display_names_are_data(esl: EslClient, ends: Endpoints, display: str, name: str) -> None:
    """The switch URL-decodes a display name; split before decoding it forges nothing (14a, SAFE-2)."""
    _, park = arrive(esl, ends, display=display)
    assert park["Caller-Caller-ID-Name"] == name
    assert park.name == "CHANNEL_PARK"
    assert "Evil-Header" not in park
    assert esl.api(f"uuid_exists {park.leg}") == "true"


def test_utf8_and_newlines_in_variables(esl: EslClient, ends: Endpoints) -> None:
    """Lengths count bytes; an empty line inside a command starts the next command (14c, SAFE-2)."""
    _, park = arrive(esl, ends)
    assert esl.api(f"uuid_setvar {park.leg} cc_name 张三 李四") == "+OK\n"
    assert esl.api(f"uuid_getvar {park.leg} cc_name") == "张三 李四"
    esl.write(f"api uuid_setvar {park.leg} cc_inj a\n\napi uuid_setvar {park.leg} cc_hacked yes\n\n")
    assert [esl.next_reply().body, esl.next_reply().body] == ["+OK\n", "+OK\n"]
    assert esl.api(f"uuid_getvar {park.leg} cc_hacked") == "yes"
    assert esl.api(f"uuid_getvar {park.leg} cc_nothing") == "_undef_"


def test_argument_as_body(esl: EslClient, ends: Endpoints) -> None:
    """A sendmsg body is the application's argument, newlines included (14c)."""
    _, park = arrive(esl, ends)
    body = "cc_body=line1\nline2: 张"
    head = f"sendmsg {park.leg}\ncall-command: execute\nexecute-app-name: set\nevent-lock: true"
    esl.write(f"{head}\ncontent-type: text/plain\ncontent-length: {len(body.encode())}\n\n{body}")
    assert esl.next_reply().reply == "+OK"
    esl.expect("CHANNEL_EXECUTE_COMPLETE", park.leg, Application_Data=body)
    assert esl.api(f"uuid_getvar {park.leg} cc_body") == "line1\nline2: 张"


def test_arguments_of_applications_are_expanded(esl: EslClient, ends: Endpoints) -> None:
    """Variables are expanded in application arguments, api calls are denied, uuid_setvar is literal (14d, SAFE-2)."""
    _, park = arrive(esl, ends)
    esl.api(f"uuid_setvar {park.leg} cc_q2 ${{echo(pwned)}}")
    assert esl.api(f"uuid_getvar {park.leg} cc_q2") == "${echo(pwned)}"
    for argument, expanded in (("cc_q=x-${cc_did}", "cc_q=x-4001"), ("cc_q=${cc_q2}", f"cc_q={DENIED}")):
        done = esl.execute(park.leg, "set", argument)
        event = esl.expect("CHANNEL_EXECUTE_COMPLETE", park.leg, Application_UUID=done)
        assert event["Application-Data"] == expanded


def test_commands_to_dead_legs(esl: EslClient) -> None:
    """What each command says about a uuid that doesn't exist (02g, 13b)."""
    nobody = str(uuid.uuid4())
    assert esl.api(f"uuid_exists {nobody}") == "false"
    assert esl.api(f"uuid_answer {nobody}") == "-ERROR\n"
    for command in ("uuid_kill {}", "uuid_break {}", "uuid_setvar {} a b", "uuid_getvar {} a", "uuid_dump {} json"):
        assert esl.api(command.format(nobody)) == "-ERR No such channel!\n"
    assert esl.api(f"uuid_bridge {nobody} {nobody}") == "-ERR Invalid uuid\n"
    assert esl.api(f"sched_del {nobody}") == "+OK Deleted: 0\n"
    reply = esl.command(f"sendmsg {nobody}\ncall-command: hangup\nhangup-cause: USER_BUSY").reply
    assert reply == f"-ERR invalid session id [{nobody}]"
