"""Two clocks and one calendar, kept apart on purpose.

* The **business clock** (`shared.clock.business`) decides law: which price book, which agreement day, which
  payday, which period. One persistent value moves it for every process, and it can stand still.
* The **system clock** (`shared.clock.system`) decides machinery: tokens, sessions, deadlines,
  freshness, backoff.
* **Civil time** (`shared.clock.civil`) turns instants into Europe/Helsinki dates; no other module does.

A value of one clock is never compared with, or subtracted from, a value of the other.
"""
