"""From kept lines to turns and the places of their items: the fold at the heart of the store.

`fold` reads lines and keeps turns; `turns` is what it keeps them in; `rows` is what it hands out, and
what it needs to go on where an earlier fold stopped. The rules are those of release 0.131.0 for
threads under the Limited policy. Everything here is pure: the log and the index are reached through
the two protocols of `ports`.
"""
