"""From the tables that were read of a raw file to the files of a draft.

:mod:`.matching` says which table goes on under which file, :mod:`.describing` what a file of a
clean table says of itself.
"""
