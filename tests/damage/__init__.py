"""Damage: homes that are damaged on purpose, found, repaired, restored, and interrupted on the way."""
