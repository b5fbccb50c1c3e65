"""Answers through an index that is damaged, taken away, held by others or not to be written."""
