"""Tests of `domain.listing.listing`."""
