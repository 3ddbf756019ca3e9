"""The sentences of «Why can I (not) do this»: what people want to do, why not, and what helps."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.roles.explaining import Link, Purpose

PURPOSES = {
    Purpose.ASK: _l("Ask for roles"),
    Purpose.VALIDATE: _l("Validate"),
    Purpose.ADMINISTER: _l("Administer"),
    Purpose.SEARCH: _l("Search and read"),
}
LINKS = {
    Link.ROLE: _l("Role"),
    Link.STATE: _l("State"),
    Link.DATES: _l("Dates"),
    Link.METHOD: _l("Sign-in method"),
    Link.RULE: _l("Rule"),
}
GOALS = {
    "ask-operator": _l("Ask for a role in an operator"),
    "ask-control-body": _l("Ask for a role in a control body"),
    "ask-authority": _l("Ask for a role in an authority"),
    "queue": _l("Open the list of pending requests"),
    "colleague": _l("Validate colleagues of your own organisation"),
    "below": _l("Validate people of organisations that yours is responsible for"),
    "activity": _l("Validate activities of operators that your organisation is responsible for"),
    "members": _l("See the people of your organisation"),
    "duty-phones": _l("Keep the duty phones of your organisation"),
    "own-operator": _l("Change the details of your operator"),
    "operators": _l("Change operators that your organisation is responsible for"),
    "merge": _l("Merge two records of one operator"),
    "authorities": _l("Create and change authorities below yours"),
    "control-bodies": _l("Create and change control bodies and their scopes"),
    "document-rights": _l("Change the rights on documents"),
    "news": _l("Write news"),
    "environment": _l("Open, close and configure this environment"),
    "find-operators": _l("Find operators"),
    "tree": _l("See the tree of authorities"),
    "list-of-bodies": _l("See the register of control bodies"),
    "read-rights": _l("See the rights on documents"),
}
ONE_KIND = (
    _l("One type of role for each person: you hold or asked for another type, or act for the Commission."),
    _l("Withdraw or give up the other role first. People of the Commission are named by the Commission."),
)
ADMINISTRATORS = (
    _l("Only administrators of the organisation do this."),
    _l("Ask an administrator of your organisation, or the authority above it, to make you administrator."),
)
VALIDATORS = (
    _l(
        "Users of authorities and control bodies do this; where only administrators decide, their administrators."
    ),
    _l("Ask an administrator of your organisation, or the authority above it, to make you administrator."),
)
COMMISSION = (
    _l("Only administrators of the Commission do this."),
    _l("Tell the Commission what should be changed."),
)
OFFICIALS = (_l("Only people of authorities do this."), _l("Turn to the authority responsible for you."))
REASONS = {
    "ask-operator": ONE_KIND,
    "ask-control-body": ONE_KIND,
    "ask-authority": ONE_KIND,
    "queue": ADMINISTRATORS,
    "colleague": (
        _l("Only administrators of the organisation, and who stands in for one, validate colleagues."),
        _l(
            "Ask an administrator of your organisation, or the authority above it, to make you administrator."
        ),
    ),
    "below": VALIDATORS,
    "activity": VALIDATORS,
    "members": ADMINISTRATORS,
    "duty-phones": ADMINISTRATORS,
    "own-operator": ADMINISTRATORS,
    "operators": (
        _l("Authorities and control bodies keep their operators; customs and the Commission keep none."),
        _l("Turn to the authority responsible for the operator."),
    ),
    "merge": (
        _l("Central, regional and local authorities merge operators."),
        _l("Turn to the authority responsible for the operator."),
    ),
    "authorities": (
        _l(
            "The Commission's administrators, central and regional authorities keep the authorities below them."
        ),
        _l("Ask the central authority of your country."),
    ),
    "control-bodies": COMMISSION,
    "document-rights": COMMISSION,
    "news": (
        _l("Administrators of the Commission, and central authorities for their own country, write news."),
        _l("Ask the central authority of your country."),
    ),
    "environment": COMMISSION,
    "find-operators": (
        _l("Authorities and control bodies find operators of any authority; customs do not."),
        _l("Turn to the authority responsible for the operator."),
    ),
    "tree": OFFICIALS,
    "list-of-bodies": OFFICIALS,
    "read-rights": (_l("Only people with a role here do this."), _l("Ask for a role first.")),
    "role-requested": (
        _l("Your request has not been decided yet."),
        _l("Follow it on your profile; you may withdraw it there."),
    ),
    "role-rejected": (_l("Your request was refused."), _l("Your profile says why, and what to do now.")),
    "role-suspended": (
        _l("Your role is suspended."),
        _l("Ask an administrator of your organisation, or the authority above it, to lift the suspension."),
    ),
    "organisation-suspended": (
        _l("The organisation is suspended: roles in it have no effect."),
        _l("Turn to the authority above it."),
    ),
    "organisation-rejected": (
        _l("The organisation was not accepted: roles in it have no effect."),
        _l("Turn to the authority that decided about it."),
    ),
    "organisation-deleted": (
        _l("The organisation was deleted: roles in it have no effect."),
        _l("Ask for a role in the organisation that took its place."),
    ),
    "role-over": (_l("The last day of your role is over."), _l("Ask for it again, or ask for more time.")),
    "method": (
        _l("The method you signed in with is not accepted here for decisions."),
        _l("Add another second factor in «My Account», and sign in with it."),
    ),
}
"""By the name of what fails: why it cannot be done, and what helps."""
