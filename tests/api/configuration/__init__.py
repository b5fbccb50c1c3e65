"""Tests of `api.configuration`."""
