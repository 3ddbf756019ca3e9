"""Forms of news; their fields are shared with planned stops."""

from __future__ import annotations

from portal.web.announcement_forms import ChangeForm, EndForm, NewsForm, WordsForm

__all__ = ["ChangeForm", "EndForm", "NewsForm", "WordsForm"]
