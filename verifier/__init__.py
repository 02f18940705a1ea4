"""Checks an export of the log for somebody who trusts nobody: uses nothing of Kelmu, and may be copied elsewhere."""
