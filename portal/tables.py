"""Every module that has tables, imported once, for migrations and for tests that look at all tables."""

from portal.audit import models as audit
from portal.certificates import models as certificates
from portal.demo import models as demo
from portal.environments import models as environments
from portal.identity import factor_models as factors
from portal.identity import models as identity
from portal.limits import models as limits
from portal.messages import models as messages
from portal.messages import notice_models as notices
from portal.organisations import models as organisations
from portal.organisations import operator_models as operators
from portal.organisations import register_models as registers
from portal.reference import models as reference
from portal.roles import models as roles
from portal.roles import queue_models as queue
from portal.seals import models as seals
from portal.work import models as work

__all__ = [
    "audit",
    "certificates",
    "demo",
    "environments",
    "factors",
    "identity",
    "limits",
    "messages",
    "notices",
    "operators",
    "organisations",
    "queue",
    "reference",
    "registers",
    "roles",
    "seals",
    "work",
]
