"""The shapes of rollout lines: which lines release 0.131.0 reads, decided field by field.

One file a subject, each a table that reads like the format's description; `checks` holds the words that
the tables are written in, `kept` the one question that is asked from outside.

Every rule was compared with the release itself, line by changed line. Three habits of its JSON reader are
left out: it also takes an object written as the list of its fields, a name written as `{"name": null}`, and
a `type` inside a payload written as the number of the alternative. No writer writes these, and whoever reads
a kept line relies on objects and names; here they are wrong shapes like any other.
"""
