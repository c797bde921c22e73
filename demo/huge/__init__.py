"""A forum of a million posts to measure on: rows made by SQL, out of some thousand texts that our own code rendered.

`fill` inserts what a SELECT finds; `huge_board` is the order of the steps, of which one that is done is not repeated.
"""
