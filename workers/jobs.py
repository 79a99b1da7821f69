"""The jobs, by names that never change: queues in Redis hold them across upgrades.

Arguments are JSON. Every job may run more than once, and beside others: doing it again changes nothing.
"""

import structlog
from peewee import Database
from redis import Redis

from orchestrator.balances import publish_balance
from orchestrator.database.billing import rerating
from orchestrator.database.connection import bound_database, one_writer
from orchestrator.database.partitions import make_months
from orchestrator.disks import MB, scarce
from orchestrator.domain.events import CallEnded, LegEnded
from orchestrator.jobs import Jobs
from orchestrator.postman import Postman
from orchestrator.publishing import Publishing
from orchestrator.recordings.store import open_store
from orchestrator.service.use_cases import UseCases
from orchestrator.settings import Settings
from orchestrator.store.blacklist import RedisBlacklistWriter
from orchestrator.store.clock import RedisClock
from orchestrator.store.configurations import RedisConfigurations, RedisConfigurationWriter
from orchestrator.store.connection import TextRedis, connect
from orchestrator.store.live_store import RedisLiveStore
from orchestrator.store.news import News
from orchestrator.store.requests import RemoteTelephony
from orchestrator.webhooks.addresses import networks
from tts.cache import Sounds
from tts.engine import Language
from tts.engines import make_engine
from tts.settings import SpeechSettings
from workers import drafts, pieces, rating, report_mails, report_sums, retention
from workers.alerts import note_alerts, show_alerts
from workers.bills import billed_tenants, keep_all, now_us, rate_later
from workers.call_records import write_calls
from workers.event_log import EventMessage, store_events
from workers.exports import ExportMaker, care_for_exports_of_all
from workers.halves import UNWRITABLE, halve
from workers.mail import MailRest, post_letter, send_later
from workers.notices import tell_alerts, tell_balances, tell_voicemail
from workers.prompts import PromptMaker
from workers.recordings import RecordingKeeper, care_for_all, show_message, store_later
from workers.spending import tell_spending
from workers.state_log import write_states
from workers.unclaimed import release_unclaimed
from workers.webhook_messages import tell, tell_low_balances, tell_stored
from workers.webhooks import Courier, deliver_later, send_due

#: After these a leg may have to be charged: an outside one may end later than its call.
ENDINGS = (CallEnded.type, LegEnded.type)

#: Adding up takes so long a minute at most: other jobs of its queue wait no longer.
SUMS_BUDGET_S = 20


def write_events(tenant: str, batch: list[EventMessage]) -> None:
    """Store events of a tenant's stream and bring the records made of them up to date, all or nothing.

    `batch` is a list of `[stream id, n, event as JSON text]`. Called by the relay, with queue `records`. A batch that
    an event of it keeps from being written is halved, each half a job.
    """
    try:
        _write_events(tenant, batch)
    except UNWRITABLE as why:
        if not halve(tenant, batch, why):
            raise


def write_event(tenant: str, message: EventMessage) -> None:
    """Write the one event that kept its batch from being written. Queue `records`; enqueued by `write_events`."""
    _write_events(tenant, [message])


def _write_events(tenant: str, batch: list[EventMessage]) -> None:
    # One batch of a tenant at a time: what is made of several events then sees all that came before.
    with one_writer(bound_database(), f"events of {tenant}"):
        stored = store_events(tenant, batch)
        write_states(tenant, stored, now_us())
        recordings = write_calls(tenant, stored)
        alerted = note_alerts(tenant, stored)
        told = tell(tenant, stored)
        tell_alerts(tenant, stored)
    store_later(tenant, recordings)
    deliver_later(tenant, told)
    if alerted:
        show_alerts(tenant)
    rate_later(tenant, {row.call for row in stored if row.call is not None and row.type in ENDINGS})


def store_recording(tenant: str, recording: str) -> None:
    """Bring a recording from the switch's folder into the store. Queue `recordings`; enqueued when its call ended."""
    with connect(Settings().redis_url) as redis:
        try:
            keeper().keep(tenant, recording, now_us())
        finally:
            show_message(News(redis), tenant, recording)
    deliver_later(tenant, tell_stored(tenant, recording))
    tell_voicemail(tenant, recording)


def delete_recording(tenant: str, recording: str) -> None:
    """Remove the files of a recording that is being deleted. Queue `maintenance`."""
    keeper().delete(tenant, recording)


def care_for_recordings() -> None:
    """Delete recordings that are too old; take up what was left undone. Queue `maintenance`, each hour."""
    settings = Settings()
    with Redis.from_url(settings.redis_url) as redis:
        care_for_all(keeper(), Jobs(redis), now_us())


def keeper() -> RecordingKeeper:
    """Return who stores and deletes recordings, as the settings say."""
    settings = Settings()
    store = open_store(settings.store_url)
    return RecordingKeeper(settings.recordings_dir, store, settings.recordings_keep_wav)


def deliver_webhook(tenant: str, webhook: int) -> None:
    """Send what one webhook is to be told now. Queue `webhooks`; enqueued with the events, and by `send_webhooks`."""
    settings = Settings()
    with Redis.from_url(settings.redis_url) as redis:
        courier = Courier(settings.secret("webhook_secret"), networks(settings.webhooks_private), now_us)
        if courier.deliver(tenant, webhook):
            deliver_later(tenant, [webhook], Jobs(redis))


def send_webhooks() -> None:
    """Have everything sent that is due; switch off what fails for a day. Queue `webhooks`, every ten seconds."""
    settings = Settings()
    with Redis.from_url(settings.redis_url) as redis:
        jobs, now = Jobs(redis), now_us()
        send_due(jobs, now)
        if settings.smtp_url:
            send_later(jobs, now)


def send_mail(tenant: str, mail: int) -> None:  # noqa: ARG001 - tells whose job it is
    """Hand an e-mail over to the mail server, once. Queue `webhooks`; enqueued by `send_webhooks`."""
    settings = Settings()
    postman = Postman(settings.smtp_url, settings.mail_from)
    with Redis.from_url(settings.redis_url) as redis:
        post_letter(postman, mail, now_us(), MailRest(redis))


def make_export(tenant: str, export: str) -> None:
    """Make a table that somebody has asked for. Queue `reports`; enqueued when asked for, and by `care_for_exports`."""
    settings = Settings()
    with connect(settings.redis_url) as redis:
        ExportMaker(open_store(settings.store_url), News(redis), now_us).make(tenant, export)


def send_reports() -> None:
    """Enqueue the reports that are to be sent by e-mail now. Queue `maintenance`, every minute."""
    with Redis.from_url(Settings().redis_url) as redis:
        report_mails.due_reports(Jobs(redis), now_us())


def make_report(tenant: str, schedule: int, due: int, by_hand: str) -> None:
    """Make a report that is sent by e-mail. Queue `reports`; enqueued by `send_reports`, and by hand."""
    report_mails.make_report(tenant, schedule, due, by_hand, now_us())


def care_for_exports() -> None:
    """Remove exports that are over, enqueue what nobody has made. Queue `maintenance`, every ten minutes."""
    settings = Settings()
    with Redis.from_url(settings.redis_url) as redis:
        care_for_exports_of_all(open_store(settings.store_url), Jobs(redis), now_us())


def forget_messages() -> None:
    """Nothing any more: `keep_retention` does it. Queues of an earlier version may still name this."""


def keep_retention() -> None:
    """Delete what tenants whose night it is keep no longer. Queue `maintenance`, each hour."""
    retention.keep_retention(now_us())


def keep_months() -> None:
    """Make the months to come of tables by month, drop those that nobody keeps. Queue `maintenance`, each hour."""
    make_months(bound_database(), now_us())
    retention.drop_old_months(now_us())


def keep_sums() -> None:
    """Add reports up ahead, where sums are missing or hold no more. Queue `maintenance`, each minute."""
    report_sums.keep_sums(now_us(), SUMS_BUDGET_S)


def watch_disks() -> None:
    """Say in the log which disks have little room left. Queue `maintenance`, each minute."""
    log = structlog.get_logger("disks")
    for room in scarce(Settings()):
        log.warning("little room left", place=room.place, folder=str(room.folder), free_mb=room.free // MB)


def close_drafts() -> None:
    """Close call forms whose agents have gone without closing them. Queue `maintenance`, each minute."""
    with connect(Settings().redis_url) as redis:
        drafts.close_drafts(bound_database(), _use_cases(redis, RedisConfigurations(redis)), now_us())


def make_prompt(tenant: str, prompt: str, version: int) -> None:
    """Make the sound of one version of a prompt, unless it is ready or gone. Queue `speech`."""
    maker = PromptMaker(Sounds(Settings().sounds_dir), make_engine(SpeechSettings()))
    maker.make(tenant, prompt, version)


def find_missing_pieces() -> None:
    """Enqueue what completes the languages of which a tenant lacks a piece. Queue `maintenance`, every ten minutes."""
    with Redis.from_url(Settings().redis_url) as redis:
        pieces.complete_later(Jobs(redis))


def complete_pieces(tenant: str, language: str) -> None:
    """Make the pieces of a language that a tenant lacks, and put them into use. Queue `speech`."""
    settings, database = Settings(), bound_database()
    engine = make_engine(SpeechSettings())
    maker = PromptMaker(Sounds(settings.sounds_dir), engine)
    with connect(settings.redis_url) as redis:
        keeper = pieces.PieceKeeper(database, maker, engine, _publishing(redis, database), now_us)
        keeper.complete(tenant, Language(language))


def clear_blacklists() -> None:
    """Drop expired entries of the blacklists in force, which block nobody any more. Queue `maintenance`, each hour."""
    with connect(Settings().redis_url) as redis:
        writer = RedisBlacklistWriter(redis, RedisClock(redis))
        for tenant in RedisConfigurations(redis).tenants():
            writer.clear_expired(tenant)


def rate_call(tenant: str, call: str) -> None:
    """Charge the legs of an ended call, each once. Queue `billing`; enqueued when its record is written."""
    legs = rating.rate_call(tenant, call, now_us())
    with connect(Settings().redis_url) as redis:
        publish_balance(redis, tenant, legs)
        tell_spending(redis, tenant, now_us())


def rerate(tenant: str, month: str) -> None:
    """Correct a month's charges by the tariff versions that are in force for it now. Queue `billing`."""
    rerating.rerate(tenant, month, now_us())
    with connect(Settings().redis_url) as redis:
        publish_balance(redis, tenant)


def keep_bills() -> None:
    """Charge what has no charge yet, close months that are over, give back money held in vain.

    Queue `maintenance`, every ten minutes.
    """
    with connect(Settings().redis_url) as redis:
        keep_all(now_us(), lambda tenant, legs: publish_balance(redis, tenant, legs))
        for tenant in billed_tenants():
            tell_spending(redis, tenant, now_us())
        release_unclaimed(redis, now_us())
    tell_balances()
    for tenant, webhooks in tell_low_balances().items():
        deliver_later(tenant, webhooks)


def _use_cases(redis: TextRedis, configurations: RedisConfigurations) -> UseCases:
    clock = RedisClock(redis)
    store, telephony = RedisLiveStore(redis, configurations, clock), RemoteTelephony(redis, clock)
    return UseCases(store, configurations, telephony, clock)


def _publishing(redis: TextRedis, database: Database) -> Publishing:
    configurations = RedisConfigurations(redis)
    writer = RedisConfigurationWriter(redis, configurations)
    return Publishing(
        redis,
        database,
        lambda: _use_cases(redis, configurations).publisher(writer),
        lambda: _use_cases(redis, configurations).promises,
    )
