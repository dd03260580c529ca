import numpy as np


class Adam:
    def __init__(
        self,
        params: list[np.ndarray],  # float32 or float64
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ): ...

    def step(self, grads: list[np.ndarray]) -> list[np.ndarray]:
        # grads: one for each parameter -> the new parameters
        ...
