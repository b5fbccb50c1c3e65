"""What is an address of a server, and what is none."""

import pytest

from api.client.client import Client
from domain.errors import UnfitServerAddress


@pytest.mark.parametrize(
    "address",
    [
        "unix:///run/a.sock",
        "unix://a.sock",
        "ws://127.0.0.1:1",
        "ws://[::1]:1/path",
        "wss://host.example:443",
    ],
)
def test_sockets_and_websockets_are_addresses(address: str) -> None:
    assert isinstance(Client.at(address), Client)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "unix://",
        "unix:/a",
        "/a",
        "ws://",
        "ws://host",
        "ws://:1",
        "ws://host:x",
        "ws://[::1",
        "http://h:1",
    ],
)
def test_anything_else_is_refused_in_a_sentence(address: str) -> None:
    with pytest.raises(UnfitServerAddress) as refusal:
        Client.at(address)
    assert repr(address) in str(refusal.value)
