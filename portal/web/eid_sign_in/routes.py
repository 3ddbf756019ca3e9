"""Signing in with an eID: the choice of the provider, the way there, and what came back."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from portal.identity import eids
from portal.identity.eids import EidRejected, EidUnknown, Errand, LevelTooLow, ProviderAway
from portal.identity.sign_in import Attempt
from portal.vocabulary import Method
from portal.web import current
from portal.web.forms import ProviderForm, ReturnForm
from portal.web.guard import public
from portal.web.shell import environment_key_of, home_of_keys, page

blueprint = Blueprint("eid_sign_in", __name__)
VISITORS = "visitors sign in with a national eID, which needs no password"
CODE_LENGTH = 4096


@blueprint.route("/sign-in/eid", methods=["GET", "POST"])
@public(VISITORS)
def choose() -> ResponseReturnValue:
    """Which provider; then the browser goes there."""
    if not eids.providers():
        abort(404)
    form = ProviderForm().offer(eids.providers())
    if form.validate_on_submit():
        try:
            errand, address = eids.begin(form.provider.data)
        except ProviderAway:
            return _refused("away", 503)
        session["eid"] = errand.kept()
        # By a page of ours: the content policy lets no form lead to another host.
        return *page("eid_sign_in/leave.html", address=address), {"Refresh": f"0; url={address}"}
    return page("eid_sign_in/choose.html", form=form, other=_other_method(), elsewhere=home_of_keys())


def _other_method() -> str:
    return url_for("second_factor.step_up") if "step_up" in session else url_for("sign_in.password")


def _errand() -> Errand | None:
    kept = session.get("eid")
    return Errand(**kept) if kept else None


def _refused(reason: str, status: int) -> ResponseReturnValue:
    linking = bool((session.get("eid") or {}).get("session_id"))
    other = url_for("eids.eids") if linking else _other_method()
    return page("eid_sign_in/refused.html", status, reason=reason, other=other)


@blueprint.get("/eid/callback")
@public("the browser comes back from the provider; nothing is changed before its button is pressed")
def callback() -> ResponseReturnValue:
    """What the provider sent with the browser; only the button of this page acts."""
    errand, sent = _errand(), request.args
    if errand is None or sent.get("state") != errand.state:
        return _refused("foreign", 410)
    provider = eids.provider_of(errand.provider_key)
    if sent.get("iss", provider.issuer) != provider.issuer:  # RFC 9207: the answer of another provider
        return _refused("foreign", 410)
    code = sent.get("code", "")
    if "error" in sent or not 0 < len(code) <= CODE_LENGTH:
        return _refused("provider", 403)
    target = url_for("eids.finish") if errand.session_id else url_for(".finish")
    form = ReturnForm(formdata=None, code=code, state=errand.state)
    account = current.account() if errand.session_id else None
    return page("eid_sign_in/callback.html", form=form, target=target, provider=provider, account=account)


@blueprint.post("/eid/finish")
@public(VISITORS)
def finish() -> ResponseReturnValue:
    """The eID signs in, or shows the factor in an open session."""
    form, errand = ReturnForm(), _errand()
    if errand is None or errand.session_id or not form.validate() or form.state.data != errand.state:
        return _refused("foreign", 410)
    try:
        token = _shown(errand, form.code.data or "")
    except ProviderAway:
        return _refused("away", 503)
    except LevelTooLow:
        return _refused("level", 403)
    except EidUnknown:
        return _refused("unknown", 403)
    except EidRejected:
        return _refused("foreign", 410)
    return redirect(current.arrive(token) or url_for("sign_in.done"))


def _shown(errand: Errand, code: str) -> str:
    if "step_up" in session:
        row = current.awaiting_factor(Method.EID)
        if row is None:
            raise EidRejected
        return eids.show(errand, code, row)
    attempt = Attempt(
        name="",
        password="",
        method=Method.EID,
        number="",
        network=current.network(),
        browser=current.browser(),
        environment_key=environment_key_of(str(session.get("next", ""))),
    )
    return eids.sign_in_with(errand, code, attempt, current.session_token())
