"""Every reader gets one language: the set one, the browser's best, Vietnamese."""

import pytest

from gateway.words.languages import in_order, negotiate

FOUR = ("vi", "en", "fr", "zh-Hans")


@pytest.mark.parametrize(
    ("setting", "header", "tag"),
    [
        ("", "", "vi"),
        ("fr", "en", "fr"),
        ("xx", "en", "en"),
        ("zh_Hans", "", "zh-Hans"),
        ("", "zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("", "zh-TW", "zh-Hans"),
        ("", "fr-CA", "fr"),
        ("", "de, en;q=0.4, fr;q=0.7", "fr"),
        ("", "en;q=0", "vi"),
        ("", "*", "vi"),
        ("", "km", "vi"),
        ("../../etc", "fr;q=nonsense, <script>", "vi"),
        ("", "fr," * 10_000, "fr"),
    ],
)
def test_everybody_is_answered_in_one_of_the_languages(setting, header, tag):
    assert negotiate(setting, header, FOUR) == tag


def test_a_language_that_was_added_is_offered_after_the_four():
    assert in_order({"th", "zh-Hans", "km", "fr", "vi", "lo", "en"}) == (
        "vi",
        "en",
        "fr",
        "zh-Hans",
        "km",
        "lo",
        "th",
    )
