from ckanext.dcat.profiles import EuropeanDCATAP3Profile
class SdiDcatApProfile(EuropeanDCATAP3Profile):
    """stub"""
