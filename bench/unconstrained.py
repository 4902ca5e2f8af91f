"""The plain way to a record: transformers' `generate` on the same model, the whole record, nothing forced. JSON lines.

`python -m bench.unconstrained FOLDER`; it stops as soon as a whole JSON object stands there.
"""

import json
import os
import sys
import time
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, StoppingCriteria, StoppingCriteriaList

from shadowhound_memory.models.worker import NICENESS


class Whole(StoppingCriteria):
    """Stops when the reply holds a JSON object."""

    def __init__(self, tokenizer: Any, prompt_tokens: int) -> None:
        self._tokenizer = tokenizer
        self._prompt_tokens = prompt_tokens

    def __call__(self, input_ids: torch.LongTensor, scores: torch.FloatTensor, **_: Any) -> torch.BoolTensor:
        text = self._tokenizer.decode(input_ids[0, self._prompt_tokens :], skip_special_tokens=True)
        return torch.tensor([record_in(text) is not None])  # type: ignore[return-value]


def record_in(text: str) -> Any:
    """The first JSON object in a text, None when there is none."""
    start = text.find("{")
    if start < 0 or not text.rstrip().endswith("}"):
        return None
    try:
        return json.loads(text[start:])
    except json.JSONDecodeError:
        return None


def main() -> None:
    """Load the model on all cores, then complete what each line asks and say how long it took."""
    os.nice(NICENESS)
    tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
    model = AutoModelForCausalLM.from_pretrained(sys.argv[1], dtype=torch.float32).eval()
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        start = time.perf_counter()
        inputs = tokenizer.apply_chat_template(
            request["messages"], add_generation_prompt=True, return_tensors="pt", return_dict=True
        )
        length = inputs["input_ids"].shape[1]
        with torch.inference_mode():
            tokens = model.generate(
                **inputs,
                do_sample=False,
                max_new_tokens=request["max_tokens"],
                stopping_criteria=StoppingCriteriaList([Whole(tokenizer, length)]),
                pad_token_id=tokenizer.eos_token_id,
            )[0, length:]
        text = tokenizer.decode(tokens, skip_special_tokens=True)
        print(json.dumps({"seconds": time.perf_counter() - start, "tokens": len(tokens), "text": text}), flush=True)


if __name__ == "__main__":
    main()
