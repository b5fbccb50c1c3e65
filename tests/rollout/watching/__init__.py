"""Tests of `rollout.watching`."""
