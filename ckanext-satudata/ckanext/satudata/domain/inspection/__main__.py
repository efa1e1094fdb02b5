"""``python -m ckanext.satudata.domain.inspection FILE...`` is ``satudata-inspect``."""
import sys

from ckanext.satudata.domain.inspection.cli import main

if __name__ == "__main__":
    sys.exit(main())
