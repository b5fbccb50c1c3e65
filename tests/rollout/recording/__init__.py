"""Tests of `rollout.recording`."""
