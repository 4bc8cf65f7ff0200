"""What is counted for whoever watches the service (Y3); no label names a person."""

from prometheus_client import Counter, Gauge, Histogram

CALLBACKS = Counter("itdesk_callbacks", "Callbacks by what came of them", ["outcome"])
TURN_SECONDS = Histogram(
    "itdesk_turn_seconds",
    "From a callback's first byte to its answer",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 4.5, 5),
)
REPEATS = Counter(
    "itdesk_deliveries_repeated", "Notices sent again though they may have arrived", ["channel"]
)
API_CALLS = Counter(
    "itdesk_api_calls",
    "Calls of the platform's API: ok, the errcode, unclear, unsent, or held back",
    ["path", "outcome"],
)
API_CIRCUITS = Gauge(
    "itdesk_api_circuits", "Breakers by path: 0 closed, 1 half-open, 2 open", ["path"]
)
