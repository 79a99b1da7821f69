"""Waiting music: which a queue has, and where in it a caller is."""

from orchestrator.domain.config import PromptConfig, TenantConfig

#: The kind of an uploaded music (`PromptConfig.kind`).
MUSIC = "music"

#: What every switch has (`python -m tts`), for queues without an upload and those that don't exist any more.
DEFAULT_MUSIC = PromptConfig(id="default", name="", path="music/default.wav", ms=128_000, kind=MUSIC)


def music_of(config: TenantConfig, queue: str | None) -> PromptConfig:
    """Return the music of a queue."""
    configured = config.queues.get(queue or "")
    return config.prompts.get(configured.music if configured else "", DEFAULT_MUSIC)


def place_in(music: PromptConfig, since: int, now: int) -> int:
    """Return the milliseconds into a music that has gone round since then (us), so that it goes on after a prompt."""
    return max(0, now - since) // 1000 % max(1, music.ms)
