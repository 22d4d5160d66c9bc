"""Official forms out of a case: what the node knows becomes the values of a form."""
