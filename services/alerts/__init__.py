"""Alarms of monitoring: intake, grouping, recovery, and what the desk does with them (F4, R-080).

The alarms of this program's own operators are another thing: services/alarms.py.
"""
