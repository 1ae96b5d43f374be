"""One framework a file: Chroma, embeddings, chat models, SQL, files, and their in-memory twins."""
