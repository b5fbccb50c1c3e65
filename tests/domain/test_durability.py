"""The levels of durability, as they are written on the command line."""

from domain.durability import Durability


def test_only_one_level_waits_for_the_disk() -> None:
    assert {level.value: level.waits_for_disk for level in Durability} == {
        "disk": True,
        "process": False,
        "none": False,
    }
