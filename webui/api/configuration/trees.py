"""The tree of an IVR as the pages send it."""

from typing import Annotated, Literal

from pydantic import Field

from orchestrator.domain.config import Menu
from orchestrator.domain.ivr import Tree
from webui.api.configuration.shapes import DestinationShape, Key, PromptKey, Setting, Title, WithKey, hang_up
from webui.api.shapes import PRINTABLE, Input

Digit = Literal["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#"]


class MenuShape(Input):
    """A menu: `timeout_s` counts from the end of the prompt.

    After `tries` wrong or missing keys the call goes `otherwise`. A destination to a menu of the same tree names it by
    its id, without a dot.
    """

    id: Key
    name: Annotated[str, Field(max_length=60, pattern=PRINTABLE)] = ""
    prompt: PromptKey = ""
    keys: dict[Digit, DestinationShape] = Field(default_factory=dict)
    timeout_s: Annotated[int, Field(ge=1, le=60)] = 5
    tries: Annotated[int, Field(ge=1, le=9)] = 3
    invalid_prompt: PromptKey = ""
    otherwise: DestinationShape = Field(default_factory=hang_up)

    def domain(self) -> Menu:
        """Return it as it is kept."""
        return Menu(
            id=self.id,
            name=self.name,
            prompt=self.prompt,
            keys={key: destination.domain() for key, destination in self.keys.items()},
            timeout_s=self.timeout_s,
            tries=self.tries,
            invalid_prompt=self.invalid_prompt,
            otherwise=self.otherwise.domain(),
        )


class TreeShape(Input):
    """Menus, and the id of the one that the IVR begins with."""

    first: Annotated[str, Field(max_length=40, pattern=PRINTABLE)] = ""
    menus: list[MenuShape] = Field(default_factory=list, max_length=200)

    def domain(self) -> Tree:
        """Return it as it is kept."""
        return Tree(first=self.first, menus=tuple(menu.domain() for menu in self.menus))


class TreeIn(Input):
    """A tree to look at."""

    tree: TreeShape


class IvrIn(Setting):
    """An IVR's name and draft."""

    read_only = frozenset({"key", "draft", "version"})

    name: Title
    tree: TreeShape = Field(default_factory=TreeShape)


class NewIvr(WithKey, IvrIn):
    """An IVR that is added."""

    read_only = frozenset({"draft", "version"})


class VersionChoice(Input):
    """A version that was in force before."""

    version: Annotated[int, Field(ge=1, le=1_000_000)]
