"""Tests of `domain.session.session`."""
