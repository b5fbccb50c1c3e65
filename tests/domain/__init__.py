"""Tests of the domain: words and rules, without files, clock or sockets."""
