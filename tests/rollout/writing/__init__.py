"""Tests of `rollout.writing`."""
