"""Reports: what people look at, laid out for a width, as lines of text. Nothing here decides, reads or prints."""
