"""The language of a text by its letters and commonest words."""

from __future__ import annotations

import pytest

from events.formats.documents import language


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("The talks ended late. “We shall see what comes of it,” the envoy said.", "en"),
        ("Talks over", ""),
        ("Yes, the talks end", "en"),
        ("Les négociateurs ont quitté la salle. « Nous verrons », a-t-il dit.", "fr"),
        ("Die Gespräche sind beendet, sagte der Gesandte am Abend.", "de"),
        ("Los negociadores dijeron que la reunión terminó y que la próxima será aquí.", ""),
        ("De gesprekken zijn voorbij, zei de gezant. Het is niet bekend wat er gebeurt.", ""),
        ("Rozmowy się zakończyły. To nie jest koniec.", ""),
        ("Переговоры завершились, ответа ещё нет. Так сказали в Киеве.", "ru"),
        (
            "Переговоры завершились. «Відповіді немає», — сказал он, и мы ещё услышали: "
            "вы можете быть уверены.",
            "ru",
        ),
        ("Переговори завершились, відповіді ще немає, said the BBC.", "uk"),
        ("Просто слова", "ru"),
        ("", ""),
        ("12 345 \U0001f600", ""),
    ],
)
def test_which_language(text: str, tag: str) -> None:
    assert language.guess(text) == tag
