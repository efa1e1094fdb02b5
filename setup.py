"""Packaging: two source trees become one namespace package.

``ckanext-satudata/ckanext/satudata`` holds the code and ``schemas/`` the
scheming YAML, imported as ``ckanext.satudata.schemas`` so that
``scheming.dataset_schemas = ckanext.satudata.schemas:dataset.yaml`` works.

A wheel carries the libraries that pages load in the browser; what builds it builds them before,
with npm, unless they are there. An editable installation leaves that to ``deploy/vendor``.
"""
import sys
from pathlib import Path

from setuptools import find_namespace_packages, setup
from setuptools.command.build_py import build_py

CODE, SCHEMAS = "ckanext-satudata", "ckanext.satudata.schemas"
ROOT = Path(__file__).resolve().parent


class WithLibraries(build_py):
    """Builds the libraries before the files are listed."""

    def finalize_options(self):
        if not self.editable_mode:
            sys.path.insert(0, str(ROOT / CODE))
            from ckanext.satudata.stack import vendor
            from ckanext.satudata.stack.errors import StackError

            try:
                vendor.build(ROOT)
            except StackError as error:
                raise SystemExit(error.text()) from error
        super().finalize_options()


setup(
    cmdclass={"build_py": WithLibraries},
    package_dir={"": CODE, SCHEMAS: "schemas"},
    packages=[
        *find_namespace_packages(CODE, include=["ckanext.satudata", "ckanext.satudata.*"]),
        SCHEMAS,
    ],
    package_data={
        "ckanext.satudata": [
            "config_declaration.yaml",
            "reference/*",
            "templates/**/*",
            "assets/**/*",
            "public/**/*",
            "i18n/**/*",
            "migration/**/*",
            "stack/**/*",
            "berita_acara/fonts/*",
        ],
        SCHEMAS: ["*.yaml", "shacl/*"],
    },
)
