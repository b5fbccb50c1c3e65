"""Why the service does not start: what the command line asks for cannot be.

Each sentence is that of release 0.131.0, except where its class says so. Wrong usage exits with 2, what turns
out later with 1.
"""

from domain.errors.base import ThreadstoreError

EXPECTED_LISTEN = "expected `stdio://`, `unix://`, `unix://PATH`, `ws://IP:PORT`, or `off`"


class WrongUsage(ThreadstoreError):
    """The command line does not read."""


class StartRefused(ThreadstoreError):
    """The command line reads, but not so can the service be run."""

    exit_code = 1


class UnknownListen(WrongUsage):
    """A `--listen` of a scheme or spelling that there is not."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"invalid value '{text}' for '--listen <URL>': "
            f"unsupported --listen URL `{text}`; {EXPECTED_LISTEN}"
        )


class UnfitListen(WrongUsage):
    """A `--listen` whose `ws://` is not followed by an IP, a port and nothing else."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"invalid value '{text}' for '--listen <URL>': "
            f"invalid websocket --listen URL `{text}`; expected `ws://IP:PORT`"
        )


class NoTransport(StartRefused):
    """`--listen off`, and no other way to the service."""

    def __init__(self) -> None:
        super().__init__("no transport configured; use --listen or enable remote control")


class AccessControlMissing(StartRefused):
    """An address that other machines reach, and nothing to keep strangers out."""

    def __init__(self, address: str) -> None:
        super().__init__(
            f"refusing to start non-loopback websocket listener {address} without auth; configure "
            "`--ws-auth capability-token` or `--ws-auth signed-bearer-token`"
        )


class UnfitAccessOptions(StartRefused):
    """Options of access control that do not go together; the sentence is one of those below."""


class TokenMissing(UnfitAccessOptions):
    """A capability token is asked for, but not said which."""

    def __init__(self) -> None:
        super().__init__(
            "`--ws-token-file` or `--ws-token-sha256` is required when `--ws-auth capability-token` is set"
        )


class TokenTwice(UnfitAccessOptions):
    """A capability token in a file and by its digest."""

    def __init__(self) -> None:
        super().__init__("`--ws-token-file` and `--ws-token-sha256` are mutually exclusive")


class UnfitTokenDigest(UnfitAccessOptions):
    """A digest that is none of SHA-256."""

    def __init__(self) -> None:
        super().__init__("--ws-token-sha256 must be a 64-character hex SHA-256 digest")


class SignatureNotAskedFor(UnfitAccessOptions):
    """Options of signed tokens beside a capability token."""

    def __init__(self) -> None:
        super().__init__(
            "`--ws-shared-secret-file`, `--ws-issuer`, `--ws-audience`, and `--ws-max-clock-skew-seconds` "
            "require `--ws-auth signed-bearer-token`"
        )


class SharedSecretMissing(UnfitAccessOptions):
    """Signed tokens are asked for, but not said by what they are signed."""

    def __init__(self) -> None:
        super().__init__("`--ws-shared-secret-file` is required when `--ws-auth signed-bearer-token` is set")


class CapabilityTokenNotAskedFor(UnfitAccessOptions):
    """Options of a capability token beside signed ones."""

    def __init__(self) -> None:
        super().__init__(
            "`--ws-token-file` and `--ws-token-sha256` require `--ws-auth capability-token`, "
            "not `signed-bearer-token`"
        )


class AccessControlNotAskedFor(UnfitAccessOptions):
    """Options of access control without its kind."""

    def __init__(self) -> None:
        super().__init__(
            "websocket auth flags require `--ws-auth capability-token` or `--ws-auth signed-bearer-token`"
        )


class UnfitClockSkew(UnfitAccessOptions):
    """A clock skew over the signed 64-bit range."""

    def __init__(self) -> None:
        super().__init__("websocket auth clock skew must fit in a signed 64-bit integer")


class UnreadableSecret(StartRefused):
    """A file of a token or secret that does not read; `reason` is the system's."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"failed to read websocket auth secret {path}: {reason}")


class EmptySecret(StartRefused):
    """A file of a token or secret that holds none."""

    def __init__(self, path: str) -> None:
        super().__init__(f"websocket auth secret {path} must not be empty")


class ShortSecret(StartRefused):
    """A secret that can be guessed."""

    def __init__(self, path: str, size_min: int) -> None:
        super().__init__(f"signed websocket bearer secret {path} must be at least {size_min} bytes")


class UnreadSetting(StartRefused):
    """A setting of the command line that is not `key=value`; `reason` begins with a capital letter."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"error parsing -c overrides: {reason}")


class SettingsRefused(StartRefused):
    """Settings of the command line with which nothing can be run."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"error loading default config after config error: {reason}")


class StrictSettingsRefused(StartRefused):
    """Settings that would be passed over, had it not been asked for strictness."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)


class SocketUnconnected(StartRefused):
    """Nobody listens on the socket that bytes were to be relayed to."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"failed to connect to socket at {path}\n\nCaused by:\n    {reason}")


class DaemonUnconnected(StartRefused):
    """Nobody listens on the control socket."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"failed to connect to {path}\n\nCaused by:\n    {reason}")


class DaemonUnmanaged(StartRefused):
    """A server that runs, but was not started by this command."""

    def __init__(self) -> None:
        super().__init__("app server is running but is not managed by codex app-server daemon")


class NotGenerated(StartRefused):
    """Something that other programs generate; a refusal of ours."""

    def __init__(self, what: str, instead: str) -> None:
        super().__init__(f"{what} is not generated here: {instead}")


class RelayFailed(StartRefused):
    """A relay that broke while it was at work."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"failed to relay data between stdio and socket\n\nCaused by:\n    {reason}")
