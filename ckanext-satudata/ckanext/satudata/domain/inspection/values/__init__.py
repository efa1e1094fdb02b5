"""What the cells of a found table say: per column a type, typed values, changes and questions."""
from ckanext.satudata.domain.inspection.values.interpret import interpret
from ckanext.satudata.domain.inspection.values.model import Reading, Settings

__all__ = ["Reading", "Settings", "interpret"]
