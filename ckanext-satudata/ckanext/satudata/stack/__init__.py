"""The launcher: PostgreSQL, Valkey, Solr and CKAN on one machine, started by one command.

No module here imports CKAN when it is loaded: ``ckan <anything>`` builds the
application and dies while PostgreSQL is down, so what starts PostgreSQL can't
be a ``ckan`` command. The modules that run before the packages are installed
(``bootstrap`` and what it uses) need the standard library only.
"""
