"""Requests made from OpenAPI by schemathesis: every answer is as OpenAPI says it."""

from __future__ import annotations

from typing import Any, cast

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.config import SchemathesisConfig

from torchwire.api.app import make_app

UNHURRIED: dict[str, Any] = {
    "derandomize": True,
    "database": None,
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
}
# what is accepted may still meet no network (404), another revision (409) or want one named (428)
CONFIG = SchemathesisConfig.from_dict(
    {
        "request-timeout": 60,  # seconds: a worker's first ONNX model loads what writes them, on a busy machine ten
        "checks": {
            "positive_data_acceptance": {"expected-statuses": ["2xx", "3xx", 404, 409, 428]},
            "negative_data_rejection": {"expected-statuses": [404, 405, 409, 413, 415, 422, 428]},
        },
        # which tensors there are, no schema can say: 422 `no-tensor`
        "operations": [{"include-path": "/api/v1/tensors", "checks": {"positive_data_acceptance": {"enabled": False}}}],
    }
)
# without a shelf: it is not started
DESCRIBED = schemathesis.openapi.from_dict(make_app(cast(Any, None)).openapi(), config=CONFIG)


@DESCRIBED.parametrize()
@settings(max_examples=8, **UNHURRIED)
def test_answers_are_as_openapi_says(case: Case, base_url: str) -> None:
    case.call_and_validate(base_url=base_url)


@pytest.mark.proof
@DESCRIBED.parametrize()
@settings(max_examples=100, **UNHURRIED)
def test_many_answers_are_as_openapi_says(case: Case, base_url: str) -> None:
    case.call_and_validate(base_url=base_url)
