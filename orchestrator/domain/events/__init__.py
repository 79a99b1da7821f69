"""What happened: appended to the tenant's stream with each commit, never changed afterwards.

The call record, the state log, the counters and the wallboards are all made of these. All times are microseconds
UTC; `at` is the moment of the event. The story of a call is every event that names it, in order.
"""

from orchestrator.domain.events.agents import AgentChanged, AgentRemoved, ConfigurationPublished, SeatsChanged
from orchestrator.domain.events.base import CallEvent, Event
from orchestrator.domain.events.callbacks import CallbackMissed, CallbackOrdered, CallbackPromised, CallbackTried
from orchestrator.domain.events.calls import (
    CallAdopted,
    CallArrived,
    CallBlocked,
    CallEnded,
    CallRouted,
    CallTurnedDown,
    CommandsDecided,
    KeyPressed,
    LegEnded,
)
from orchestrator.domain.events.forms import FormSaved
from orchestrator.domain.events.forwards import Forwarded, ForwardEnded, ForwardStarted
from orchestrator.domain.events.in_call import CallHeld, CallTransferred, ConsultChanged, HoldEnded, Supervised
from orchestrator.domain.events.outbound import CallPlaced, CallRefused, CustomerRung
from orchestrator.domain.events.queues import (
    AgentLeft,
    Connected,
    OfferAlerted,
    OfferEnded,
    OfferMade,
    OfferPickedUp,
    OfferWon,
    QueueEntered,
    QueueLeft,
    Surveyed,
)
from orchestrator.domain.events.recordings import (
    RecordingBegun,
    RecordingPaused,
    RecordingResumed,
    RecordingStarted,
    RecordingStopped,
)

EVENT_TYPES: dict[str, type[Event]] = {
    cls.type: cls
    for cls in (
        CallArrived,
        CallBlocked,
        CallTurnedDown,
        CallAdopted,
        CallRouted,
        KeyPressed,
        CallEnded,
        LegEnded,
        CommandsDecided,
        QueueEntered,
        OfferMade,
        OfferAlerted,
        OfferPickedUp,
        OfferWon,
        OfferEnded,
        QueueLeft,
        Connected,
        ForwardStarted,
        Forwarded,
        ForwardEnded,
        AgentLeft,
        Surveyed,
        CallHeld,
        HoldEnded,
        ConsultChanged,
        CallTransferred,
        Supervised,
        RecordingBegun,
        RecordingStarted,
        RecordingPaused,
        RecordingResumed,
        RecordingStopped,
        CallbackPromised,
        CallbackTried,
        CallbackMissed,
        CallbackOrdered,
        FormSaved,
        CallPlaced,
        CustomerRung,
        CallRefused,
        AgentChanged,
        AgentRemoved,
        ConfigurationPublished,
        SeatsChanged,
    )
}

__all__ = [
    "EVENT_TYPES",
    "AgentChanged",
    "AgentLeft",
    "AgentRemoved",
    "CallAdopted",
    "CallArrived",
    "CallBlocked",
    "CallEnded",
    "CallEvent",
    "CallHeld",
    "CallPlaced",
    "CallRefused",
    "CallRouted",
    "CallTransferred",
    "CallTurnedDown",
    "CallbackMissed",
    "CallbackOrdered",
    "CallbackPromised",
    "CallbackTried",
    "CommandsDecided",
    "ConfigurationPublished",
    "Connected",
    "ConsultChanged",
    "CustomerRung",
    "Event",
    "FormSaved",
    "ForwardEnded",
    "ForwardStarted",
    "Forwarded",
    "HoldEnded",
    "KeyPressed",
    "LegEnded",
    "OfferAlerted",
    "OfferEnded",
    "OfferMade",
    "OfferPickedUp",
    "OfferWon",
    "QueueEntered",
    "QueueLeft",
    "RecordingBegun",
    "RecordingPaused",
    "RecordingResumed",
    "RecordingStarted",
    "RecordingStopped",
    "SeatsChanged",
    "Supervised",
    "Surveyed",
]
