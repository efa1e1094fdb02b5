"""A table against its Table Schema, column by column, with the verdict of frictionless.

``schema`` reads the descriptor, ``cells`` judges one value exactly, ``columns`` judges whole
columns: whole-column kernels accept what is beyond doubt, and only the distinct values they do
not accept are judged one by one. ``labels`` is about the header, ``keys`` about equal values,
``text`` and ``workbook`` read files in blocks, ``optional`` holds the checks one asks for.
"""
