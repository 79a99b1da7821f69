"""A message through all processes: recorded by the switch, stored by a worker, in the list of its queue, told."""

import json
import secrets
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import av
import pytest

from orchestrator.database.models import Tenant, Webhook
from orchestrator.database.notices import Notice, NoticeArea, Notices
from orchestrator.database.recordings import Status
from orchestrator.database.voicemails import Message, list_messages
from orchestrator.domain.config import Destination, NumberConfig, PromptConfig, Way
from orchestrator.domain.message_rules import MessageRules
from orchestrator.webhooks.kinds import Kind
from tests.support.hook_server import HookServer, running_hook_server
from tests.support.mail_server import MailServer, running_mail_server
from tests.support.real_centre import NUMBER, QUEUE, TENANT
from tests.support.simulated_centre import SimulatedCentre, simulated_centre


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A mail server, which the settings name."""
    with running_mail_server() as server:
        monkeypatch.setenv("ZUOXI_SMTP_URL", server.url)
        monkeypatch.setenv("ZUOXI_MAIL_FROM", "calls@example.com")
        yield server


@pytest.fixture
def hooks(monkeypatch: pytest.MonkeyPatch) -> Iterator[HookServer]:
    """A server of webhooks, in a network that they may go to."""
    monkeypatch.setenv("ZUOXI_WEBHOOKS_PRIVATE", '["127.0.0.0/8"]')
    with running_hook_server() as server:
        yield server


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SimulatedCentre]:
    """A company whose number leads to the mailbox of its queue; two seconds of silence end a message."""
    monkeypatch.setenv("ZUOXI_DATA_DIR", str(tmp_path))
    (tmp_path / "webhook_secret").write_text(secrets.token_hex(32))
    monkeypatch.setenv("ZUOXI_RECORDINGS_DIR", str(tmp_path / "recordings"))
    to = Destination(way=Way.VOICEMAIL, target=f"queue:{QUEUE}", prompt="greeting")
    prompt = PromptConfig(id="greeting", name="Greeting", path="t/p300.wav", ms=300)
    tenant = {"numbers": {NUMBER: NumberConfig(number=NUMBER, route=to)}, "prompts": {"greeting": prompt}}
    rules = {"messages": MessageRules(silence_s=2)}
    with simulated_centre(tmp_path, 1, "--write-recordings", **tenant, **rules) as running:
        yield running


def test_a_message_around_a_kill(centre: SimulatedCentre, mail: MailServer, hooks: HookServer, tmp_path: Path) -> None:
    """QUEUE-1, SAFE-1, API-1: the orchestrator is killed while the caller speaks, whose silence then ends the message.

    There is one message and one record; the sound is in the store as its checksum says and can be played; a webhook
    and an e-mail tell of it.
    """
    database = centre.work()
    Tenant.create(id=TENANT, name="Demo")
    NoticeArea().put(TENANT, Notices(language="en", recipients={Notice.VOICEMAIL: ("boss@example.com",)}))
    wanted = {"name": "CRM", "url": hooks.url, "events": [Kind.VOICEMAIL_READY]}
    Webhook.create(tenant=TENANT, salt="salt", created=1, created_by="1", **wanted)
    caller = centre.call_in()
    centre.wait("the recording", lambda: "recording_started" in centre.events(), 20)
    centre.restart()
    centre.wait("the call to be taken over", lambda: "call_adopted" in centre.events(), 20)
    centre.control.fall_silent(caller)
    centre.wait("the end", lambda: not centre.calls(), 20)
    assert centre.outcomes() == ["voicemail"]
    assert not centre.control.leg(caller).alive
    centre.wait_written(database)
    centre.wait("the message to be stored", lambda: bool(_stored()), 30)
    (message,) = _stored()
    assert (message.row.queue, message.row.done_at) == (QUEUE, None)
    assert message.call is not None
    assert message.call.outcome == "voicemail"
    _playable(message, tmp_path)
    centre.wait("the webhook and the e-mail", lambda: bool(hooks.received and mail.messages), 30)
    (told,) = hooks.received
    assert json.loads(told.body)["data"]["sha256"] == message.recording.sha256
    assert mail.messages[0]["Subject"] == "New voicemail from 13800138000"


def _stored() -> list[Message]:
    return [one for one in list_messages(TENANT, None).items if one.recording.status == Status.STORED]


def _playable(message: Message, folder: Path) -> None:
    """The file in the store is what the row says, and has the sound of the whole message; the switch's is gone."""
    row = message.recording
    sound = folder / "store" / (row.key or "")
    assert (sha256(sound.read_bytes()).hexdigest(), sound.stat().st_size) == (row.sha256, row.size)
    with av.open(str(sound)) as file:
        played_ms = sum(1000 * frame.samples / frame.sample_rate for frame in file.decode(audio=0))
    assert row.ms is not None
    assert row.channels == 1
    assert abs(played_ms - row.ms) < 200
    assert row.ms > 2000
    assert not [*(folder / "recordings").rglob("*.wav")]
