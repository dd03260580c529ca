"""Examples are texts to be looked at, whatever they are called; pytest collects none of them."""

collect_ignore = ["bad", "good"]
