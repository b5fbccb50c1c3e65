"""Clients that mean ill, beside one that means well."""
