"""Tests of the exact watch, which only Linux has."""
