"""Tests of `api.wire`."""
