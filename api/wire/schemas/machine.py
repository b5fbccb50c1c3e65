"""Files, programs and terminals of the machine: what a store refuses, after its parameters were read.

Fields, their order and their sentences are those of release 0.131.0.
"""

from collections.abc import Mapping

from api.wire.schemas.parts import (
    Schema,
    absolute_path,
    anything,
    boolean,
    enumeration,
    i64,
    mapping,
    nullable,
    path,
    request,
    sequence,
    string,
    struct,
    tagged,
    u32,
    u64,
)
from api.wire.schemas.turns import SANDBOX_POLICY

U16: Schema = {**u32(), "title": "u16", "maximum": 2**16 - 1}
"""A whole number of 16 bits, not negative."""

_COUNT: Schema = {**u64(), "title": "usize"}
_SIZE: Mapping[str, Schema] = {"rows": U16, "cols": U16}
_COMMAND_SIZE = struct("CommandExecTerminalSize", _SIZE, [*_SIZE])
_PROCESS_SIZE = struct("ProcessTerminalSize", _SIZE, [*_SIZE])
_NETWORK = struct("PermissionProfileNetworkPermissions", {"enabled": boolean()}, ["enabled"])
_PERMISSION_PROFILE = tagged(
    "PermissionProfile",
    {
        "managed": struct(
            "managed", {"fileSystem": mapping(anything()), "network": _NETWORK}, ["fileSystem", "network"]
        ),
        "disabled": struct("disabled", {}),
        "external": struct("external", {"network": _NETWORK}, ["network"]),
    },
)
_TERMINAL: Mapping[str, Schema] = {
    "tty": boolean(),
    "streamStdin": boolean(),
    "streamStdoutStderr": boolean(),
}
_WRITE: Mapping[str, Schema] = {"deltaBase64": nullable(string()), "closeStdin": boolean()}


def _only(name: str, **fields: Schema) -> Schema:
    """Parameters of which none may be missing."""
    return request(name, fields, [*fields])


REQUESTS: Mapping[str, Schema] = {
    "fs/readFile": _only("FsReadFileParams", path=absolute_path()),
    "fs/writeFile": _only("FsWriteFileParams", path=absolute_path(), dataBase64=string()),
    "fs/createDirectory": request(
        "FsCreateDirectoryParams", {"path": absolute_path(), "recursive": nullable(boolean())}, ["path"]
    ),
    "fs/getMetadata": _only("FsGetMetadataParams", path=absolute_path()),
    "fs/readDirectory": _only("FsReadDirectoryParams", path=absolute_path()),
    "fs/remove": request(
        "FsRemoveParams",
        {"path": absolute_path(), "recursive": nullable(boolean()), "force": nullable(boolean())},
        ["path"],
    ),
    "fs/copy": request(
        "FsCopyParams",
        {"sourcePath": absolute_path(), "destinationPath": absolute_path(), "recursive": boolean()},
        ["sourcePath", "destinationPath"],
    ),
    "fs/watch": _only("FsWatchParams", watchId=string(), path=absolute_path()),
    "fs/unwatch": _only("FsUnwatchParams", watchId=string()),
    "command/exec": request(
        "CommandExecParams",
        {
            "command": sequence(string()),
            "processId": nullable(string()),
            **_TERMINAL,
            "outputBytesCap": nullable(_COUNT),
            "disableOutputCap": boolean(),
            "disableTimeout": boolean(),
            "timeoutMs": nullable(i64()),
            "cwd": nullable(path()),
            "env": nullable(mapping(nullable(string()))),
            "size": nullable(_COMMAND_SIZE),
            "sandboxPolicy": nullable(SANDBOX_POLICY),
            "permissionProfile": nullable(_PERMISSION_PROFILE),
        },
        ["command"],
    ),
    "command/exec/write": request("CommandExecWriteParams", {"processId": string(), **_WRITE}, ["processId"]),
    "command/exec/terminate": _only("CommandExecTerminateParams", processId=string()),
    "command/exec/resize": _only("CommandExecResizeParams", processId=string(), size=_COMMAND_SIZE),
    "process/spawn": request(
        "ProcessSpawnParams",
        {
            "command": sequence(string()),
            "processHandle": string(),
            "cwd": absolute_path(),
            **_TERMINAL,
            "outputBytesCap": nullable(_COUNT),
            "timeoutMs": nullable(i64()),
            "env": nullable(mapping(nullable(string()))),
            "size": nullable(_PROCESS_SIZE),
        },
        ["command", "processHandle", "cwd"],
    ),
    "process/writeStdin": request(
        "ProcessWriteStdinParams", {"processHandle": string(), **_WRITE}, ["processHandle"]
    ),
    "process/kill": _only("ProcessKillParams", processHandle=string()),
    "process/resizePty": _only("ProcessResizePtyParams", processHandle=string(), size=_PROCESS_SIZE),
    "environment/add": _only("EnvironmentAddParams", environmentId=string(), execServerUrl=string()),
    "fuzzyFileSearch": request(
        "FuzzyFileSearchParams",
        {"query": string(), "roots": sequence(string()), "cancellationToken": nullable(string())},
        ["query", "roots"],
    ),
    "fuzzyFileSearch/sessionStart": _only(
        "FuzzyFileSearchSessionStartParams", sessionId=string(), roots=sequence(string())
    ),
    "fuzzyFileSearch/sessionUpdate": _only(
        "FuzzyFileSearchSessionUpdateParams", sessionId=string(), query=string()
    ),
    "fuzzyFileSearch/sessionStop": _only("FuzzyFileSearchSessionStopParams", sessionId=string()),
    "gitDiffToRemote": _only("GitDiffToRemoteParams", cwd=path()),
    "windowsSandbox/setupStart": request(
        "WindowsSandboxSetupStartParams",
        {"mode": enumeration("elevated", "unelevated"), "cwd": nullable(absolute_path())},
        ["mode"],
    ),
}
"""The files of a permission profile are not looked into: what names them is refused either way."""
