"""Every route declares who may open it, and every page has the name of its endpoint."""

from __future__ import annotations

import ast
import re

import pytest
from flask import Flask

from portal.access.actions import Action
from portal.web import guard
from tests.contracts.sources import JOURNEYS, PORTAL, TEMPLATES, python_files, text_of, views_of

pytestmark = pytest.mark.static
NAMED = re.compile(r"[\"'](\{?[a-z_]+\}?/[a-z_{}.]+\.html)[\"']")
WITHOUT_PAGE = {
    "role_requests.entrance": "leads on to the profile",
    "registration.captcha_image": "a picture",
    "registration.captcha_sound": "a sound",
    "blanks.form": "a file",
    "certificate_boxes.begin": "leads on to the first screen",
    "signing.first_file": "a file",
    "signing.newest_file": "a file",
    "devices.state": "one word for the script of the page that waits",
    "signing.state": "one number for the script of the page that waits",
    "second_factor.approval_state": "one word for the script of the page that waits",
    "work.state": "one word for the script of the page that waits",
    "exchange.authorities": "exchange/upload.html, which the four kinds of file share",
    "exchange.columns": "a file",
    "exchange.control_bodies": "exchange/upload.html",
    "exchange.operators": "exchange/upload.html",
    "exchange.posts": "exchange/upload.html",
    "exchange.report": "a file",
    "authorities.in_another_state": "a refusal, on errors/wrong_state.html",
    "control_bodies.changed_meanwhile": "a refusal, on errors/wrong_state.html",
    "operator_activities.decided": "a refusal, on errors/wrong_state.html",
    "operator_activities.merged": "a refusal, on errors/wrong_state.html",
    "operator_activities.nothing_to_decide": "a refusal, on errors/wrong_state.html",
    "operator_activities.same_record": "a refusal, on errors/wrong_state.html",
    "operator_activities.first_not_valid": "a refusal, on errors/wrong_state.html",
    "operators.search_first": "leads on to the search",
    "phone_app.manifest": "what the home screen of a telephone shows",
    "phone_app.worker": "a script",
    "phone_app.file": "a file",
    "verification.authority_file": "a certificate",
    "verification.key_file": "a certificate",
    "verification.revocation_list": "a list for programs",
    "verification.only_where_served": "no page: asked before each of them",
    "verification.stamps_file": "certificates",
    "verification.too_large": "a refusal, on verification/file.html",
    "pages.live": "one word for the machine that watches",
    "pages.ready": "one word for the machine that watches",
}
OTHER_NAMES = {
    "certificate_boxes/clash.html": "the second end of certificate_boxes.step and settle: two wrote the same boxes",
    "certificates/acts.html": "the part of certificates.show with what one may do",
    "certificates/facts.html": "the part of certificates.show with state and numbers",
    "certificates/gaps.html": "the part of certificates.show with what is missing",
    "certificates/one_box.html": "one box of certificates.show",
    "certificates/recognised.html": "for what a control body is recognised, on certificates.show and signing.confirm",
    "signing/changed.html": "the refusal of signing.confirm where the data changed",
    "account/challenge_dead.html": "the second end of account.challenge",
    "account/last_factor.html": "the refusal of account.remove_one_telephone",
    "account/mailbox_dead.html": "the second end of account.confirm_mailbox",
    "account/sms_risk.html": "a paragraph that two pages of the account share",
    "registration/link_expired.html": "an end of registration.link",
    "registration/link_used.html": "an end of registration.link",
    "registration/link_replaced.html": "an end of registration.link",
    "registration/link_unknown.html": "an end of registration.link",
    "second_factor/code_dead.html": "the second end of second_factor.code",
    "second_factor/app_over.html": "the second end of second_factor.app",
    "second_factor/approval_over.html": "the other end of second_factor.approval",
    "second_factor/too_many_requests.html": "the refusal of both methods of the phone app",
    "devices/ended.html": "the second end of devices.wait",
    "devices/last_factor.html": "the refusal of devices.remove",
    "authenticators/expired.html": "the second end of authenticators.confirm",
    "eid_sign_in/leave.html": "the way to the provider, from eid_sign_in.choose and eids.add",
    "eid_sign_in/refused.html": "the refusal of every page of both journeys",
    "eids/last_factor.html": "the refusal of eids.remove",
    "personal_data/email_changed.html": "the second end of personal_data.confirm_email",
    "personal_data/email_dead.html": "the refusal of both links of a changed address",
    "personal_data/email_undone.html": "the second end of personal_data.undo_email",
    "recovery/code_dead.html": "the second end of recovery.sign_in_with_code",
    "recovery/panic_dead.html": "the refusal of recovery.follow_panic",
    "recovery/panic_done.html": "the end of recovery.press_panic and of recovery.follow_panic",
    "recovery/panic_sent.html": "the second end of recovery.press_panic",
    "security_keys/last_factor.html": "the refusal of security_keys.remove",
    "authenticators/last_factor.html": "the refusal of authenticators.remove",
    "phone_app/texts.html": "the words of phone_app.app that its scripts show",
    "exchange/upload.html": "the form of exchange.operators, authorities, posts and control_bodies",
    "operators/activities.html": "the part of operators.show with the activities",
    "operators/activity_fields.html": "the panel «Chapter or activity» of operators.new and operator_activities.add",
    "operators/addresses.html": "the part of operators.show with further addresses",
    "operators/conflict.html": "the second end of operators.edit: two changed it at once",
    "operators/details_fields.html": "the panel «Operator Details» of operators.new and operators.edit",
    "operators/likely.html": "the part of operators.new with records like it",
    "operators/merges.html": "the part of operators.show with merged records",
    "operators/rows.html": "the rows of operators.own and operators.find",
    "operator_activities/decide.html": "what operator_activities.validate and operator_activities.suspend share",
    "verification/file_form.html": "the form that verification.ask and verification.file share",
    "verification/not_found.html": "the second end of verification.certificate",
    "verification/record.html": "what verification.certificate and verification.file say of a certificate",
    "verification/result.html": "the answer of verification.file",
    "validation/decision.html": "the part of validation.show that says how it ended",
    "validation/evidence.html": "the part of validation.show that says what speaks for it",
}
CHECK_OF_PAPERS = "verification."
"""Whoever has a paper on the road has no account here."""
FOR_LATER: dict[str, str] = {}


def templates() -> set[str]:
    """Every page template of a journey."""
    return {
        str(path.relative_to(TEMPLATES))
        for journey in JOURNEYS
        for path in (TEMPLATES / journey).glob("*.html")
    }


def test_a_route_that_declares_nothing_does_not_start() -> None:
    app = Flask("a portal with a forgotten route")
    app.add_url_rule("/open", "open", guard.public("because")(lambda: ""))
    guard.check_declarations(app)
    app.add_url_rule("/forgotten", "forgotten", lambda: "")
    with pytest.raises(RuntimeError, match="forgotten"):
        guard.check_declarations(app)


def test_every_route_names_an_action_or_says_why_visitors_may_come(portal: Flask) -> None:
    for rule in portal.url_map.iter_rules():
        if rule.endpoint != "static":
            declared = guard.declaration_of(portal, rule.endpoint)
            assert declared, rule
            assert isinstance(declared[0], Action) or len(declared[1]) > 10, rule


def test_nothing_of_an_environment_is_open_to_visitors_but_the_check_of_papers(portal: Flask) -> None:
    for rule in portal.url_map.iter_rules():
        if "environment" in rule.arguments and not rule.endpoint.startswith(CHECK_OF_PAPERS):
            declared = guard.declaration_of(portal, rule.endpoint)
            assert declared
            assert isinstance(declared[0], Action), rule


def test_addresses_that_change_something_take_no_get_alone(portal: Flask) -> None:
    verbs = re.compile(r"/(?:sign-out|extend|again|cancel|end|end-others|validate)$")
    for rule in portal.url_map.iter_rules():
        if verbs.search(rule.rule):
            assert "GET" not in (rule.methods or ()), rule


def test_every_endpoint_that_shows_a_page_has_the_template_of_its_name() -> None:
    found = templates()
    for journey in JOURNEYS:
        for view in views_of(journey):
            name = f"{journey}.{view.name}"
            posts_only = any("blueprint.post" in ast.unparse(d) for d in view.decorator_list)
            if not posts_only and name not in WITHOUT_PAGE:
                assert f"{journey}/{view.name}.html" in found, name


def test_every_page_template_has_the_name_of_an_endpoint_or_a_reason() -> None:
    endpoints = {f"{journey}/{view.name}.html" for journey in JOURNEYS for view in views_of(journey)}
    used_elsewhere = set(OTHER_NAMES)
    assert templates() - endpoints - used_elsewhere == set()
    assert used_elsewhere <= templates()


def test_every_template_is_used_and_every_template_named_exists() -> None:
    everything = [*python_files(PORTAL), *TEMPLATES.rglob("*.*")]
    named = {name for path in everything for name in NAMED.findall(text_of(path))}
    exact = {name for name in named if "{" not in name}
    families = [re.compile(re.sub(r"{[^}]*}", "[a-z_]+", name)) for name in named - exact]
    existing = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html")}
    assert exact <= existing
    assert not {n for n in existing - exact if not any(f.fullmatch(n) for f in families)} - set(FOR_LATER)
