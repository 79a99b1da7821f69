"""A test call of a draft on a real FreeSWITCH: a channel without a telephone, keys by command."""

from pathlib import Path

from tests.freeswitch.conftest import RealSwitch
from tests.support.real_centre import RealCentre
from tests.support.sounds import tone
from tests.support.trial_call import draft, walks_through


def test_a_draft_is_walked_through(switch: RealSwitch, tmp_path: Path) -> None:
    """IVR-1: the switch plays, waits and takes keys; the call ends where it leaves the menus, and nothing counts it."""
    with RealCentre(switch, tmp_path, (), prompts={"welcome": tone(tmp_path, "welcome")}) as centre:

        def asked(call: str) -> None:
            with switch.connect() as esl:
                centre.wait("the question", lambda: "welcome" in esl.api(f"uuid_dump {call}"), 20)

        walks_through(centre, draft(tmp_path), asked)
