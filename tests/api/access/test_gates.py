"""Gates: headers against the policy, files of secrets, failures that are counted."""

import os
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pytest

from api.access.attempts import TOO_MANY, Attempts, PatientGate
from api.access.gate import Gate, OpenGate, Refusal
from api.access.gates import WRONG_TOKEN, TokenGate, open_gate
from api.access.options import EverybodyPolicy, Policy, SignedPolicy, TokenDigestPolicy, TokenFilePolicy
from domain.errors import EmptySecret, ShortSecret, ThreadstoreError, UnfitClockSkew, UnreadableSecret
from domain.limits import FAILING_ADDRESSES_MAX, FAILURES_MAX, FAILURES_SECONDS, SECRET_SIZE_MAX
from tests.api.access.tickets import SECRET, ticket

TOKEN = "the token"
PEER = "192.0.2.1"
MISSING = Refusal(401, "missing websocket bearer token")
UNFIT = Refusal(401, "invalid authorization header")

HEADERS: list[tuple[Sequence[str], Refusal | None]] = [
    ([f"Bearer {TOKEN}"], None),
    ([f"bearer    {TOKEN}  "], None),
    ([f"BEARER \t{TOKEN}\t"], None),
    ([], MISSING),
    *[
        ([header], UNFIT)
        for header in ("", "Bearer", "Bearer   ", TOKEN, f"Basic {TOKEN}", f"Bearer\t{TOKEN}")
    ],
    *[([f"Bearer {text}"], UNFIT) for text in ("é", "\xa0", f"{TOKEN}\x00", f"{TOKEN}\x7f", "\udce9")],
    ([f"Bearer {TOKEN} x"], WRONG_TOKEN),
    (["Bearer The token"], WRONG_TOKEN),
    ([f"Bearer {TOKEN}", f"Bearer {TOKEN}"], Refusal(400, "more than one authorization header")),
]


def the_gate(policy: Policy) -> tuple[Gate, list[str]]:
    """The gate of a policy, and what was warned of."""
    warnings: list[str] = []
    return open_gate(policy, warnings.append), warnings


def secret_file(folder: Path, content: bytes, mode: int = 0o600) -> str:
    """A file that holds a secret."""
    path = folder / "secret"
    path.write_bytes(content)
    path.chmod(mode)
    return str(path)


@pytest.mark.parametrize(("authorization", "refusal"), HEADERS)
def test_a_header_is_read_as_the_release_does(authorization: Sequence[str], refusal: Refusal | None) -> None:
    gate = TokenGate(sha256(TOKEN.encode()).digest())
    assert gate.refusal(authorization, PEER) == refusal


def test_without_a_policy_everybody_comes_in() -> None:
    gate, _ = the_gate(EverybodyPolicy())
    assert isinstance(gate, OpenGate)
    assert gate.is_open
    assert gate.refusal([], PEER) is None


def test_a_file_of_a_token_is_read_once_and_trimmed(tmp_path: Path) -> None:
    path = secret_file(tmp_path, f" \n{TOKEN}\r\n".encode())
    gate, warnings = the_gate(TokenFilePolicy(path))
    Path(path).unlink()
    assert not gate.is_open
    assert gate.refusal([f"Bearer {TOKEN}"], PEER) is None
    assert gate.refusal(["Bearer x"], PEER) == WRONG_TOKEN
    assert not warnings


def test_a_digest_lets_its_token_in() -> None:
    gate, _ = the_gate(TokenDigestPolicy(sha256(TOKEN.encode()).digest()))
    assert gate.refusal([f"Bearer {TOKEN}"], PEER) is None
    assert gate.refusal([f"Bearer {sha256(TOKEN.encode()).hexdigest()}"], PEER) == WRONG_TOKEN


def test_a_signed_token_counts_as_of_now(tmp_path: Path) -> None:
    policy = SignedPolicy(secret_file(tmp_path, f"{SECRET}\n".encode()), None, None, 0)
    now = [100.0]
    gate = open_gate(policy, list[str]().append, lambda: now[0])
    header = [f"Bearer {ticket({'exp': 200})}"]
    assert gate.refusal(header, PEER) is None
    now[0] = 200.9
    assert gate.refusal(header, PEER) is None
    now[0] = 201.0
    assert gate.refusal(header, PEER) == Refusal(401, "expired websocket jwt")
    assert gate.refusal([], PEER) == MISSING


@pytest.mark.parametrize(
    ("mode", "is_warned"), [(0o600, False), (0o640, True), (0o604, True), (0o622, False)]
)
def test_a_file_that_others_can_read_is_warned_of(tmp_path: Path, mode: int, *, is_warned: bool) -> None:
    path = secret_file(tmp_path, TOKEN.encode(), mode)
    _, warnings = the_gate(TokenFilePolicy(path))
    assert [path in warning for warning in warnings] == [True] * is_warned
    assert TOKEN not in "".join(warnings)


SPOILT: list[tuple[bytes, type[ThreadstoreError]]] = [
    (b"", EmptySecret),
    (b" \n\t", EmptySecret),
    (b"\xff" * 40, UnreadableSecret),
    (b"x" * (SECRET_SIZE_MAX + 1), UnreadableSecret),
    (b"x" * 31 + b" \n", ShortSecret),
]


@pytest.mark.parametrize(("content", "refusal"), SPOILT, ids=lambda told: "")
def test_a_secret_that_is_none_is_refused(
    tmp_path: Path, content: bytes, refusal: type[ThreadstoreError]
) -> None:
    path = secret_file(tmp_path, content)
    with pytest.raises(refusal, match=path) as told:
        the_gate(SignedPolicy(path, None, None, 30))
    assert "xxx" not in str(told.value)


def test_a_missing_file_is_named_by_its_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    sentence = f"failed to read websocket auth secret {tmp_path}/x: No such file or directory (os error 2)"
    with pytest.raises(UnreadableSecret, match=f"^{sentence.replace('(', '.').replace(')', '.')}$"):
        the_gate(TokenFilePolicy("x"))


def test_a_pipe_may_hand_over_a_token(tmp_path: Path) -> None:
    source, sink = os.pipe()
    os.write(sink, TOKEN.encode())
    os.close(sink)
    gate, warnings = the_gate(TokenFilePolicy(f"/dev/fd/{source}"))
    os.close(source)
    assert gate.refusal([f"Bearer {TOKEN}"], PEER) is None
    assert not warnings


def test_a_clock_skew_over_63_bits_is_refused_after_the_secret(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSecret):
        the_gate(SignedPolicy(str(tmp_path / "x"), None, None, 2**63))
    path = secret_file(tmp_path, SECRET.encode())
    with pytest.raises(UnfitClockSkew):
        the_gate(SignedPolicy(path, None, None, 2**63))
    the_gate(SignedPolicy(path, None, None, 2**63 - 1))


class Guarded:
    """A gate that counts failures by a clock of ours."""

    def __init__(self) -> None:
        self.now = 0.0
        self.attempts = Attempts(lambda: self.now)
        self.gate = PatientGate(TokenGate(sha256(TOKEN.encode()).digest()), self.attempts)

    def status(self, token: str | None, peer: str = PEER) -> int:
        """What a handshake is answered; 101 when it is let in."""
        refusal = self.gate.refusal([] if token is None else [f"Bearer {token}"], peer)
        return 101 if refusal is None else refusal.status


def test_after_ten_failures_an_address_is_not_heard_for_a_minute() -> None:
    guarded = Guarded()
    failures = []
    for number in range(FAILURES_MAX):
        guarded.now = float(number)
        failures.append(guarded.status("wrong" if number % 2 else None))
    assert failures == [401] * FAILURES_MAX
    assert guarded.gate.refusal([f"Bearer {TOKEN}"], PEER) == TOO_MANY
    assert guarded.status(TOKEN, "192.0.2.2") == 101
    guarded.now = FAILURES_SECONDS
    assert guarded.status(TOKEN) == 101
    assert [guarded.status("wrong"), guarded.status("wrong")] == [401, 429]


def test_who_is_not_heard_is_not_counted_for_it() -> None:
    guarded = Guarded()
    for _ in range(FAILURES_MAX * 3):
        guarded.status("wrong")
    guarded.now = FAILURES_SECONDS
    assert guarded.status(TOKEN) == 101


def test_successes_and_two_headers_are_no_failures() -> None:
    guarded = Guarded()
    for _ in range(FAILURES_MAX * 2):
        assert guarded.status(TOKEN) == 101
        twice = guarded.gate.refusal([f"Bearer {TOKEN}", "Bearer x"], PEER)
        assert twice is not None
        assert twice.status == 400


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("", "x", False),
    ],
)
def test_an_address_stands_for_its_network(one: str, other: str, *, is_same: bool) -> None:
    guarded = Guarded()
    for _ in range(FAILURES_MAX):
        guarded.status("wrong", one)
    assert guarded.status(TOKEN, other) == (429 if is_same else 101)


def test_only_so_many_addresses_are_remembered_the_latest_ones() -> None:
    guarded = Guarded()
    for _ in range(FAILURES_MAX):
        guarded.status("wrong", "first")
    for number in range(FAILING_ADDRESSES_MAX - 1):
        guarded.status("wrong", f"address {number}")
    assert guarded.status(TOKEN, "first") == 429
    guarded.status("wrong", "one more")
    assert len(guarded.attempts) == FAILING_ADDRESSES_MAX
    assert guarded.status(TOKEN, "first") == 101
