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
    │   ├── GoalsDisabled
    │   ├── EphemeralGoal
    │   ├── LongObjective
    │   ├── UnfitBudget
    │   ├── NoGoal
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
    │   └── HeadMissing
    ├── NotServed                 -32601   known, but not served here
    ├── NotOfThreadStore          -32601   part of what harnesses ask of a store, but not under this name
    ├── HomeMissing               -32603   there is nothing to serve
    └── InternalError             -32603   a file or the index could not be read
        ├── UnreadableThread
        ├── UnreadableFolder
        ├── IndexFailed
        ├── MoveFailed
        ├── UnreadableUnarchived
        ├── ForkFailed
        ├── ThreadWithoutHead
        ├── ThreadContended
        ├── ShuttingDown
        └── AppendFailed

A class takes the facts and writes its own sentence. Codes and sentences are those of release 0.131.0
where a client of it could meet them.
"""

from domain.errors.base import (
    InternalError,
    InvalidRequest,
    ThreadstoreError,
)
from domain.errors.commands import (
    EmptyGitInfo,
    GoalsDisabled,
    LongObjective,
    NoGoal,
    ShuttingDown,
    ThreadContended,
    TooFewTurns,
    UnfitBudget,
    UnfitItem,
    UnfitResponseItem,
    UnfitRolloutItem,
    VersionConflict,
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
from domain.errors.threads import (
    AlreadyRunning,
    ArchivedRolloutNotFound,
    EphemeralGoal,
    EphemeralMetadata,
    EphemeralThread,
    NotMaterialized,
    PathNotResolved,
    RollbackFailed,
    RolloutNotFound,
    StalePath,
    StoredAlready,
    ThreadNotFound,
    ThreadNotLoaded,
    ThreadWithoutHead,
    UnreadableThread,
    UnreadableUnarchived,
)

__all__ = [
    "ActiveWriter",
    "AlreadyInitialized",
    "AlreadyRunning",
    "AnchorGone",
    "AppendFailed",
    "ArchivedRolloutNotFound",
    "ConfigurationRefused",
    "EmptyGitInfo",
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
    "LongObjective",
    "MessageTooLong",
    "MoveFailed",
    "MustNotBeEmpty",
    "NameTaken",
    "NeedsExperimentalApi",
    "NoActiveTurn",
    "NoElicitation",
    "NoGoal",
    "NoModel",
    "NotCombined",
    "NotInitialized",
    "NotMaterialized",
    "NotOfThreadStore",
    "NotServed",
    "NotUtf8",
    "PathNotResolved",
    "PositionGone",
    "RollbackFailed",
    "RolloutElsewhere",
    "RolloutNotFound",
    "ShuttingDown",
    "StaleIndex",
    "StalePath",
    "StoredAlready",
    "ThreadContended",
    "ThreadNotFound",
    "ThreadNotLoaded",
    "ThreadWithoutHead",
    "ThreadstoreError",
    "TooFewTurns",
    "TooManySubscriptions",
    "TurnNotFound",
    "UndatedRollout",
    "UnfitBudget",
    "UnfitDynamicTool",
    "UnfitItem",
    "UnfitOverride",
    "UnfitResponseItem",
    "UnfitRolloutItem",
    "UnknownEnvironment",
    "UnknownMethod",
    "UnreadableFolder",
    "UnreadableParams",
    "UnreadableThread",
    "UnreadableUnarchived",
    "UnusableClientName",
    "VersionConflict",
    "WatchRefused",
]
