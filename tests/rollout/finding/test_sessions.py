"""Reading finds a thread by an id in any name; lists look at well-formed names in their places."""

import os
from pathlib import Path
from uuid import UUID

import pytest

from domain.errors import UnreadableFolder
from rollout.finding.home import Home
from rollout.finding.sessions import Sessions, regular_state

THREAD = UUID("0196f0aa-0000-7000-8000-000000000001")
OTHER = UUID("0196f0aa-0000-7000-8000-000000000002")
DAY = "sessions/2026/05/01"
NAME = f"rollout-2026-05-01T10-00-00-{THREAD}.jsonl"
STARTED_S = 1777629600


class Place:
    """A home whose files are named by their paths below it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.sessions = Sessions(Home.at(root))

    def put(self, path: str, size: int = 0) -> Path:
        """A file of this size there."""
        full = self.root / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_bytes(b"x" * size)
        return full

    def found(self, thread_id: UUID = THREAD) -> str | None:
        """The path of the file to read."""
        place = self.sessions.find(thread_id)
        return None if place is None else os.path.relpath(place.path, self.root)

    def listed(self, *, archived: bool = False) -> list[str]:
        """The paths that a list looks at."""
        places = self.sessions.listed(archived=archived)
        return sorted(os.path.relpath(place.path, self.root) for place in places)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    (tmp_path / "home").mkdir()
    return Place(tmp_path / "home")


# -- reading: names ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        f"{DAY}/{NAME}",
        f"{DAY}/{NAME}.tmp",
        f"{DAY}/odd-{THREAD}.txt",
        f"{DAY}/{THREAD}",
        f"{DAY}/{str(THREAD).upper()}.JSONL",
        f"{DAY}/{THREAD.hex}.json",
        f"{DAY}/{{{THREAD}}}",
        f"{DAY}/urn:uuid:{THREAD}",
        f"{DAY}/é-{THREAD}.jsonl",
        f"sessions/{NAME}",
        f"sessions/.hidden/deep/er/{NAME}",
        f"sessions/2026/{NAME}",
        f"{DAY}/more/{NAME}",
        f"archived_sessions/{NAME}",
        f"archived_sessions/nested/deep/odd-{THREAD}",
    ],
)
def test_a_thread_is_found_by_its_id_in_any_name_at_any_depth(place: Place, path: str) -> None:
    place.put(path)
    assert place.found() == path
    assert place.found(OTHER) is None


@pytest.mark.parametrize(
    "path",
    [
        f"{DAY}/{THREAD}/log.jsonl",
        f"{DAY}/{str(THREAD)[:-1]}.jsonl",
        f"{DAY}/{str(THREAD).replace('-', '_')}.jsonl",
        f"other/{NAME}",
        NAME,
    ],
)
def test_what_does_not_hold_the_id_below_the_folders_is_not_found(place: Place, path: str) -> None:
    place.put(path)
    assert place.found() is None


def test_only_regular_files_are_found(place: Place) -> None:
    place.put(f"{DAY}/other")
    os.mkfifo(place.root / DAY / f"fifo-{THREAD}")
    (place.root / DAY / NAME).mkdir()
    (place.root / DAY / f"dangling-{THREAD}").symlink_to("nowhere")
    (place.root / DAY / f"device-{THREAD}").symlink_to("/dev/null")
    assert place.found() is None


def test_links_to_files_and_folders_are_followed(place: Place, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / f"a-{THREAD}").touch()
    (tmp_path / "outside" / "b").touch()
    place.put(f"{DAY}/other")
    (place.root / "sessions/folder").symlink_to(tmp_path / "outside")
    assert place.found() == f"sessions/folder/a-{THREAD}"
    (place.root / DAY / NAME.replace(str(THREAD), str(OTHER))).symlink_to(tmp_path / "outside" / "b")
    found = place.sessions.find(OTHER)
    assert found is not None
    assert not found.is_listable


# -- reading: which of several ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ((f"{DAY}/{NAME}", 1), (f"{DAY}/{NAME}.bak", 9)),
        ((f"{DAY}/{NAME}", 1), (f"sessions/{NAME}", 9)),
        ((f"{DAY}/{NAME}", 9), (f"sessions/2026/05/02/{NAME}", 1)),
        (
            (f"{DAY}/rollout-2026-05-01T10-00-00-{THREAD}.jsonl", 9),
            (f"{DAY}/rollout-2026-05-01T11-00-00-{THREAD}.jsonl", 8),
        ),
        (
            (f"{DAY}/rollout-2026-05-01T11-00-00-{THREAD}.jsonl", 8),
            (f"{DAY}/rollout-2026-05-01T10-00-00-{THREAD}.jsonl", 8),
        ),
        ((f"{DAY}/b-{THREAD}", 9), (f"sessions/c-{THREAD}", 8)),
        ((f"{DAY}/odd-{THREAD}", 0), (f"archived_sessions/{NAME}", 9)),
    ],
    ids=[
        "well named before longer",
        "in its place before longer",
        "the longer",
        "the longer before the later",
        "the later of equal length",
        "the longer of odd ones",
        "active before archived",
    ],
)
@pytest.mark.parametrize("is_worse_first", [True, False])
def test_of_several_files_the_better_one_is_read(
    place: Place,
    better: tuple[str, int],
    worse: tuple[str, int],
    is_worse_first: bool,  # noqa: FBT001 - a parameter
) -> None:
    for path, size in [worse, better] if is_worse_first else [better, worse]:
        place.put(path, size)
    assert place.found() == better[0]
    (place.root / better[0]).unlink()
    assert place.found() == worse[0]


def test_a_place_tells_what_the_name_and_the_file_say(place: Place) -> None:
    path = place.put(f"archived_sessions/{NAME}", 7)
    found = place.sessions.find(THREAD)
    assert found is not None
    assert (found.path, found.state) == (str(path), regular_state(str(path)))
    assert (found.is_archived, found.is_listable) == (True, True)
    assert (found.started_s, found.thread_id) == (STARTED_S, THREAD)
    assert found == next(place.sessions.listed(archived=True)) == place.sessions.place(str(path), OTHER)


def test_a_place_with_an_odd_name_is_that_of_the_thread_asked_for(place: Place) -> None:
    path = place.put(f"{DAY}/odd-{THREAD}")
    found = place.sessions.place(str(path), THREAD)
    assert found is not None
    assert (found.is_archived, found.is_listable, found.started_s) == (False, False, 0)
    assert found.thread_id == THREAD
    assert place.sessions.place(str(path.parent), THREAD) is None
    assert place.sessions.place(str(path) + "x", THREAD) is None


# -- listing ----------------------------------------------------------------------------------

WALKED = ("2026/05/01", "2026/5/1", "+2026/+05/+01", "2026/99/255", "2026/00/00", "0002/1/1", "65535/0/0")
PASSED_BY = (
    "",
    "2026",
    "2026/05",
    "2026/05/01/01",
    "2026/98/300",
    "2026/256/1",
    "65536/1/1",
    "70000/1/1",
    "-1/01/01",
    "2026/xx/01",
    "2026/05/1a",
    "2026/05/ 1",
    "2026/\u0660\u0665/\u0660\u0661",
    "++2026/05/01",
    "2026/05/+",
    ".hidden/05/01",
)


@pytest.mark.parametrize(
    ("folder", "is_listed"),
    [*((folder, True) for folder in WALKED), *((folder, False) for folder in PASSED_BY)],
)
def test_active_threads_are_listed_three_numbers_deep(place: Place, folder: str, is_listed: bool) -> None:  # noqa: FBT001
    path = os.path.normpath(f"sessions/{folder}/{NAME}")
    place.put(path)
    assert place.listed() == ([path] if is_listed else [])
    found = place.sessions.find(THREAD)
    assert found is not None
    assert found.is_listable == is_listed


@pytest.mark.parametrize("name", [f"{NAME}.bak", NAME.replace(".jsonl", ".json"), f"x{NAME}", "log.jsonl"])
def test_files_with_other_names_are_not_listed(place: Place, name: str) -> None:
    place.put(f"{DAY}/{name}")
    place.put(f"archived_sessions/{name}")
    assert place.listed() == place.listed(archived=True) == []


def test_archived_threads_are_listed_from_their_folder_alone(place: Place) -> None:
    place.put(f"archived_sessions/{NAME}")
    place.put(f"archived_sessions/2026/05/01/{NAME}")
    place.put(f"{DAY}/{NAME.replace(str(THREAD), str(OTHER))}")
    assert place.listed(archived=True) == [f"archived_sessions/{NAME}"]
    assert place.listed() == [f"{DAY}/{NAME.replace(str(THREAD), str(OTHER))}"]


def test_a_nested_archived_file_is_not_listable(place: Place) -> None:
    place.put(f"archived_sessions/2026/05/01/{NAME}")
    found = place.sessions.find(THREAD)
    assert found is not None
    assert (found.is_archived, found.is_listable) == (True, False)


def test_links_and_what_is_no_file_are_not_listed(place: Place, tmp_path: Path) -> None:
    place.put(f"{DAY}/{NAME}")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / NAME).touch()
    day = place.root / DAY
    (day / NAME.replace("T10", "T11")).symlink_to(NAME)
    os.mkfifo(day / NAME.replace("T10", "T12"))
    (day / NAME.replace("T10", "T13")).mkdir()
    (day.parent / "02").symlink_to(tmp_path / "outside")
    assert place.listed() == [f"{DAY}/{NAME}"]


def test_the_folder_of_all_sessions_may_be_a_link(place: Place, tmp_path: Path) -> None:
    (tmp_path / "elsewhere" / "2026" / "05" / "01").mkdir(parents=True)
    (place.root / "sessions").symlink_to(tmp_path / "elsewhere")
    place.put(f"{DAY}/{NAME}")
    assert place.listed() == [f"{DAY}/{NAME}"]
    assert place.found() == f"{DAY}/{NAME}"


def test_a_file_that_goes_while_the_list_is_made_is_left_out(place: Place) -> None:
    names = [NAME.replace("T10", f"T1{number}") for number in range(3)]
    for name in names:
        place.put(f"{DAY}/{name}")
    places = place.sessions.listed(archived=False)
    first = next(places).path
    for name in names:
        (place.root / DAY / name).unlink()
    assert Path(first).name in names
    assert list(places) == []


def test_a_file_that_cannot_be_looked_at_costs_only_itself(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = NAME.replace("T10", "T11"), NAME
    place.put(f"{DAY}/{bad}")
    place.put(f"{DAY}/{good}")
    stat = os.stat

    def refuse(path: str) -> os.stat_result:
        if path.endswith(bad):
            raise PermissionError(13, "Permission denied")
        return stat(path)

    monkeypatch.setattr(os, "stat", refuse)
    assert place.listed() == [f"{DAY}/{good}"]
    assert place.found() == f"{DAY}/{good}"


# -- homes without sessions -------------------------------------------------------------------


@pytest.mark.parametrize("archived", [True, False])
def test_without_folders_there_are_no_threads(place: Place, archived: bool) -> None:  # noqa: FBT001
    assert place.listed(archived=archived) == []
    assert place.found() is None


@pytest.mark.parametrize(("name", "archived"), [("sessions", False), ("archived_sessions", True)])
def test_a_file_in_place_of_the_folder_is_an_error_for_its_list_alone(
    place: Place,
    name: str,
    archived: bool,  # noqa: FBT001 - a parameter
) -> None:
    (place.root / name).touch()
    sentence = (
        "failed to list threads: thread-store internal error: "
        r"failed to list threads: Not a directory \(os error 20\)"
    )
    with pytest.raises(UnreadableFolder, match=f"^{sentence}$"):
        place.listed(archived=archived)
    assert place.listed(archived=not archived) == []
    assert place.found() is None


def test_threads_that_come_move_and_go_are_seen_at_once(place: Place) -> None:
    (place.root / "archived_sessions").mkdir()
    assert place.found() is None
    path = place.put(f"{DAY}/{NAME}")
    assert place.found() == f"{DAY}/{NAME}"
    path.rename(place.root / "archived_sessions" / NAME)
    assert (place.found(), place.listed()) == (f"archived_sessions/{NAME}", [])
    (place.root / "archived_sessions" / NAME).unlink()
    assert (place.found(), place.listed(archived=True)) == (None, [])
