"""account/read, account/rateLimits/read, getAuthStatus: there is no account, and none is needed.

Clients show a page for logging in as long as an account is missing, whatever else is said (release 0.131.0),
so they are told of an API key. There is no such key.
"""

from api.wire.connection import Connection, Params, Result
from domain.errors import NeedsChatgptAccount


async def read(_connection: Connection, _params: Params) -> Result:
    """An account that asks for no login."""
    return {"account": {"type": "apiKey"}, "requiresOpenaiAuth": False}


async def auth_status(_connection: Connection, _params: Params) -> Result:
    """The same in the words of earlier clients; never a token."""
    return {"authMethod": "apikey", "authToken": None, "requiresOpenaiAuth": False}


async def rate_limits(_connection: Connection, _params: Params) -> Result:
    """Refused, as with every API key: only ChatGPT accounts have such limits."""
    deed = "read rate limits"
    raise NeedsChatgptAccount(deed)
