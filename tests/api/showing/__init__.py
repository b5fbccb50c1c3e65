"""Tests of `api.showing`."""
