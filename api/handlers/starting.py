"""thread/start and thread/loaded/list: threads that exist in this server before anything is stored."""

import time
from datetime import datetime
from secrets import randbits

from api.connection import Connection, Params, Result
from api.live import LiveThread
from domain.errors import InvalidCursor, InvalidThreadId
from domain.ids import new_thread_id, parse_thread_id
from domain.paths import absolute
from domain.rollout_name import write_rollout_name
from domain.version import PROTOCOL_RELEASE

DEFAULT_MODEL = "gpt-5.5"
"""What release 0.131.0 answers without configuration; nothing here runs it."""


async def start(connection: Connection, params: Params) -> Result:
    """A new thread, told to everyone and written nowhere."""
    context = connection.context
    now_s = time.time()
    thread_id = new_thread_id(int(now_s * 1000), randbits(74))
    is_ephemeral: bool = params.get("ephemeral", False)
    cwd = absolute(params.get("cwd", ""), context.defaults.working_directory, context.defaults.user_home)
    provider = params.get("modelProvider", context.defaults.model_provider)
    local = datetime.fromtimestamp(now_s).astimezone()
    path = context.engine.home.sessions / local.strftime("%Y/%m/%d") / write_rollout_name(local, thread_id)
    thread = {
        "id": str(thread_id),
        "sessionId": str(thread_id),
        "forkedFromId": None,
        "preview": "",
        "ephemeral": is_ephemeral,
        "modelProvider": provider,
        "createdAt": int(now_s),
        "updatedAt": int(now_s),
        "status": {"type": "idle"},
        "path": None if is_ephemeral else str(path),
        "cwd": cwd,
        "cliVersion": PROTOCOL_RELEASE,
        "source": "vscode",
        "threadSource": params.get("threadSource"),
        "agentNickname": None,
        "agentRole": None,
        "gitInfo": None,
        "name": None,
        "turns": [],
    }
    context.live.add(LiveThread(thread_id, is_ephemeral, thread))
    return {
        "thread": thread,
        "model": params.get("model", DEFAULT_MODEL),
        "modelProvider": provider,
        "serviceTier": params.get("serviceTier"),
        "cwd": cwd,
        "runtimeWorkspaceRoots": [cwd],
        "instructionSources": [],
        "approvalPolicy": params.get("approvalPolicy", "on-request"),
        "approvalsReviewer": params.get("approvalsReviewer", "user"),
        "sandbox": {"type": "readOnly", "networkAccess": False},
        "activePermissionProfile": {"id": ":read-only", "extends": None},
        "reasoningEffort": None,
    }


async def loaded_list(connection: Connection, params: Params) -> Result:
    """The ids of the started threads, in order, behind the cursor."""
    ids = connection.context.live.ids()
    text = params.get("cursor")
    if text is not None:
        try:
            behind = str(parse_thread_id(text))
        except InvalidThreadId:
            raise InvalidCursor(text) from None
        ids = [thread_id for thread_id in ids if thread_id > behind]
    limit = params.get("limit")
    page = ids if limit is None else ids[: max(1, limit)]
    return {"data": page, "nextCursor": page[-1] if len(page) < len(ids) else None}
