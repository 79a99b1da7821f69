"""What callers hear, moment by moment, through every process on the simulated switch."""

from pathlib import Path

from orchestrator.domain.config import Destination, Way
from orchestrator.domain.languages import SpokenLanguage
from orchestrator.store import keys
from orchestrator.store.clock import RedisClock
from tests.support.real_centre import QUEUE, TENANT
from tests.support.simulated_centre import SimulatedCentre, simulated_centre
from tests.support.sounds import tenant_with_menu
from tests.support.waiting import served_each


def wait_for_end(centre: SimulatedCentre, leg: str) -> list[str]:
    centre.control.wait_for(uuid=leg, ended=True)
    return centre.control.leg(leg).sounds()


def test_a_key_in_the_menu_leads_to_the_music_of_the_queue(tmp_path: Path) -> None:
    """IVR-1: the caller hears the menu, presses a key and hears the queue's music, then the agent."""
    with simulated_centre(tmp_path, 1, **tenant_with_menu(tmp_path)) as centre:
        leg = centre.call_in(digits="1", hangup_after_ms=200)
        centre.control.wait_for(uuid=leg, hears="music")
        centre.online()
        sounds = wait_for_end(centre, leg)
        heard = [sound for sound in sounds if sound in ("prompt", "music", "bridge")]
        assert heard == ["prompt", "music", "bridge"]


def test_no_key_at_all_ends_the_call(tmp_path: Path) -> None:
    """IVR-1: the menu asks twice, then lets the caller go; the call has left a menu by the system's decision."""
    with simulated_centre(tmp_path, 1, **tenant_with_menu(tmp_path)) as centre:
        leg = centre.call_in()
        sounds = wait_for_end(centre, leg)
        assert sounds.count("prompt") == 2
        centre.wait("the end of the call", lambda: "call_ended" in centre.events())
        assert list(centre.events()).count("key_pressed") == 2


def test_the_prompt_interrupts_the_music_which_goes_on(tmp_path: Path) -> None:
    """QUEUE-1, QUEUE-5: music, prompt, music; the next prompt after the interval; the time-out has its own prompt."""
    timeout = Destination(way=Way.HANG_UP, prompt="sorry")
    queue = {"prompt": "patience", "prompt_every_s": 1, "max_wait_s": 4, "on_timeout": timeout}
    with simulated_centre(tmp_path, 1, **tenant_with_menu(tmp_path, **queue)) as centre:
        leg = centre.call_in(digits="1")
        sounds = wait_for_end(centre, leg)
        heard = [sound for sound in sounds if sound in ("prompt", "music")]
        assert heard == ["prompt", "music", "prompt", "music", "prompt", "music", "prompt"]
        assert centre.redis.hget("{cc:t}:counters", _counter(centre, "timed_out")) == "1"


def test_position_and_wait_are_heard_in_the_music(tmp_path: Path) -> None:
    """QUEUE-5: music, the place and the wait in pieces, music, the same again; then the agent, and nothing else."""
    queue = {"announce_position": True, "announce_wait": True, "announce_after_s": 1, "announce_every_s": 1}
    tenant = tenant_with_menu(tmp_path, announce_language=SpokenLanguage.EN, **queue)
    with simulated_centre(tmp_path, 1, **tenant) as centre:
        served_each(centre.redis, TENANT, QUEUE, 2, RedisClock(centre.redis).now())
        leg = centre.call_in(digits="1", hangup_after_ms=200)
        centre.wait("two announcements", lambda: centre.control.leg(leg).sounds().count("prompt") >= 3)
        centre.online()
        heard = [sound for sound in wait_for_end(centre, leg) if sound in ("prompt", "music", "bridge")]
        assert heard[:4] == ["prompt", "music", "prompt", "music"], heard
        assert heard[-1] == "bridge"
        story = str(centre.redis.xrange(keys.events(TENANT)))
        assert story.count("next.wav") == story.count("under_a_minute.wav") >= 2


def _counter(centre: SimulatedCentre, name: str) -> str:
    return next(field for field in centre.redis.hkeys("{cc:t}:counters") if field.endswith(f":sales:{name}"))
