"""The REST API below /api/v1, one module an area."""
