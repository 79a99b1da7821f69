"""Trying out an IVR: keys in, what is heard and where the call goes out."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from orchestrator.domain.config import Way
from orchestrator.service.try_menus import Tried
from webui.api.configuration.trees import Digit, TreeShape
from webui.api.shapes import Input


class TrialIn(Input):
    """A tree, saved or not, and the keys pressed one after the other; empty = none in time."""

    tree: TreeShape
    keys: Annotated[list[Digit | Literal[""]], Field(max_length=100)] = Field(default_factory=list)


class HeardOut(BaseModel):
    """Prompts (ids) heard one after the other; `menu` (`<ivr>.<menu>`) asks for a key then, empty = an announcement."""

    prompts: list[str]
    menu: str


class TrialOut(BaseModel):
    """All that was heard; `asks` = a menu waits for a key; where the call was sent last, and why."""

    heard: list[HeardOut]
    asks: bool
    way: Way
    target: str
    reason: str


def trial_out(tried: Tried) -> TrialOut:
    """Describe a trial."""
    heard = [HeardOut(prompts=list(one.prompts), menu=one.menu) for one in tried.heard]
    return TrialOut(heard=heard, asks=tried.asks, way=tried.way, target=tried.target, reason=tried.reason)
