"""Logs that go on from others: a fork or a revert names the log that it begins with, and how much of it."""
