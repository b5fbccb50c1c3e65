"""What is said when the service does not start: code and sentence (transports.md)."""

from domain.errors import (
    AccessControlMissing,
    AccessControlNotAskedFor,
    CapabilityTokenNotAskedFor,
    DaemonUnconnected,
    DaemonUnmanaged,
    EmptySecret,
    NotGenerated,
    NoTransport,
    RelayFailed,
    SettingsRefused,
    SharedSecretMissing,
    ShortSecret,
    SignatureNotAskedFor,
    SocketUnconnected,
    StrictSettingsRefused,
    ThreadstoreError,
    TokenMissing,
    TokenTwice,
    UnfitClockSkew,
    UnfitListen,
    UnfitTokenDigest,
    UnknownListen,
    UnreadableSecret,
    UnreadSetting,
)

MODES = "`--ws-auth capability-token` or `--ws-auth signed-bearer-token`"
EXPECTED = "expected `stdio://`, `unix://`, `unix://PATH`, `ws://IP:PORT`, or `off`"
TOKEN_OPTIONS = "`--ws-token-file` and `--ws-token-sha256`"
SIGNATURE_OPTIONS = (
    "`--ws-shared-secret-file`, `--ws-issuer`, `--ws-audience`, and `--ws-max-clock-skew-seconds`"
)
CAUSE = "\n\nCaused by:\n    why"

OF_THE_START: list[tuple[ThreadstoreError, int, str]] = [
    (failure, -32603, sentence)
    for failure, sentence in [
        (
            UnknownListen("x"),
            f"invalid value 'x' for '--listen <URL>': unsupported --listen URL `x`; {EXPECTED}",
        ),
        (
            UnfitListen("x"),
            "invalid value 'x' for '--listen <URL>': invalid websocket --listen URL `x`; expected `ws://IP:PORT`",
        ),
        (NoTransport(), "no transport configured; use --listen or enable remote control"),
        (
            AccessControlMissing("0.0.0.0:1"),
            f"refusing to start non-loopback websocket listener 0.0.0.0:1 without auth; configure {MODES}",
        ),
        (
            TokenMissing(),
            "`--ws-token-file` or `--ws-token-sha256` is required when `--ws-auth capability-token` is set",
        ),
        (TokenTwice(), "`--ws-token-file` and `--ws-token-sha256` are mutually exclusive"),
        (UnfitTokenDigest(), "--ws-token-sha256 must be a 64-character hex SHA-256 digest"),
        (
            SignatureNotAskedFor(),
            f"{SIGNATURE_OPTIONS} require `--ws-auth signed-bearer-token`",
        ),
        (
            SharedSecretMissing(),
            "`--ws-shared-secret-file` is required when `--ws-auth signed-bearer-token` is set",
        ),
        (
            CapabilityTokenNotAskedFor(),
            f"{TOKEN_OPTIONS} require `--ws-auth capability-token`, not `signed-bearer-token`",
        ),
        (AccessControlNotAskedFor(), f"websocket auth flags require {MODES}"),
        (UnfitClockSkew(), "websocket auth clock skew must fit in a signed 64-bit integer"),
        (UnreadableSecret("/p", "why"), "failed to read websocket auth secret /p: why"),
        (EmptySecret("/p"), "websocket auth secret /p must not be empty"),
        (ShortSecret("/p", 32), "signed websocket bearer secret /p must be at least 32 bytes"),
        (UnreadSetting("Why: x"), "error parsing -c overrides: Why: x"),
        (SettingsRefused("why"), "error loading default config after config error: why"),
        (StrictSettingsRefused("why"), "why"),
        (SocketUnconnected("/p", "why"), f"failed to connect to socket at /p{CAUSE}"),
        (DaemonUnconnected("/p", "why"), f"failed to connect to /p{CAUSE}"),
        (DaemonUnmanaged(), "app server is running but is not managed by codex app-server daemon"),
        (NotGenerated("TypeScript", "why"), "TypeScript is not generated here: why"),
        (RelayFailed("why"), f"failed to relay data between stdio and socket{CAUSE}"),
    ]
]
