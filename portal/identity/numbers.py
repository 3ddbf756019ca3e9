"""Telephone numbers as people type and read them; pages reach the library through here."""

from __future__ import annotations

from portal.adapters.phone_numbers import NotAMobileNumber, dialling_code, for_people, mobile_number

__all__ = ["NotAMobileNumber", "dialling_code", "for_people", "mobile_number"]
