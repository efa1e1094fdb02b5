"""The Berita Acara: what an inspection or a desk session ended in, as a document.

``document`` is the document as data with its hash, ``numbering`` its number,
``steps`` who may do what when, ``layout`` its words and tables. No server is
needed for any of it.
"""
