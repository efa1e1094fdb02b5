"""How a walidata changes a vocabulary: rules, what a file would change, what is kept of it.

:mod:`.changes` is what is kept and how the current list follows from it; :mod:`.proposing` makes a
change set of rows that somebody wrote, by the rules of :mod:`.rules`, after :mod:`.cleaning`;
:mod:`.reading` makes rows of a file.
"""
