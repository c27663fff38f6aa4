"""One forward pass: sentiment, emotion, intent, abuse, scenario and a sentence vector."""

from nlp.encoder.backend import Backend, Outputs, Prepared, Window
from nlp.encoder.export import export_model
from nlp.encoder.loading import load_backend, shipped_model
from nlp.encoder.manifest import Companion, Head, Manifest, read_manifest, write_manifest
from nlp.encoder.ngrams import ngram_buckets
from nlp.encoder.onnx import OnnxBackend
from nlp.encoder.reading import Reading
from nlp.encoder.torch import TorchBackend

__all__ = [
    "Backend",
    "Companion",
    "Head",
    "Manifest",
    "OnnxBackend",
    "Outputs",
    "Prepared",
    "Reading",
    "TorchBackend",
    "Window",
    "export_model",
    "load_backend",
    "ngram_buckets",
    "read_manifest",
    "shipped_model",
    "write_manifest",
]
