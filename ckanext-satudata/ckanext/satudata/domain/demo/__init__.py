"""The illustrative region: agencies, figures and descriptions, all invented.

Codes and names of areas are real, every figure is generated from a fixed seed.
Nothing here imports CKAN.
"""
