"""The OpenAPI document, and whether the server keeps to it."""

import pytest
import schemathesis
from hypothesis import HealthCheck, assume, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.web.conftest import LogIn
from tests.web.live_calls import LiveCalls
from webui.app import Web

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
#: Logging in and out would end the session that asks.
NOT_ASKED = ("/api/v1/session",)

#: Asked by the operator: nobody else may.
OPERATORS = ("/api/v1/companies", "/api/v1/tariffs")


def test_document_names_every_operation(web: Web) -> None:
    """API-1: the document is served without a log-in and holds every operation of the API."""
    document = web.app.test_client().get("/api/v1/openapi.json").json
    operations = {(method, path) for path, methods in document["paths"].items() for method in methods}
    assert {
        ("post", "/api/v1/session"), ("get", "/api/v1/boards/seats"), ("get", "/api/v1/boards/queues"),
        ("post", "/api/v1/agents/{agent}/state"), ("get", "/api/v1/calls"), ("get", "/api/v1/calls/{call}/story"),
        ("get", "/api/v1/state-log"),
    } < operations  # fmt: skip
    names = {parameter["name"] for parameter in document["paths"]["/api/v1/calls"]["get"]["parameters"]}
    assert names == {
        "cursor",
        "limit",
        "from",
        "to",
        "queue",
        "agent",
        "number",
        "outcome",
        "score",
        "disposition",
        "tag",
        "direction",
        "recorded",
        "figure",
        "by",
        "key",
        "group",
        "threshold_s",
        "left_from",
        "left_to",
    }
    assert document["components"]["securitySchemes"].keys() == {"session", "token"}


#: Operations are asked in this many parts, each a test with its own time limit.
PARTS = 6


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_server_keeps_to_its_document(
    web: Web, log_in: LogIn, live: LiveCalls, mode: GenerationMode, part: int
) -> None:
    """API-1, SAFE-2: generated requests, right and wrong ones, are answered as documented and never fail the server."""
    live.online("acme", "acme-a1")
    live.wait("acme", "c1")
    live.write_records("acme")
    cookies = [log_in(login).client.get_cookie("zuoxi") for login in ("admin@acme", "operator")]
    admin, operator = [cookie.value for cookie in cookies if cookie]
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", web.app)
    schema.config.base_url = "http://localhost"
    operations = [found.ok() for found in schema.get_all_operations()]
    asked = [operation for operation in operations if operation.path not in NOT_ASKED][part::PARTS]
    assert len(asked) >= 13
    for operation in asked:
        _ask(operation, mode, operator if operation.path.startswith(OPERATORS) else admin)


def _ask(operation: schemathesis.APIOperation, mode: GenerationMode, cookie: str) -> None:
    @settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy(mode))
    def asked(case: schemathesis.Case) -> None:
        assume("host" not in {name.lower() for name in case.headers or {}})  # no client can send what is no host
        case.call_and_validate(cookies={"zuoxi": cookie}, checks=CHECKS)

    try:
        asked()
    except Unsatisfiable:  # nothing wrong can be sent where nothing is taken
        assert mode is GenerationMode.NEGATIVE
