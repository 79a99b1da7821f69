"""The states of a customer's call, what moves it between them, and how it can end: the table."""

from enum import StrEnum

from orchestrator.domain.machine import Machine


class CallState(StrEnum):
    """Where a customer's call is. `routing` is passed through within one decision and never stored."""

    ARRIVED = "arrived"
    ROUTING = "routing"
    ANNOUNCING = "announcing"
    MENU = "menu"
    WAITING = "waiting"
    OFFERED = "offered"
    FORWARDING = "forwarding"
    FORWARDED = "forwarded"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    HELD = "held"
    RESUMING = "resuming"
    CONFERENCE = "conference"
    RECOVERING = "recovering"
    TRANSFERRING = "transferring"
    RESTING = "resting"
    CALLING_BACK = "calling_back"
    SURVEY = "survey"
    LEAVING_MESSAGE = "leaving_message"
    PLACED = "placed"
    CALLING = "calling"
    ENDING = "ending"
    ENDED = "ended"


class CallTrigger(StrEnum):
    """What can happen to a call."""

    ANSWERED = "answered"
    ANNOUNCED = "announced"
    HEARD = "heard"
    ASKED = "asked"
    KEYED = "keyed"
    QUEUED = "queued"
    PROMPTED = "prompted"
    OFFERED = "offered"
    OFFER_FAILED = "offer_failed"
    LEG_WON = "leg_won"
    JOINED = "joined"
    JOIN_FAILED = "join_failed"
    HELD = "held"
    RESUMED = "resumed"
    CONFERRED = "conferred"
    HANDED_OVER = "handed_over"
    HANDED_OUT = "handed_out"
    TRANSFERRED = "transferred"
    FREED = "freed"
    FORWARD_STARTED = "forward_started"
    FORWARD_WON = "forward_won"
    FORWARD_JOINED = "forward_joined"
    FORWARD_FAILED = "forward_failed"
    OUTSIDE_LEFT = "outside_left"
    DEVICE_LOST = "device_lost"
    AGENT_LEFT = "agent_left"
    SURVEYED = "surveyed"
    PROMISED = "promised"
    CALLED_BACK = "called_back"
    NOT_REACHED = "not_reached"
    RESTED = "rested"
    BEEPED = "beeped"
    MESSAGE_LEFT = "message_left"
    CALLED_OUT = "called_out"
    REACHED = "reached"
    TURNED_AWAY = "turned_away"
    UNPAID = "unpaid"
    BLOCKED = "blocked"
    REFUSED = "refused"
    TIMED_OUT = "timed_out"
    CALLER_LEFT = "caller_left"
    REPEATED = "repeated"
    RESTORED = "restored"


#: In these an agent has the caller, who hears the agent, music while held, or both of two in a conference.
WITH_AGENT = (CallState.CONNECTED, CallState.HELD, CallState.RESUMING, CallState.CONFERENCE)


#: Where a customer who is to be called back is not on the line.
AWAY = (CallState.WAITING, CallState.RESTING, CallState.OFFERED)


CALL_MACHINE: Machine[CallState, CallTrigger] = Machine(
    "call",
    {
        (CallState.ARRIVED, CallTrigger.ANSWERED): CallState.ROUTING,
        (CallState.ARRIVED, CallTrigger.BLOCKED): CallState.ENDING,
        (CallState.ARRIVED, CallTrigger.UNPAID): CallState.ENDING,
        (CallState.ARRIVED, CallTrigger.REFUSED): CallState.ENDING,
        (CallState.ROUTING, CallTrigger.ANNOUNCED): CallState.ANNOUNCING,
        (CallState.ROUTING, CallTrigger.ASKED): CallState.MENU,
        (CallState.ROUTING, CallTrigger.QUEUED): CallState.WAITING,
        (CallState.ROUTING, CallTrigger.TURNED_AWAY): CallState.ENDING,
        (CallState.ROUTING, CallTrigger.OFFERED): CallState.OFFERED,
        (CallState.ROUTING, CallTrigger.RESTORED): CallState.CONNECTED,
        (CallState.ROUTING, CallTrigger.FORWARD_STARTED): CallState.FORWARDING,
        (CallState.ROUTING, CallTrigger.BEEPED): CallState.LEAVING_MESSAGE,
        (CallState.LEAVING_MESSAGE, CallTrigger.MESSAGE_LEFT): CallState.ENDING,
        (CallState.FORWARDING, CallTrigger.FORWARD_WON): CallState.FORWARDING,
        (CallState.FORWARDING, CallTrigger.FORWARD_JOINED): CallState.FORWARDED,
        (CallState.FORWARDING, CallTrigger.FORWARD_FAILED): CallState.ROUTING,
        (CallState.FORWARDED, CallTrigger.OUTSIDE_LEFT): CallState.ENDING,
        (CallState.FORWARDED, CallTrigger.FREED): CallState.ROUTING,
        (CallState.ANNOUNCING, CallTrigger.HEARD): CallState.ROUTING,
        (CallState.MENU, CallTrigger.KEYED): CallState.ROUTING,
        (CallState.WAITING, CallTrigger.PROMPTED): CallState.WAITING,
        (CallState.WAITING, CallTrigger.OFFERED): CallState.OFFERED,
        (CallState.WAITING, CallTrigger.TIMED_OUT): CallState.ROUTING,
        (CallState.OFFERED, CallTrigger.OFFER_FAILED): CallState.WAITING,
        (CallState.OFFERED, CallTrigger.FREED): CallState.ROUTING,
        (CallState.OFFERED, CallTrigger.TIMED_OUT): CallState.ROUTING,
        (CallState.OFFERED, CallTrigger.LEG_WON): CallState.CONNECTING,
        (CallState.CONNECTING, CallTrigger.JOINED): CallState.CONNECTED,
        (CallState.CONNECTING, CallTrigger.JOIN_FAILED): CallState.WAITING,
        (CallState.CONNECTED, CallTrigger.SURVEYED): CallState.SURVEY,
        (CallState.SURVEY, CallTrigger.KEYED): CallState.ROUTING,
        (CallState.ROUTING, CallTrigger.SURVEYED): CallState.SURVEY,
        (CallState.SURVEY, CallTrigger.SURVEYED): CallState.SURVEY,
        (CallState.SURVEY, CallTrigger.REPEATED): CallState.SURVEY,
        (CallState.CONNECTED, CallTrigger.HELD): CallState.HELD,
        (CallState.CONNECTED, CallTrigger.HANDED_OVER): CallState.CONNECTING,
        (CallState.HELD, CallTrigger.HANDED_OUT): CallState.FORWARDING,
        (CallState.CONFERENCE, CallTrigger.HANDED_OUT): CallState.FORWARDING,
        (CallState.HELD, CallTrigger.REPEATED): CallState.HELD,
        (CallState.HELD, CallTrigger.RESUMED): CallState.RESUMING,
        (CallState.HELD, CallTrigger.CONFERRED): CallState.CONFERENCE,
        (CallState.HELD, CallTrigger.HANDED_OVER): CallState.CONNECTING,
        (CallState.RESUMING, CallTrigger.REPEATED): CallState.RESUMING,
        (CallState.RESUMING, CallTrigger.JOINED): CallState.CONNECTED,
        (CallState.CONFERENCE, CallTrigger.RESUMED): CallState.RESUMING,
        (CallState.CONFERENCE, CallTrigger.HANDED_OVER): CallState.CONNECTING,
        (CallState.TRANSFERRING, CallTrigger.REPEATED): CallState.TRANSFERRING,
        (CallState.TRANSFERRING, CallTrigger.FREED): CallState.ROUTING,
        (CallState.CONNECTING, CallTrigger.FREED): CallState.ROUTING,
        (CallState.CONNECTED, CallTrigger.DEVICE_LOST): CallState.RECOVERING,
        (CallState.HELD, CallTrigger.DEVICE_LOST): CallState.RECOVERING,
        (CallState.RESUMING, CallTrigger.DEVICE_LOST): CallState.RECOVERING,
        (CallState.RECOVERING, CallTrigger.RESUMED): CallState.RESUMING,
        (CallState.RECOVERING, CallTrigger.TRANSFERRED): CallState.TRANSFERRING,
        **{(state, CallTrigger.TRANSFERRED): CallState.TRANSFERRING for state in WITH_AGENT},
        **{(state, CallTrigger.AGENT_LEFT): CallState.ENDING for state in WITH_AGENT},
        (CallState.WAITING, CallTrigger.KEYED): CallState.ROUTING,
        (CallState.ROUTING, CallTrigger.PROMISED): CallState.WAITING,
        (CallState.ANNOUNCING, CallTrigger.PROMISED): CallState.WAITING,
        (CallState.OFFERED, CallTrigger.CALLED_BACK): CallState.CALLING_BACK,
        (CallState.CALLING_BACK, CallTrigger.LEG_WON): CallState.CONNECTING,
        (CallState.CALLING_BACK, CallTrigger.OFFER_FAILED): CallState.WAITING,
        (CallState.CALLING_BACK, CallTrigger.NOT_REACHED): CallState.RESTING,
        (CallState.CONNECTING, CallTrigger.NOT_REACHED): CallState.RESTING,
        (CallState.RESTING, CallTrigger.RESTED): CallState.WAITING,
        (CallState.PLACED, CallTrigger.CALLED_OUT): CallState.CALLING,
        (CallState.CALLING, CallTrigger.REACHED): CallState.CONNECTED,
        (CallState.WAITING, CallTrigger.RESTORED): CallState.CONNECTED,
        (CallState.ARRIVED, CallTrigger.RESTORED): CallState.CONNECTED,
        (CallState.ARRIVED, CallTrigger.REPEATED): CallState.ARRIVED,
        (CallState.ENDING, CallTrigger.REPEATED): CallState.ENDING,
        **{(state, CallTrigger.CALLER_LEFT): CallState.ENDED for state in CallState if state is not CallState.ENDED},
    },
)


class Outcome(StrEnum):
    """How a call ended for the caller; every call has exactly one (QUEUE-6)."""

    CONNECTED = "connected"
    ABANDONED = "abandoned"
    TIMED_OUT = "timed_out"
    TURNED_AWAY = "turned_away"
    LEFT_MENU = "left_menu"
    FORWARDED = "forwarded"
    SERVICE = "service"
    BLOCKED = "blocked"
    REFUSED = "refused"
    UNPAID = "unpaid"
    VOICEMAIL = "voicemail"
    CALLED_BACK = "called_back"
    CALLBACK_FAILED = "callback_failed"
    REACHED = "reached"
    NOT_REACHED = "not_reached"
    GIVEN_UP = "given_up"
    NOT_PLACED = "not_placed"
    LOST = "lost"


class Party(StrEnum):
    """Who hung up."""

    CALLER = "caller"
    AGENT = "agent"
    OUTSIDE = "outside"
    SYSTEM = "system"
