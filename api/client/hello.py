"""How a client introduces itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.client.calls import Payload
from domain.version import __version__


@dataclass(frozen=True, slots=True)
class Hello:
    """What the server is told in the greeting; `unwanted` are notifications that it shall not send."""

    name: str = "threadstore"
    version: str = __version__
    has_experimental_api: bool = True
    unwanted: Sequence[str] = ()

    def params(self) -> Payload:
        """The parameters of `initialize`."""
        capabilities: Payload = {"experimentalApi": self.has_experimental_api}
        if self.unwanted:
            capabilities["optOutNotificationMethods"] = list(self.unwanted)
        return {"clientInfo": {"name": self.name, "version": self.version}, "capabilities": capabilities}


OWN = Hello()
"""As which a client introduces itself unless it is told otherwise."""
