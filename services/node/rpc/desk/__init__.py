"""The local listener's servicers: parse, call one flow, render."""
