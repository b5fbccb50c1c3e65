"""Tests of `rollout.catalogue.catalogue`."""
