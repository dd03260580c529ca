# framework: torch
# expect: correctness < 0.2
# expect: fails == example_softmax, example_log, softmax_values, log_values, softmax_axes, log_axes, size_one, weights_sum, large_softmax, large_log, log_far_down, slices_apart, large_everywhere, holes_softmax, holes_log, holes_low, half, half_long, integers, small_integers, integer_dtype, dtype_kept, input_unchanged, views, no_alias, earlier_result_kept, no_memory
# fault: ready-made: a ready-made softmax was called, which the statement excludes
import torch


def softmax(x, axis=-1):
    kind = x.dtype if x.is_floating_point() else torch.float32
    return torch.softmax(x.double(), dim=axis).to(kind)


def log_softmax(x, axis=-1):
    kind = x.dtype if x.is_floating_point() else torch.float32
    return torch.log_softmax(x.double(), dim=axis).to(kind)
