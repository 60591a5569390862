"""The invented sample evidence, in parts: texts, a picture, a page, a sound."""
