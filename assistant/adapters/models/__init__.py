"""Models: embeddings, reranking, chat; and the vectors already computed."""
