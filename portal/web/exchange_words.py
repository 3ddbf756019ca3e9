"""The words of files that come in: their kinds, their columns, what became of a row, why a file is refused."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.exchange import training
from portal.exchange.formats import BYTES_AT_MOST, ROWS_AT_MOST, BadFile, Kind
from portal.web import labels, work_words

KINDS = {
    Kind.OPERATORS: _l("Operators"),
    Kind.AUTHORITIES: _l("Authorities"),
    Kind.POSTS: _l("Border control posts and control points"),
    Kind.CONTROL_BODIES: _l("Control bodies and their scopes"),
}
WORK = {
    "check-operators": _l("Check of a file of operators"),
    "import-operators": _l("Import of operators"),
    "check-authorities": _l("Check of a file of authorities"),
    "import-authorities": _l("Import of authorities"),
    "check-posts": _l("Check of a file of border posts"),
    "import-posts": _l("Import of border posts"),
    "check-control-bodies": _l("Check of a file of control bodies"),
    "import-control-bodies": _l("Import of control bodies"),
}
DONE = {
    "row-created": _l("Created."),
    "row-updated": _l("Exists already; what differs was changed."),
    "row-unchanged": _l("Exists already just so; nothing was changed."),
    "row-activity-added": _l("Exists already; the activity was added."),
    "row-scope-added": _l("The control body exists already; the code was added."),
    "would-row-created": _l("Would be created."),
    "would-row-follow": _l("Would be created under the authority of row %(other)s, if that one is."),
    "would-row-updated": _l("Exists already; what differs would be changed."),
    "would-row-unchanged": _l("Exists already just so; nothing would be changed."),
    "would-row-activity-added": _l("Exists already; the activity would be added."),
    "would-row-scope-added": _l("The control body exists already; the code would be added."),
}
TRAINING = {
    "training-emptied": _l("Deleted: %(rows)s."),
    "training-filled": _l("Loaded: %(rows)s."),
}
TEMPLATES = {
    "demo": _l("The invented register of the demonstration"),
    "production": _l("The organisations of Production, without their people"),
}
DELETED = {
    "organisations": _l("Organisation"),
    "roles": _l("Roles and requests"),
    "operator_activities": _l("Activities"),
    "operator_addresses": _l("Addresses"),
    "control_body_scopes": _l("Scopes"),
    "duty_phones": _l("Duty phones"),
}
"""What goes when Training is made anew, as far as people have a word for it; the rest hangs on these."""
COUNTED = {"would-row-follow": _l("Would be created under an authority of the same file.")}
"""For results whose sentence names a row."""
REFUSED = {
    "row-missing": _l("Column «%(column)s»: nothing stands there, and it is needed."),
    "row-too-long": _l("Column «%(column)s»: %(max)s characters at most."),
    "row-characters": _l("Column «%(column)s»: it contains characters that cannot be shown."),
    "row-no-code": _l("Column «%(column)s»: letters, digits, points and hyphens, without blanks."),
    "row-no-country": _l("Column «%(column)s»: write the two letters of a country, such as BE."),
    "row-no-telephone": _l("Column «%(column)s»: this is not a valid telephone number."),
    "row-no-email": _l("Column «%(column)s»: write one e-mail address."),
    "row-no-website": _l("Column «%(column)s»: this is no web address."),
    "row-no-day": _l("Column «%(column)s»: write the day as year-month-day, such as 2027-12-31."),
    "row-no-yes": _l("Column «%(column)s»: write «yes» or leave it empty."),
    "row-repeats": _l("This row repeats row %(other)s of the file."),
    "row-not-yours": _l("You may not bring such rows in the name of this organisation."),
    "row-not-answering": _l(
        "Column «%(column)s»: your organisation does not answer for this activity there."
    ),
    "row-kept-elsewhere": _l("«%(name)s» exists already and is kept by other authorities."),
    "row-likely-duplicate": _l(
        "«%(name)s» is likely the same operator. Write «yes» under «not_a_duplicate» if it is another one."
    ),
    "row-other-country": _l("Column «%(column)s»: the operator is registered in another country."),
    "row-activity-ended": _l(
        "Column «%(column)s»: this activity was rejected or deleted; take it up on its page."
    ),
    "row-activity-unknown": _l(
        "Column «%(column)s»: operators cannot take up this activity in this section."
    ),
    "row-responsible-missing": _l("Column «%(column)s»: name the authority that answers for the activity."),
    "row-responsible-unknown": _l(
        "Column «%(column)s»: no authority with this code answers for the activity there."
    ),
    "row-code-unknown": _l("Column «%(column)s»: there is no such code."),
    "row-superior-missing": _l("Column «%(column)s»: no authority has this code."),
    "row-superior-unfit": _l("Column «%(column)s»: such an authority cannot stand under this one."),
    "row-moves": _l("Column «%(column)s»: the authority hangs under another one; move it on its page."),
    "row-other-role": _l("Column «%(column)s»: the authority exists already with another role."),
}
OF_DETAILS = {f"row-{word}": text for word, text in labels.OPERATOR_PROBLEMS.items()}
work_words.KINDS.update(WORK)
work_words.KINDS[training.KIND] = _l("Training made anew")
work_words.OUTCOMES.update({**OF_DETAILS, **DONE, **REFUSED, **TRAINING})
FILES = {
    "empty": _l("The file holds no rows."),
    "encoding": _l("The file is not UTF-8. Save it as «CSV UTF-8» or as XLSX, then send it again."),
    "quotes": _l("Row %(row)s: a quotation mark is not closed, or stands where none can."),
    "workbook": _l("This is no workbook that can be read: it must be XLSX, without password."),
    "bomb": _l("This workbook unpacks to more than can be read. Keep one sheet with the rows alone."),
    "columns": _l("Row %(row)s has too many columns."),
    "cell": _l("A cell of row %(row)s is longer than any column may be."),
    "rows": _l("The file has more than %(rows)s rows. Divide it."),
    "size": _l("The file is larger than %(megabytes)s MB. Divide it."),
    "header": _l("The first row must hold the names of the columns: take the template."),
    "columns-unknown": _l("These columns are not known: %(names)s. Take the template."),
    "columns-missing": _l("These columns are missing: %(names)s. Take the template."),
    "columns-twice": _l("A column stands twice in the first row."),
}
COLUMNS = {
    "reference": _l("Your own number or code for the operator: the same file sent again finds it by this."),
    "name": _l("The name of the organisation."),
    "street": _l("Street and number."),
    "postcode": _l("Postcode."),
    "city": _l("City."),
    "country": _l("Two letters by ISO 3166, such as BE."),
    "telephone": _l("A telephone number of the organisation, with + and country code."),
    "fax": _l("A fax number."),
    "email": _l(
        "An e-mail address of the organisation. One of telephone, fax, e-mail and web site is needed."
    ),
    "website": _l("A web address."),
    "eori": _l("EORI number; some activities need it."),
    "vat": _l("VAT number; some activities need it."),
    "section": _l("The code of the section, such as BOV-EST."),
    "activity": _l("The code of the activity, such as bovine_establishment. One row for each activity."),
    "responsible_code": _l(
        "The code of the authority that answers for the activity; empty: your own, or by address."
    ),
    "not_a_duplicate": _l("«yes» where the check named a similar operator and it is another one."),
    "code": _l("The code by which the authority is found again, such as BEANR1."),
    "role": _l("CCA, RCA, LAU or CUSTOMS; for posts BCP or CP."),
    "competences": _l("Codes of competences, parted by blanks."),
    "superior_code": _l("The code of the authority above; empty: the one in whose name you bring the file."),
    "designations": _l("Codes of what the post is designated for, parted by blanks."),
    "body_code": _l("The code by which the control body itself is found again."),
    "scope_code": _l(
        "The code of the control body for that country, such as FR-BIO-01. One row for each code."
    ),
    "scope_country": _l("The country for which the code stands, two letters."),
    "regime": _l("The regulation, such as 2018/848."),
    "categories": _l("Letters of the product categories, such as ABD."),
    "origin": _l("member-state or third-country."),
    "supervisor_code": _l("The code of the authority that supervises; needed for codes of Member States."),
    "valid_until": _l("The last day of the recognition, as year-month-day; empty: without end."),
}


def refusal(error: BadFile) -> str:
    """Why the whole file is refused."""
    facts: dict[str, Any] = {"row": error.row, "names": error.names, "rows": ROWS_AT_MOST}
    return str(FILES[error.reason]) % (facts | {"megabytes": BYTES_AT_MOST // 1024 // 1024})


def counted(word: str) -> str:
    """The name of a result in the table of counts, where no single row is meant."""
    return str(COUNTED.get(word) or work_words.OUTCOMES[word])
