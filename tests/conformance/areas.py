"""The areas of conformance that this version serves; every case in them is played by the suite."""

AREAS = ["history", "smoke", "list", "lifecycle", "dialects"]
