"""How large a question's folder may be. Packs come from strangers: limits are checked before parsing."""

FILE_BYTES = 1 << 20
"""Largest file of a folder."""

FOLDER_BYTES = 20 << 20
"""Largest sum of a folder's files."""

FILES = 300
"""Most files in a folder."""

DEPTH = 4
"""Most parts of a path, the file's name included."""

PATH_CHARACTERS = 160
"""Longest path of a file, relative to its question's folder."""

TOML_BYTES = 64 << 10
"""Largest TOML file: the standard library's parser needs quadratic time for some hostile ones."""

TOML_DEPTH = 6
"""Deepest nesting of tables and arrays in a TOML file."""

TEXT_BYTES = 64 << 10
"""Largest Markdown file; pages render it."""

PACK_BYTES = 32 << 20
"""Largest packed question: a full folder in base64, with room for its paths."""
