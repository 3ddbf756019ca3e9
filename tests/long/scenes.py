"""For every form of the portal its scene, by the endpoint that takes it."""

from __future__ import annotations

from collections.abc import Callable

from tests.long import scenes_of_accounts as accounts
from tests.long import scenes_of_audit as audit
from tests.long import scenes_of_duty_phones as duty
from tests.long import scenes_of_eids as eids
from tests.long import scenes_of_factors as factors
from tests.long import scenes_of_keys as keys
from tests.long import scenes_of_operators as operators
from tests.long import scenes_of_people as people
from tests.long import scenes_of_phones as phones
from tests.long import scenes_of_recovery as recovery
from tests.long import scenes_of_roles as roles
from tests.long import scenes_of_visitors as visitors
from tests.long.place import Place
from tests.long.scene import Scene
from tests.long.scenes_of_certificates import CERTIFICATE_SCENES
from tests.long.scenes_of_exchange import EXCHANGE_SCENES
from tests.long.scenes_of_members import MEMBER_SCENES
from tests.long.scenes_of_models import MODEL_SCENES
from tests.long.scenes_of_notices import NOTICE_SCENES
from tests.long.scenes_of_registers import REGISTER_SCENES
from tests.makers.organisations import an_authority, an_operator

SCENES: dict[str, Callable[[Place], Scene]] = {
    "registration.register": visitors.register,
    "registration.lost_password": visitors.lost_password,
    "registration.link": visitors.open_link,
    "registration.ask_again": visitors.ask_again,
    "registration.choose_password": visitors.choose_password,
    "registration.not_me": visitors.not_me,
    "verification.file": visitors.check_file,
    "sign_in.begin": visitors.name,
    "sign_in.password": visitors.password,
    "second_factor.code": visitors.code,
    "second_factor.code_again": visitors.code_again,
    "second_factor.step_up": factors.step_up,
    "authenticators.add": factors.add,
    "authenticators.confirm": factors.confirm,
    "authenticators.rename": factors.rename,
    "authenticators.remove": factors.remove,
    "second_factor.app": phones.code,
    "second_factor.app_again": phones.code_again,
    "second_factor.approval": phones.approval,
    "second_factor.approval_again": phones.approval_again,
    "devices.add": phones.add,
    "devices.cancel": phones.cancel,
    "devices.finish": phones.finish,
    "devices.rename": phones.rename,
    "devices.remove": phones.remove,
    "phone_app.enrol": phones.enrol,
    "phone_app.enrol_pin": phones.enrol_pin,
    "phone_app.enrol_accept": phones.enrol_accept,
    "phone_app.waiting": phones.waiting,
    "phone_app.answer": phones.answer,
    "security_keys.options": keys.options,
    "security_keys.finish": keys.finish,
    "security_keys.rename": keys.rename,
    "security_keys.remove": keys.remove,
    "key_sign_in.options": keys.ask_key,
    "key_sign_in.finish": keys.show_key,
    "key_sign_in.passkey_options": keys.ask_passkey,
    "key_sign_in.passkey_finish": keys.show_passkey,
    "eids.add": eids.add,
    "eids.finish": eids.finish,
    "eids.remove": eids.remove,
    "eid_sign_in.choose": eids.choose,
    "eid_sign_in.finish": eids.show,
    "sign_in.sign_out": accounts.sign_out,
    "sign_in.extend": accounts.extend,
    "personal_data.keep_language": accounts.keep_language,
    "personal_data.name": people.name,
    "personal_data.email": people.email,
    "personal_data.confirm_email": people.confirm_email,
    "personal_data.undo_email": people.undo_email,
    "personal_data.password": people.password,
    "personal_data.configure": people.configure,
    "personal_data.hide_nudge": people.hide_nudge,
    "personal_data.delete": people.delete,
    "personal_data.keep": people.keep,
    "personal_data.data": people.data,
    "recovery.make_codes": recovery.make_codes,
    "recovery.sign_in_with_code": recovery.sign_in_with_code,
    "recovery.press_panic": recovery.press_panic,
    "recovery.follow_panic": recovery.follow_panic,
    "administration.lift": recovery.lift,
    "administration.confirm_name": recovery.confirm_name,
    "administration.vouch": recovery.vouch,
    "account.add_telephone": accounts.add_telephone,
    "account.challenge": accounts.challenge,
    "account.challenge_again": accounts.challenge_again,
    "account.cancel_challenge": accounts.cancel_challenge,
    "account.remove_one_telephone": accounts.remove_telephone,
    "account.mailbox": accounts.mailbox,
    "account.confirm_mailbox": accounts.confirm_mailbox,
    "account.end_session": accounts.end_session,
    "account.end_other_sessions": accounts.end_other_sessions,
    "directory.operators": roles.ticked("operator", an_operator),
    "directory.authorities": roles.ticked("authority", an_authority),
    "directory.control_bodies": roles.ticked("control-body", an_operator),
    "directory.confirm": roles.confirm,
    "operators.new": operators.create,
    "operators.edit": operators.edit,
    "operators.settle": operators.settle,
    "operator_addresses.add": operators.add_address,
    "operator_addresses.edit": operators.address(
        "edit", "OperatorAddressChanged", street="Quai 9", city="Anvers", country="BE"
    ),
    "operator_addresses.main": operators.address("main", "MainAddressChosen"),
    "operator_addresses.remove": operators.address("remove", "OperatorAddressRemoved", sure="y"),
    "operator_activities.add": operators.add_activity,
    "operator_activities.validate": operators.decision("validate", "ActivityValidated", state="new"),
    "operator_activities.suspend": operators.decision("suspend", "ActivitySuspended"),
    "operator_activities.decide_all": operators.decide_all,
    "operator_activities.merge": operators.merge,
    "audit_trail.export": audit.take_away,
    "duty_phones.add": duty.add,
    "duty_phones.edit": duty.edit,
    "duty_phones.remove": duty.ending("remove", "DutyPhoneUnlisted"),
    "duty_phones.lost": duty.ending("lost", "DutyPhoneLost"),
    "role_requests.withdraw": roles.withdraw,
    "validation.validate": roles.decision("validate", "RoleValidated"),
    "validation.ask": roles.ask,
    "batches.decide": roles.batch,
    "work.stop": roles.stop_batch,
    "deputies.name": roles.name_deputy,
    "deputies.end": roles.end_deputy,
    "role_requests.answer": roles.answer,
    "validation.reject": roles.decision("reject", "RoleRejected", reason="unknown-person"),
    **CERTIFICATE_SCENES,
    **EXCHANGE_SCENES,
    **NOTICE_SCENES,
    **MEMBER_SCENES,
    **MODEL_SCENES,
    **REGISTER_SCENES,
}
