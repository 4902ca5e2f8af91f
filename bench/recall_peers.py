"""What plain search finds in the same texts: BM25, and Chroma with the same embedding model."""

from collections.abc import Sequence
from typing import Any

import bm25s
import chromadb
import snowballstemmer
from chromadb.config import Settings as ChromaSettings

from bench.corpus import vectors
from bench.recall_data import Asked, Scene
from bench.recall_scores import Scores, ranked
from shadowhound_memory.settings import Settings

K = 10
BM25, CHROMA = "BM25", "Chroma + MiniLM"
STEMMER = snowballstemmer.stemmer("english")
PEERS = (BM25, CHROMA)


def bm25(texts: Sequence[str], asked: Sequence[str], k: int) -> list[list[int]]:
    """The k best texts for each question, by BM25 over the stems of words, stop words left out."""

    def tokens(each: Sequence[str]) -> Any:
        return bm25s.tokenize(list(each), stopwords="en", stemmer=STEMMER, show_progress=False)

    index = bm25s.BM25()
    index.index(tokens(texts), show_progress=False)
    found, _ = index.retrieve(tokens(asked), k=min(k, len(texts)), show_progress=False)
    return [row.tolist() for row in found]


def chroma(texts: Sequence[str], asked: Sequence[str], k: int) -> list[list[int]]:
    """The k nearest texts to each question, from a Chroma collection with its defaults (cosine)."""
    client = chromadb.EphemeralClient(ChromaSettings(anonymized_telemetry=False))
    collection = client.create_collection("texts", configuration={"hnsw": {"space": "cosine"}}, embedding_function=None)
    settings = Settings()
    collection.add(ids=[str(number) for number in range(len(texts))], embeddings=vectors(texts, settings))
    found = collection.query(query_embeddings=vectors(asked, settings), n_results=min(k, len(texts)))["ids"]
    client.delete_collection("texts")
    return [[int(each) for each in ids] for ids in found]


def search(scene: Scene, questions: Sequence[Asked]) -> dict[str, list[Scores]]:
    """Peer -> its scores for each question."""
    texts, asked = [row["text"] for row in scene.rows], [question.text for question in questions]
    places = [(row["pose"]["x"], row["pose"]["y"]) if row.get("pose") else None for row in scene.rows]
    result: dict[str, list[Scores]] = {}
    for name, find in ((BM25, bm25), (CHROMA, chroma)):
        result[name] = [
            ranked(question, [scene.rows[number]["id"] for number in found], places[found[0]])
            for question, found in zip(questions, find(texts, asked, K), strict=True)
        ]
    return result
