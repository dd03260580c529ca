# framework: numpy
# expect: correctness == 1
# A heap picks the survivors; the search ends early when no live hypothesis can still get into the result.
import heapq
from dataclasses import dataclass


@dataclass(order=True)
class Hypothesis:
    cost: float  # minus the summed log-probability: the smallest is the best
    tokens: tuple

    def score(self, alpha):
        return -self.cost / len(self.tokens) ** alpha


def expansions(step, start, hypothesis):
    for token, log_prob in enumerate(step([start, *hypothesis.tokens])):
        if log_prob != float("-inf"):
            yield Hypothesis(hypothesis.cost - float(log_prob), (*hypothesis.tokens, token))


def beam_search(step, start, end, width, max_len, alpha=0.0):
    live, finished = [Hypothesis(0.0, ())], []
    while live and len(live[0].tokens) < max_len:
        survivors = heapq.nsmallest(width, (new for old in live for new in expansions(step, start, old)))
        finished += [h for h in survivors if h.tokens[-1] == end]
        live = [h for h in survivors if h.tokens[-1] != end]
        if live and len(finished) >= width:
            worst = sorted((h.score(alpha) for h in finished), reverse=True)[width - 1]
            # sums never rise, so the best that a live one can still become is its present sum at the greatest length
            if max(-h.cost / max_len**alpha for h in live) < worst:
                live = []
    everything = [(list(h.tokens), h.score(alpha)) for h in finished + live]
    everything.sort(key=lambda pair: (-pair[1], pair[0]))
    return everything[:width]
