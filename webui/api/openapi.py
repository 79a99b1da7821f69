"""The OpenAPI document."""

from typing import Any

from apiflask import APIBlueprint, APIFlask
from flask import Response, current_app, jsonify

from webui.errors import ErrorDetail
from webui.permissions import public

#: Where nobody is known yet, a key would be nobody's.
ANONYMOUS = ("/api/v1/session", "/api/v1/password/link")

IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key with the same request gives the first answer again, for a day",
    "schema": {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!-~]*$"},
}

bp = APIBlueprint("openapi", __name__, enable_openapi=False)


@bp.get("/api/v1/openapi.json")
@public
def document() -> Response:
    """Serve the OpenAPI document of this API."""
    app: APIFlask = current_app  # type: ignore[assignment]
    return jsonify(app.spec)


def describe_api(app: APIFlask) -> None:
    """Have the document tell what every operation shares: how to log in, and the shape of errors."""
    error = {"type": "object", "required": ["error"], "properties": {"error": ErrorDetail.model_json_schema()}}

    def complete(document: Any) -> Any:  # noqa: ANN401 - JSON
        body = {"application/json": {"schema": error}}
        for operations in document["paths"].values():
            for operation in operations.values():
                if isinstance(operation, dict):
                    operation["responses"]["default"] = {"description": "Any refusal or failure", "content": body}
        for path, operations in document["paths"].items():
            if "post" in operations and path not in ANONYMOUS:
                operations["post"].setdefault("parameters", []).append(IDEMPOTENCY_KEY)
        document["security"] = [{"session": []}, {"token": []}]
        return document

    app.spec_processor(complete)
    app.config.update(
        HTTP_ERROR_SCHEMA=error,
        VALIDATION_ERROR_SCHEMA=error,
        SECURITY_SCHEMES={
            "session": {"type": "apiKey", "in": "cookie", "name": "zuoxi"},
            "token": {"type": "http", "scheme": "bearer"},
        },
    )
