"""Tests of `rollout.joined`."""
