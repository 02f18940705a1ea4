"""Versioned messages that services exchange over Kafka, as frozen pydantic models.

A message's type (`kelmu.access.decided.v1`) travels in the `ce_type` header, its body is the JSON of the model.
Readers ignore fields they do not know; a breaking change is a new version. Golden JSON Schemas under
`tests/contract/golden` make the build fail when a published contract changes by accident.
"""
