"""model/list, and what can be done with a model: nothing here.

Clients that find no model, or no answer, end (release 0.131.0), so there is one by the name of "none".
"""

from api.handlers.catalogues import numbered_page
from api.wire.connection import Connection, Params, Result

NO_MODEL: Result = {
    "id": "none",
    "model": "none",
    "displayName": "none",
    "description": "",
    "hidden": False,
    "supportedReasoningEfforts": [],
    "defaultReasoningEffort": "medium",
    "isDefault": True,
}
"""The one model of a server that has none; every client that was tried takes it."""


async def list_models(_connection: Connection, params: Params) -> Result:
    """The one model that stands for none."""
    return numbered_page([NO_MODEL], params, "models")


async def provider_capabilities(_connection: Connection, _params: Params) -> Result:
    """What a turn here may use, whatever the provider could: no turn runs."""
    return {"namespaceTools": False, "imageGeneration": False, "webSearch": False}


async def list_modes(_connection: Connection, _params: Params) -> Result:
    """The ways of working with a model: none."""
    return {"data": []}


async def list_features(connection: Connection, params: Params) -> Result:
    """The features of the release that mean something to a store: goals alone."""
    is_enabled = connection.context.config.has_goals
    goals = {
        "name": "goals",
        "stage": "beta",
        "displayName": "Goals",
        "description": "Keep with a thread what it is to reach",
        "announcement": "",
        "enabled": is_enabled,
        "defaultEnabled": False,
    }
    return numbered_page([goals], params, "feature flags")


async def list_voices(_connection: Connection, _params: Params) -> Result:
    """The voices that the protocol has names for, as in release 0.131.0; nobody speaks with them here."""
    first = ["juniper", "maple", "spruce", "ember", "vale", "breeze", "arbor", "sol", "cove"]
    second = ["alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse", "marin", "cedar"]
    return {"voices": {"v1": first, "v2": second, "defaultV1": "cove", "defaultV2": "marin"}}


async def sandbox_readiness(_connection: Connection, _params: Params) -> Result:
    """The state of a sandbox for programs on Windows: none is set up, as none are run."""
    return {"status": "notConfigured"}
