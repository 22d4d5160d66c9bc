"""Official forms on paper: values in, the bytes of a PDF out.

Six documents (``values``), each in any two of four languages side by side. This
floor is pure: no network, no clock, no framework, no file but its own templates,
words and the fonts of the system. Who may print what, what a case holds and who
was given which copy is decided and recorded elsewhere. ``render.render`` makes a
document and ``canonical.document_hash`` says by which hash it is known.
"""
