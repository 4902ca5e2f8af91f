"""The process of the peer LangGraph: `python -m bench.langgraph_peer DIRECTORY SIZE QUESTIONS`, then JSON lines.

Python's own sqlite3 may be built without loading of extensions, which sqlite-vec needs: pysqlite3 stands in.
"""

import sys

import pysqlite3

sys.modules["sqlite3"] = pysqlite3

import json  # noqa: E402
import time  # noqa: E402
from collections.abc import Sequence  # noqa: E402
from pathlib import Path  # noqa: E402

import sqlite_vec  # noqa: E402
from langgraph.store.base import PutOp  # noqa: E402
from langgraph.store.sqlite import SqliteStore  # noqa: E402

from bench.cases import flat  # noqa: E402
from bench.corpus import corpus, questions, vectors  # noqa: E402
from shadowhound_memory.settings import Settings  # noqa: E402

ROOT = "memories"


def main() -> None:
    """Fill the store, then do what each line asks and say how long it took."""
    directory, size, asked = Path(sys.argv[1]), int(sys.argv[2]), questions(int(sys.argv[3]))
    history = corpus(size)
    known = {memory.text: vector.tolist() for memory, vector in zip(history.memories, history.matrix, strict=True)}
    known |= dict(zip(asked, vectors(asked, Settings()).tolist(), strict=True))

    def embed(texts: Sequence[str]) -> list[list[float]]:
        return [known[text] for text in texts]

    directory.mkdir(parents=True, exist_ok=True)
    connection = pysqlite3.connect(str(directory / "store.sqlite"), check_same_thread=False, isolation_level=None)
    connection.enable_load_extension(True)
    sqlite_vec.load(connection)
    connection.execute("PRAGMA journal_mode=WAL")
    store = SqliteStore(connection, index={"dims": history.matrix.shape[1], "embed": embed, "text_fields": ["text"]})
    store.setup()
    start = time.perf_counter()
    for memories, _ in history.batches(500):
        store.batch([PutOp((ROOT, m.mission_id), m.id, {"text": m.text, **flat(m)}) for m in memories])
    connection.execute("PRAGMA synchronous=FULL")
    print(json.dumps({"seconds": time.perf_counter() - start}), flush=True)

    for line in sys.stdin:
        request = json.loads(line)
        if "add" in request:
            new = request["add"]
            known[new["text"]] = new["vector"]
            start = time.perf_counter()
            store.put((ROOT, new["fields"]["mission"]), new["key"], {"text": new["text"], **new["fields"]})
            print(json.dumps({"seconds": time.perf_counter() - start}), flush=True)
        else:
            ask = request["search"]
            namespace = (ROOT, ask["mission"]) if ask["mission"] else (ROOT,)
            start = time.perf_counter()
            found = store.search(namespace, query=ask["question"], filter=ask["filter"] or None, limit=ask["k"])
            print(json.dumps({"seconds": time.perf_counter() - start, "ids": [item.key for item in found]}), flush=True)


if __name__ == "__main__":
    main()
