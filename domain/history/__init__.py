"""From kept lines to turns and the places of their items: the fold at the heart of the store.

`fold` reads the lines of legacy logs and keeps turns; `turns` is what it keeps them in; `rows` is what it
hands out, and what it needs to go on where an earlier fold stopped. The rules are those of release 0.131.0
for threads under the Limited policy. `paginated` does the same for the newer dialect, with `ordinals` and
`paginated_turn`; `log_fold` chooses between them. Everything here is pure: the log and the index are reached
through the two protocols of `ports`.
"""
