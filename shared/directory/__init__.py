"""What the agreements service has published, kept in memory by every service that decides by it.

* `shared.directory.model` is pure: events in, answers by day out. Billing folds it from its own database.
* `shared.directory.facts` turns a request and a directory into the facts of the access gate.
* `shared.directory.replica` reads `agreements.events` from the beginning and keeps a directory current.
"""
