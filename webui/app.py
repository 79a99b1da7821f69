"""The web application: pages, REST API, live feed."""

import time
from dataclasses import dataclass
from pathlib import Path

import gevent
from apiflask import APIFlask
from flask import Flask, Response, g, request
from flask_socketio import SocketIO
from prometheus_client import CollectorRegistry
from werkzeug.middleware.proxy_fix import ProxyFix

from orchestrator.store.news import News
from webui import freeswitch_directory, static_site
from webui.api import (
    agents,
    alerts,
    billing,
    blacklist,
    boards,
    call_control,
    callbacks,
    caller_priorities,
    calls,
    companies,
    company_accounts,
    company_numbers,
    corrections,
    customers,
    exports,
    forms,
    health,
    jobs,
    mobiles,
    openapi,
    outbound_calls,
    passwords,
    phone,
    pins,
    prompts,
    queues,
    recordings,
    report_schedules,
    reports,
    screen_pop,
    session,
    state_log,
    supervision,
    tariffs,
    tokens,
    voicemails,
    webhooks,
)
from webui.api.configuration import (
    calling_out,
    general,
    hours,
    ivrs,
    messages,
    mobile,
    notices,
    numbers,
    people,
    retention,
    test_calls,
    thresholds,
)
from webui.api.configuration import queues as configured_queues
from webui.api.configuration import recording as recording_policy
from webui.api.team import audit, groups, roles, seats
from webui.api.team import people as team_people
from webui.auth import install_auth
from webui.boards import Feeds
from webui.connections import Connections
from webui.disk_metrics import DiskCollector
from webui.freeswitch_directory import Directory
from webui.idempotency import install_idempotency
from webui.job_metrics import JobCollector
from webui.limits import install_limits
from webui.metrics import Metrics
from webui.newsroom import Newsroom
from webui.security import install_headers
from webui.services import EXTENSION, Services
from webui.sockets import LiveFeed, SocketRooms, make_socketio

#: Largest request body, bytes.
MAX_BODY = 1_048_576

BLUEPRINTS = (
    session.bp, boards.bp, agents.bp, queues.bp, prompts.bp, calls.bp, call_control.bp, supervision.bp,
    state_log.bp, health.bp, passwords.bp, alerts.bp, openapi.bp,
    configured_queues.bp, people.bp, numbers.bp, hours.bp, ivrs.bp, test_calls.bp, recording_policy.bp, blacklist.bp,
    caller_priorities.bp, jobs.bp, callbacks.bp, phone.bp, recordings.bp, reports.bp, billing.bp, customers.bp,
    forms.bp, forms.choices_bp, screen_pop.bp, general.bp, messages.bp, mobile.bp, mobiles.bp, outbound_calls.bp,
    calling_out.bp, pins.bp, companies.bp, team_people.bp, groups.bp, roles.bp, seats.bp, audit.bp,
    company_accounts.bp, company_numbers.bp, corrections.bp, tariffs.bp, webhooks.bp, notices.bp, voicemails.bp,
    exports.bp, report_schedules.bp, retention.bp, thresholds.bp, tokens.bp,
    freeswitch_directory.bp, static_site.bp,
)  # fmt: skip


@dataclass(frozen=True)
class Web:
    """The application with what the process must start, stop and may look at."""

    app: APIFlask
    services: Services
    socketio: SocketIO
    feed: LiveFeed
    feeds: Feeds
    connections: Connections
    metrics: Metrics
    newsroom: Newsroom


def create_web(services: Services, directory: Directory, pages: Path = static_site.PAGES) -> Web:
    """Put the application together; nothing runs yet."""
    app = _flask(services, pages)
    metrics = Metrics(CollectorRegistry(), services.redis)
    metrics.registry.register(JobCollector(services.jobs))
    metrics.registry.register(DiskCollector(services.settings))
    app.extensions[EXTENSION] = services
    app.extensions[freeswitch_directory.EXTENSION] = directory
    app.extensions[f"{EXTENSION}-metrics"] = metrics.registry
    install_auth(app, services.accounts, services.sessions)
    install_headers(app, services.web.phone_url)
    services.errors.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    install_limits(app, services)
    install_idempotency(app, services.redis)
    _measure(app, metrics)
    app.teardown_appcontext(lambda _: _give_back(services))
    return _with_live_feed(app, services, metrics)


def _flask(services: Services, pages: Path) -> APIFlask:
    app = APIFlask("webui", title="Zuoxi", version="1", docs_path=None, spec_path=None, static_folder=None)  # type: ignore[arg-type]  # Flask has no such route then
    app.config.update(
        SECRET_KEY=services.secret_key,
        SESSION_COOKIE_NAME="zuoxi",
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=services.web.session_lifetime,
        MAX_CONTENT_LENGTH=MAX_BODY,
        PAGES=pages,
    )
    app.json.ensure_ascii = app.json.sort_keys = False  # type: ignore[attr-defined]  # of Flask's default provider
    openapi.describe_api(app)
    if hops := services.web.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _measure(app: Flask, metrics: Metrics) -> None:
    def begin() -> None:
        g.began = time.perf_counter()

    def end(response: Response) -> Response:
        seconds = time.perf_counter() - g.get("began", time.perf_counter())
        metrics.requests.labels(request.endpoint or "none", str(response.status_code)).observe(seconds)
        return response

    app.before_request(begin)
    app.after_request(end)


def _give_back(services: Services) -> None:
    if not services.database.is_closed():
        services.database.close()


def _with_live_feed(app: APIFlask, services: Services, metrics: Metrics) -> Web:
    socketio = make_socketio(app)
    rooms = SocketRooms(socketio)
    connections = Connections(
        services.accounts, services.sessions, services.database, socketio.server.disconnect, metrics.review_failures
    )
    feeds = Feeds(
        services.redis, rooms, services.clock, metrics.failures, gevent.spawn, gevent.sleep, connections.review_safely
    )
    app.extensions[f"{EXTENSION}-connections"] = connections
    feed = LiveFeed(services, feeds, connections)
    feed.install(socketio)
    newsroom = Newsroom(News(services.redis), rooms)
    return Web(app, services, socketio, feed, feeds, connections, metrics, newsroom)
