"""Names of areas in a table to kode wilayah of Kemendagri.

``resolve`` finds the columns of names and gives each row its code; ``parent_rows`` says which
rows of a column are the area above all the others, so that they can be set apart as totals.
"""
from ckanext.satudata.domain.inspection.areas.columns import Named
from ckanext.satudata.domain.inspection.areas.parents import parent_rows
from ckanext.satudata.domain.inspection.areas.resolve import AreaColumn, Areas, resolve
from ckanext.satudata.domain.inspection.areas.scope import mentions

__all__ = ["AreaColumn", "Areas", "Named", "mentions", "parent_rows", "resolve"]
