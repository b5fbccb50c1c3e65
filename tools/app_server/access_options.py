"""`--ws-auth` and the options that belong to it."""

from functools import wraps
from typing import Any

from api.access.options import AccessMode, AccessOptions
from tools.usage import Command, file_path, natural, once, one_of, with_options

MODE = one_of(*(mode.value for mode in AccessMode))

OPTIONS = (
    once(
        "--ws-auth",
        metavar="MODE",
        read=MODE,
        help="What clients of ws:// show: capability-token, signed-bearer-token.",
    ),
    once("--ws-token-file", metavar="PATH", read=file_path, help="File that holds the capability token."),
    once("--ws-token-sha256", metavar="HEX", help="SHA-256 of the capability token."),
    once(
        "--ws-shared-secret-file",
        metavar="PATH",
        read=file_path,
        help="File that holds the secret by which tokens are signed (HS256).",
    ),
    once("--ws-issuer", metavar="ISSUER", help="Issuer that signed tokens must have."),
    once("--ws-audience", metavar="AUDIENCE", help="Audience that signed tokens must be for."),
    once(
        "--ws-max-clock-skew-seconds",
        metavar="SECONDS",
        read=natural,
        help="How far clocks may differ.  [default: 30]",
    ),
)


def access_options(command: Command) -> Command:
    """The options of access control, given to the command as one value, `access`."""

    @wraps(command)
    def with_access(
        *arguments: Any,
        ws_auth: str | None,
        ws_token_file: str | None,
        ws_token_sha256: str | None,
        ws_shared_secret_file: str | None,
        ws_issuer: str | None,
        ws_audience: str | None,
        ws_max_clock_skew_seconds: int | None,
        **others: Any,
    ) -> Any:
        access = AccessOptions(
            mode=None if ws_auth is None else AccessMode(ws_auth),
            token_file=ws_token_file,
            token_sha256=ws_token_sha256,
            shared_secret_file=ws_shared_secret_file,
            issuer=ws_issuer,
            audience=ws_audience,
            clock_skew_seconds=ws_max_clock_skew_seconds,
        )
        return command(*arguments, access=access, **others)

    return with_options(OPTIONS, with_access)
