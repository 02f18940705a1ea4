"""What holds when nobody has set anything."""

from services.audit.settings import AuditSettings


def test_personal_parts_are_kept_for_twelve_years_and_heads_are_signed_well_within_a_second() -> None:
    fields = AuditSettings.model_fields
    assert fields["retention_years"].default == 12
    assert fields["checkpoint_seconds"].default <= 0.5
