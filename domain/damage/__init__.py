"""Damage in the files of a home: how it is told, and what can be had back from damaged bytes. Pure rules."""
