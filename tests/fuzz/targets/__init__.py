"""What reads bytes from outside, by name."""

from tests.fuzz.targets import clients, files, logs, tokens

TARGETS = logs.TARGETS | clients.TARGETS | tokens.TARGETS | files.TARGETS
