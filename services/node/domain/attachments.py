"""Attachments: scans and photographs that belong to one data category of a case.

Promises which files may be attached, how large and how many; a file is known by
its content and never by its name, which is kept nowhere. Which member may get one
is decided as for its category: a scan shows everything, so it never goes where
only some fields of the category may.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from services.node.domain.categories import Category
from services.node.domain.errors import InvalidInputError, NotLawfulError
from services.node.domain.need_to_know import Necessity, Need
from services.node.domain.plain_words import category_words, resting_on

#: Largest content, in bytes.
LARGEST = 200 * 1024 * 1024
#: How many may travel with one offer.
MOST_IN_OFFER = 32
#: How many an officer may be uploading at once.
MOST_UPLOADS = 4
#: Bytes of a file from which its type is told.
TELLING_BYTES = 16
_DIGEST_BYTES, _ID_BYTES = 32, 16


class MediaType(StrEnum):
    """What may be attached, told by its first bytes."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    PDF = "application/pdf"


_BEGINNINGS = (
    (b"\xff\xd8\xff", MediaType.JPEG),
    (b"\x89PNG\r\n\x1a\n", MediaType.PNG),
    (b"%PDF-", MediaType.PDF),
)


@dataclass(frozen=True, slots=True)
class Description:
    """What a content is: type, bytes and SHA-256, all after cleaning."""

    media_type: str
    size: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Enclosure:
    """An attachment of one part of an offer; what it is stands sealed."""

    attachment_id: bytes
    part_id: str
    sealed: bytes


def media_type_of(beginning: bytes) -> MediaType:
    """The type of a file that begins so.

    Raises InvalidInputError ``attachment.unknown_type``.
    """
    for mark, media_type in _BEGINNINGS:
        if beginning.startswith(mark):
            return media_type
    raise InvalidInputError(
        "attachment.unknown_type",
        "This file is no JPEG or PNG picture and no PDF.",
        remedy="Save it as one of these, and attach that.",
    )


def check_category(code: str) -> Category:
    """The category that files are attached to; raises InvalidInputError."""
    if code == Category.D0 or code not in set(Category):
        raise InvalidInputError(
            "attachment.bad_category",
            "A file belongs to one data category, D1 to D13.",
            where="category",
            remedy="Name one of them.",
        )
    return Category(code)


def check_size(size: int) -> None:
    """Raise InvalidInputError unless so many bytes may be attached."""
    if size < 1:
        raise InvalidInputError(
            "attachment.empty", "This file is empty.", remedy="Choose another file."
        )
    if size > LARGEST:
        raise InvalidInputError(
            "attachment.too_large",
            f"A file has at most {LARGEST} bytes.",
            remedy="Scan it with fewer dots an inch, or in parts.",
        )


def check_whole(category: Category, need: Need) -> None:
    """Raise NotLawfulError where only some fields of the category may go."""
    if need.limit or need.necessity is Necessity.REFUSED:
        raise NotLawfulError(
            "disclosure.file_beyond_limit",
            resting_on(
                f"Of {category_words(category)} the recipient may get only some"
                " fields; a file shows everything.",
                need.reason,
            ),
            where=category,
            remedy="Leave the file out; the fields may go.",
        )


def check_description(description: Description) -> None:
    """Raise InvalidInputError for what no node would attach."""
    if (
        description.media_type not in set(MediaType)
        or len(description.digest) != _DIGEST_BYTES
    ):
        raise InvalidInputError(
            "attachment.bad_description",
            "An attachment's type or hash is none.",
            remedy="Attach the file again, and make a new offer.",
        )
    check_size(description.size)


def check_enclosures(enclosures: tuple[Enclosure, ...], part_ids: set[str]) -> None:
    """Raise InvalidInputError unless each belongs to one of these parts."""
    ids = {each.attachment_id for each in enclosures}
    if (
        len(ids) < len(enclosures)
        or len(enclosures) > MOST_IN_OFFER
        or any(len(each) != _ID_BYTES for each in ids)
        or not {each.part_id for each in enclosures} <= part_ids
    ):
        raise InvalidInputError(
            "offer.bad_attachments",
            f"An offer has at most {MOST_IN_OFFER} attachments, each of one of its"
            " parts and each once.",
            where="attachments",
            remedy="Attach fewer files, or make another offer.",
        )
