"""Tables that only registers need: designations of posts, rights on documents."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base
from portal.environments.scope import EnvironmentScoped


class PostDesignation(EnvironmentScoped, Base):
    """What a border control post or a control point is designated for; `remark` keeps the words of its list."""

    __tablename__ = "post_designations"
    __table_args__ = (
        ForeignKeyConstraint(
            ["environment", "organisation_id"], ["organisations.environment", "organisations.id"]
        ),
    )

    organisation_id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), primary_key=True)
    remark: Mapped[str] = mapped_column(Text, default="")


class DocumentRights(EnvironmentScoped, Base):
    """What people of one profile may do with each document, where the Commission decided otherwise than the default.

    `holder` is the role of an authority, `operator` or `control-body`; `rights` reads «INTRA:rw CHED-A:r-».
    """

    __tablename__ = "document_rights"
    __table_args__ = (
        UniqueConstraint(
            "environment", "holder", "competence", "activity", name="uq_document_rights_profile"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    holder: Mapped[str] = mapped_column(String(20))
    competence: Mapped[str] = mapped_column(String(40), default="")
    activity: Mapped[str] = mapped_column(String(60), default="")
    rights: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}
