"""The store room: records with their chain, drafts, people apart, blobs; SQLite, and the fake that ships."""
