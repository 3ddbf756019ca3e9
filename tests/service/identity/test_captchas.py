"""The code of the registration page: six digits, an hour, one answer; seen and heard."""

from __future__ import annotations

import io
import wave
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from portal import clock
from portal.adapters import captcha_images
from portal.identity import captchas
from portal.limits.ledger import TooMany
from portal.limits.rates import Rate


def test_codes_have_six_digits_and_differ(app: Flask) -> None:
    answers = {captchas.new_captcha()["answer"] for _time in range(20)}
    assert all(len(answer) == 6 and answer.isdigit() for answer in answers)
    assert len(answers) > 15


def test_the_right_answer_counts_once(app: Flask) -> None:
    captcha = captchas.new_captcha()
    spaced = f" {captcha['answer'][:3]} {captcha['answer'][3:]} "
    assert captchas.is_right(captcha, spaced, "network")
    assert not captchas.is_right(captcha, captcha["answer"], "network")


def test_a_wrong_answer_spends_the_code_too(app: Flask) -> None:
    captcha = captchas.new_captcha()
    assert not captchas.is_right(captcha, "", "network")
    assert not captchas.is_right(captcha, captcha["answer"], "network")
    assert not captchas.is_right(None, captcha["answer"], "network")


def test_an_old_code_is_worth_nothing(app: Flask) -> None:
    captcha = captchas.new_captcha()
    clock.advance(timedelta(minutes=60, seconds=1))
    assert not captchas.is_right(captcha, captcha["answer"], "network")


def test_a_network_has_a_bounded_number_of_answers(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:

    monkeypatch.setattr(
        "portal.limits.rates.CAPTCHAS_PER_NETWORK", Rate("captcha-network", 2, timedelta(hours=1))
    )
    for _time in range(2):
        captchas.is_right(captchas.new_captcha(), "", "network")
    with pytest.raises(TooMany):
        captchas.is_right(captchas.new_captcha(), "", "network")


def test_the_picture_is_a_small_png(app: Flask) -> None:
    picture = captchas.picture(captchas.new_captcha())
    image = Image.open(io.BytesIO(picture))
    assert (image.format, image.size) == ("PNG", (captcha_images.WIDTH, captcha_images.HEIGHT))
    assert len(picture) < 8_000


def test_the_sound_is_a_wav_of_some_seconds(app: Flask) -> None:
    with wave.open(io.BytesIO(captchas.sound(captchas.new_captcha(), "fr"))) as sound:
        assert sound.getnframes() / sound.getframerate() > 4


def test_the_voice_of_the_language_is_used_where_there_is_one(tmp_path: Path) -> None:
    for digit in captcha_images.DIGITS:
        (tmp_path / digit).mkdir()
        with wave.open(str(tmp_path / digit / "voice.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(1)
            file.setframerate(8000)
            file.writeframes(b"\x80" * 16_000)
    own = captcha_images.sound_of("000000", tmp_path)
    built_in = captcha_images.sound_of("000000", tmp_path / "nothing")
    assert len(own) > len(built_in)
