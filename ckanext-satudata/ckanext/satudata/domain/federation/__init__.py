"""What other portals read of a dataset: one table of field and term, and its interpreter.

``mapping`` is the table, ``writing`` makes triples of a dataset, ``reading`` makes a dataset of
triples. ``syntaxes`` spells triples as fragments of pages, ``joined`` packs pages of stored
fragments, ``paging`` and ``changes`` say what stands on which. For readers without RDF there are
``nasional`` (the national portal's CKAN) and ``pod`` (``data.json``). Only rdflib is needed: the
same code serves the live profile and stored pages.
"""
