"""How the server is run, the same for production, the demo and the tests."""

from typing import Any, Final

from pomost.wire.carrier import FRAME_BYTES_MAX

SERVER_OPTIONS: Final[dict[str, Any]] = {
    "ws": "websockets-sansio",
    # A little above the engine's own limit, so that it is the engine that refuses, with a sentence.
    "ws_max_size": FRAME_BYTES_MAX + (1 << 20),
    # Sealed frames cannot be compressed; trying costs time on both ends.
    "ws_per_message_deflate": False,
    "lifespan": "on",
    "log_level": "warning",
    # Open event streams never end by themselves.
    "timeout_graceful_shutdown": 3,
}
