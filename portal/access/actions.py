"""Every permission: one enum member `scope:action`, alphabetical; its rule is in `rules.py`."""

from __future__ import annotations

from enum import StrEnum


class Freshness(StrEnum):
    """How recently the second factor must have been shown, beside the rule; judged when it is done, not when seen."""

    NONE = "none"
    SHOWN = "shown"
    FACTORS = "factors"
    DECISIONS = "decisions"
    SIGNATURES = "signatures"


SHOWN, FACTORS, DECISIONS = Freshness.SHOWN, Freshness.FACTORS, Freshness.DECISIONS
SIGNATURES = Freshness.SIGNATURES


class Action(StrEnum):
    """What a person may be allowed to do; then the text of the permissions page, then its freshness."""

    ACCOUNT_CONFIGURE = "account:configure", "Change the options of the own account", FACTORS
    ACCOUNT_DELETE = "account:delete", "Ask for the own account to be deleted, or keep it after all", FACTORS
    ACCOUNT_PANIC = "account:panic", "Delete all of one's own factors and end every session (PANIC)"
    ACCOUNT_READ = "account:read", "Open «My Account» with its nine cards"
    ACTIVITY_ADD = "activity:add", "Add an activity to an operator", DECISIONS
    ACTIVITY_SUSPEND = "activity:suspend", "Suspend, lift or delete an activity of an operator", DECISIONS
    ACTIVITY_VALIDATE = "activity:validate", "Validate or reject an activity of an operator", DECISIONS
    ADMINISTRATOR_NAME = "administrator:name", "Make a person administrator of an organisation", DECISIONS
    ADMINISTRATOR_REMOVE = "administrator:remove", "Take the administrator flag from a person", DECISIONS
    AUDIT_EXPORT = "audit:export", "Take a part of the audit trail away with its proofs", DECISIONS
    AUDIT_READ = "audit:read", "Search the audit trail of one's organisation and of those below it"
    AUTHORITY_CREATE = "authority:create", "Create an authority under another one", DECISIONS
    AUTHORITY_EDIT = "authority:edit", "Change the record of an authority", DECISIONS
    AUTHORITY_IMPORT = "authority:import", "Bring files of authorities and border posts", DECISIONS
    AUTHORITY_LIST = "authority:list", "See the tree of authorities"
    AUTHORITY_MOVE = "authority:move", "Hang an authority under another superior", DECISIONS
    AUTHORITY_READ = "authority:read", "Open the page of one authority"
    AUTHORITY_SEARCH = "authority:search", "Search authorities to ask for a role"
    AUTHORITY_SUSPEND = "authority:suspend", "Suspend, lift or delete an authority", DECISIONS
    CERTIFICATE_CANCEL = "certificate:cancel", "Cancel a valid certificate with a reason", DECISIONS
    CERTIFICATE_CERTIFY = (
        "certificate:certify",
        "Open a submitted certificate, or refuse it with a reason",
        DECISIONS,
    )
    CERTIFICATE_CONTROL = "certificate:control", "Record a control of a certified consignment", DECISIONS
    CERTIFICATE_CREATE = "certificate:create", "Begin a certificate, or a copy of one"
    CERTIFICATE_EDIT = "certificate:edit", "Fill the boxes of a certificate, or delete its draft"
    CERTIFICATE_IMPACT = (
        "certificate:impact",
        "List what a key sealed or what was done under a role in a window of time, and tell whom it concerns",
        DECISIONS,
    )
    CERTIFICATE_LIST = "certificate:list", "See the certificates that concern one's organisation"
    CERTIFICATE_READ = "certificate:read", "Open one certificate and its files"
    CERTIFICATE_SIGN = "certificate:sign", "Sign a certificate", SIGNATURES
    CERTIFICATE_SUBMIT = (
        "certificate:submit",
        "Submit a certificate for certification, or take it back",
        DECISIONS,
    )
    CONTROL_BODY_IMPORT = "control-body:import", "Bring files of control bodies and their scopes", DECISIONS
    CONTROL_BODY_KEEP = "control-body:keep", "Create and change control bodies and their scopes", DECISIONS
    CONTROL_BODY_LIST = "control-body:list", "See the control bodies and their scopes"
    CONTROL_BODY_READ = "control-body:read", "Open the page of one control body"
    CONTROL_BODY_SEARCH = "control-body:search", "Search organic control bodies to ask for a role"
    DEPUTY_END = "deputy:end", "End the days of a deputy", DECISIONS
    DEPUTY_NAME = "deputy:name", "Name a colleague as deputy for the days of an absence", DECISIONS
    DEPUTY_READ = "deputy:read", "See who stands in for whom in the own organisations"
    DOCUMENT_RIGHTS_KEEP = "document-rights:keep", "Change what profiles may do with documents", DECISIONS
    DOCUMENT_RIGHTS_READ = "document-rights:read", "See what profiles may do with documents"
    DUTY_PHONE_KEEP = "duty-phone:keep", "Keep the duty phones of an organisation", DECISIONS
    DUTY_PHONE_READ = "duty-phone:read", "See the duty phones of an organisation by their last two digits"
    EMAIL_CHANGE = "email:change", "Change the own e-mail address", FACTORS
    ENVIRONMENT_READ = (
        "environment:read",
        "See whether an environment is open, its stops and its method policy",
    )
    ENVIRONMENT_SWITCH = (
        "environment:switch",
        "Close or open an environment, plan stops, choose the accepted methods",
        DECISIONS,
    )
    EXCHANGE_OPEN = "exchange:open", "Open the page of the files that can be brought"
    FACTOR_ADD = "factor:add", "Add a device, an authenticator app, a security key or an eID", FACTORS
    FACTOR_CONFIRM = "factor:confirm", "Finish adding a second factor that was begun", SHOWN
    FACTOR_READ = "factor:read", "See the own devices, security keys and eIDs", SHOWN
    FACTOR_REMOVE = (
        "factor:remove",
        "Remove a device, an authenticator app, a security key or an eID",
        FACTORS,
    )
    FACTOR_RENAME = "factor:rename", "Give an own device or security key another name", SHOWN
    FIGURES_READ = "figures:read", "See figures about requests, decisions and roles"
    LANGUAGE_KEEP = "language:keep", "Keep the language of this page for mails and text messages", SHOWN
    MAILBOX_CONFIRM = "mailbox:confirm", "Ask for a link to the own mailbox before a first second factor"
    MEMBER_READ = "member:read", "Open the page of one role of a person"
    MEMBERS_READ = "members:read", "See the people of the organisations one administers or supervises"
    MODEL_LOAD = "model:load", "Load a verified model of a certificate", DECISIONS
    MODEL_READ = "model:read", "See the models of certificates and their sources"
    NAME_CONFIRM = "name:confirm", "Confirm the changed name of a person of the own organisation", DECISIONS
    NEWS_KEEP = "news:keep", "Write, change and end news, for all or for the own country", DECISIONS
    NEWS_READ = "news:read", "Read news and planned stops of an environment"
    NOTICE_CONFIGURE = "notice:configure", "Choose how mails of an environment come: at once, daily, none"
    NOTICE_READ = "notice:read", "Read the own notices in an environment, and mark them as read"
    OPERATOR_CREATE = "operator:create", "Create an operator, to join it or as master data"
    OPERATOR_EDIT = "operator:edit", "Change details and addresses of an operator", DECISIONS
    OPERATOR_FIND = "operator:find", "Find operators of any authority, before one is created or merged"
    OPERATOR_IMPORT = "operator:import", "Bring files of operators", DECISIONS
    OPERATOR_LIST = "operator:list", "See the operators one's organisation is responsible for"
    OPERATOR_MERGE = "operator:merge", "Make two records of one operator into one", DECISIONS
    OPERATOR_READ = "operator:read", "Open the page of one operator"
    OPERATOR_SEARCH = "operator:search", "Search operators to ask for a role"
    PASSWORD_CHANGE = "password:change", "Change the own password", FACTORS
    PERSONAL_DATA_CHANGE = "personal-data:change", "Change the own first and last name", FACTORS
    PERSONAL_DATA_EXPORT = "personal-data:export", "Download the own data as a file", FACTORS
    PERSONAL_DATA_READ = "personal-data:read", "Read the own personal data", SHOWN
    PROFILE_CHOOSE = "profile:choose", "Choose the profile one acts as"
    PROFILE_READ = "profile:read", "Open the own profile and roles in an environment"
    QUEUE_READ = "queue:read", "Open the list of requests that wait for one's decision"
    RECOVERY_CODES_MAKE = "recovery-codes:make", "Make ten new recovery codes", FACTORS
    RECOVERY_VOUCH = "recovery:vouch", "Vouch for a person who used a recovery code", DECISIONS
    ROLE_ANSWER = "role:answer", "Answer a question about the own role request"
    ROLE_ASK = "role:ask", "Ask the requester of a role a question", DECISIONS
    ROLE_FOLLOW = "role:follow", "See where the own role request is"
    ROLE_LIFT = "role:lift", "Lift the suspension of a role", DECISIONS
    ROLE_LIMIT = "role:limit", "Set, change or take away the last day of a role", DECISIONS
    ROLE_READ = "role:read", "Open one role request of another person"
    ROLE_REJECT = "role:reject", "Reject a role request with a reason", DECISIONS
    ROLE_REMOVE = "role:remove", "Remove a role, or give up one's own", DECISIONS
    ROLE_RENEW = "role:renew", "Ask that a role that ends should go on"
    ROLE_REQUEST = "role:request", "Ask for a role in an organisation"
    ROLE_SUSPEND = "role:suspend", "Suspend a role with a reason", DECISIONS
    ROLE_VALIDATE = "role:validate", "Validate a role request", DECISIONS
    ROLE_WITHDRAW = "role:withdraw", "Withdraw the own role request"
    ROLES_DECIDE = "roles:decide", "Decide several role requests at once", DECISIONS
    SESSION_END = "session:end", "End one's own sessions", SHOWN
    SESSION_READ = "session:read", "See one's own open sessions", SHOWN
    SIGNING_ALLOW = "signing:allow", "Give or take the flag «may sign» of a person", DECISIONS
    STEP_UP = "step-up:make", "Show a second factor again in an open session"
    SUSPENSION_LIFT = "suspension:lift", "Lift the suspension of a person whose factors went", DECISIONS
    SUSPENSION_READ = "suspension:read", "See who is suspended, since when and from where"
    TELEPHONE_ADD = "telephone:add", "Add a mobile phone number to the own account", FACTORS
    TELEPHONE_CONFIRM = "telephone:confirm", "Type the code that was sent to a number being added", SHOWN
    TELEPHONE_READ = "telephone:read", "See the own mobile phone numbers by their last two digits", SHOWN
    TELEPHONE_REMOVE = "telephone:remove", "Delete one of the own mobile phone numbers", FACTORS
    TRAINING_RESET = "training:reset", "Empty Training and load a template into it", DECISIONS
    WORK_READ = "work:read", "Follow a batch or an import that one began, item by item"
    WORK_STOP = "work:stop", "Stop a batch or an import that one began"

    description: str
    freshness: Freshness

    def __new__(cls, value: str, description: str, freshness: Freshness = Freshness.NONE) -> Action:
        """A member is its name for the machine; description and freshness travel with it."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.description, member.freshness = description, freshness
        return member
