"""The Lua scripts, one file a move, the number of KEYS in its name (`n` = as the script's header says)."""

from pathlib import Path

from redis.commands.core import Script

from orchestrator.store.connection import TextRedis

LUA = Path(__file__).parent / "lua"


def load(redis: TextRedis, name: str) -> Script:
    """Register a script by its file name without `.lua`."""
    script: Script = redis.register_script((LUA / f"{name}.lua").read_text())
    return script
