"""Tests of the log: rollout files, their catalogue, and the event store over them."""
