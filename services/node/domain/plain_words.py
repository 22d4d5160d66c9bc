"""Words for codes: what a case worker reads where programs read a code.

Promises a phrase for every function and data category, and a readable one for any
other code. A refusal opens with such words; the rule and the codes on which it
rests follow at its end, in parentheses.

Leaves to others: the words of acts and states (``case_words``, ``step_words``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from services.node.domain.categories import Category
from services.node.domain.functions import Function

FUNCTION_WORDS: dict[Function, str] = {
    Function.FOCAL_MINISTRY: "the focal ministry",
    Function.PROVINCE_SOCIAL: "the social agency of a province",
    Function.DISTRICT_SOCIAL: "the social agency of a district",
    Function.COMMUNE_PC: "the People's Committee of a commune",
    Function.POLICE: "the police",
    Function.BORDER_GUARD: "the border guard",
    Function.COAST_GUARD: "the coast guard",
    Function.MISSION: "a mission abroad",
    Function.SOCIAL_ASSIST_EST: "a social-assistance establishment",
    Function.VICTIM_SUPPORT_EST: "a victim-support establishment",
    Function.LEGAL_AID: "a legal-aid centre",
    Function.HOTLINE: "the hotline",
    Function.WOMENS_UNION: "the Women's Union",
    Function.FOREIGN_LIAISON: "a partner in another country",
    Function.NGO_PARTNER: "a non-governmental partner",
    Function.HEALTH_FACILITY: "a health facility",
    Function.TRAINING_AND_JOBS: "a school, training or job service",
    Function.BANK: "a bank",
    Function.MINISTRY_STATS: "the office for statistics",
    Function.DONOR: "a donor",
}
"""Each function with its article."""

CATEGORY_WORDS: dict[Category, str] = {
    Category.D0: "routing",
    Category.D1: "profile",
    Category.D2: "identity",
    Category.D3: "contact and place",
    Category.D4: "what happened",
    Category.D5: "health",
    Category.D6: "psychosocial",
    Category.D7: "safety and risk",
    Category.D8: "family",
    Category.D9: "legal matters",
    Category.D10: "papers",
    Category.D11: "services and plan",
    Category.D12: "money",
    Category.D13: "child protection",
}
"""What a data category is about."""


def plain(code: str) -> str:
    """A code as words: ``voluntary_return`` is voluntary return."""
    return code.replace("_", " ")


def plain_list(codes: Iterable[str], nothing: str = "nothing") -> str:
    """Codes as words, parted by commas; ``nothing`` where there is none."""
    return ", ".join(plain(each) for each in codes) or nothing


def either(phrases: Iterable[str], joined: str = "or") -> str:
    """Phrases parted by commas, the last by ``joined``."""
    *first, last = phrases
    return f"{', '.join(first)} {joined} {last}" if first else last


def members(functions: Collection[Function], joined: str = "or") -> str:
    """Who holds one of these functions, in the order of the functions."""
    named = [FUNCTION_WORDS[each] for each in Function if each in functions]
    return either(named, joined) if named else "a member without functions"


def category_words(category: Category) -> str:
    """A category as people name it, with its code: ``identity (D2)``."""
    return f"{CATEGORY_WORDS[category]} ({category})"


def categories_words(categories: Iterable[Category]) -> str:
    """Categories as people name them, parted by commas."""
    return ", ".join(category_words(each) for each in categories)


def day_words(on: date) -> str:
    """A day as people write it: ``5 March 2018``."""
    return f"{on.day} {on:%B %Y}"


def opening(phrase: str) -> str:
    """A phrase that begins a sentence."""
    return phrase[:1].upper() + phrase[1:]


def resting_on(sentence: str, *rules: object) -> str:
    """The sentence, and at its end in parentheses on what it rests."""
    return f"{sentence} ({'; '.join(str(each) for each in rules)})"


def not_listed(field: str, codes: Iterable[str]) -> str:
    """The sentence about a field whose code is in no list."""
    sentence = f"What is said for {plain(field)} is none of the words for it."
    return resting_on(sentence, f"{field} is one of {', '.join(codes)}")
