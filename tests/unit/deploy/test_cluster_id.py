"""A cluster's id is an argument of a command: one in 64 random ones would begin with a hyphen."""

from base64 import urlsafe_b64decode

from deploy.local.kafka import new_cluster_id


def test_given_many_ids_then_each_is_sixteen_bytes_and_none_reads_as_an_option() -> None:
    made = {new_cluster_id() for _ in range(1000)}
    assert len(made) == 1000
    assert all(not id_.startswith("-") and len(urlsafe_b64decode(f"{id_}==")) == 16 for id_ in made)
