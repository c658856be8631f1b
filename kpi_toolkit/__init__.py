"""kpi-toolkit: for those who pay for outsourced digital marketing, to judge it by data.

Importing this package does no work; the public names load on first use.
"""

__version__ = "0.1.0"
