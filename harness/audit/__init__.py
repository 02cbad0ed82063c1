"""The proof that checks can fail: broken variants of the programs, and mutated traces."""

from harness.audit.auditing import audit
from harness.audit.results import AuditReport

__all__ = ["AuditReport", "audit"]
