"""Paths of clients: the user is led to rollouts, everybody else below the home's own folders alone."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from api.client.client import Client
from domain.errors import RequestRefused
from tests.end_to_end.doors import GUARDED, STDIO, UNIX, Door, Served, served
from tests.security.path_forms import (
    DAY,
    FOREIGN,
    FOREIGN_ID,
    FORMS,
    HOME_ID,
    NAME,
    PACKED_ID,
    SECOND_ID,
    Leads,
    Surroundings,
    laid_out,
)

ABSENT = "failed to resolve rollout path `{}`: No such file or directory (os error 2)"
IDS = {HOME_ID: Leads.HOME, SECOND_ID: Leads.SECOND, FOREIGN_ID: Leads.FOREIGN, PACKED_ID: Leads.PACKED}
OF_THE_USER = (STDIO, UNIX)


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Surroundings:
    """What lies around: for all tests of this file, none of which changes a file of it."""
    return laid_out(tmp_path_factory.mktemp("paths").resolve())


@pytest.fixture(scope="module", params=(*OF_THE_USER, GUARDED), ids=lambda door: door.name)
def door(request: pytest.FixtureRequest) -> Door:
    """One of the doors."""
    chosen: Door = request.param
    return chosen


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(at: Surroundings, door: Door) -> AsyncIterator[Served]:
    """A server behind it."""
    async with served(at.home, door) as running:
        yield running


async def led(client: Client, method: str, path: str) -> Leads | str:
    """The thread that a path led to, by resume itself or as what was copied; else the refusal."""
    try:
        answer = await client.request(method, {"threadId": HOME_ID, "path": path, "excludeTurns": True})
    except RequestRefused as refusal:
        return str(refusal)
    thread = answer["thread"]
    has_gone_on = method == "thread/resume" and thread["id"] in {HOME_ID, SECOND_ID}
    assert has_gone_on == (thread["forkedFromId"] is None)
    return IDS[thread["forkedFromId"] or thread["id"]]


def test_there_are_sixty_forms_and_more() -> None:
    assert len(FORMS) > 60


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("method", ["thread/resume", "thread/fork"])
async def test_a_path_leads_whom_it_may_and_where_it_may(
    server: Served, door: Door, method: str, at: Surroundings
) -> None:
    is_user = door in OF_THE_USER
    wrong, refusals = {}, {}
    before = {path: path.stat() for path in at.outside.rglob(FOREIGN)}
    async with server.client() as client:
        for name, (form, by_user, by_others) in FORMS.items():
            expected = by_user if is_user else by_others
            found = await led(client, method, form(at))
            if isinstance(found, str):
                refusals[name] = found
            if (Leads.NOWHERE if isinstance(found, str) else found) is not expected:
                wrong[name] = found
        assert (await client.read(HOME_ID))["id"] == HOME_ID
    assert wrong == {}
    if not is_user:
        shown = {name: FORMS[name][0](at).replace(f"{at.home}/", "") for name in refusals}
        assert refusals == {name: ABSENT.format(path) for name, path in shown.items()}
    after = {path: path.stat() for path in before}
    assert [found.st_mtime_ns for found in after.values()] == [found.st_mtime_ns for found in before.values()]


@pytest.mark.asyncio(loop_scope="module")
async def test_errors_tell_others_no_more_of_the_home_than_they_said(
    server: Served, door: Door, at: Surroundings
) -> None:
    broken = at.home / DAY / NAME.replace(HOME_ID, HOME_ID[:-1] + "9")
    broken.write_bytes(b"no record\n")
    async with server.client() as client:
        with pytest.raises(RequestRefused) as refusal:
            await client.request("thread/resume", {"threadId": HOME_ID[:-1] + "9"})
    assert (str(at.home) in str(refusal.value)) == (door in OF_THE_USER)
    assert f"{DAY}/{broken.name}" in str(refusal.value)


@pytest.mark.asyncio(loop_scope="module")
async def test_others_have_to_know_whose_file_it_is(server: Served, door: Door) -> None:
    async with server.client() as client:
        for thread_id in (SECOND_ID, "garbage", ""):
            asking = client.request("thread/fork", {"threadId": thread_id, "path": f"{DAY}/{NAME}"})
            if door in OF_THE_USER:
                assert (await asking)["thread"]["forkedFromId"] == HOME_ID
            else:
                with pytest.raises(RequestRefused):
                    await asking


def lines_of(path: Path) -> list[str]:
    """The texts of the user in a log, as far as this test put them there."""
    return re.findall("going on", path.read_text())


@pytest.mark.parametrize("door", OF_THE_USER, ids=lambda door: door.name)
@pytest.mark.parametrize("is_allowed", [True, False], ids=["allowed", "not allowed"])
async def test_the_user_goes_on_in_a_foreign_file_only_if_that_was_allowed(
    tmp_path: Path, door: Door, *, is_allowed: bool
) -> None:
    at = laid_out(tmp_path.resolve())
    foreign = at.outside / FOREIGN
    said = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "going on"}]}
    options = ["--allow-external-rollouts"] if is_allowed else []
    async with served(at.home, door, options=options) as server, server.client() as client:
        answer = await client.request("thread/resume", {"threadId": HOME_ID, "path": str(foreign)})
        thread = answer["thread"]
        await client.request("thread/inject_items", {"threadId": thread["id"], "items": [said]})
        assert (thread["path"] == str(foreign)) == is_allowed
        assert (thread["id"] == FOREIGN_ID) == is_allowed
    assert len(lines_of(foreign)) == int(is_allowed)
