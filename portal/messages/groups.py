"""Which mails belong together: people choose for each group how they are told; security is never among the choices."""

from __future__ import annotations

from enum import StrEnum

from portal.messages.catalogue import Message
from portal.vocabulary import Channel


class Group(StrEnum):
    """A group of events; SECURITY is mailed at once whatever a person chose (NT3)."""

    REQUESTS = "requests"
    ROLES = "roles"
    ORGANISATIONS = "organisations"
    ANNOUNCEMENTS = "announcements"
    SECURITY = "security"


class MailChoice(StrEnum):
    """When a mail comes; the notice in the portal is there in any case."""

    AT_ONCE = "once"
    DAILY = "daily"
    NONE = "none"


CHOSEN_GROUPS = (Group.REQUESTS, Group.ROLES, Group.ORGANISATIONS, Group.ANNOUNCEMENTS)
BY_NAME = {
    "role_requested_notice": Group.REQUESTS,
    "role_request_received": Group.ROLES,
    "role_validated_notice": Group.ROLES,
    "role_rejected_notice": Group.ROLES,
    "operator_waits_notice": Group.REQUESTS,
    "certificate_submitted_notice": Group.REQUESTS,
    "request_question_notice": Group.ROLES,
    "renewal_asked_notice": Group.REQUESTS,
    "role_of_member_ends_notice": Group.ORGANISATIONS,
    "without_administrator_notice": Group.ORGANISATIONS,
    "daily_digest": Group.SECURITY,
}
"""Where the module says nothing or something else. The daily mail is itself what was chosen: it is not held back."""
BY_MODULE = {
    "catalogue": Group.SECURITY,
    "security_notices": Group.SECURITY,
    "operator_notices": Group.ORGANISATIONS,
    "certificate_notices": Group.ORGANISATIONS,
    "register_notices": Group.ORGANISATIONS,
    "authority_notices": Group.ORGANISATIONS,
    "queue_notices": Group.REQUESTS,
    "role_notices": Group.ROLES,
    "commission_notices": Group.ANNOUNCEMENTS,
}


def group_of(message: type[Message]) -> Group:
    """The group of a message: by its name, else by the module it stands in, else those about the own roles.

    A message with a link that proves something, and every text message, belongs to security.
    """
    facts = set(getattr(message, "__dataclass_fields__", ()))
    if message.channel is Channel.SMS or any(name.endswith(("link_id", "challenge_id")) for name in facts):
        return Group.SECURITY
    module = message.__module__.rpartition(".")[2]
    return BY_NAME.get(message.name()) or BY_MODULE.get(module, Group.ROLES)
