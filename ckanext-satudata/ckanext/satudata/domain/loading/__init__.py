"""Reading what people hand in, before any server is asked: manifests and tables.

Nothing here imports CKAN. ``manifest`` and ``datapackage`` turn a folder into
plans, ``sandbox`` reads one data file in a child process with limits.
"""
