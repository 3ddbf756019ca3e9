"""Pages of files that come in: what can be brought, its columns, the check of every row, the import, the report."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.actions import Action
from portal.exchange import importing, reporting, training
from portal.exchange.exporting import FileFormat, Line
from portal.exchange.formats import BYTES_AT_MOST, ROWS_AT_MOST, BadFile, Kind
from portal.organisations import queries as organisations
from portal.web import current, exchange_words, exporting, work_words
from portal.web.exchange.forms import ResetForm, UploadForm
from portal.web.guard import nothing, requires
from portal.web.shell import page
from portal.work import ledger
from portal.work.states import OPEN

blueprint = Blueprint("exchange", __name__)
WORDS = ", ".join(f'"{kind}"' for kind in importing.REGISTERS)
KIND = f"<any({WORDS}):kind>"
FORMAT = f'<any("{FileFormat.CSV}", "{FileFormat.XLSX}"):file_format>'


@blueprint.get("")
@requires(Action.EXCHANGE_OPEN, nothing)
def overview() -> ResponseReturnValue:
    """The kinds of file this person may bring, with their templates."""
    registers = importing.registers_for(current.actor())
    return page("exchange/overview.html", registers=registers, words=exchange_words, address_of=address_of)


@blueprint.route("/training", methods=["GET", "POST"])
@requires(Action.TRAINING_RESET)
def reset() -> ResponseReturnValue:
    """Training emptied and filled by a template; nowhere else, whatever the address says."""
    actor, form = current.actor(), ResetForm().offer(exchange_words.TEMPLATES)
    if form.validate_on_submit():
        try:
            work = training.begin_reset(form.template.data, actor)
            return redirect(url_for("work.show", work_id=work.id))
        except training.BegunAlready:
            flash(_("Training is being made anew already."), "info")
            return redirect(url_for("work.overview"))
    rows = training.counts_to_see(actor)
    return page("exchange/reset.html", form=form, rows=rows, words=exchange_words)


@blueprint.get(f"/{KIND}/columns.{FORMAT}")
@requires(Action.EXCHANGE_OPEN, nothing)
def columns(kind: str, file_format: str) -> ResponseReturnValue:
    """A file with the names of the columns, and in a workbook a sheet that explains them."""
    form = importing.REGISTERS[Kind(kind)].form
    explained: list[Line] = [[_("Column"), _("Needed"), _("Longest"), _("What stands there")]]
    for one in form.columns:
        text = str(exchange_words.COLUMNS[one.name])
        explained.append([one.name, _("Yes") if one.needed else _("No"), str(one.length), text])
    sheets: list[tuple[str, list[Line]]] = [("Rows", [form.names]), (str(_("Explanation")), explained)]
    return exporting.sent_rows(f"{kind}-columns", FileFormat(file_format), sheets)


@blueprint.route(f"/{Kind.OPERATORS}", methods=["GET", "POST"])
@requires(Action.OPERATOR_IMPORT, nothing)
def operators() -> ResponseReturnValue:
    """A file of operators for the check of its rows."""
    return _upload(Kind.OPERATORS)


@blueprint.route(f"/{Kind.AUTHORITIES}", methods=["GET", "POST"])
@requires(Action.AUTHORITY_IMPORT, nothing)
def authorities() -> ResponseReturnValue:
    """A file of authorities for the check of its rows."""
    return _upload(Kind.AUTHORITIES)


@blueprint.route(f"/{Kind.POSTS}", methods=["GET", "POST"])
@requires(Action.AUTHORITY_IMPORT, nothing)
def posts() -> ResponseReturnValue:
    """A file of border control posts and control points for the check of its rows."""
    return _upload(Kind.POSTS)


@blueprint.route(f"/{Kind.CONTROL_BODIES}", methods=["GET", "POST"])
@requires(Action.CONTROL_BODY_IMPORT, nothing)
def control_bodies() -> ResponseReturnValue:
    """A file of control bodies with their scopes for the check of its rows."""
    return _upload(Kind.CONTROL_BODIES)


def _upload(wanted: Kind) -> ResponseReturnValue:
    """Nothing of the file is stored in the register."""
    actor, form = current.actor(), UploadForm()
    numbers = importing.names_for(wanted, actor)
    names = {number: row.name for number, row in organisations.organisations_by_id(numbers).items()}
    form.offer(names)
    here = address_of(wanted)
    if form.validate_on_submit():
        try:
            work = importing.begin_check(wanted, form.organisation_id, form.file.data.stream, actor)
            return redirect(url_for(".show", work_id=work.id))
        except BadFile as refused:
            form.refuse(exchange_words.refusal(refused))
        except importing.SentTwice:
            flash(_("You sent this file a moment ago: its check is in this list."), "info")
            return redirect(url_for("work.overview"))
    limits = {"rows": ROWS_AT_MOST, "megabytes": BYTES_AT_MOST // 1024 // 1024}
    return page(
        "exchange/upload.html", form=form, kind=wanted, here=here, words=exchange_words, alone=len(names) == 1,
        **limits,
    )  # fmt: skip


def address_of(kind: Kind) -> str:
    """The page to which a file of that kind is sent."""
    return url_for(f"exchange.{kind.replace('-', '_')}")


@blueprint.get("/<int:work_id>")
@requires(Action.WORK_READ)
def show(work_id: int) -> ResponseReturnValue:
    """How far a check or an import is; at its end the counts, the first rows refused, and what can be done next."""
    work, register = importing.exchange_to_read(work_id, current.actor())
    tried = work.done + work.refused
    return page(
        "exchange/show.html",
        work=work,
        is_check=work.kind == register.check_kind,
        is_open=work.state in OPEN,
        counts=importing.counts_of(work),
        problems=importing.first_problems(work),
        payload=ledger.payload_of,
        facts=ledger.facts_of,
        words=exchange_words,
        tried=tried,
        wait_state=f"{work.state}-{tried * 20 // max(work.total, 1)}",
    )


@blueprint.post("/<int:work_id>/import")
@requires(Action.WORK_READ)
def begin(work_id: int) -> ResponseReturnValue:
    """Import the rows of a file that was checked."""
    try:
        work = importing.begin_import(work_id, current.actor())
    except importing.NotChecked:
        flash(_("The check has not ended yet, or this file was imported already."), "info")
        return redirect(url_for(".show", work_id=work_id))
    return redirect(url_for(".show", work_id=work.id))


@blueprint.get(f"/<int:work_id>/report.{FORMAT}")
@requires(Action.WORK_READ)
def report(work_id: int, file_format: str) -> ResponseReturnValue:
    """Every row with its result, in the language of this page."""
    work, _register = importing.exchange_to_read(work_id, current.actor())
    only_refused = request.args.get("only") == "refused"
    lines = _report_lines(work.id, only_refused=only_refused)
    return exporting.sent_rows(f"report-{work.id}", FileFormat(file_format), [("Report", lines)])


def _report_lines(work_id: int, *, only_refused: bool) -> Iterator[list[object]]:
    yield [_("Row"), _("Column"), _("Item"), _("State"), _("Result")]
    for line in reporting.lines_of(work_id, only_refused=only_refused):
        state, sentence = work_words.ITEM_STATES[line.state], work_words.sentence(line.word, line.facts)
        yield [line.row, line.facts.get("column", ""), line.label, str(state), sentence]
