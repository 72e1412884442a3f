"""Documents made by machine: PDF through typst, DOCX; no wording of its own."""
