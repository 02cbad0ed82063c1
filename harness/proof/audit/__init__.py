"""The proof that checks can fail: broken variants of the programs, and mutated traces."""

from harness.proof.audit.auditing import audit
from harness.proof.audit.results import AuditReport

__all__ = ["AuditReport", "audit"]
