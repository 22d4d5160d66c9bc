"""Pictures that telephones read."""

import re

from gateway.web.pictures import qr


def test_a_short_text_is_a_whole_qr_code_that_every_telephone_reads():
    """Six digits fit into a Micro QR code, which most telephones do not read."""
    found = re.search(r'viewBox="0 0 (\d+) (\d+)"', qr("424166"))
    assert found
    least, quiet = 21, 2 * 4
    assert int(found[1]) == int(found[2]) >= least + quiet


def test_it_takes_the_width_it_is_given():
    assert re.search(r"<svg[^>]*\s(width|height)=", qr("424166")) is None
