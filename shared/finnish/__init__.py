"""Finnish identifiers, calendars and tables: people, organisations, banking days, benefits, places.

Wraps python-stdnum, schwifty and holidays behind types that fail with a code and an advice; see README.md.
"""
