"""Base page, components, drawings, fonts, formats: knows no stage."""
