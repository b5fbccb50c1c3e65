"""Packed logs."""
