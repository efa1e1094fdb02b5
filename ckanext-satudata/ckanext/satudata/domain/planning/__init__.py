"""What is to be published when: releases promised, and Data Prioritas (Perpres 39/2019 art. 29-31).

Plain Python; the room ``planning/`` reads the portal's datasets and answers over HTTP.
"""
