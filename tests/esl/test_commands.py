"""Commands as the switch reads them, and what may not get into them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from esl_handlers import switch_commands as say
from esl_handlers.errors import UnsafeArgumentError
from esl_handlers.switch_commands import (
    DisplayName,
    GatewayTarget,
    Music,
    NewLeg,
    Playlist,
    Silence,
    SoundFile,
    SwitchCommand,
    UserTarget,
)
from tests.esl import recorded

A = "9553539a-8009-41dd-8e2a-770e9075a995"
B = "0242acf5-82f5-4015-a0e2-6f17df026d06"
FILE = SoundFile("/usr/share/freeswitch/sounds/p800.wav")
USER = UserTarget("1001", "cc.local")


def leg(**more: object) -> NewLeg:
    return NewLeg(**{"uuid": A, "target": USER, "ring_s": 20, **more})  # type: ignore[arg-type]


SAID = [
    (say.Authenticate("ClueCon"), "auth ClueCon"),
    (say.Exit(), "exit"),
    (say.GetCoreUuid(), "api global_getvar core_uuid"),
    (say.ShowChannels(), "api show channels as json"),
    (say.ShowCalls(), "api show calls as json"),
    (say.ShowRegistrations(), "api show registrations as json"),
    (say.DumpChannel(A), f"api uuid_dump {A} json"),
    (say.ChannelExists(A), f"api uuid_exists {A}"),
    (say.GetVariable(A, "cc_state"), f"api uuid_getvar {A} cc_state"),
    (say.CountMedia(A), f"api uuid_set_media_stats {A}"),
    (say.FindContact("1003", "cc.local"), "api sofia_contact */1003@cc.local"),
    (
        say.DropRegistration("internal", "1003", "cc.local"),
        "api sofia profile internal flush_inbound_reg 1003@cc.local",
    ),
    (say.AnswerCall(A), f"api uuid_answer {A}"),
    (say.SetVariables(A, {"cc_call": "C1", "cc_state": "q"}), f"api uuid_setvar_multi {A} cc_call=C1;cc_state=q"),
    (say.SetVariables(A, {"cc_agent": ""}), f"api uuid_setvar_multi {A} cc_agent="),
    (say.Break(A), f"api uuid_break {A}"),
    (say.Break(A, everything=True), f"api uuid_break {A} all"),
    (say.Bridge(A, B), f"api uuid_bridge {A} {B}"),
    (say.Park(A), f"api uuid_transfer {A} park inline"),
    (say.Park(A, both=True), f"api uuid_transfer {A} -both park inline"),
    (
        say.JoinConference(A, "cc_C1", both=True),
        f"api uuid_transfer {A} -both conference:cc_C1@default inline",
    ),
    (say.Kill(A, "LOSE_RACE"), f"api uuid_kill {A} LOSE_RACE"),
    (say.HangUpAll("cc_call", "C1", "ORIGINATOR_CANCEL"), "api hupall ORIGINATOR_CANCEL cc_call C1"),
    (say.CancelScheduled(A), f"api sched_del {A}"),
    (
        say.ScheduleTransfer(A, 60, "cc_fallback", "public"),
        f"api sched_transfer +60 {A} cc_fallback XML public",
    ),
    (say.ScheduleHangUp(A, 600), f"api sched_hangup +600 {A} ALLOTTED_TIMEOUT"),
    (say.ScheduleSound(A, 540, FILE), f"api sched_broadcast +540 {A} {FILE.path} both"),
    (say.SendDigits(A, "88"), f"api uuid_send_dtmf {A} 88"),
    (say.PressDigits(A, "2"), f"api uuid_recv_dtmf {A} 2"),
    (say.Mute(A), f"api uuid_audio {A} start read mute 1"),
    (say.Mute(A, on=False), f"api uuid_audio {A} stop"),
    (say.Overlay(A, FILE), f"api uuid_displace {A} start {FILE.path} 0"),
    (say.Overlay(A, FILE, mixed=True), f"api uuid_displace {A} start {FILE.path} 0 mux"),
    (say.StartRecording(A, "/r/C1.wav"), f"api uuid_record {A} start /r/C1.wav"),
    (say.StopRecording(A, "/r/C1.wav"), f"api uuid_record {A} stop /r/C1.wav"),
    (say.MaskRecording(A, "/r/C1.wav"), f"api uuid_record {A} mask /r/C1.wav"),
    (say.UnmaskRecording(A, "/r/C1.wav"), f"api uuid_record {A} unmask /r/C1.wav"),
]


@pytest.mark.parametrize(("command", "text"), SAID, ids=[type(command).__name__ for command, _ in SAID])
def test_commands_read_as_the_switch_expects(command: SwitchCommand, text: str) -> None:
    """SAFE-1: the words of each command are those that were verified on a real switch."""
    assert command.text() == text


def execute(application: str, argument: str = "") -> str:
    lines = [f"sendmsg {A}", "call-command: execute", f"execute-app-name: {application}"]
    lines += [f"execute-app-arg: {argument}"] if argument else []
    return "\n".join([*lines, f"Event-UUID: {B}", "event-lock: true"])


def test_applications_are_queued_under_our_own_id() -> None:
    """QUEUE-1: sounds are locked, so they queue instead of nesting, and named, so their end is known."""
    prompts = Playlist((FILE, Silence(300), FILE))
    assert say.Play(A, prompts, B).text() == execute(
        "playback", f"file_string://{FILE.path}!silence_stream://300!{FILE.path}"
    )
    assert say.Play(A, say.RingBackTone(), B).text() == execute("playback", "tone_stream://%(1000,4000,450);loops=-1")
    assert say.RingReady(A, B).text() == execute("ring_ready")
    assert say.PreAnswer(A, B).text() == execute("pre_answer")


def test_prompts_for_keys_take_one_try() -> None:
    """IVR-1: one try, silence for a wrong key, only the keys asked for (trace 03c)."""
    command = say.PlayAndGetDigits(A, B, FILE, "cc_menu", keys="123", timeout_ms=1500, digit_timeout_ms=1500)
    argument = f"1 1 1 1500 # {FILE.path} silence_stream://10 cc_menu ^[123]+$ 1500"
    assert command.text() == execute("play_and_get_digits", argument)


def test_ringing_an_agent_reads_as_in_the_trace() -> None:
    """WEB-1: a new leg has our uuid, and is parked when answered (trace 04a)."""
    sent = next(line.body.decode() for line in recorded.lines("04a-originate-answered") if b"originate" in line.body)
    variables = {"cc_call": "C1", "cc_agent": "7"}
    made = leg(caller_number="13800138000", caller_name="Alice", variables=variables)
    wanted, said = (text.partition("{")[2].partition("}") for text in (sent, say.Originate(made, B).text()))
    assert set(said[0].split(",")) == {part.replace(sent_uuid(sent), A) for part in wanted[0].split(",")}
    assert said[2].split("\n")[0] == wanted[2].split("\n")[0] == "user/1001@cc.local &park()"


def sent_uuid(text: str) -> str:
    return text.partition("origination_uuid=")[2][:36]


def test_other_ways_of_ringing_somebody() -> None:
    """SUP-1, MOB-1: through a trunk, to listen, into a conference, from a leg that hears early media."""
    start = f"{{origination_uuid={A},originate_timeout=20,ignore_early_media="
    trunk = leg(target=GatewayTarget("pstn", "13900139000"), ignore_early_media=False)
    assert say.BridgeOut(A, B, trunk).text() == execute("bridge", f"{start}false}}sofia/gateway/pstn/13900139000")
    assert say.Originate(leg(), B, say.ToListen(B)).text() == (
        f"bgapi originate {start}true}}user/1001@cc.local &eavesdrop({B})\nJob-UUID: {B}"
    )
    assert "&conference(cc_C1@default)" in say.Originate(leg(), B, say.ToConference("cc_C1")).text()


def test_our_own_variables_win_over_given_ones() -> None:
    """SAFE-2: a variable can't change which leg is made."""
    assert f"origination_uuid={A}," in leg(variables={"origination_uuid": B}).text()


# One text, put in every place where a text can go, with one that is right there.
PLACES: dict[str, tuple[Callable[[str], SwitchCommand], str]] = {
    "password": (say.Authenticate, "ClueCon"),
    "event": (lambda text: say.Subscribe((text,)), "DTMF"),
    "uuid": (say.AnswerCall, B),
    "second uuid": (lambda text: say.Bridge(A, text), B),
    "variable name": (lambda text: say.SetVariables(A, {text: "1"}), "cc_x"),
    "variable value": (lambda text: say.SetVariables(A, {"cc_x": text, "cc_y": "1"}), "1"),
    "asked variable": (lambda text: say.GetVariable(A, text), "cc_x"),
    "conference": (lambda text: say.JoinConference(A, text), "C1"),
    "cause": (lambda text: say.Kill(A, text), "NO_ANSWER"),
    "hupall value": (lambda text: say.HangUpAll("cc_call", text), "C1"),
    "extension": (lambda text: say.ScheduleTransfer(A, 5, text, "public"), "cc_fallback"),
    "context": (lambda text: say.ScheduleTransfer(A, 5, "cc_fallback", text), "public"),
    "keys": (lambda text: say.SendDigits(A, text), "1"),
    "file": (lambda text: say.ScheduleSound(A, 5, SoundFile(text)), "/x.wav"),
    "recording": (lambda text: say.StartRecording(A, text), "/x.wav"),
    "music": (lambda text: say.Play(A, Music(text, 60_000), B), "/x.wav"),
    "listed file": (lambda text: say.Play(A, Playlist((SoundFile(text), FILE)), B), "/x.wav"),
    "event uuid": (lambda text: say.Play(A, FILE, text), A),
    "result": (lambda text: say.PlayAndGetDigits(A, B, FILE, text), "cc_menu"),
    "accepted keys": (lambda text: say.PlayAndGetDigits(A, B, FILE, "cc_menu", keys=text), "1"),
    "terminators": (lambda text: say.PlayAndGetDigits(A, B, FILE, "cc_menu", terminators=text), "#"),
    "user": (lambda text: say.Originate(leg(target=UserTarget(text, "cc.local")), B), "1001"),
    "domain": (lambda text: say.FindContact("1001", text), "cc.local"),
    "gateway": (lambda text: say.Originate(leg(target=GatewayTarget(text, "10086")), B), "pstn"),
    "number": (lambda text: say.Originate(leg(target=GatewayTarget("pstn", text)), B), "10086"),
    "caller number": (lambda text: say.Originate(leg(caller_number=text), B), "10086"),
    "caller name": (lambda text: say.Originate(leg(caller_name=text), B), "Bob"),
    "leg variable": (lambda text: say.Originate(leg(variables={"cc_x": text}), B), "1"),
    "leg variable name": (lambda text: say.Originate(leg(variables={text: "x"}), B), "cc_x"),
    "bridged name": (lambda text: say.BridgeOut(A, B, leg(caller_name=text)), "Bob"),
    "job": (lambda text: say.Originate(leg(), text), A),
    "listened leg": (lambda text: say.Originate(leg(), B, say.ToListen(text)), A),
}
NASTY = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="a1 \n\r\0;,'\"{}[]$()|!&<>%\\/:=@#*+-._\u2028\x85", max_size=20),
    st.sampled_from([A, "x\n\napi shutdown", "${echo(x)}", "a}user/1 &echo()"]),
)


def shape(said: str) -> tuple[object, ...]:
    """How the switch cuts a command: its lines' names, its words (quoted spaces cut nothing), its lists."""
    first, *more = said.split("\n")
    words = "".join(part.replace(" ", "_") if turn % 2 else part for turn, part in enumerate(first.split("'")))
    counts = [said.count(mark) for mark in ',;{}[]()!&$"\\']
    return [line.partition(":")[0] for line in more], words.count(" "), counts


@pytest.mark.parametrize(("ms", "times"), [(128_000, 29), (3_600_000, 2), (5_000_000, 2), (1000, 100), (0, 100)])
def test_a_music_is_an_hour_of_itself(ms: int, times: int) -> None:
    """QUEUE-1: a list without a gap, of as many files as the switch takes."""
    assert Music("/x.wav", ms).text() == "file_string://" + "!".join(["/x.wav"] * times)


def test_a_music_goes_on_from_a_place() -> None:
    """QUEUE-1: told in samples of a telephone line; no file's name can name a place."""
    assert Music("/x.wav", 3_600_000, 20_500).text() == "file_string:///x.wav!/x.wav@@164000"
    for wrong in (Music("/x@@9.wav", 1000), Music("/x.wav", 1000, 3_600_001)):
        with pytest.raises(UnsafeArgumentError):
            wrong.text()


@pytest.mark.parametrize("place", [place for place in PLACES if place not in {"password", "variable value", "event"}])
@given(text=NASTY.filter(bool))
@example(text="x\n\napi uuid_kill y")
@example(text="${global_getvar(core_uuid)}")
@example(text="a b")
def test_no_text_becomes_more_than_one_value(place: str, text: str) -> None:
    """SAFE-2: in every place any text either is refused or stays one value of the one command."""
    command, right = PLACES[place]
    try:
        said = command(text).text()
    except UnsafeArgumentError:
        return
    assert shape(said) == shape(command(right).text())
    assert not set(said) & set("\r\0")


@given(text=NASTY)
def test_variables_may_hold_spaces_and_commas_and_no_second_variable(text: str) -> None:
    """SAFE-2: the value is the rest up to a `;`, so only that would begin another one."""
    command, right = PLACES["variable value"]
    try:
        said = command(text).text()
    except UnsafeArgumentError:
        return
    assert said == command(right).text().replace("cc_x=1", f"cc_x={text}")
    assert not set(text) & set(";$'\"\\\r\n\0")


@given(text=NASTY)
def test_a_password_is_one_line(text: str) -> None:
    """SAFE-2: the password is the rest of its line, whatever it holds."""
    try:
        said = say.Authenticate(text).text()
    except UnsafeArgumentError:
        assert set(text) & set("\r\n\0")
        return
    assert said == f"auth {text}"


@pytest.mark.parametrize("path", ["../x", "/../x", "/x/../../etc/passwd", "/x/..", "x.wav", "/x y", "/x;y", "/"])
def test_files_stay_where_they_are(path: str) -> None:
    """SAFE-2: a file name is absolute and climbs nowhere."""
    with pytest.raises(UnsafeArgumentError):
        say.StartRecording(A, path).text()


@given(text=NASTY)
def test_displayed_names_are_cleaned_and_quoted(text: str) -> None:
    """SAFE-2: the one text that people choose keeps its letters and nothing that means something."""
    name = DisplayName(text)
    assert name
    assert len(name) <= 60
    assert not set(name) & set("\n\r\0;,'\"{}[]$()|!&<>%\\/:=#*")


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("张三", "张三"),
        ("Bob  O'Neil, Jr.", "Bob O Neil Jr."),
        ("${uuid_kill}", "uuid kill"),
        ("", "-"),
        ("}{", "-"),
        ("x" * 99, "x" * 60),
    ],
)
def test_names_keep_their_letters(given_name: str, shown: str) -> None:
    """WEB-2: an agent's phone shows the caller's name, in any script."""
    assert DisplayName(given_name) == shown


@pytest.mark.parametrize(
    "bad",
    [
        lambda: say.Subscribe(("DTMF CUSTOM",)),
        lambda: say.Subscribe(("sofia::register\n\nexit",)),
        lambda: say.AnswerCall(""),
        lambda: say.SetVariables(A, {}),
        lambda: say.ScheduleHangUp(A, 0),
        lambda: say.ScheduleHangUp(A, 90_000),
        lambda: say.Play(A, Playlist(()), B),
        lambda: say.Play(A, Silence(0), B),
        lambda: say.PlayAndGetDigits(A, B, FILE, "cc_menu", least=3, most=2),
        lambda: say.Originate(leg(ring_s=True), B),
        lambda: say.Kill(A, "ALLOTED_TIMEOUT"),
    ],
)
def test_figures_out_of_bounds_are_refused(bad: Callable[[], SwitchCommand]) -> None:
    """SAFE-2: what makes no sense is refused with a sentence that names it, before anything is sent."""
    with pytest.raises(UnsafeArgumentError, match=r"\w+ .*[.]$"):
        bad().text()
