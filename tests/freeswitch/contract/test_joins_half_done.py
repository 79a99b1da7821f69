"""Joining a channel that is itself just being joined or let go (docs/freeswitch.md, section 6; WEB-1, SAFE-1).

The caller is on hold, the agent's channel is joined with that of a colleague, and is to come back.
"""

from tests.freeswitch.contract.endpoints import Endpoints
from tests.freeswitch.contract.scenes import AGENT_PARKS, MUSIC, agent_leg, bridge, talk
from tests.support.esl_client import EslClient

SAFE = f"{AGENT_PARKS},uuid_bridge_park_on_cancel=true"


def asking(esl: EslClient, ends: Endpoints) -> tuple[str, str, str]:
    """A caller who hears music, an agent who waits, a colleague who has answered: their legs."""
    _, leg, agent = talk(esl, ends, agent_variables=SAFE)
    esl.api(f"uuid_transfer {leg} -both park inline")
    esl.expect("CHANNEL_PARK", leg)
    esl.expect("CHANNEL_PARK", agent)
    esl.execute(leg, "playback", MUSIC)
    colleague = agent_leg(esl, ends, "1002", SAFE)
    esl.events.clear()
    return leg, agent, colleague


def test_return_at_once(esl: EslClient, ends: Endpoints) -> None:
    """As soon as CHANNEL_BRIDGE has proved the first join, the colleague can be let go and the caller joined."""
    leg, agent, colleague = asking(esl, ends)
    bridge(esl, agent, colleague)
    esl.write(f"api uuid_kill {colleague}\n\napi uuid_break {leg} all\n\n")
    assert (esl.next_reply().body, esl.next_reply().body) == ("+OK\n", "+OK\n")
    bridge(esl, leg, agent)
    assert esl.expect("CHANNEL_HANGUP_COMPLETE", colleague)["Hangup-Cause"] == "NORMAL_CLEARING"


def test_colleague_gone_before_the_join(esl: EslClient, ends: Endpoints) -> None:
    """The agent's channel parks by itself when the join comes to nothing; then the caller is joined with it."""
    leg, agent, colleague = asking(esl, ends)
    esl.write(f"api uuid_bridge {agent} {colleague}\n\napi uuid_kill {colleague}\n\n")
    joining = esl.next_reply().body.startswith("+OK")
    assert esl.next_reply().body == "+OK\n"
    esl.expect("CHANNEL_HANGUP_COMPLETE", colleague)
    if joining:
        esl.expect("CHANNEL_PARK", agent)
    esl.api(f"uuid_break {leg} all")
    bridge(esl, leg, agent)


def test_join_that_met_another_half_done(esl: EslClient, ends: Endpoints) -> None:
    """Whatever became of it: the two the other way round hear each other, and the caller parks at the end."""
    leg, agent, colleague = asking(esl, ends)
    esl.api(f"uuid_bridge {agent} {colleague}")
    esl.write(f"api uuid_kill {colleague}\n\napi uuid_break {leg} all\n\napi uuid_bridge {leg} {agent}\n\n")
    assert [esl.next_reply().body for _ in range(3)] == ["+OK\n", "+OK\n", f"+OK {agent}\n"]
    esl.expect("CHANNEL_HANGUP_COMPLETE", colleague)
    esl.gather(1)
    esl.events.clear()
    bridge(esl, agent, leg)
    ends.agent_party("1001").hang_up()
    assert esl.expect("CHANNEL_HANGUP_COMPLETE", agent)["Hangup-Cause"] == "NORMAL_CLEARING"
    esl.expect("CHANNEL_PARK", leg)
    assert esl.api(f"uuid_exists {leg}") == "true"
