"""How agents answer on their mobiles (MOB-1): what the mobile shows, what is said, how long a confirmation may take."""

from dataclasses import dataclass
from enum import StrEnum

from orchestrator.domain.languages import SpokenLanguage

#: The key that takes an offered call; no other does.
TAKE = "1"

#: How long (s) an agent may take to press it after the question, unless a tenant says otherwise.
CONFIRM_S = 10

#: How much longer (us) the switch may take to tell that the question is over.
CONFIRM_GRACE_US = 2_000_000

#: What is asked where neither the queue nor the tenant has a prompt for it: a piece (`announcements.piece_id`).
PRESS_ONE = "press_one"

#: The same for a call of the agent's own: the customer is called when 1 is pressed.
PRESS_ONE_TO_CALL = "press_one_to_call"


class MobileShows(StrEnum):
    """Whose number an agent's mobile shows: the customer's where the trunk passes it on, or an owned one."""

    CUSTOMER = "customer"
    OWN = "own"


@dataclass(frozen=True, slots=True, kw_only=True)
class MobileAnswering:
    """A tenant's rules for mobiles. `caller_id` is the owned number shown, empty = the one that was dialled (NUM-1).

    `prompt` (a prompt's id, empty = the piece) asks to press 1, queues may have their own; `confirm_s` (3-30) counts
    from its end. `language` is what pieces are said in. `own_number`: agents may change their own mobile number.
    """

    shows: MobileShows = MobileShows.CUSTOMER
    caller_id: str = ""
    prompt: str = ""
    confirm_s: int = CONFIRM_S
    language: SpokenLanguage = SpokenLanguage.ZH
    own_number: bool = False
