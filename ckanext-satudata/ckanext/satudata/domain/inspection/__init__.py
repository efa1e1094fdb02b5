"""From a raw file to a clean table: ``file -> locate table -> tidy -> type -> check -> report``.

``reader`` makes sheets of any file, ``tidy`` proposes clean tables and lists every change and
question, ``engine`` checks them, ``report`` and ``profile`` say what was found. Nothing here knows
the portal; the whole runs in a child process with limits (:mod:`.sandbox`).
"""
