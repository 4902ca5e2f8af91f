"""Converts a model once into the form that is loaded afterwards. Runs as its own process; torch stays in it.

`python -m shadowhound_memory.models.convert SOURCE TARGET`: a GGUF file becomes a folder that transformers loads, the
weights of a sentence-transformers folder become `model.onnx` (mean pooling and L2 norm inside) beside its tokenizer.
"""

import argparse
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import Any

from shadowhound_memory.models.files import verify

SAMPLES = [
    "a fire extinguisher by the lift",
    "door",
    "the robot's battery fell to 20 % while it waited in the corridor " * 6,
]


def convert_gguf(source: Path, target: Path) -> None:
    """Dequantize a GGUF file into safetensors (float32) with its tokenizer."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    tokenizer = AutoTokenizer.from_pretrained(source.parent, gguf_file=source.name)
    model: Any = AutoModelForCausalLM.from_pretrained(
        source.parent, gguf_file=source.name, dtype=torch.float32, quantization_config=GgufConfig(dequantize=True)
    )
    model.hf_quantizer = None  # save_pretrained refuses a model that still says it is quantized
    model.is_quantized = False
    vars(model.config).pop("quantization_config", None)
    model.save_pretrained(target)
    tokenizer.save_pretrained(target)


def export_onnx(source: Path, target: Path) -> None:
    """Export a BERT-like embedding model, and compare the export with the original on texts of several lengths."""
    import onnxruntime
    import torch
    from transformers import AutoModel, AutoTokenizer

    class Pooled(torch.nn.Module):
        """Token vectors -> their mean over the words that are there -> unit length."""

        def __init__(self, model: torch.nn.Module) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            tokens = self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            mask = attention_mask.unsqueeze(-1).to(tokens.dtype)
            mean = (tokens * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
            return torch.nn.functional.normalize(mean, dim=1)

    folder = source.parent
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = Pooled(AutoModel.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32)).eval()
    inputs = dict(tokenizer(SAMPLES, padding=True, truncation=True, max_length=256, return_tensors="pt"))
    arguments = (inputs["input_ids"], inputs["attention_mask"])
    path = target / "model.onnx"
    axes = {0: "batch", 1: "length"}
    with torch.no_grad():
        torch.onnx.export(
            model,
            arguments,
            str(path),
            input_names=["input_ids", "attention_mask"],
            output_names=["embedding"],
            dynamic_axes={"input_ids": axes, "attention_mask": axes, "embedding": {0: "batch"}},
            opset_version=17,
            dynamo=False,
        )
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        for chosen in ([0, 1, 2], [0], [1], [2]):
            length = int(arguments[1][chosen].sum(1).max())
            ids, mask = (each[chosen, :length] for each in arguments)
            (exported,) = session.run(None, {"input_ids": ids.numpy(), "attention_mask": mask.numpy()})
            cosine = (torch.from_numpy(exported) * model(ids, mask)).sum(1).min().item()
            if not cosine > 0.99999:
                raise ValueError(f"the ONNX export gives other vectors than the original (cosine {cosine})")
    shutil.copy(folder / "tokenizer.json", target)


def main() -> None:
    """Convert into a temporary folder, then rename: what stands at TARGET is whole."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--sha256", help="what the source must hash to")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    if arguments.sha256:
        verify(arguments.source, arguments.sha256)
    with tempfile.TemporaryDirectory(dir=arguments.target.parent, prefix=".converting-") as temporary:
        made = Path(temporary) / "model"
        made.mkdir()
        convert = convert_gguf if arguments.source.suffix == ".gguf" else export_onnx
        convert(arguments.source, made)
        made.rename(arguments.target)


if __name__ == "__main__":
    main()
