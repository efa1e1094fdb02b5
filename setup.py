"""Packaging: two source trees become one namespace package.

``ckanext-satudata/ckanext/satudata`` holds the code and ``schemas/`` the
scheming YAML, imported as ``ckanext.satudata.schemas`` so that
``scheming.dataset_schemas = ckanext.satudata.schemas:dataset.yaml`` works.
"""
from setuptools import find_namespace_packages, setup

CODE, SCHEMAS = "ckanext-satudata", "ckanext.satudata.schemas"

setup(
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
        SCHEMAS: ["*.yaml"],
    },
)
