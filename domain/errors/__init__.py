"""Every failure this program tells a client or a person about.

    ThreadstoreError
    ├── InvalidRequest            -32600   the request, or the state it meets, is wrong
    │   ├── InvalidThreadId
    │   ├── InvalidCursor
    │   ├── AnchorGone
    │   ├── ThreadNotLoaded
    │   ├── NotMaterialized
    │   ├── EphemeralThread
    │   ├── TurnNotFound
    │   ├── UnreadableParams
    │   ├── UnknownMethod
    │   ├── MessageTooLong
    │   ├── UnusableClientName
    │   ├── NotInitialized
    │   ├── AlreadyInitialized
    │   ├── NeedsExperimentalApi
    │   ├── UnfitDynamicTool
    │   ├── ConfigurationRefused
    │   ├── UnfitOverride
    │   ├── NotCombined
    │   ├── UnknownEnvironment
    │   ├── EnvironmentTwice
    │   ├── MustNotBeEmpty
    │   ├── NoActiveTurn
    │   ├── NoElicitation
    │   ├── InputTooLarge          -32602   more text than a turn takes
    │   ├── NotUtf8                -32700   a message in another encoding
    │   ├── ActiveWriter
    │   ├── ThreadNotFound
    │   ├── RolloutNotFound
    │   ├── ArchivedRolloutNotFound
    │   ├── RolloutElsewhere
    │   ├── UndatedRollout
    │   ├── IrregularRollout
    │   ├── NameTaken
    │   ├── NotPacked
    │   ├── GoalsDisabled
    │   ├── EphemeralGoal
    │   ├── LongObjective
    │   ├── UnfitBudget
    │   ├── NoGoal
    │   ├── NoRollback
    │   ├── TooFewTurns
    │   ├── UnfitItem
    │   ├── UnfitRolloutItem
    │   ├── VersionConflict
    │   ├── InvalidPosition
    │   ├── PositionGone
    │   ├── StoredAlready
    │   ├── TooManySubscriptions
    │   ├── EmptyGitInfo
    │   ├── EphemeralMetadata
    │   ├── UnfitResponseItem
    │   ├── RollbackFailed
    │   ├── PathNotResolved
    │   ├── StalePath
    │   ├── AlreadyRunning
    │   ├── NoModel
    │   ├── CursorBeyond
    │   ├── NeedsChatgptAccount
    │   └── HeadMissing
    ├── NotServed                 -32601   known, but not served here
    ├── NotOfThreadStore          -32601   part of what harnesses ask of a store, but not under this name
    ├── HomeMissing               -32603   there is nothing to serve
    ├── RepairRunning             -32603   one repair of a home at a time
    ├── UnknownRun                -32603   a run of the repair that is not there
    ├── RequestRefused            -32603   what a client of ours was answered, with the code of that
    ├── ServerGone                -32603   a client's conversation ended before its answer came
    ├── ServerUnreachable         -32603   nobody answers at an address
    ├── UnfitServerAddress        -32603   no address
    ├── NotificationsLost         -32603   a client did not read what it was told
    ├── WrongUsage                -32603   the command line does not read
    │   ├── UnknownListen
    │   └── UnfitListen
    ├── StartRefused              -32603   the command line reads, but so the service cannot be run
    │   ├── NoTransport
    │   ├── AccessControlMissing
    │   ├── UnfitAccessOptions
    │   │   ├── TokenMissing
    │   │   ├── TokenTwice
    │   │   ├── UnfitTokenDigest
    │   │   ├── SignatureNotAskedFor
    │   │   ├── SharedSecretMissing
    │   │   ├── CapabilityTokenNotAskedFor
    │   │   ├── AccessControlNotAskedFor
    │   │   └── UnfitClockSkew
    │   ├── UnreadableSecret
    │   ├── EmptySecret
    │   ├── ShortSecret
    │   ├── ListenFailed
    │   ├── SocketPathTooLong
    │   ├── SocketFolderUnfit
    │   ├── SocketFolderOpen
    │   ├── SocketInUse
    │   ├── SocketPathTaken
    │   ├── UnfitHandedSocket
    │   ├── UnreadSetting
    │   ├── SettingsRefused
    │   ├── StrictSettingsRefused
    │   ├── SocketUnconnected
    │   ├── DaemonUnconnected
    │   ├── DaemonUnmanaged
    │   ├── NotGenerated
    │   └── RelayFailed
    └── InternalError             -32603   a file or the index could not be read
        ├── ConfigurationUnread
        ├── ConfigurationUnfit
        ├── UnreadableThread
        ├── UnknownHistoryMode
        ├── OrdinalsUsedUp
        ├── UnreadableFolder
        ├── IndexFailed
        ├── MoveFailed
        ├── UnreadableUnarchived
        ├── ForkFailed
        ├── PackingFailed
        ├── ThreadWithoutHead
        ├── ThreadContended
        ├── ShuttingDown
        └── AppendFailed

A class takes the facts and writes its own sentence. Codes and sentences are those of release 0.131.0
where a client of it could meet them.
"""

from domain.errors.asked import (
    ConfigurationUnfit,
    ConfigurationUnread,
    CursorBeyond,
    NeedsChatgptAccount,
)
from domain.errors.base import (
    InternalError,
    InvalidRequest,
    ThreadstoreError,
)
from domain.errors.clients import (
    NotificationsLost,
    RequestRefused,
    ServerGone,
    ServerUnreachable,
    UnfitServerAddress,
)
from domain.errors.commands import (
    EmptyGitInfo,
    GoalsDisabled,
    LongObjective,
    NoGoal,
    NoRollback,
    ShuttingDown,
    ThreadContended,
    TooFewTurns,
    UnfitBudget,
    UnfitItem,
    UnfitResponseItem,
    UnfitRolloutItem,
    VersionConflict,
)
from domain.errors.doors import (
    ListenFailed,
    SocketFolderOpen,
    SocketFolderUnfit,
    SocketInUse,
    SocketPathTaken,
    SocketPathTooLong,
    UnfitHandedSocket,
)
from domain.errors.files import (
    ActiveWriter,
    AppendFailed,
    ForkFailed,
    HeadMissing,
    HomeMissing,
    IndexFailed,
    IrregularRollout,
    MoveFailed,
    NameTaken,
    RolloutElsewhere,
    StaleIndex,
    UndatedRollout,
    UnreadableFolder,
    WatchRefused,
)
from domain.errors.packing import NotPacked, PackingFailed
from domain.errors.repairing import RepairRunning, UnknownRun
from domain.errors.requests import (
    AlreadyInitialized,
    AnchorGone,
    InvalidCursor,
    InvalidPosition,
    InvalidThreadId,
    MessageTooLong,
    MustNotBeEmpty,
    NeedsExperimentalApi,
    NotCombined,
    NotInitialized,
    NotOfThreadStore,
    NotServed,
    NotUtf8,
    PositionGone,
    TooManySubscriptions,
    TurnNotFound,
    UnknownMethod,
    UnreadableParams,
    UnusableClientName,
)
from domain.errors.sessions import (
    ConfigurationRefused,
    EnvironmentTwice,
    InputTooLarge,
    NoActiveTurn,
    NoElicitation,
    NoModel,
    UnfitDynamicTool,
    UnfitOverride,
    UnknownEnvironment,
)
from domain.errors.starting import (
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
    StartRefused,
    StrictSettingsRefused,
    TokenMissing,
    TokenTwice,
    UnfitAccessOptions,
    UnfitClockSkew,
    UnfitListen,
    UnfitTokenDigest,
    UnknownListen,
    UnreadableSecret,
    UnreadSetting,
    WrongUsage,
)
from domain.errors.threads import (
    AlreadyRunning,
    ArchivedRolloutNotFound,
    EphemeralGoal,
    EphemeralMetadata,
    EphemeralThread,
    NotMaterialized,
    OrdinalsUsedUp,
    PathNotResolved,
    RollbackFailed,
    RolloutNotFound,
    StalePath,
    StoredAlready,
    ThreadNotFound,
    ThreadNotLoaded,
    ThreadWithoutHead,
    UnknownHistoryMode,
    UnreadableThread,
    UnreadableUnarchived,
)

__all__ = [
    "AccessControlMissing",
    "AccessControlNotAskedFor",
    "ActiveWriter",
    "AlreadyInitialized",
    "AlreadyRunning",
    "AnchorGone",
    "AppendFailed",
    "ArchivedRolloutNotFound",
    "CapabilityTokenNotAskedFor",
    "ConfigurationRefused",
    "ConfigurationUnfit",
    "ConfigurationUnread",
    "CursorBeyond",
    "DaemonUnconnected",
    "DaemonUnmanaged",
    "EmptyGitInfo",
    "EmptySecret",
    "EnvironmentTwice",
    "EphemeralGoal",
    "EphemeralMetadata",
    "EphemeralThread",
    "ForkFailed",
    "GoalsDisabled",
    "HeadMissing",
    "HomeMissing",
    "IndexFailed",
    "InputTooLarge",
    "InternalError",
    "InvalidCursor",
    "InvalidPosition",
    "InvalidRequest",
    "InvalidThreadId",
    "IrregularRollout",
    "ListenFailed",
    "LongObjective",
    "MessageTooLong",
    "MoveFailed",
    "MustNotBeEmpty",
    "NameTaken",
    "NeedsChatgptAccount",
    "NeedsExperimentalApi",
    "NoActiveTurn",
    "NoElicitation",
    "NoGoal",
    "NoModel",
    "NoRollback",
    "NoTransport",
    "NotCombined",
    "NotGenerated",
    "NotInitialized",
    "NotMaterialized",
    "NotOfThreadStore",
    "NotPacked",
    "NotServed",
    "NotUtf8",
    "NotificationsLost",
    "OrdinalsUsedUp",
    "PackingFailed",
    "PathNotResolved",
    "PositionGone",
    "RelayFailed",
    "RepairRunning",
    "RequestRefused",
    "RollbackFailed",
    "RolloutElsewhere",
    "RolloutNotFound",
    "ServerGone",
    "ServerUnreachable",
    "SettingsRefused",
    "SharedSecretMissing",
    "ShortSecret",
    "ShuttingDown",
    "SignatureNotAskedFor",
    "SocketFolderOpen",
    "SocketFolderUnfit",
    "SocketInUse",
    "SocketPathTaken",
    "SocketPathTooLong",
    "SocketUnconnected",
    "StaleIndex",
    "StalePath",
    "StartRefused",
    "StoredAlready",
    "StrictSettingsRefused",
    "ThreadContended",
    "ThreadNotFound",
    "ThreadNotLoaded",
    "ThreadWithoutHead",
    "ThreadstoreError",
    "TokenMissing",
    "TokenTwice",
    "TooFewTurns",
    "TooManySubscriptions",
    "TurnNotFound",
    "UndatedRollout",
    "UnfitAccessOptions",
    "UnfitBudget",
    "UnfitClockSkew",
    "UnfitDynamicTool",
    "UnfitHandedSocket",
    "UnfitItem",
    "UnfitListen",
    "UnfitOverride",
    "UnfitResponseItem",
    "UnfitRolloutItem",
    "UnfitServerAddress",
    "UnfitTokenDigest",
    "UnknownEnvironment",
    "UnknownHistoryMode",
    "UnknownListen",
    "UnknownMethod",
    "UnknownRun",
    "UnreadSetting",
    "UnreadableFolder",
    "UnreadableParams",
    "UnreadableSecret",
    "UnreadableThread",
    "UnreadableUnarchived",
    "UnusableClientName",
    "VersionConflict",
    "WatchRefused",
    "WrongUsage",
]
