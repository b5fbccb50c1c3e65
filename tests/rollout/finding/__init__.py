"""Tests of `rollout.finding`."""
