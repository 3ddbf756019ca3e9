"""Every permission: one enum member `scope:action`, alphabetical; its rule is in `rules.py`."""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    """What a person may be allowed to do; the text after each is what the permissions page prints."""

    ACCOUNT_READ = "account:read", "Open «My Account» with its nine cards"
    AUTHORITY_SEARCH = "authority:search", "Search authorities to ask for a role"
    CONTROL_BODY_SEARCH = "control-body:search", "Search organic control bodies to ask for a role"
    LANGUAGE_KEEP = "language:keep", "Keep the language of this page for mails and text messages"
    MAILBOX_CONFIRM = "mailbox:confirm", "Ask for a link to the own mailbox before a first second factor"
    OPERATOR_SEARCH = "operator:search", "Search operators to ask for a role"
    PERSONAL_DATA_READ = "personal-data:read", "Read the own personal data"
    PROFILE_READ = "profile:read", "Open the own profile and roles in an environment"
    QUEUE_READ = "queue:read", "Open the list of requests that wait for one's decision"
    ROLE_READ = "role:read", "Open one role request of another person"
    ROLE_REJECT = "role:reject", "Reject a role request with a reason"
    ROLE_REQUEST = "role:request", "Ask for a role in an organisation"
    ROLE_VALIDATE = "role:validate", "Validate a role request"
    ROLE_WITHDRAW = "role:withdraw", "Withdraw the own role request"
    SESSION_END = "session:end", "End one's own sessions"
    SESSION_READ = "session:read", "See one's own open sessions"
    TELEPHONE_ADD = "telephone:add", "Add a mobile phone number to the own account"
    TELEPHONE_CONFIRM = "telephone:confirm", "Type the code that was sent to a number being added"
    TELEPHONE_READ = "telephone:read", "See the own mobile phone numbers by their last two digits"
    TELEPHONE_REMOVE = "telephone:remove", "Delete one of the own mobile phone numbers"

    description: str

    def __new__(cls, value: str, description: str) -> Action:
        """A member is its name for the machine; the description travels with it."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.description = description
        return member
