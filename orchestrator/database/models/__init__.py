"""All tables, in the order in which they can be created."""

from orchestrator.database.models.base import NumberedTable, Table
from orchestrator.database.models.configuration import Agent, Number, Queue, QueueAgent, SipCredential, Tenant
from orchestrator.database.models.people import ApiToken, User
from orchestrator.database.models.records import (
    AgentStateInterval,
    CallEventRow,
    CallLeg,
    CallRecord,
    OfferRow,
    QueueStay,
)
from orchestrator.database.models.sounds import Prompt, PromptVersion

TABLES: tuple[type[Table], ...] = (
    Tenant, Queue, Agent, QueueAgent, Number, SipCredential, User, ApiToken,
    CallEventRow, CallRecord, CallLeg, QueueStay, OfferRow, AgentStateInterval,
    Prompt, PromptVersion,
)  # fmt: skip

__all__ = [
    "TABLES", "Agent", "AgentStateInterval", "ApiToken", "CallEventRow", "CallLeg", "CallRecord", "Number",
    "NumberedTable", "OfferRow", "Prompt", "PromptVersion", "Queue", "QueueAgent", "QueueStay", "SipCredential",
    "Table", "Tenant", "User",
]  # fmt: skip
