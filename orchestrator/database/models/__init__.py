"""All tables, in the order in which they can be created."""

from orchestrator.database.models.alerts import AlertRow
from orchestrator.database.models.audit import AuditRow
from orchestrator.database.models.base import NumberedTable, Table
from orchestrator.database.models.billing import (
    BillingAccount,
    BillingOrder,
    ChargeRow,
    LedgerEntry,
    Statement,
    Tariff,
    TariffAssignment,
    TariffDraft,
    TariffVersionRow,
    sum_of,
)
from orchestrator.database.models.blacklist import BlacklistEntry
from orchestrator.database.models.boards import BoardThresholds
from orchestrator.database.models.caller_priority import CallerPriority
from orchestrator.database.models.configuration import (
    Agent,
    Number,
    Queue,
    QueueAgent,
    QueueGroup,
    SipCredential,
    Tenant,
    TrunkRow,
)
from orchestrator.database.models.customers import Customer, CustomerNumber
from orchestrator.database.models.exports import Export
from orchestrator.database.models.forms import CallForm, CallFormTag
from orchestrator.database.models.mail import Mail, NoticeSetting
from orchestrator.database.models.people import ApiToken, Role, TeamGroup, User
from orchestrator.database.models.reception import Holiday, Hours, Ivr, IvrVersion
from orchestrator.database.models.recordings import Recording, VoicemailRow
from orchestrator.database.models.records import (
    AgentStateInterval,
    CallEventRow,
    CallLeg,
    CallRecord,
    OfferRow,
    QueueStay,
)
from orchestrator.database.models.report_schedules import ReportSchedule
from orchestrator.database.models.retention import RetentionSetting
from orchestrator.database.models.sounds import Prompt, PromptVersion
from orchestrator.database.models.sums import ReportMark, ReportPeriod, ReportSum
from orchestrator.database.models.webhooks import Webhook, WebhookDelivery

TABLES: tuple[type[Table], ...] = (
    Tenant, Queue, Agent, QueueAgent, QueueGroup, Number, TrunkRow, Hours, Holiday, Ivr, IvrVersion, SipCredential,
    User, ApiToken, Role, TeamGroup, AuditRow, BlacklistEntry, CallerPriority,
    CallEventRow, CallRecord, CallLeg, QueueStay, OfferRow, AgentStateInterval, Recording,
    VoicemailRow, AlertRow,
    Prompt, PromptVersion, CallForm, CallFormTag, Customer, CustomerNumber,
    Tariff, TariffVersionRow, TariffDraft, TariffAssignment,
    BillingAccount, ChargeRow, LedgerEntry, BillingOrder, Statement,
    Webhook, WebhookDelivery, NoticeSetting, Mail, Export, RetentionSetting, ReportSchedule,
    BoardThresholds, ReportPeriod, ReportSum, ReportMark,
)  # fmt: skip

__all__ = [
    "TABLES", "Agent", "AgentStateInterval", "AlertRow", "ApiToken", "AuditRow", "BillingAccount", "BillingOrder",
    "BlacklistEntry", "BoardThresholds", "CallEventRow", "CallForm", "CallFormTag", "CallLeg", "CallRecord",
    "CallerPriority",
    "ChargeRow", "Customer", "CustomerNumber", "Export", "Holiday", "Hours", "Ivr", "IvrVersion", "LedgerEntry", "Mail",
    "NoticeSetting", "Number",
    "NumberedTable", "OfferRow", "Prompt", "PromptVersion", "Queue", "QueueAgent", "QueueGroup", "QueueStay",
    "Recording", "ReportMark", "ReportPeriod", "ReportSchedule", "ReportSum", "RetentionSetting", "Role",
    "SipCredential",
    "Statement", "Table", "Tariff", "TariffAssignment", "TariffDraft",
    "TariffVersionRow", "TeamGroup", "Tenant",
    "TrunkRow", "User", "VoicemailRow", "Webhook", "WebhookDelivery", "sum_of",
]  # fmt: skip
