"""One framework a file: Chroma, embeddings, chat models, SQL, files."""
