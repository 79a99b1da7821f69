"""A test call of a draft, through orchestrator and simulated switch."""

from pathlib import Path

from tests.support.simulated_centre import simulated_centre
from tests.support.sounds import tone
from tests.support.trial_call import draft, walks_through


def test_a_draft_is_walked_through(tmp_path: Path) -> None:
    """IVR-1: the switch plays, waits and takes keys; the call ends where it leaves the menus, and nothing counts it."""
    with simulated_centre(tmp_path, 1, prompts={"welcome": tone(tmp_path, "welcome")}) as centre:
        walks_through(centre, draft(tmp_path), lambda call: centre.control.wait_for(uuid=call, hears="prompt"))
